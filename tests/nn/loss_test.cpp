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

TEST(CrossEntropy, IsTheFormula) {
  const double weights[] = {0.5, 2.0, 1.0};
  const int64_t targets[] = {2, 0, -100, 1};
  const double e = 0.2;
  const Tensor x = randn({4, 3}, TensorOptions(kFloat64)) * 3;
  double total = 0, weight_sum = 0;
  for (int64_t n = 0; n < 4; ++n) {
    if (targets[n] < 0) continue;
    double normalizer = 0;
    for (int64_t c = 0; c < 3; ++c) normalizer += std::exp(x[n][c].item<double>());
    double loss = 0;
    for (int64_t c = 0; c < 3; ++c) {
      const double q = (c == targets[n] ? 1 - e : 0) + e / 3;
      loss -= q * weights[c] * (x[n][c].item<double>() - std::log(normalizer));
    }
    total += loss;
    weight_sum += weights[targets[n]];
  }
  const Tensor target = tensor({2, 0, -100, 1});
  const Tensor weight = tensor({0.5, 2.0, 1.0}, kFloat64);
  nn::CrossEntropyLoss loss(nn::CrossEntropyLossOptions().weight(weight).label_smoothing(e));
  EXPECT_NEAR(loss(x, target).item<double>(), total / weight_sum, 1e-12);
  nn::CrossEntropyLoss sum(
      nn::CrossEntropyLossOptions().weight(weight).label_smoothing(e).reduction(kSum));
  EXPECT_NEAR(sum(x, target).item<double>(), total, 1e-12);
  const Tensor log_p = F::log_softmax(x, 1);
  EXPECT_TRUE(nn::NLLLoss()(log_p, target).allclose(nn::CrossEntropyLoss()(x, target)));
}

TEST(CrossEntropy, StaysFiniteForLargeLogits) {
  const Tensor x = tensor({{1000.0f, -1000.0f}, {-1000.0f, 1000.0f}}).requires_grad_();
  const Tensor loss =
      F::cross_entropy(x, tensor({0, 0}), F::CrossEntropyFuncOptions().reduction(kNone));
  EXPECT_EQ(loss[0].item<double>(), 0);
  EXPECT_EQ(loss[1].item<double>(), 2000);
  loss.sum().backward();
  EXPECT_TRUE(x.grad().equal(tensor({{0.0f, 0.0f}, {-1.0f, 1.0f}})));
}

TEST(CrossEntropy, OfNothingIsNan) {
  const Tensor x = randn({3, 4});
  EXPECT_TRUE(std::isnan(F::cross_entropy(x, full({3}, -100)).item<double>()));
  EXPECT_TRUE(std::isnan(F::cross_entropy(randn({0, 4}), zeros({0}, kInt64)).item<double>()));
  EXPECT_EQ(F::cross_entropy(x, full({3}, -100), F::CrossEntropyFuncOptions().reduction(kSum))
                .item<double>(),
            0);
}

