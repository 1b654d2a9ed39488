#include <gtest/gtest.h>

#include <cmath>

#include "nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;
namespace F = nn::functional;

Tensor leaf(std::vector<int64_t> sizes) {
  return randn(sizes, TensorOptions(kFloat64)).requires_grad_();
}

TEST(Linear, IsTheFormula) {
  nn::Linear linear(3, 2);
  const Tensor x = randn({4, 3});
  const Tensor y = linear(x);
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t j = 0; j < 2; ++j) {
      double sum = linear->bias[j].item<double>();
      for (int64_t k = 0; k < 3; ++k)
        sum += x[i][k].item<double>() * linear->weight[j][k].item<double>();
      EXPECT_NEAR(y[i][j].item<double>(), sum, 1e-6);
    }
  }
  EXPECT_EQ(linear(randn({3})).sizes().vec(), std::vector<int64_t>({2}));
  EXPECT_EQ(linear(randn({5, 0, 3})).sizes().vec(), std::vector<int64_t>({5, 0, 2}));
}

TEST(Linear, NamesWhatIsWrong) {
  nn::Linear linear(3, 4);
  EXPECT_ERROR(linear(randn({2, 5})),
               "mat1 and mat2 shapes cannot be multiplied (2x5 and 3x4) (Linear: expected input "
               "[..., 3], got [2, 5])");
  EXPECT_ERROR(linear(randn({5})), "(1x5 and 3x4)");
  EXPECT_ERROR(linear(randn({2, 2, 5})), "(4x5 and 3x4)");
  EXPECT_ERROR(linear(randn({2, 3}, kFloat64)), "mat1 and mat2 must have the same dtype");
  EXPECT_ERROR(linear(Tensor()), "undefined Tensor");
  EXPECT_ERROR(linear(scalar_tensor(1.0)), "at least 1D");
}

TEST(Linear, MayHaveNoFeatures) {
  nn::Linear linear(0, 2);
  EXPECT_TRUE(linear(randn({4, 0})).detach().equal(zeros({4, 2})));
}

TEST(Activations, AreTheirFormulas) {
  const Tensor x = tensor({-2.0, -0.5, 0.0, 0.5, 2.0});
  const Tensor sigmoid = nn::Sigmoid()(x), tanh = nn::Tanh()(x), relu = nn::ReLU()(x);
  const Tensor leaky = nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2))(x);
  for (int64_t i = 0; i < 5; ++i) {
    const double v = x[i].item<double>();
    EXPECT_NEAR(sigmoid[i].item<double>(), 1 / (1 + std::exp(-v)), 1e-6);
    EXPECT_NEAR(tanh[i].item<double>(), std::tanh(v), 1e-6);
    EXPECT_EQ(relu[i].item<double>(), v > 0 ? v : 0);
    EXPECT_NEAR(leaky[i].item<double>(), v > 0 ? v : 0.2 * v, 1e-6);
  }
  Tensor inplace = x.clone();
  nn::ReLU(nn::ReLUOptions(true))(inplace);
  EXPECT_TRUE(inplace.equal(relu));
  inplace = x.clone();
  nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2).inplace(true))(inplace);
  EXPECT_TRUE(inplace.equal(leaky));
  EXPECT_TRUE(nn::Identity()(x).is_same(x));
}

TEST(Softmax, SumsToOne) {
  const Tensor x = randn({3, 4});
  EXPECT_TRUE(nn::Softmax(1)(x).sum(1).allclose(ones({3})));
  EXPECT_TRUE(nn::LogSoftmax(0)(x).exp().sum(0).allclose(ones({4})));
  EXPECT_EQ(F::softmax(x, F::SoftmaxFuncOptions(1).dtype(kFloat64)).scalar_type(), kFloat64);
  EXPECT_ERROR(nn::Softmax(5)(x),
               "Dimension out of range (expected to be in range of [-2, 1], but got 5)");
}

