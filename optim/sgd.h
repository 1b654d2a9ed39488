#pragma once

#include "taper/optim/optimizer.h"

namespace taper::optim {

struct SGDOptions : public OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr);
  TAPER_ARG(double, lr);
  TAPER_ARG(double, momentum) = 0;
  TAPER_ARG(double, dampening) = 0;
  TAPER_ARG(double, weight_decay) = 0;
  TAPER_ARG(bool, nesterov) = false;

 public:
  void visit(FieldVisitor& visitor) override;
  void check() const override;
  double get_lr() const override;
  void set_lr(double lr) override;
  friend bool operator==(const SGDOptions& a, const SGDOptions& b) {
    return a.lr_ == b.lr_ && a.momentum_ == b.momentum_ && a.dampening_ == b.dampening_ &&
           a.weight_decay_ == b.weight_decay_ && a.nesterov_ == b.nesterov_;
  }
};

struct SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  TAPER_ARG(Tensor, momentum_buffer);

 public:
  void visit(FieldVisitor& visitor) override;
  friend bool operator==(const SGDParamState& a, const SGDParamState& b);
};

// Stochastic gradient descent (torch::optim::SGD). With g = grad + weight_decay p:
//   p -= lr g                               without momentum
//   b = momentum b + (1 - dampening) g      (the first time b = g)
//   p -= lr b, or lr (g + momentum b) with nesterov
class SGD : public Optimizer {
 public:
  explicit SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults);
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults);

  Tensor step(LossClosure closure = nullptr) override;
  std::string name() const override { return "SGD"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override;
  void check_state(const OptimizerParamState& state, const Tensor& parameter) const override;
};

}  // namespace taper::optim
