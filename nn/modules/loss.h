#pragma once

#include "taper/nn/functional.h"
#include "taper/nn/module.h"

// Losses as modules; formulas and shapes stand at the functions of nn/functional.h. The weights are
// buffers.
namespace taper::nn {

using L1LossOptions = functional::L1LossFuncOptions;

// mean |input - target| (torch::nn::L1Loss).
class L1LossImpl : public Cloneable<L1LossImpl> {
 public:
  explicit L1LossImpl(const L1LossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  L1LossOptions options;
};
TAPER_MODULE(L1Loss);

using MSELossOptions = functional::MSELossFuncOptions;

// mean (input - target)^2 (torch::nn::MSELoss).
class MSELossImpl : public Cloneable<MSELossImpl> {
 public:
  explicit MSELossImpl(const MSELossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  MSELossOptions options;
};
TAPER_MODULE(MSELoss);

using BCELossOptions = functional::BinaryCrossEntropyFuncOptions;

// functional::binary_cross_entropy (torch::nn::BCELoss).
class BCELossImpl : public Cloneable<BCELossImpl> {
 public:
  explicit BCELossImpl(const BCELossOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCELossOptions options;
  Tensor weight;
};
TAPER_MODULE(BCELoss);

using BCEWithLogitsLossOptions = functional::BinaryCrossEntropyWithLogitsFuncOptions;

// functional::binary_cross_entropy_with_logits (torch::nn::BCEWithLogitsLoss).
class BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCEWithLogitsLossOptions options;
  Tensor weight;
  Tensor pos_weight;
};
TAPER_MODULE(BCEWithLogitsLoss);

using NLLLossOptions = functional::NLLLossFuncOptions;

// functional::nll_loss: input [N, C] of log-probabilities, target [N] (torch::nn::NLLLoss).
class NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(const NLLLossOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  NLLLossOptions options;
  Tensor weight;
};
TAPER_MODULE(NLLLoss);

using CrossEntropyLossOptions = functional::CrossEntropyFuncOptions;

// functional::cross_entropy: input [N, C] of logits, target [N] (torch::nn::CrossEntropyLoss).
class CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  CrossEntropyLossOptions options;
  Tensor weight;
};
TAPER_MODULE(CrossEntropyLoss);

using SmoothL1LossOptions = functional::SmoothL1LossFuncOptions;

// functional::smooth_l1_loss with the options' beta (torch::nn::SmoothL1Loss).
class SmoothL1LossImpl : public Cloneable<SmoothL1LossImpl> {
 public:
  explicit SmoothL1LossImpl(const SmoothL1LossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  SmoothL1LossOptions options;
};
TAPER_MODULE(SmoothL1Loss);

using HuberLossOptions = functional::HuberLossFuncOptions;

// functional::huber_loss (torch::nn::HuberLoss).
class HuberLossImpl : public Cloneable<HuberLossImpl> {
 public:
  explicit HuberLossImpl(const HuberLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  HuberLossOptions options;
};
TAPER_MODULE(HuberLoss);

using SoftMarginLossOptions = functional::SoftMarginLossFuncOptions;

// functional::soft_margin_loss (torch::nn::SoftMarginLoss).
class SoftMarginLossImpl : public Cloneable<SoftMarginLossImpl> {
 public:
  explicit SoftMarginLossImpl(const SoftMarginLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  SoftMarginLossOptions options;
};
TAPER_MODULE(SoftMarginLoss);

using KLDivLossOptions = functional::KLDivFuncOptions;

// functional::kl_div (torch::nn::KLDivLoss).
class KLDivLossImpl : public Cloneable<KLDivLossImpl> {
 public:
  explicit KLDivLossImpl(const KLDivLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  KLDivLossOptions options;
};
TAPER_MODULE(KLDivLoss);

using PoissonNLLLossOptions = functional::PoissonNLLLossFuncOptions;

// functional::poisson_nll_loss (torch::nn::PoissonNLLLoss).
class PoissonNLLLossImpl : public Cloneable<PoissonNLLLossImpl> {
 public:
  explicit PoissonNLLLossImpl(const PoissonNLLLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  PoissonNLLLossOptions options;
};
TAPER_MODULE(PoissonNLLLoss);

using HingeEmbeddingLossOptions = functional::HingeEmbeddingLossFuncOptions;

// functional::hinge_embedding_loss (torch::nn::HingeEmbeddingLoss).
class HingeEmbeddingLossImpl : public Cloneable<HingeEmbeddingLossImpl> {
 public:
  explicit HingeEmbeddingLossImpl(const HingeEmbeddingLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  HingeEmbeddingLossOptions options;
};
TAPER_MODULE(HingeEmbeddingLoss);

using CosineEmbeddingLossOptions = functional::CosineEmbeddingLossFuncOptions;

// functional::cosine_embedding_loss (torch::nn::CosineEmbeddingLoss).
class CosineEmbeddingLossImpl : public Cloneable<CosineEmbeddingLossImpl> {
 public:
  explicit CosineEmbeddingLossImpl(const CosineEmbeddingLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);

  CosineEmbeddingLossOptions options;
};
TAPER_MODULE(CosineEmbeddingLoss);

using MarginRankingLossOptions = functional::MarginRankingLossFuncOptions;

// functional::margin_ranking_loss (torch::nn::MarginRankingLoss).
class MarginRankingLossImpl : public Cloneable<MarginRankingLossImpl> {
 public:
  explicit MarginRankingLossImpl(const MarginRankingLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);

  MarginRankingLossOptions options;
};
TAPER_MODULE(MarginRankingLoss);

using TripletMarginLossOptions = functional::TripletMarginLossFuncOptions;

// functional::triplet_margin_loss (torch::nn::TripletMarginLoss).
class TripletMarginLossImpl : public Cloneable<TripletMarginLossImpl> {
 public:
  explicit TripletMarginLossImpl(const TripletMarginLossOptions& options = {});
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);

  TripletMarginLossOptions options;
};
TAPER_MODULE(TripletMarginLoss);

// Instantiated in the source, once for all users.
extern template class Cloneable<L1LossImpl>;
extern template class Cloneable<MSELossImpl>;
extern template class Cloneable<BCELossImpl>;
extern template class Cloneable<BCEWithLogitsLossImpl>;
extern template class Cloneable<NLLLossImpl>;
extern template class Cloneable<CrossEntropyLossImpl>;
extern template class Cloneable<SmoothL1LossImpl>;
extern template class Cloneable<HuberLossImpl>;
extern template class Cloneable<SoftMarginLossImpl>;
extern template class Cloneable<KLDivLossImpl>;
extern template class Cloneable<PoissonNLLLossImpl>;
extern template class Cloneable<HingeEmbeddingLossImpl>;
extern template class Cloneable<CosineEmbeddingLossImpl>;
extern template class Cloneable<MarginRankingLossImpl>;
extern template class Cloneable<TripletMarginLossImpl>;

}  // namespace taper::nn