TEST(Dropout, DropsAndScalesInTrainingOnly) {
  nn::Dropout dropout(0.25);
  const Tensor x = ones({10000}).requires_grad_();
  const Tensor y = dropout(x);
  int64_t zeros = 0;
  for (int64_t i = 0; i < y.numel(); ++i) {
    const float v = y.data_ptr<float>()[i];
    if (v == 0) {
      ++zeros;
    } else {
      ASSERT_FLOAT_EQ(v, 1 / 0.75f);
    }
  }
  EXPECT_NEAR(static_cast<double>(zeros), 2500, 5 * std::sqrt(10000 * 0.25 * 0.75));
  y.sum().backward();
  EXPECT_TRUE(x.grad().equal(y.detach()));
  dropout->eval();
  EXPECT_TRUE(dropout(x).is_same(x));

  Tensor inplace = ones({50});
  nn::Dropout half(nn::DropoutOptions(0.5).inplace(true));
  EXPECT_TRUE(half(inplace).is_same(inplace));
  EXPECT_EQ(((inplace == 0) | (inplace == 2)).sum().item<int64_t>(), 50);
  EXPECT_EQ(nn::Dropout(1.0)(ones({5})).abs().sum().item<double>(), 0);
  EXPECT_ERROR(nn::Dropout(1.5), "dropout probability has to be between 0 and 1, but got 1.5");
  EXPECT_ERROR(F::dropout(x, F::DropoutFuncOptions().p(-1)),
               "dropout probability has to be between 0 and 1, but got -1");
}

TEST(Embedding, LooksUpRows) {
  nn::Embedding embedding(nn::EmbeddingOptions(5, 3).padding_idx(-1));
  EXPECT_EQ(*embedding->options.padding_idx(), 4);
  EXPECT_TRUE(embedding->weight[4].detach().equal(zeros({3})));
  const Tensor indices = tensor({{0, 4}, {0, 2}});
  const Tensor y = embedding(indices);
  EXPECT_EQ(y.sizes().vec(), std::vector<int64_t>({2, 2, 3}));
  EXPECT_TRUE(y[1][1].detach().equal(embedding->weight[2].detach()));
  EXPECT_TRUE(embedding(indices.to(kInt32)).detach().equal(y.detach()));
  y.sum().backward();
  const Tensor grad = embedding->weight.grad();
  EXPECT_TRUE(grad[0].equal(full({3}, 2.0)));
  EXPECT_TRUE(grad[2].equal(ones({3})));
  EXPECT_TRUE(grad[4].equal(zeros({3})));
}

TEST(Embedding, BoundsNorms) {
  nn::Embedding embedding(nn::EmbeddingOptions(5, 3).max_norm(0.1));
  const Tensor untouched = embedding->weight[0].detach().clone();
  const Tensor y = embedding(tensor({1, 3, 1}));
  for (int64_t i = 0; i < 3; ++i) EXPECT_NEAR(y[i].norm().item<double>(), 0.1, 1e-5);
  EXPECT_TRUE(embedding->weight[0].detach().equal(untouched));
}

TEST(Embedding, NamesWhatIsWrong) {
  nn::Embedding embedding(5, 3);
  EXPECT_ERROR(embedding(randn({2})),
               "Expected tensor for argument #1 'indices' to have one of the following scalar "
               "types: Long, Int; but got CPUFloatType instead");
  EXPECT_ERROR(embedding(tensor({5})), "index out of range in self");
  EXPECT_ERROR(embedding(tensor({-1})), "index out of range in self");
  EXPECT_ERROR(embedding(Tensor()), "undefined Tensor");
  EXPECT_ERROR(nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(5)),
               "Padding_idx must be within num_embeddings");
  EXPECT_ERROR(nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(-6)),
               "Padding_idx must be within num_embedding");
  EXPECT_ERROR(nn::Embedding(nn::EmbeddingOptions(5, 3)._weight(ones({5, 4}))),
               "Shape of _weight does not match num_embeddings and embedding_dim");
  EXPECT_ERROR(nn::Embedding::from_pretrained(ones({5})),
               "Embeddings parameter is expected to be 2-dimensional");
  EXPECT_ERROR(nn::Embedding(nn::EmbeddingOptions(5, 3).sparse(true))(tensor({1})),
               "sparse gradients");
}

