#pragma once

#include <tuple>

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct AdamOptions : public OptionsWithRate<AdamOptions> {
  AdamOptions(double lr = 1e-3);
  TAPER_ARG(double, lr) = 1e-3;
  using betas_t = std::tuple<double, double>;
  TAPER_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  TAPER_ARG(double, eps) = 1e-8;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(bool, amsgrad) = false;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

struct AdamParamState : public OptimizerCloneableParamState<AdamParamState> {
  TAPER_ARG(int64_t, step) = 0;
  TAPER_ARG(Tensor, exp_avg);
  TAPER_ARG(Tensor, exp_avg_sq);
  TAPER_ARG(Tensor, max_exp_avg_sq);

 public:
  void visit(FieldVisitor& visitor) override;
};

// Adam (Kingma and Ba, 2015; torch::optim::Adam). At step t, with g = grad + weight_decay p:
//   m = beta1 m + (1 - beta1) g
//   v = beta2 v + (1 - beta2) g^2
//   p -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
// amsgrad (Reddi et al., 2018) takes the largest v so far.
class Adam : public OptimizerOf<AdamOptions, AdamParamState> {
 public:
  using OptimizerOf::OptimizerOf;
  std::string name() const override { return "Adam"; }

 protected:
  void update(const Tensor& parameter, const AdamOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
