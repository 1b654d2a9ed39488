#pragma once

#include "taper/nn/functional.h"
#include "taper/nn/module.h"

// Losses as modules; formulas and shapes stand at the functions of nn/functional.h. The weights are
// buffers.
namespace taper::nn {

using L1LossOptions = functional::L1LossFuncOptions;

// mean |input - target| (torch::nn::L1Loss).
class L1LossImpl : public OptionsModule<L1LossImpl, L1LossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(L1Loss);

using MSELossOptions = functional::MSELossFuncOptions;

// mean (input - target)^2 (torch::nn::MSELoss).
class MSELossImpl : public OptionsModule<MSELossImpl, MSELossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
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
class SmoothL1LossImpl : public OptionsModule<SmoothL1LossImpl, SmoothL1LossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(SmoothL1Loss);

using HuberLossOptions = functional::HuberLossFuncOptions;

// functional::huber_loss (torch::nn::HuberLoss).
class HuberLossImpl : public OptionsModule<HuberLossImpl, HuberLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(HuberLoss);

using SoftMarginLossOptions = functional::SoftMarginLossFuncOptions;

// functional::soft_margin_loss (torch::nn::SoftMarginLoss).
class SoftMarginLossImpl : public OptionsModule<SoftMarginLossImpl, SoftMarginLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(SoftMarginLoss);

using KLDivLossOptions = functional::KLDivFuncOptions;

// functional::kl_div (torch::nn::KLDivLoss).
class KLDivLossImpl : public OptionsModule<KLDivLossImpl, KLDivLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(KLDivLoss);

using PoissonNLLLossOptions = functional::PoissonNLLLossFuncOptions;

// functional::poisson_nll_loss (torch::nn::PoissonNLLLoss).
class PoissonNLLLossImpl : public OptionsModule<PoissonNLLLossImpl, PoissonNLLLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(PoissonNLLLoss);

using HingeEmbeddingLossOptions = functional::HingeEmbeddingLossFuncOptions;

// functional::hinge_embedding_loss (torch::nn::HingeEmbeddingLoss).
class HingeEmbeddingLossImpl
    : public OptionsModule<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);
};
TAPER_MODULE(HingeEmbeddingLoss);

using CosineEmbeddingLossOptions = functional::CosineEmbeddingLossFuncOptions;

// functional::cosine_embedding_loss (torch::nn::CosineEmbeddingLoss).
class CosineEmbeddingLossImpl
    : public OptionsModule<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
TAPER_MODULE(CosineEmbeddingLoss);

using MarginRankingLossOptions = functional::MarginRankingLossFuncOptions;

// functional::margin_ranking_loss (torch::nn::MarginRankingLoss).
class MarginRankingLossImpl
    : public OptionsModule<MarginRankingLossImpl, MarginRankingLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
};
TAPER_MODULE(MarginRankingLoss);

using TripletMarginLossOptions = functional::TripletMarginLossFuncOptions;

// functional::triplet_margin_loss (torch::nn::TripletMarginLoss).
class TripletMarginLossImpl
    : public OptionsModule<TripletMarginLossImpl, TripletMarginLossOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
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
