#pragma once

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct AdagradOptions : public OptionsWithRate<AdagradOptions> {
  AdagradOptions(double lr = 1e-2);
  TAPER_ARG(double, lr) = 1e-2;
  TAPER_ARG(double, lr_decay) = 0;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(double, initial_accumulator_value) = 0;
  TAPER_ARG(double, eps) = 1e-10;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
};

struct AdagradParamState : public OptimizerCloneableParamState<AdagradParamState> {
  TAPER_ARG(Tensor, sum);
  TAPER_ARG(int64_t, step) = 0;

 public:
  void visit(FieldVisitor& visitor) override;
};

// Adagrad (Duchi, Hazan and Singer, 2011; torch::optim::Adagrad). At step t, with
// g = grad + weight_decay p:
//   sum += g^2                     (it begins as initial_accumulator_value)
//   p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(sum) + eps)
class Adagrad : public OptimizerOf<AdagradOptions, AdagradParamState> {
 public:
  explicit Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});

  std::string name() const override { return "Adagrad"; }

 protected:
  void update(const Tensor& parameter, const AdagradOptions& options) override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
