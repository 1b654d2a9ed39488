#include "optim/lion.h"

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/factories.h"

namespace taper::optim {

void LionOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("betas.0", std::get<0>(betas_));
  visitor.field("betas.1", std::get<1>(betas_));
  visitor.field("weight_decay", weight_decay_);
}

void LionOptions::check() const {
  const auto [beta1, beta2] = betas_;
  TAPER_CHECK(lr_ >= 0, "Invalid learning rate: ", lr_);
  TAPER_CHECK(0 <= beta1 && beta1 < 1, "Invalid beta parameter at index 0: ", beta1);
  TAPER_CHECK(0 <= beta2 && beta2 < 1, "Invalid beta parameter at index 1: ", beta2);
  TAPER_CHECK(weight_decay_ >= 0, "Invalid weight_decay value: ", weight_decay_);
}

void LionParamState::visit(FieldVisitor& visitor) { visitor.field("exp_avg", exp_avg_); }

void Lion::update(const Tensor& parameter, const LionOptions& options) {
  const NoGradGuard no_grad;
  Tensor& average = state_of<LionParamState>(parameter).exp_avg();
  if (!average.defined()) average = zeros_like(parameter);
  const auto [beta1, beta2] = options.betas();
  const Tensor direction = average.lerp(parameter.grad(), 1 - beta1).sign();
  parameter.mul_(1 - options.lr() * options.weight_decay()).sub_(direction, options.lr());
  average.lerp_(parameter.grad(), 1 - beta2);
}

void Lion::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const LionParamState&>(state);
  detail::check_like("exp_avg", own.exp_avg(), parameter);
}

}  // namespace taper::optim
