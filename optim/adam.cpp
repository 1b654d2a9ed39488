#include "taper/optim/adam.h"

#include "taper/optim/adam_update.h"
#include "taper/optim/dense.h"

namespace taper::optim {
namespace {

detail::AdamHyperParameters hyper_of(const AdamOptions& options) {
  return {options.lr(),           options.betas(),     options.eps(),
          options.weight_decay(), /*decoupled=*/false, options.amsgrad()};
}

}  // namespace

AdamOptions::AdamOptions(double lr) : lr_(lr) {}

double AdamOptions::get_lr() const { return lr_; }

void AdamOptions::set_lr(double lr) { lr_ = lr; }

void AdamOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("betas.0", std::get<0>(betas_));
  visitor.field("betas.1", std::get<1>(betas_));
  visitor.field("eps", eps_);
  visitor.field("weight_decay", weight_decay_);
  visitor.field("amsgrad", amsgrad_);
}

void AdamOptions::check() const { detail::check_adam(hyper_of(*this)); }

void AdamParamState::visit(FieldVisitor& visitor) {
  visitor.field("step", step_);
  visitor.field("exp_avg", exp_avg_);
  visitor.field("exp_avg_sq", exp_avg_sq_);
  visitor.field("max_exp_avg_sq", max_exp_avg_sq_);
}

bool operator==(const AdamParamState& a, const AdamParamState& b) {
  return a.step_ == b.step_ && detail::same(a.exp_avg_, b.exp_avg_) &&
         detail::same(a.exp_avg_sq_, b.exp_avg_sq_) &&
         detail::same(a.max_exp_avg_sq_, b.max_exp_avg_sq_);
}

Adam::Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdamOptions>(defaults)) {}

Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Optimizer(std::move(params), std::make_unique<AdamOptions>(defaults)) {}

Tensor Adam::step(LossClosure closure) {
  const Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const detail::AdamHyperParameters hyper = hyper_of(options_of<AdamOptions>(group));
    for (const Tensor& p : group.params()) {
      if (p.grad().defined()) detail::adam_update(p, state_of<AdamParamState>(p), hyper);
    }
  }
  return loss;
}

std::unique_ptr<OptimizerParamState> Adam::make_state() const {
  return std::make_unique<AdamParamState>();
}

void Adam::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  detail::check_adam_state(state, parameter);
}

}  // namespace taper::optim
