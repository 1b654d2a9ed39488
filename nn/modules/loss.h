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

// Instantiated in the source, once for all users.
extern template class Cloneable<L1LossImpl>;
extern template class Cloneable<MSELossImpl>;
extern template class Cloneable<BCELossImpl>;
extern template class Cloneable<BCEWithLogitsLossImpl>;
extern template class Cloneable<NLLLossImpl>;
extern template class Cloneable<CrossEntropyLossImpl>;

}  // namespace taper::nn
