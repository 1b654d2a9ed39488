#pragma once

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct RMSpropOptions : public OptionsWithRate<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2);
  TAPER_ARG(double, lr) = 1e-2;
  TAPER_ARG(double, alpha) = 0.99;
  TAPER_ARG(double, eps) = 1e-8;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(double, momentum) = 0;
  TAPER_ARG(bool, centered) = false;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

struct RMSpropParamState : public OptimizerCloneableParamState<RMSpropParamState> {
  TAPER_ARG(int64_t, step) = 0;
  TAPER_ARG(Tensor, square_avg);
  TAPER_ARG(Tensor, momentum_buffer) = {};
  TAPER_ARG(Tensor, grad_avg) = {};

 public:
  void visit(FieldVisitor& visitor) override;
};

// RMSprop (Tieleman and Hinton, 2012; centered as Graves, 2013; torch::optim::RMSprop). With
// g = grad + weight_decay p:
//   s = alpha s + (1 - alpha) g^2
//   m = alpha m + (1 - alpha) g                 if centered
//   d = g / (sqrt(s) + eps), or g / (sqrt(s - m^2) + eps) if centered
//   p -= lr d, or with momentum b = momentum b + d, p -= lr b
class RMSprop : public OptimizerOf<RMSpropOptions, RMSpropParamState> {
 public:
  using OptimizerOf::OptimizerOf;
  std::string name() const override { return "RMSprop"; }

 protected:
  void update(const Tensor& parameter, const RMSpropOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
