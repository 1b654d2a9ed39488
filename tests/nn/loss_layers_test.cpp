// Losses against their definitions, element by element; as functions, and as layers with libtorch's
// words.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;
namespace F = nn::functional;

TEST(NllLoss, ASumBeyondFloat32IsInfinite) {
  const Tensor x = full({2, 1}, -3e38f);
  const Tensor loss = F::nll_loss(x, zeros({2}, kInt64), F::NLLLossFuncOptions().reduction(kSum));
  EXPECT_EQ(loss.item<float>(), std::numeric_limits<float>::infinity());
}

TEST(NllLoss, OneRowHasOneTarget) {
  const Tensor x = zeros({3}).log_softmax(0);
  try {
    F::nll_loss(x, tensor({0, 1, 2}));
    FAIL() << "nothing was thrown";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("size mismatch (got input: [3], target: [3])"),
              std::string::npos)
        << e.what();
  }
}

const std::vector<double> kX = {-1.7, -0.4, 0.0, 0.3, 0.9, 2.6};
const std::vector<double> kTarget = {0.2, 1.3, 0.4, 0.7, 0.85, 1.9};

Tensor doubles(const std::vector<double>& values) {
  return tensor(values, TensorOptions(kFloat64)).reshape({2, 3});
}

// What loss(reduction) gives for each reduction, from the loss of one element.
void expect_loss(const std::function<Tensor(int64_t)>& loss,
                 const std::function<double(double, double)>& of_one,
                 const std::vector<double>& x = kX, const std::vector<double>& target = kTarget) {
  double total = 0;
  const Tensor each = loss(Reduction::None);
  ASSERT_EQ(each.sizes(), IntArrayRef({2, 3}));
  for (size_t i = 0; i < x.size(); ++i) {
    const double expected = of_one(x[i], target[i]);
    total += expected;
    EXPECT_NEAR(each.reshape({-1})[static_cast<int64_t>(i)].item<double>(), expected, 1e-13) << i;
  }
  EXPECT_NEAR(loss(Reduction::Sum).item<double>(), total, 1e-12);
  EXPECT_NEAR(loss(Reduction::Mean).item<double>(), total / static_cast<double>(x.size()), 1e-12);
}

TEST(LossFunctions, AreTheirFormulas) {
  const Tensor x = doubles(kX), t = doubles(kTarget);
  const auto chance = [](double z) { return 1 / (1 + std::exp(-z)); };
  const auto square = [](double d) { return d * d; };
  expect_loss([&](int64_t r) { return mse_loss(x, t, r); },
              [&](double a, double b) { return square(a - b); });
  expect_loss([&](int64_t r) { return l1_loss(x, t, r); },
              [](double a, double b) { return std::abs(a - b); });
  for (double size : {0.3, 1.0}) {
    expect_loss([&](int64_t r) { return smooth_l1_loss(x, t, r, size); },
                [&](double a, double b) {
                  const double d = std::abs(a - b);
                  return d < size ? d * d / (2 * size) : d - size / 2;
                });
    expect_loss([&](int64_t r) { return huber_loss(x, t, r, size); },
                [&](double a, double b) {
                  const double d = std::abs(a - b);
                  return d <= size ? d * d / 2 : size * (d - size / 2);
                });
  }
  expect_loss([&](int64_t r) { return smooth_l1_loss(x, t, r, 0); },
              [](double a, double b) { return std::abs(a - b); });
  expect_loss([&](int64_t r) { return soft_margin_loss(x, t, r); },
              [](double a, double b) { return std::log1p(std::exp(-a * b)); });
  expect_loss([&](int64_t r) { return kl_div(x, t, r); },
              [](double a, double b) { return b * (std::log(b) - a); });
  expect_loss([&](int64_t r) { return kl_div(x, t, r, true); },
              [](double a, double b) { return std::exp(b) * (b - a); });
  expect_loss([&](int64_t r) { return poisson_nll_loss(x, t, true, false, 1e-8, r); },
              [](double a, double b) { return std::exp(a) - b * a; });
  expect_loss([&](int64_t r) { return poisson_nll_loss(t, t, false, true, 1e-8, r); },
              [](double, double b) {
                const double stirling =
                    b > 1 ? b * std::log(b) - b + 0.5 * std::log(2 * 3.14159265358979323846 * b)
                          : 0;
                return b - b * std::log(b + 1e-8) + stirling;
              });
  expect_loss([&](int64_t r) { return binary_cross_entropy(sigmoid(x), t, {}, r); },
              [&](double a, double b) {
                return -b * std::log(chance(a)) - (1 - b) * std::log(1 - chance(a));
              });
  expect_loss([&](int64_t r) { return binary_cross_entropy_with_logits(x, t, {}, {}, r); },
              [&](double a, double b) {
                return -b * std::log(chance(a)) - (1 - b) * std::log(1 - chance(a));
              });
  const Tensor three = tensor(3.0, TensorOptions(kFloat64));
  expect_loss(
      [&](int64_t r) { return binary_cross_entropy_with_logits(x, t, three * 2, three, r); },
      [&](double a, double b) {
        return 6 * (-3 * b * std::log(chance(a)) - (1 - b) * std::log(1 - chance(a)));
      });
}

