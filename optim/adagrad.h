#pragma once

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct AdagradOptions : public OptimizerCloneableOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2);
  TAPER_ARG(double, lr) = 1e-2;
  TAPER_ARG(double, lr_decay) = 0;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(double, initial_accumulator_value) = 0;
  TAPER_ARG(double, eps) = 1e-10;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
  double get_lr() const override;
  void set_lr(double lr) override;
  friend bool operator==(const AdagradOptions& a, const AdagradOptions& b) {
    return a.lr_ == b.lr_ && a.lr_decay_ == b.lr_decay_ && a.weight_decay_ == b.weight_decay_ &&
           a.initial_accumulator_value_ == b.initial_accumulator_value_ && a.eps_ == b.eps_;
  }
};

struct AdagradParamState : public OptimizerCloneableParamState<AdagradParamState> {
  TAPER_ARG(Tensor, sum);
  TAPER_ARG(int64_t, step) = 0;

 public:
  void visit(FieldVisitor& visitor) override;
  friend bool operator==(const AdagradParamState& a, const AdagradParamState& b);
};

// Adagrad (Duchi, Hazan and Singer, 2011; torch::optim::Adagrad). At step t, with
// g = grad + weight_decay p:
//   sum += g^2                     (it begins as initial_accumulator_value)
//   p -= lr / (1 + (t - 1) lr_decay) * g / (sqrt(sum) + eps)
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});

  Tensor step(LossClosure closure = nullptr) override;
  std::string name() const override { return "Adagrad"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;

 private:
  AdagradParamState& state_with_sum(const Tensor& parameter, double initial);
};

}  // namespace taper::optim
