// Losses: layers and functions with all their options, and their misuse.
#include <functional>
#include <vector>

#include "parity/parity.h"

namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

Tensor numbers(double phase) {
  return torch::sin(torch::arange(12, torch::kFloat64) * 1.7 + phase).reshape({3, 4}) * 1.5;
}

// A layer's text, its loss and the gradients of both operands, in float32 and float64.
template <class Layer>
void layer(parity::Recorder& r, const std::string& name, Layer module, const Tensor& x,
           const Tensor& target) {
  r.print(name, module);
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    const Tensor a = x.to(dtype, false, true).requires_grad_();
    const Tensor b = target.to(dtype, false, true).requires_grad_();
    const std::string run = name + " " + c10::str(dtype);
    const Tensor loss = module(a, b);
    r.value(run, loss);
    loss.sum().backward();
    r.value(run + " input gradient", a.grad());
    r.value(run + " target gradient", b.grad());
  }
}

}  // namespace

PARITY_PROGRAM(loss_layers) {
  const Tensor x = numbers(0.1), t = numbers(1.3), p = torch::sigmoid(t);
  const Tensor signs = torch::sign(numbers(0.7));
  layer(r, "smooth", nn::SmoothL1Loss(nn::SmoothL1LossOptions(torch::kSum).beta(0.5)), x, t);
  layer(r, "smooth beta 0", nn::SmoothL1Loss(nn::SmoothL1LossOptions().beta(0)), x, t);
  layer(r, "huber", nn::HuberLoss(nn::HuberLossOptions(torch::kNone).delta(0.7)), x, t);
  layer(r, "kl", nn::KLDivLoss(nn::KLDivLossOptions(torch::kBatchMean)), x, p);
  layer(r, "kl log", nn::KLDivLoss(nn::KLDivLossOptions(torch::kSum).log_target(true)), x, t);
  layer(r, "poisson", nn::PoissonNLLLoss(), x, p);
  layer(
      r, "poisson full",
      nn::PoissonNLLLoss(
          nn::PoissonNLLLossOptions().log_input(false).full(true).eps(1e-3).reduction(torch::kSum)),
      p, p * 4);
  r.print("print of soft", nn::SoftMarginLoss());
  r.value("soft", nn::SoftMarginLoss(nn::SoftMarginLossOptions(torch::kNone))(x, signs));
  const nn::HingeEmbeddingLoss hinge(
      nn::HingeEmbeddingLossOptions().margin(0.5).reduction(torch::kNone));
  r.print("print of hinge", hinge);
  r.value("hinge", nn::HingeEmbeddingLoss(hinge)(x, signs));
  const Tensor pairs = torch::tensor({1, -1, 1});
  nn::CosineEmbeddingLoss cosine(
      nn::CosineEmbeddingLossOptions().margin(0.25).reduction(torch::kNone));
  r.print("print of cosine", cosine);
  r.value("cosine", cosine(x, t, pairs));
  nn::MarginRankingLoss ranking(nn::MarginRankingLossOptions().margin(0.4).reduction(torch::kSum));
  r.print("print of ranking", ranking);
  r.value("ranking", ranking(x, t, signs));
  nn::TripletMarginLoss triplet(
      nn::TripletMarginLossOptions().margin(2.5).p(3).eps(1e-5).swap(true).reduction(torch::kNone));
  r.print("print of triplet", triplet);
  r.value("triplet", triplet(x, t, x * 0.5));
}

PARITY_PROGRAM(loss_functions) {
  const Tensor x = numbers(0.1), t = numbers(1.3), p = torch::sigmoid(t);
  const Tensor signs = torch::sign(numbers(0.7)), pairs = torch::tensor({1, -1, 1});
  r.value("smooth", F::smooth_l1_loss(x, t, F::SmoothL1LossFuncOptions(torch::kSum).beta(9), 0.5));
  r.value("huber", F::huber_loss(x, t, F::HuberLossFuncOptions(torch::kSum).delta(0.5)));
  r.value("soft", F::soft_margin_loss(x, signs, F::SoftMarginLossFuncOptions(torch::kSum)));
  r.value("kl", F::kl_div(x, p, F::KLDivFuncOptions(torch::kNone)));
  r.value("poisson", F::poisson_nll_loss(x, p, F::PoissonNLLLossFuncOptions().full(true)));
  r.value("hinge", F::hinge_embedding_loss(x, signs, F::HingeEmbeddingLossFuncOptions().margin(2)));
  r.value("cosine",
          F::cosine_embedding_loss(x, t, pairs, F::CosineEmbeddingLossFuncOptions().margin(0.1)));
  r.value("ranking",
          F::margin_ranking_loss(x, t, signs, F::MarginRankingLossFuncOptions().margin(0.1)));
  r.value("triplet",
          F::triplet_margin_loss(x, t, -x, F::TripletMarginLossFuncOptions().swap(true)));
  // Operands that broadcast: of a mean each gets the gradient that libtorch gives it.
  for (const int64_t reduction : {at::Reduction::None, at::Reduction::Mean, at::Reduction::Sum}) {
    const auto gradients = [&](const char* name,
                               const std::function<Tensor(Tensor, Tensor)>& loss) {
      const Tensor a = x.clone().requires_grad_(), b = t.slice(0, 0, 1).clone().requires_grad_();
      loss(a, b).sum().backward();
      r.value(name + std::to_string(reduction) + " input", a.grad());
      r.value(name + std::to_string(reduction) + " target", b.grad());
    };
    gradients("mse",
              [&](const Tensor& a, const Tensor& b) { return torch::mse_loss(a, b, reduction); });
    gradients("smooth", [&](const Tensor& a, const Tensor& b) {
      return torch::smooth_l1_loss(a, b, reduction);
    });
    gradients("huber",
              [&](const Tensor& a, const Tensor& b) { return torch::huber_loss(a, b, reduction); });
    gradients("l1",
              [&](const Tensor& a, const Tensor& b) { return torch::l1_loss(a, b, reduction); });
  }
  // Nothing to add up, nothing that counts, and probabilities at their ends.
  const Tensor none = torch::empty({0, 3}), no_target = torch::empty({0}, torch::kInt64);
  r.value("no mean", torch::nll_loss(none, no_target));
  r.value("no sum", torch::nll_loss(none, no_target, {}, at::Reduction::Sum));
  const Tensor ignored = torch::full({3}, -100, torch::kInt64);
  r.value("all ignored", torch::cross_entropy_loss(x, ignored));
  r.value("all ignored smooth", torch::cross_entropy_loss(x, ignored, {}, 1, -100, 0.1));
  const Tensor ends = torch::tensor({0.0, 1.0, 0.0, 1.0, 0.5}).requires_grad_();
  const Tensor of_ends = torch::binary_cross_entropy(ends, torch::tensor({0.0, 1.0, 1.0, 0.0, 0.5}),
                                                     {}, at::Reduction::None);
  of_ends.sum().backward();
  r.value("ends", of_ends);
  r.value("ends gradient", ends.grad());
  r.value("huge logits", torch::binary_cross_entropy_with_logits(
                             torch::tensor({1e4, -1e4, 30., -30.}), torch::tensor({1., 0., 0., 1.}),
                             {}, {}, at::Reduction::None));
}

