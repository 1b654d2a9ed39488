#include "taper/optim/adamw.h"

#include "taper/optim/adam_update.h"

namespace taper::optim {

AdamWOptions::AdamWOptions(double lr) : lr_(lr) {}

void AdamWOptions::visit(FieldVisitor& visitor) { detail::visit_adam(*this, visitor); }

void AdamWOptions::check() const {
  detail::check_adam(detail::adam_hyper_parameters(*this, /*decoupled=*/true));
}

void AdamW::update(const Tensor& parameter, const AdamWOptions& options) {
  detail::adam_update(parameter, state_of<AdamParamState>(parameter),
                      detail::adam_hyper_parameters(options, /*decoupled=*/true));
}

void AdamW::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  detail::check_adam_state(state, parameter);
}

}  // namespace taper::optim