TEST(CrossEntropy, NamesWhatIsWrong) {
  const Tensor x = randn({3, 4});
  const Tensor t = tensor({0, 1, 3});
  EXPECT_ERROR(F::cross_entropy(x, tensor({0, 1, 2, 3})),
               "Expected input batch_size (3) to match target batch_size (4).");
  EXPECT_ERROR(F::cross_entropy(x, tensor({0, 1, 5})), "Target 5 is out of bounds.");
  EXPECT_ERROR(F::cross_entropy(x, tensor({0, 1, -1})), "Target -1 is out of bounds.");
  EXPECT_ERROR(F::cross_entropy(x, tensor({0.0, 1.0, 2.0})),
               "expected scalar type Long but found Float");
  EXPECT_ERROR(F::cross_entropy(x, t.to(kInt32)), "expected scalar type Long but found Int");
  EXPECT_ERROR(F::cross_entropy(x, ones({3, 4}, kInt64)),
               "Expected floating point type for target with class probabilities, got Long");
  const auto weight = [](const Tensor& w) { return F::CrossEntropyFuncOptions().weight(w); };
  EXPECT_ERROR(F::cross_entropy(x, t, weight(ones({3}))),
               "weight tensor should be defined either for all 4 classes or no classes but got "
               "weight tensor of shape: "
               "[3]");
  EXPECT_ERROR(F::cross_entropy(x, t, weight(ones({4}, kFloat64))),
               "expected scalar type Float but found Double");
  EXPECT_ERROR(F::cross_entropy(x, t, F::CrossEntropyFuncOptions().label_smoothing(1.5)),
               "label_smoothing must be between 0.0 and 1.0. Got: 1.5");
  EXPECT_ERROR(F::cross_entropy(x[0], t), "size mismatch (got input: [4], target: [3])");
  EXPECT_ERROR(F::cross_entropy(x, t.unsqueeze(0)),
               "Expected input batch_size (3) to match target batch_size (1).");
  EXPECT_ERROR(F::cross_entropy(randn({2, 3, 4}), zeros({2, 5}, kInt64)),
               "Expected target size [2, 4], got [2, 5]");
  EXPECT_ERROR(
      F::cross_entropy(randn({2, 3, 4, 5}), zeros({2, 4}, kInt64)),
      "only batches of spatial targets supported (3D tensors) but got targets of dimension: 2");
  EXPECT_ERROR(F::cross_entropy(randn({2, 3, 4, 5, 6}), zeros({2, 4, 5, 7}, kInt64)),
               "Expected target size [2, 4, 5, 6], got [2, 4, 5, 7]");
  EXPECT_ERROR(nn::CrossEntropyLoss()(Tensor(), t),
               "CrossEntropyLoss: expected an input, got an undefined Tensor");
  EXPECT_ERROR(nn::CrossEntropyLoss()(x, Tensor()),
               "CrossEntropyLoss: expected a target, got an undefined Tensor");
  EXPECT_ERROR(F::cross_entropy(ones({3, 4}, kInt64), t),
               "\"log_softmax_lastdim_kernel_impl\" not implemented for 'Long'");
}

TEST(Losses, AreTheirFormulas) {
  const Tensor x = tensor({0.5, -1.0, 2.0}, kFloat64);
  const Tensor y = tensor({1.0, 1.5, 0.0}, kFloat64);
  EXPECT_NEAR(nn::MSELoss()(x, y).item<double>(), (0.25 + 6.25 + 4) / 3, 1e-12);
  EXPECT_NEAR(nn::MSELoss(kSum)(x, y).item<double>(), 10.5, 1e-12);
  EXPECT_NEAR(nn::L1Loss()(x, y).item<double>(), 5.0 / 3, 1e-12);
  EXPECT_TRUE(F::l1_loss(x, y, kNone).allclose(tensor({0.5, 2.5, 2.0}, kFloat64)));
  const Tensor t = tensor({1.0, 0.25, 0.0}, kFloat64);
  double total = 0;
  for (int64_t i = 0; i < 3; ++i) {
    const double p = 1 / (1 + std::exp(-x[i].item<double>()));
    const double q = t[i].item<double>();
    total -= q * std::log(p) + (1 - q) * std::log(1 - p);
  }
  EXPECT_NEAR(nn::BCEWithLogitsLoss()(x, t).item<double>(), total / 3, 1e-12);
  EXPECT_NEAR(nn::BCELoss()(taper::sigmoid(x), t).item<double>(), total / 3, 1e-12);
}

TEST(Losses, StayFiniteAtTheEnds) {
  const Tensor x = tensor({1000.0, -1000.0, 0.0}).requires_grad_();
  const Tensor t = tensor({0.0, 0.0, 1.0});
  const Tensor loss = F::binary_cross_entropy_with_logits(
      x, t, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(kNone));
  EXPECT_TRUE(loss.allclose(tensor({1000.0, 0.0, std::log(2.0)})));
  loss.sum().backward();
  EXPECT_TRUE(x.grad().allclose(tensor({1.0, 0.0, -0.5})));

  const Tensor p = tensor({0.0, 1.0, 0.0, 1.0}).requires_grad_();
  const Tensor hundred = F::binary_cross_entropy(
      p, tensor({0.0, 1.0, 1.0, 0.0}), F::BinaryCrossEntropyFuncOptions().reduction(kNone));
  EXPECT_TRUE(hundred.equal(tensor({0.0, 0.0, 100.0, 100.0})));
  hundred.sum().backward();
  EXPECT_TRUE(p.grad().isfinite().all().item<bool>());
}