TEST(LossFunctions, OfPairsAreTheirFormulas) {
  const Tensor x = doubles(kX), t = doubles(kTarget);
  const std::vector<double> signs = {1, -1, 1, -1, 1, -1};
  expect_loss([&](int64_t r) { return hinge_embedding_loss(x, doubles(signs), 0.7, r); },
              [](double a, double sign) { return sign == 1 ? a : std::max(0.0, 0.7 - a); }, kX,
              signs);
  expect_loss([&](int64_t r) { return margin_ranking_loss(x, t * 0, doubles(signs), 0.7, r); },
              [](double a, double sign) { return std::max(0.0, -sign * a + 0.7); }, kX, signs);
  const Tensor cosine = cosine_similarity(x, t);
  const Tensor losses = cosine_embedding_loss(x, t, tensor({1, -1}), 0.1, Reduction::None);
  EXPECT_NEAR(losses[0].item<double>(), 1 - cosine[0].item<double>(), 1e-10);
  EXPECT_NEAR(losses[1].item<double>(), cosine[1].item<double>() - 0.1, 1e-10);
  const Tensor near = pairwise_distance(x, t), far = pairwise_distance(x, t * 2);
  EXPECT_TRUE(triplet_margin_loss(x, t, t * 2, 1.5, 2, 1e-6, false, Reduction::None)
                  .allclose((near - far + 1.5).clamp_min(0)));
}

TEST(LossFunctions, OfClassesAreTheirFormulas) {
  const Tensor x = log_softmax(randn({2, 3, 2, 2}, TensorOptions(kFloat64)), 1);
  const Tensor target = tensor({0, 2, 1, -100, 1, 1, 0, 2}).reshape({2, 2, 2});
  const Tensor weight = tensor({0.5, 2.0, 1.5}, TensorOptions(kFloat64));
  const Tensor each = nll_loss2d(x, target, weight, Reduction::None);
  double losses = 0;
  double weights = 0;
  for (int64_t n = 0; n < 2; ++n) {
    for (int64_t i = 0; i < 2; ++i) {
      for (int64_t k = 0; k < 2; ++k) {
        const auto t = target[n][i][k].item<int64_t>();
        const double w = t < 0 ? 0 : weight[t].item<double>();
        const double loss = t < 0 ? 0 : -w * x[n][t][i][k].item<double>();
        EXPECT_EQ(each[n][i][k].item<double>(), loss);
        losses += loss;
        weights += w;
      }
    }
  }
  EXPECT_DOUBLE_EQ(nll_loss2d(x, target, weight, Reduction::Sum).item<double>(), losses);
  EXPECT_DOUBLE_EQ(nll_loss2d(x, target, weight).item<double>(), losses / weights);
  EXPECT_TRUE(nll_loss_nd(x.reshape({2, 3, 4}), target.reshape({2, 4}), weight, Reduction::None)
                  .equal(each.reshape({2, 4})));
  EXPECT_TRUE(nll_loss(x.select(3, 0).select(2, 0), target.select(2, 0).select(1, 0), weight)
                  .equal(nll_loss_nd(x.slice(3, 0, 1).slice(2, 0, 1),
                                     target.slice(2, 0, 1).slice(1, 0, 1), weight)));
  EXPECT_TRUE(std::isnan(nll_loss(zeros({0, 3}), zeros({0}, kInt64)).item<double>()));
  EXPECT_EQ(nll_loss(zeros({0, 3}), zeros({0}, kInt64), {}, Reduction::Sum).item<double>(), 0);
}

