#include <cstdio>

#include "taper/autograd/ops.h"
#include "taper/nn/functional.h"

// The losses of autograd/losses.h under the names and options of torch::nn::functional.
namespace taper::nn::functional {

namespace {

int64_t number_of(const Reduction& reduction) {
  if (std::holds_alternative<enumtype::kNone>(reduction)) return taper::Reduction::None;
  return std::holds_alternative<enumtype::kMean>(reduction) ? taper::Reduction::Mean
                                                            : taper::Reduction::Sum;
}

// Both in the shape to which they broadcast, with libtorch's warning where that is another one.
std::vector<Tensor> broadcast(const Tensor& x, const Tensor& target) {
  if (x.sizes() == target.sizes()) return {x, target};
  taper::detail::MessageBuilder text;
  text.add("Warning: Using a target size (");
  text.add(target.sizes());
  text.add(") that is different to the input size (");
  text.add(x.sizes());
  text.add(
      "). This will likely lead to incorrect results due to broadcasting. Please ensure they "
      "have the same size.\n");
  std::fputs(text.take().c_str(), stderr);
  return taper::broadcast_tensors({x, target});
}

}  // namespace

Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& options) {
  return taper::l1_loss(x, target, number_of(options.reduction()));
}

Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& options) {
  const std::vector<Tensor> both = broadcast(x, target);
  return taper::mse_loss(both[0], both[1], number_of(options.reduction()));
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, const SmoothL1LossFuncOptions& options,
                      double beta) {
  const std::vector<Tensor> both = broadcast(x, target);
  return taper::smooth_l1_loss(both[0], both[1], number_of(options.reduction()), beta);
}

Tensor huber_loss(const Tensor& x, const Tensor& target, const HuberLossFuncOptions& options) {
  const std::vector<Tensor> both = broadcast(x, target);
  return taper::huber_loss(both[0], both[1], number_of(options.reduction()), options.delta());
}

Tensor soft_margin_loss(const Tensor& x, const Tensor& target,
                        const SoftMarginLossFuncOptions& options) {
  return taper::soft_margin_loss(x, target, number_of(options.reduction()));
}

Tensor kl_div(const Tensor& x, const Tensor& target, const KLDivFuncOptions& options) {
  const KLDivFuncOptions::reduction_t& reduction = options.reduction();
  int64_t number = taper::Reduction::Sum;
  if (std::holds_alternative<enumtype::kNone>(reduction)) number = taper::Reduction::None;
  if (std::holds_alternative<enumtype::kMean>(reduction)) number = taper::Reduction::Mean;
  const Tensor loss = taper::kl_div(x, target, number, options.log_target());
  const bool by_batch = std::holds_alternative<enumtype::kBatchMean>(reduction) && x.dim() != 0;
  return by_batch ? loss / x.size(0) : loss;
}

Tensor poisson_nll_loss(const Tensor& x, const Tensor& target,
                        const PoissonNLLLossFuncOptions& options) {
  return taper::poisson_nll_loss(x, target, options.log_input(), options.full(), options.eps(),
                                 number_of(options.reduction()));
}

Tensor binary_cross_entropy(const Tensor& x, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options) {
  TAPER_CHECK(x.sizes() == target.sizes(), "Using a target size (", target.sizes(),
              ") that is different to the input size (", x.sizes(),
              ") is deprecated. Please ensure they have the same size.");
  return taper::binary_cross_entropy(x, target, options.weight(), number_of(options.reduction()));
}

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  TAPER_CHECK(x.sizes() == target.sizes(), "Target size (", target.sizes(),
              ") must be the same as input size (", x.sizes(), ")");
  return taper::binary_cross_entropy_with_logits(x, target, options.weight(), options.pos_weight(),
                                                 number_of(options.reduction()));
}

Tensor nll_loss(const Tensor& x, const Tensor& target, const NLLLossFuncOptions& options) {
  return taper::nll_loss_nd(x, target, options.weight(), number_of(options.reduction()),
                            options.ignore_index());
}

Tensor cross_entropy(const Tensor& x, const Tensor& target,
                     const CrossEntropyFuncOptions& options) {
  return taper::cross_entropy_loss(x, target, options.weight(), number_of(options.reduction()),
                                   options.ignore_index(), options.label_smoothing());
}

Tensor cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options) {
  return taper::cosine_embedding_loss(a, b, target, options.margin(),
                                      number_of(options.reduction()));
}

Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options) {
  return taper::hinge_embedding_loss(x, target, options.margin(), number_of(options.reduction()));
}

Tensor margin_ranking_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                           const MarginRankingLossFuncOptions& options) {
  TAPER_CHECK(a.dim() == b.dim() && a.dim() == target.dim(),
              "margin_ranking_loss : All input tensors should have same dimension but got sizes: "
              "input1: ",
              a.sizes(), ", input2: ", b.sizes(), ", target: ", target.sizes());
  return taper::margin_ranking_loss(a, b, target, options.margin(), number_of(options.reduction()));
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options) {
  return taper::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(),
                                    options.eps(), options.swap(), number_of(options.reduction()));
}

}  // namespace taper::nn::functional
