#pragma once

#include <tuple>

#include "taper/optim/adam.h"

namespace taper::optim {

struct AdamWOptions : public OptimizerCloneableOptions<AdamWOptions> {
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
  double get_lr() const override;
  void set_lr(double lr) override;
  friend bool operator==(const AdamWOptions& a, const AdamWOptions& b) {
    return a.lr_ == b.lr_ && a.betas_ == b.betas_ && a.eps_ == b.eps_ &&
           a.weight_decay_ == b.weight_decay_ && a.amsgrad_ == b.amsgrad_;
  }
};

using AdamWParamState = AdamParamState;

// Adam with decoupled weight decay (Loshchilov and Hutter, 2019; torch::optim::AdamW): the
// parameter is first multiplied by 1 - lr * weight_decay, and the gradient is left as it is.
class AdamW : public Optimizer {
 public:
  explicit AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults = {});
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {});

  Tensor step(LossClosure closure = nullptr) override;
  std::string name() const override { return "AdamW"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
