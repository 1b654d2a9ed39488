#include "taper/optim/adam.h"

#include "taper/optim/adam_update.h"

namespace taper::optim {

AdamOptions::AdamOptions(double lr) : lr_(lr) {}

void AdamOptions::visit(FieldVisitor& visitor) { detail::visit_adam(*this, visitor); }

void AdamOptions::check() const {
  detail::check_adam(detail::adam_hyper_parameters(*this, /*decoupled=*/false));
}

void AdamParamState::visit(FieldVisitor& visitor) {
  visitor.field("step", step_);
  visitor.field("exp_avg", exp_avg_);
  visitor.field("exp_avg_sq", exp_avg_sq_);
  visitor.field("max_exp_avg_sq", max_exp_avg_sq_);
}

void Adam::update(const Tensor& parameter, const AdamOptions& options) {
  detail::adam_update(parameter, state_of<AdamParamState>(parameter),
                      detail::adam_hyper_parameters(options, /*decoupled=*/false));
}

void Adam::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  detail::check_adam_state(state, parameter);
}

}  // namespace taper::optim
