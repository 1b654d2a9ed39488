#pragma once

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct SGDOptions : public OptionsWithRate<SGDOptions> {
  SGDOptions(double lr);
  TAPER_ARG(double, lr);
  TAPER_ARG(double, momentum) = 0;
  TAPER_ARG(double, dampening) = 0;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(bool, nesterov) = false;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

struct SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  TAPER_ARG(Tensor, momentum_buffer);

 public:
  void visit(FieldVisitor& visitor) override;
};

// Stochastic gradient descent (torch::optim::SGD). With g = grad + weight_decay p:
//   p -= lr g                               without momentum
//   b = momentum b + (1 - dampening) g      (the first time b = g)
//   p -= lr b, or lr (g + momentum b) with nesterov
class SGD : public OptimizerOf<SGDOptions, SGDParamState> {
 public:
  using OptimizerOf::OptimizerOf;
  std::string name() const override { return "SGD"; }

 protected:
  void update(const Tensor& parameter, const SGDOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