PARITY_PROGRAM(loss_errors) {
  const Tensor x = numbers(0.1), y = torch::tensor({2, 0, 1}), w = torch::ones({4}, x.options());
  const Tensor x4 = torch::zeros({2, 3, 2, 2}), scalar = torch::tensor(1.0);
  const auto error = [&](const char* name, const std::function<Tensor()>& misuse) {
    r.error(name, misuse);
  };
  error("target", [&] { return torch::nll_loss(x, torch::tensor({4, 0, 1})); });
  error("batch", [&] { return torch::nll_loss(x, torch::tensor({1, 0})); });
  error("multi", [&] { return torch::nll_loss(x, y.unsqueeze(0)); });
  error("float target", [&] { return torch::nll_loss(x, y.to(torch::kFloat)); });
  error("weight", [&] { return torch::nll_loss(x, y, w.slice(0, 0, 2)); });
  error("weight dtype", [&] { return torch::nll_loss(x, y, w.to(torch::kFloat)); });
  error("weight gradient", [&] { return torch::nll_loss(x, y, w.clone().requires_grad_()); });
  error("three dims", [&] { return torch::nll_loss(x4[0], y); });
  error("spatial", [&] { return torch::nll_loss2d(x4, y); });
  error("spatial size", [&] {
    return torch::nll_loss2d(x4, torch::zeros({2, 2, 3}, torch::kInt64));
  });
  error("nd none", [&] { return torch::nll_loss_nd(scalar, y); });
  error("nd batch", [&] { return torch::nll_loss_nd(x, torch::tensor({1, 0})); });
  error("nd size", [&] { return torch::nll_loss_nd(x4[0], torch::zeros({3, 3}, torch::kInt64)); });
  error("probabilities", [&] { return torch::cross_entropy_loss(x, x.to(torch::kInt64)); });
  error("ignore", [&] { return torch::cross_entropy_loss(x, x, {}, 1, 2); });
  error("smoothing", [&] { return torch::cross_entropy_loss(x, y, {}, 1, -100, 2.0); });
  error("prob weight", [&] { return torch::cross_entropy_loss(x, x, w.slice(0, 0, 2)); });
  error("mse", [&] { return torch::mse_loss(x, torch::ones({3})); });
  error("mse dtype", [&] { return torch::mse_loss(y, y); });
  error("smooth", [&] { return torch::smooth_l1_loss(x, x, 1, -1); });
  error("huber", [&] { return torch::huber_loss(x, x, 1, 0); });
  error("bce range", [&] { return torch::binary_cross_entropy(x, x); });
  error("bce dtype", [&] { return torch::binary_cross_entropy(x.sigmoid(), x.to(torch::kFloat)); });
  error("bce size", [&] { return F::binary_cross_entropy(x.sigmoid(), x[0]); });
  error("logits", [&] { return torch::binary_cross_entropy_with_logits(x, x[0]); });
  error("logits dtype",
        [&] { return torch::binary_cross_entropy_with_logits(x, x.to(torch::kInt64)); });
  error("logits size", [&] { return F::binary_cross_entropy_with_logits(x, x[0]); });
  error("kl", [&] { return torch::kl_div(x, x.to(torch::kInt64)); });
  error("soft", [&] { return torch::soft_margin_loss(x, x.clone().requires_grad_()); });
  error("cosine", [&] { return torch::cosine_embedding_loss(x, x, torch::tensor(1)); });
  error("cosine target", [&] { return torch::cosine_embedding_loss(x, x, torch::ones({2, 2})); });
  error("triplet", [&] { return torch::triplet_margin_loss(x, x, x[0]); });
  error("ranking", [&] { return F::margin_ranking_loss(x, x, x[0]); });
}