TEST(LossFunctions, SpeakLibtorchsWords) {
  const Tensor x = randn({2, 3}), w = ones({3}).requires_grad_(), y = tensor({2, 0});
  EXPECT_ERROR(nll_loss(x, tensor({3, 0})), "Target 3 is out of bounds.");
  EXPECT_ERROR(nll_loss(x, tensor({1, 0, 1})), "size mismatch (got input: [2, 3], target: [3])");
  EXPECT_ERROR(nll_loss(x, y, ones({2})),
               "weight tensor should be defined either for all 3 classes or no classes but got "
               "weight tensor of shape: [2]");
  EXPECT_ERROR(nll_loss(x, y, w),
               "The function 'nll_loss_forward' is not differentiable with respect to argument "
               "'weight'. This input cannot have requires_grad True.");
  EXPECT_ERROR(nll_loss2d(x, y),
               "only batches of spatial targets supported (3D tensors) but got targets of "
               "dimension: 1");
  EXPECT_ERROR(cross_entropy_loss(x, x, {}, Reduction::Mean, 2),
               "ignore_index is not supported for floating point target");
  EXPECT_ERROR(cross_entropy_loss(x, y, {}, Reduction::Mean, -100, 2),
               "label_smoothing must be between 0.0 and 1.0. Got: 2");
  EXPECT_ERROR(smooth_l1_loss(x, x, Reduction::Mean, -1),
               "smooth_l1_loss does not support negative values for beta.");
  EXPECT_ERROR(huber_loss(x, x, Reduction::Mean, 0),
               "huber_loss does not support non-positive values for delta.");
  EXPECT_ERROR(kl_div(x, y), "kl_div: Integral inputs not supported.");
  EXPECT_ERROR(binary_cross_entropy(x.sigmoid(), x.to(kFloat64)),
               "Found dtype Double but expected Float");
  EXPECT_ERROR(soft_margin_loss(x, x.detach().requires_grad_()),
               "The function 'soft_margin_loss' is not differentiable with respect to argument "
               "'target'. This input cannot have requires_grad True.");
  EXPECT_ERROR(triplet_margin_loss(x, x, x[0]),
               "All inputs should have same dimension but got 2D, 2D and 1D inputs.");
  EXPECT_ERROR(cosine_embedding_loss(x, x, tensor(1)),
               "0D target tensor expects 1D input tensors, but found inputs with sizes [2, 3] and "
               "[2, 3].");
  EXPECT_THROW(nll_loss_nd(scalar_tensor(1.0), y), ValueError);
}

// Where operands are broadcast, libtorch's functions divide each gradient of a mean by the
// operand's own number of elements; nn::functional broadcasts first.
TEST(LossFunctions, GiveLibtorchsGradientsOfBroadcastMeans) {
  const auto gradient = [](const auto& loss) {
    const Tensor target = zeros({1}).requires_grad_();
    loss(ones({4}), target).backward();
    return target.grad().template item<double>();
  };
  EXPECT_EQ(gradient([](const Tensor& x, const Tensor& t) { return mse_loss(x, t); }), -8);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(gradient([](const Tensor& x, const Tensor& t) { return F::mse_loss(x, t); }), -2);
  ::testing::internal::GetCapturedStderr();
}

