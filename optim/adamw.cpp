#include "taper/optim/adamw.h"

#include "taper/optim/adam_update.h"

namespace taper::optim {
namespace {

detail::AdamHyperParameters hyper_of(const AdamWOptions& options) {
  return {options.lr(),           options.betas(),    options.eps(),
          options.weight_decay(), /*decoupled=*/true, options.amsgrad()};
}

}  // namespace

AdamWOptions::AdamWOptions(double lr) : lr_(lr) {}

double AdamWOptions::get_lr() const { return lr_; }

void AdamWOptions::set_lr(double lr) { lr_ = lr; }

void AdamWOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("betas.0", std::get<0>(betas_));
  visitor.field("betas.1", std::get<1>(betas_));
  visitor.field("eps", eps_);
  visitor.field("weight_decay", weight_decay_);
  visitor.field("amsgrad", amsgrad_);
}

void AdamWOptions::check() const { detail::check_adam(hyper_of(*this)); }

AdamW::AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdamWOptions>(defaults)) {}

AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : Optimizer(std::move(params), std::make_unique<AdamWOptions>(defaults)) {}

Tensor AdamW::step(LossClosure closure) {
  const Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const detail::AdamHyperParameters hyper = hyper_of(options_of<AdamWOptions>(group));
    for (const Tensor& p : group.params()) {
      if (p.grad().defined()) detail::adam_update(p, state_of<AdamWParamState>(p), hyper);
    }
  }
  return loss;
}

std::unique_ptr<OptimizerParamState> AdamW::make_state() const {
  return std::make_unique<AdamWParamState>();
}

void AdamW::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  detail::check_adam_state(state, parameter);
}

}  // namespace taper::optim
