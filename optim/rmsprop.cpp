#include "taper/optim/rmsprop.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {

RMSpropOptions::RMSpropOptions(double lr) : lr_(lr) {}

double RMSpropOptions::get_lr() const { return lr_; }

void RMSpropOptions::set_lr(double lr) { lr_ = lr; }

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

bool operator==(const RMSpropParamState& a, const RMSpropParamState& b) {
  return a.step_ == b.step_ && detail::same(a.square_avg_, b.square_avg_) &&
         detail::same(a.momentum_buffer_, b.momentum_buffer_) &&
         detail::same(a.grad_avg_, b.grad_avg_);
}

RMSprop::RMSprop(std::vector<OptimizerParamGroup> param_groups, RMSpropOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<RMSpropOptions>(defaults)) {}

RMSprop::RMSprop(std::vector<Tensor> params, RMSpropOptions defaults)
    : Optimizer(std::move(params), std::make_unique<RMSpropOptions>(defaults)) {}

Tensor RMSprop::step(LossClosure closure) {
  const Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& options = options_of<RMSpropOptions>(group);
    kernels::RmspropStep step;
    step.lr = options.lr();
    step.alpha = options.alpha();
    step.eps = options.eps();
    step.weight_decay = options.weight_decay();
    step.momentum = options.momentum();
    for (const Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      const Tensor grad = detail::dense_gradient(p);
      const detail::DenseParameter dense(p);
      auto& state = state_of<RMSpropParamState>(p);
      // Null if it is not needed.
      const auto zeros_or = [&p](const char* field, Tensor& average, bool needed) -> void* {
        if (!needed) return nullptr;
        if (!average.defined()) average = raw::zeros(p.sizes(), p.scalar_type());
        detail::match_parameter(field, average, p);
        return average.data_ptr();
      };
      void* square_avg = zeros_or("square_avg", state.square_avg(), true);
      void* grad_avg = zeros_or("grad_avg", state.grad_avg(), options.centered());
      void* buffer = zeros_or("momentum_buffer", state.momentum_buffer(), options.momentum() > 0);
      state.step(state.step() + 1);
      kernels::rmsprop_step(p.scalar_type(), p.numel(), step, grad.data_ptr(), dense.data(),
                            square_avg, grad_avg, buffer);
      dense.changed();
    }
  }
  return loss;
}

std::unique_ptr<OptimizerParamState> RMSprop::make_state() const {
  return std::make_unique<RMSpropParamState>();
}

void RMSprop::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const RMSpropParamState&>(state);
  detail::check_like("square_avg", own.square_avg(), parameter);
  detail::check_like("momentum_buffer", own.momentum_buffer(), parameter);
  detail::check_like("grad_avg", own.grad_avg(), parameter);
  TAPER_CHECK(own.step() == 0 || own.square_avg().defined(), "the state lacks square_avg");
}

}  // namespace taper::optim