template <class M>
std::string printed(const M& module) {
  std::ostringstream text;
  text << module;
  return text.str();
}

TEST(LossLayers, PrintAsLibtorchs) {
  EXPECT_EQ(printed(nn::SmoothL1Loss()), "torch::nn::SmoothL1Loss");
  EXPECT_EQ(printed(nn::HuberLoss()), "torch::nn::HuberLoss");
  EXPECT_EQ(printed(nn::SoftMarginLoss()), "torch::nn::SoftMarginLoss()");
  EXPECT_EQ(printed(nn::KLDivLoss()), "torch::nn::KLDivLoss()");
  EXPECT_EQ(printed(nn::PoissonNLLLoss()), "torch::nn::PoissonNLLLoss()");
  EXPECT_EQ(printed(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(4))),
            "torch::nn::HingeEmbeddingLoss(margin=4)");
  EXPECT_EQ(printed(nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(0.25))),
            "torch::nn::CosineEmbeddingLoss(margin=0.25)");
  EXPECT_EQ(printed(nn::MarginRankingLoss()), "torch::nn::MarginRankingLoss()");
  EXPECT_EQ(printed(nn::TripletMarginLoss()),
            "torch::nn::TripletMarginLoss(margin=1, p=2, eps=1e-06, swap=false)");
}

TEST(LossLayers, HandTheirOptionsOn) {
  const Tensor x = doubles(kX), t = doubles(kTarget), signs = doubles({1, -1, 1, -1, 1, -1});
  const auto expect = [](const Tensor& layer, const Tensor& function) {
    EXPECT_TRUE(layer.equal(function)) << layer << function;
  };
  expect(nn::SmoothL1Loss(nn::SmoothL1LossOptions(kSum).beta(0.5))(x, t),
         smooth_l1_loss(x, t, Reduction::Sum, 0.5));
  // The function takes its beta apart from the options.
  expect(F::smooth_l1_loss(x, t, F::SmoothL1LossFuncOptions(kSum).beta(0.5)),
         smooth_l1_loss(x, t, Reduction::Sum, 1));
  expect(nn::HuberLoss(nn::HuberLossOptions().delta(0.5))(x, t),
         huber_loss(x, t, Reduction::Mean, 0.5));
  expect(nn::SoftMarginLoss(nn::SoftMarginLossOptions(kNone))(x, t),
         soft_margin_loss(x, t, Reduction::None));
  expect(nn::KLDivLoss(nn::KLDivLossOptions(kBatchMean).log_target(true))(x, t),
         kl_div(x, t, Reduction::Sum, true) / 2);
  expect(nn::PoissonNLLLoss(nn::PoissonNLLLossOptions().full(true))(x, t),
         poisson_nll_loss(x, t, true, true, 1e-8, Reduction::Mean));
  expect(nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(0.5))(x, signs),
         hinge_embedding_loss(x, signs, 0.5));
  expect(nn::MarginRankingLoss(nn::MarginRankingLossOptions().margin(0.5))(x, t, signs),
         margin_ranking_loss(x, t, signs, 0.5));
  expect(nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(0.5))(
             x, t, signs[0].slice(0, 0, 2)),
         cosine_embedding_loss(x, t, signs[0].slice(0, 0, 2), 0.5));
  expect(
      nn::TripletMarginLoss(nn::TripletMarginLossOptions().margin(2).p(1).swap(true))(x, t, t * 2),
      triplet_margin_loss(x, t, t * 2, 2, 1, 1e-6, true));
  EXPECT_ERROR(nn::MarginRankingLoss()(x, t, signs[0]),
               "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
               "input1: [2, 3], input2: [2, 3], target: [3]");
}

}  // namespace