TEST(Losses, NameWhatIsWrong) {
  EXPECT_ERROR(
      F::mse_loss(ones({3, 4}), ones({5})),
      "The size of tensor a (4) must match the size of tensor b (5) at non-singleton dimension 1");
  EXPECT_ERROR(F::mse_loss(ones({2}, kInt64), ones({2}, kInt64)),
               "\"mse_cpu\" not implemented for 'Long'");
  EXPECT_ERROR(
      F::l1_loss(ones({3}), ones({2})),
      "The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0");
  EXPECT_ERROR(F::binary_cross_entropy(full({1}, 1.5), ones({1})),
               "all elements of input should be between 0 and 1");
  EXPECT_ERROR(F::binary_cross_entropy(ones({3}), ones({2})),
               "Using a target size ([2]) that is different to the input size ([3])");
  EXPECT_ERROR(F::binary_cross_entropy_with_logits(ones({3}), ones({2})),
               "Target size ([2]) must be the same as input size ([3])");
  EXPECT_ERROR(F::nll_loss(scalar_tensor(1.0), tensor(0)), "Expected 1 or more dimensions (got 0)");
}

TEST(Losses, WarnOfBroadcasting) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(F::mse_loss(ones({3, 4}), zeros({4})).item<double>(), 1);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              ::testing::HasSubstr(
                  "Using a target size ([4]) that is different to the input size ([3, 4])"));
}

TEST(Losses, MoveTheirWeights) {
  nn::CrossEntropyLoss loss(nn::CrossEntropyLossOptions().weight(tensor({1.0, 2.0, 0.5, 1.0})));
  EXPECT_EQ(loss->named_buffers().keys(), (std::vector<std::string>{"weight"}));
  loss->to(kFloat64);
  const Tensor x = randn({3, 4}, TensorOptions(kFloat64));
  EXPECT_EQ(loss(x, tensor({0, 1, 3})).scalar_type(), kFloat64);
}

TEST(Losses, Gradcheck) {
  manual_seed(4);
  const Tensor target = tensor({2, 0, -100, 1});
  const Tensor weight = tensor({0.5, 2.0, 1.0}, kFloat64);
  const Tensor soft = rand({4, 3}, TensorOptions(kFloat64));
  for (const F::Reduction& reduction :
       {F::Reduction(kMean), F::Reduction(kSum), F::Reduction(kNone)}) {
    const auto check = [](const auto& f, const Tensor& x) {
      EXPECT_GRADCHECK(f, {x});
      EXPECT_GRADGRADCHECK(f, {x});
    };
    const auto ce =
        F::CrossEntropyFuncOptions().reduction(reduction).weight(weight).label_smoothing(0.1);
    check([&](const Tensor& x) { return F::cross_entropy(x, target, ce); }, leaf({4, 3}));
    check([&](const Tensor& x) { return F::cross_entropy(x, soft, ce); }, leaf({4, 3}));
    const Tensor labels = tensor({{0, 2}, {-100, 1}});
    check([&](const Tensor& x) { return F::cross_entropy(x, labels, ce); }, leaf({2, 3, 2}));
    const auto nll = F::NLLLossFuncOptions().reduction(reduction).weight(weight);
    check([&](const Tensor& x) { return F::nll_loss(x, target, nll); }, leaf({4, 3}));
    F::MSELossFuncOptions mse;
    mse.reduction(reduction);
    F::L1LossFuncOptions l1;
    l1.reduction(reduction);
    check([&](const Tensor& x) { return F::mse_loss(x, soft, mse); }, leaf({4, 3}));
    check([&](const Tensor& x) { return F::l1_loss(x, soft, l1); }, leaf({4, 3}));
    const auto bce = F::BinaryCrossEntropyFuncOptions().reduction(reduction).weight(weight);
    const Tensor p = (rand({4, 3}, TensorOptions(kFloat64)) * 0.8 + 0.1).requires_grad_();
    check([&](const Tensor& x) { return F::binary_cross_entropy(x, soft, bce); }, p);
    const auto bcel =
        F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(reduction).weight(weight).pos_weight(
            weight);
    check([&](const Tensor& x) { return F::binary_cross_entropy_with_logits(x, soft, bcel); },
          leaf({4, 3}));
  }
}

}  // namespace