TEST(LayerNorm, IsTheFormula) {
  nn::LayerNorm norm(nn::LayerNormOptions({4}).eps(1e-3));
  {
    NoGradGuard no_grad;
    norm->weight.normal_();
    norm->bias.normal_();
  }
  const Tensor x = randn({3, 4});
  const Tensor y = norm(x);
  for (int64_t i = 0; i < 3; ++i) {
    double mean = 0, var = 0;
    for (int64_t j = 0; j < 4; ++j) mean += x[i][j].item<double>() / 4;
    for (int64_t j = 0; j < 4; ++j) var += std::pow(x[i][j].item<double>() - mean, 2) / 4;
    for (int64_t j = 0; j < 4; ++j) {
      const double expected =
          (x[i][j].item<double>() - mean) / std::sqrt(var + 1e-3) * norm->weight[j].item<double>() +
          norm->bias[j].item<double>();
      EXPECT_NEAR(y[i][j].item<double>(), expected, 1e-5);
    }
  }
}

TEST(LayerNorm, NamesWhatIsWrong) {
  nn::LayerNorm norm(nn::LayerNormOptions({3, 4}));
  EXPECT_ERROR(norm(randn({2, 4, 3})),
               "Given normalized_shape=[3, 4], expected input with shape [*, 3, 4], but got "
               "input of size[2, 4, 3]");
  EXPECT_ERROR(norm(randn({4})), "expected input with shape [*, 3, 4], but got input of size[4]");
  EXPECT_ERROR(norm(randn({2, 3, 4}, kFloat64)), "expected scalar type Double but found Float");
  EXPECT_ERROR(norm(Tensor()), "undefined Tensor");
  EXPECT_ERROR(nn::LayerNorm(nn::LayerNormOptions(std::vector<int64_t>{}))(randn({2})),
               "Expected normalized_shape to be at least 1-dimensional");
  EXPECT_ERROR(F::layer_norm(ones({2, 3}, kInt64), F::LayerNormFuncOptions({3})),
               "not implemented for 'Long'");
}

TEST(Flatten, JoinsDimensions) {
  EXPECT_EQ(nn::Flatten()(ones({2, 3, 4})).sizes().vec(), std::vector<int64_t>({2, 12}));
  EXPECT_EQ(
      nn::Flatten(nn::FlattenOptions().start_dim(0).end_dim(1))(ones({2, 3, 4})).sizes().vec(),
      std::vector<int64_t>({6, 4}));
}

TEST(Layers, Gradcheck) {
  manual_seed(3);
  const auto check = [](auto layer, std::vector<int64_t> sizes) {
    layer->to(kFloat64);
    layer->eval();
    const auto f = [&](const Tensor& x) { return layer->forward(x); };
    EXPECT_GRADCHECK(f, {leaf(sizes)});
    EXPECT_GRADGRADCHECK(f, {leaf(sizes)});
    if (layer->parameters().empty()) return;
    const Tensor x = randn(sizes, TensorOptions(kFloat64));
    EXPECT_GRADCHECK_PARAMETERS([&] { return layer->forward(x); }, layer);
    EXPECT_GRADCHECK_PARAMETERS([&] { return layer->forward(x); }, layer, {}, true);
  };
  check(nn::Identity(), {2, 3});
  check(nn::Linear(3, 2), {2, 2, 3});
  check(nn::Linear(nn::LinearOptions(3, 2).bias(false)), {3});
  check(nn::Sigmoid(), {2, 3});
  check(nn::Tanh(), {2, 3});
  check(nn::ReLU(), {2, 3});
  check(nn::LeakyReLU(), {2, 3});
  check(nn::Softmax(1), {2, 3});
  check(nn::LogSoftmax(0), {2, 3});
  check(nn::Dropout(), {2, 3});
  check(nn::LayerNorm(nn::LayerNormOptions({2, 3})), {2, 2, 3});
  check(nn::LayerNorm(nn::LayerNormOptions({3}).elementwise_affine(false)), {2, 3});
  check(nn::Flatten(), {2, 2, 3});
  nn::Embedding embedding(5, 3);
  embedding->to(kFloat64);
  const Tensor indices = tensor({{1, 4, 1}});
  EXPECT_GRADCHECK_PARAMETERS([&] { return embedding(indices); }, embedding);
  // Dropout in training, its noise drawn anew but the same.
  const auto dropout = [](const Tensor& x) {
    manual_seed(5);
    return F::dropout(x);
  };
  EXPECT_GRADCHECK(dropout, {leaf({4, 3})});
}

