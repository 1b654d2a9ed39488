#pragma once

#include <tuple>

#include "taper/optim/adam.h"

namespace taper::optim {

struct AdamWOptions : public OptionsWithRate<AdamWOptions> {
  AdamWOptions(double lr = 1e-3);
  TAPER_ARG(double, lr) = 1e-3;
  using betas_t = std::tuple<double, double>;
  TAPER_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  TAPER_ARG(double, eps) = 1e-8;
  TAPER_ARG(double, weight_decay) = 1e-2;
  TAPER_ARG(bool, amsgrad) = false;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

using AdamWParamState = AdamParamState;

// Adam with decoupled weight decay (Loshchilov and Hutter, 2019; torch::optim::AdamW): the
// parameter is first multiplied by 1 - lr * weight_decay, and the gradient is left as it is.
class AdamW : public OptimizerOf<AdamWOptions, AdamParamState> {
 public:
  using OptimizerOf::OptimizerOf;
  std::string name() const override { return "AdamW"; }

 protected:
  void update(const Tensor& parameter, const AdamWOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
