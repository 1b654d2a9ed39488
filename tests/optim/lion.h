#pragma once

#include <tuple>

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct LionOptions : public OptionsWithRate<LionOptions> {
  LionOptions(double lr = 1e-4) : lr_(lr) {}
  TAPER_ARG(double, lr) = 1e-4;
  using betas_t = std::tuple<double, double>;
  TAPER_ARG(betas_t, betas) = std::make_tuple(0.9, 0.99);
  TAPER_ARG(double, weight_decay) = 0;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

struct LionParamState : public OptimizerCloneableParamState<LionParamState> {
  TAPER_ARG(Tensor, exp_avg);

 public:
  void visit(FieldVisitor& visitor) override;
};

// Lion (Chen et al., 2023, "Symbolic discovery of optimization algorithms"). With g = grad:
//   p -= lr (sign(beta1 m + (1 - beta1) g) + weight_decay p)
//   m = beta2 m + (1 - beta2) g
class Lion : public OptimizerOf<LionOptions, LionParamState> {
 public:
  using OptimizerOf::OptimizerOf;
  std::string name() const override { return "Lion"; }

 protected:
  void update(const Tensor& parameter, const LionOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
