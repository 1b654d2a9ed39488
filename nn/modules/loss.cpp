#include "taper/nn/modules/loss.h"

#include <ostream>

namespace taper::nn {

template class Cloneable<L1LossImpl>;
template class Cloneable<MSELossImpl>;
template class Cloneable<BCELossImpl>;
template class Cloneable<BCEWithLogitsLossImpl>;
template class Cloneable<NLLLossImpl>;
template class Cloneable<CrossEntropyLossImpl>;
template class Cloneable<SmoothL1LossImpl>;
template class Cloneable<HuberLossImpl>;
template class Cloneable<SoftMarginLossImpl>;
template class Cloneable<KLDivLossImpl>;
template class Cloneable<PoissonNLLLossImpl>;
template class Cloneable<HingeEmbeddingLossImpl>;
template class Cloneable<CosineEmbeddingLossImpl>;
template class Cloneable<MarginRankingLossImpl>;
template class Cloneable<TripletMarginLossImpl>;

namespace F = functional;

namespace {

void check_defined(const char* layer, const Tensor& input, const Tensor& target) {
  TAPER_CHECK(input.defined(), layer, ": expected an input, got an undefined Tensor");
  TAPER_CHECK(target.defined(), layer, ": expected a target, got an undefined Tensor");
}

// The buffer shares the memory of the option but is a tensor of its own, so that a clone can part
// with that memory.
Tensor own_handle(const Tensor& weight) { return weight.defined() ? weight.detach() : weight; }

}  // namespace

void L1LossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::L1Loss()"; }

Tensor L1LossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("L1Loss", input, target);
  return F::l1_loss(input, target, options);
}

void MSELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MSELoss()"; }

Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("MSELoss", input, target);
  return F::mse_loss(input, target, options);
}

BCELossImpl::BCELossImpl(const BCELossOptions& options) : options(options) { BCELossImpl::reset(); }

void BCELossImpl::reset() { weight = register_buffer("weight", own_handle(options.weight())); }

void BCELossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCELoss()"; }

Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("BCELoss", input, target);
  return F::binary_cross_entropy(input, target,
                                 BCELossOptions().weight(weight).reduction(options.reduction()));
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options)
    : options(options) {
  BCEWithLogitsLossImpl::reset();
}

void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", own_handle(options.weight()));
  pos_weight = register_buffer("pos_weight", own_handle(options.pos_weight()));
}

void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::BCEWithLogitsLoss()";
}

Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("BCEWithLogitsLoss", input, target);
  return F::binary_cross_entropy_with_logits(input, target,
                                             BCEWithLogitsLossOptions()
                                                 .weight(weight)
                                                 .reduction(options.reduction())
                                                 .pos_weight(pos_weight));
}

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options) : options(options) { NLLLossImpl::reset(); }

void NLLLossImpl::reset() { weight = register_buffer("weight", own_handle(options.weight())); }

void NLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::NLLLoss()"; }

Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("NLLLoss", input, target);
  return F::nll_loss(input, target,
                     NLLLossOptions()
                         .weight(weight)
                         .ignore_index(options.ignore_index())
                         .reduction(options.reduction()));
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options)
    : options(options) {
  CrossEntropyLossImpl::reset();
}

void CrossEntropyLossImpl::reset() {
  weight = register_buffer("weight", own_handle(options.weight()));
}

void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CrossEntropyLoss()";
}

Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("CrossEntropyLoss", input, target);
  return F::cross_entropy(input, target,
                          CrossEntropyLossOptions()
                              .weight(weight)
                              .ignore_index(options.ignore_index())
                              .reduction(options.reduction())
                              .label_smoothing(options.label_smoothing()));
}

void SmoothL1LossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::SmoothL1Loss";
}

Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("SmoothL1Loss", input, target);
  return F::smooth_l1_loss(input, target, options, options.beta());
}

void HuberLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::HuberLoss"; }

Tensor HuberLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("HuberLoss", input, target);
  return F::huber_loss(input, target, options);
}

void SoftMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::SoftMarginLoss()";
}

Tensor SoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("SoftMarginLoss", input, target);
  return F::soft_margin_loss(input, target, options);
}

void KLDivLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::KLDivLoss()"; }

Tensor KLDivLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("KLDivLoss", input, target);
  return F::kl_div(input, target, options);
}

void PoissonNLLLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::PoissonNLLLoss()";
}

Tensor PoissonNLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("PoissonNLLLoss", input, target);
  return F::poisson_nll_loss(input, target, options);
}

void HingeEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::HingeEmbeddingLoss(margin=" << options.margin() << ')';
}

Tensor HingeEmbeddingLossImpl::forward(const Tensor& input, const Tensor& target) {
  check_defined("HingeEmbeddingLoss", input, target);
  return F::hinge_embedding_loss(input, target, options);
}

void CosineEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CosineEmbeddingLoss(margin=" << options.margin() << ')';
}

Tensor CosineEmbeddingLossImpl::forward(const Tensor& input1, const Tensor& input2,
                                        const Tensor& target) {
  return F::cosine_embedding_loss(input1, input2, target, options);
}

void MarginRankingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MarginRankingLoss()";
}

Tensor MarginRankingLossImpl::forward(const Tensor& input1, const Tensor& input2,
                                      const Tensor& target) {
  return F::margin_ranking_loss(input1, input2, target, options);
}

void TripletMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TripletMarginLoss(margin=" << options.margin() << ", p=" << options.p()
         << ", eps=" << options.eps() << ", swap=" << (options.swap() ? "true" : "false") << ')';
}

Tensor TripletMarginLossImpl::forward(const Tensor& anchor, const Tensor& positive,
                                      const Tensor& negative) {
  return F::triplet_margin_loss(anchor, positive, negative, options);
}

}  // namespace taper::nn