TEST(Init, DrawsWithinBounds) {
  const Tensor x = nn::init::xavier_uniform_(empty({30, 50}));
  const double bound = std::sqrt(6.0 / 80);
  EXPECT_LE(x.abs().max().item<double>(), bound);
  EXPECT_GT(x.abs().max().item<double>(), 0.95 * bound);
  const Tensor q = nn::init::orthogonal_(empty({4, 9}, kFloat64));
  // Drawn and made orthogonal in float32, whatever the tensor's dtype, as in libtorch.
  EXPECT_TRUE(q.mm(q.t()).allclose(eye(4, kFloat64), 1e-6, 1e-6));
  const Tensor columns = nn::init::orthogonal_(empty({9, 4}, kFloat64), 2.0);
  EXPECT_TRUE(columns.t().mm(columns).allclose(4 * eye(4, kFloat64), 1e-6, 4e-6));
  EXPECT_DOUBLE_EQ(nn::init::calculate_gain(kTanh), 5.0 / 3);
  EXPECT_DOUBLE_EQ(nn::init::calculate_gain(kReLU), std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(nn::init::calculate_gain(kLeakyReLU, 1.0), 1.0);
  EXPECT_DOUBLE_EQ(nn::init::calculate_gain(kSigmoid), 1.0);
  EXPECT_ERROR(nn::init::calculate_gain(kMean), "kMean is not a nonlinearity");
  EXPECT_EQ(nn::init::_calculate_fan_in_and_fan_out(empty({2, 3, 4, 5})),
            std::make_tuple(int64_t{60}, int64_t{40}));
  const Tensor parameter = empty({2, 2}).requires_grad_();
  nn::init::ones_(parameter);
  EXPECT_TRUE(parameter.is_leaf());
  EXPECT_TRUE(parameter.detach().equal(ones({2, 2})));
  EXPECT_ERROR(nn::init::xavier_uniform_(empty({3})), "Fan in and fan out can not be computed");
  EXPECT_ERROR(nn::init::eye_(empty({3})), "Only tensors with 2 dimensions are supported");
  EXPECT_ERROR(nn::init::dirac_(empty({3})),
               "Only tensors with 3, 4, or 5 dimensions are supported");
  EXPECT_ERROR(nn::init::orthogonal_(empty({3})),
               "Only tensors with 2 or more dimensions are supported");
  EXPECT_ERROR(nn::init::sparse_(empty({3}), 0.1), "Only tensors with 2 dimensions are supported");
}

TEST(Utils, ClipNeedsFiniteNormIfAsked) {
  Tensor p = ones({2}).requires_grad_();
  p.mutable_grad() = full({2}, INFINITY);
  EXPECT_ERROR(nn::utils::clip_grad_norm_(p, 1.0, 2.0, true),
               "The total norm of order 2 for gradients from "
               "`parameters` is non-finite");
  EXPECT_TRUE(p.grad().equal(full({2}, INFINITY)));
  EXPECT_EQ(nn::utils::clip_grad_norm_(ones({2}), 1.0), 0.0);
}

TEST(Utils, VectorsOfParametersRoundTrip) {
  nn::Linear a(3, 4), b(3, 4);
  nn::utils::vector_to_parameters(nn::utils::parameters_to_vector(a->parameters()).detach(),
                                  b->parameters());
  EXPECT_TRUE(a->weight.detach().equal(b->weight.detach()));
  EXPECT_TRUE(a->bias.detach().equal(b->bias.detach()));
  // They are parts of the vector, in its dtype, which may have more.
  const Tensor vector = arange(20, kFloat64);
  nn::utils::vector_to_parameters(vector, b->parameters());
  EXPECT_EQ(b->bias.scalar_type(), kFloat64);
  vector.mul_(2);
  EXPECT_EQ(b->bias[3].item<double>(), 30);
  EXPECT_TRUE(b->bias.requires_grad());
  EXPECT_ERROR(nn::utils::parameters_to_vector({}), "expected a non-empty list of Tensors");
  EXPECT_ERROR(nn::utils::vector_to_parameters(ones({3}), b->parameters()),
               "shape '[4, 3]' is invalid for input of size 3");
}

}  // namespace
