#include "taper/optim/rmsprop.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"

namespace taper::optim {

RMSpropOptions::RMSpropOptions(double lr) : lr_(lr) {}

void RMSpropOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("alpha", alpha_);
  visitor.field("eps", eps_);
  visitor.field("weight_decay", weight_decay_);
  visitor.field("momentum", momentum_);
  visitor.field("centered", centered_);
}

void RMSpropOptions::check() const {
  TAPER_CHECK(lr_ >= 0, "Invalid learning rate: ", lr_);
  TAPER_CHECK(eps_ >= 0, "Invalid epsilon value: ", eps_);
  TAPER_CHECK(momentum_ >= 0, "Invalid momentum value: ", momentum_);
  TAPER_CHECK(weight_decay_ >= 0, "Invalid weight_decay value: ", weight_decay_);
  TAPER_CHECK(alpha_ >= 0, "Invalid alpha value: ", alpha_);
}

void RMSpropParamState::visit(FieldVisitor& visitor) {
  visitor.field("step", step_);
  visitor.field("square_avg", square_avg_);
  visitor.field("momentum_buffer", momentum_buffer_);
  visitor.field("grad_avg", grad_avg_);
}

void RMSprop::update(const Tensor& parameter, const RMSpropOptions& options) {
  const detail::DenseParameter dense(parameter);
  auto& state = state_of<RMSpropParamState>(parameter);
  // Null if it is not needed.
  const auto elements = [&](const char* field, Tensor& average, bool needed) {
    return needed ? detail::state_elements(field, average, parameter) : nullptr;
  };
  void* square_avg = elements("square_avg", state.square_avg(), true);
  void* grad_avg = elements("grad_avg", state.grad_avg(), options.centered());
  void* buffer = elements("momentum_buffer", state.momentum_buffer(), options.momentum() > 0);
  state.step(state.step() + 1);
  kernels::RmspropStep step;
  step.lr = options.lr();
  step.alpha = options.alpha();
  step.eps = options.eps();
  step.weight_decay = options.weight_decay();
  step.momentum = options.momentum();
  kernels::rmsprop_step(parameter.scalar_type(), parameter.numel(), step, dense.grad(),
                        dense.data(), square_avg, grad_avg, buffer);
  dense.changed();
}

void RMSprop::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const RMSpropParamState&>(state);
  detail::check_like("square_avg", own.square_avg(), parameter);
  detail::check_like("momentum_buffer", own.momentum_buffer(), parameter);
  detail::check_like("grad_avg", own.grad_avg(), parameter);
  TAPER_CHECK(own.step() == 0 || own.square_avg().defined(), "the state lacks square_avg");
}

}  // namespace taper::optim
