#include "taper/optim/adagrad.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {

AdagradOptions::AdagradOptions(double lr) : lr_(lr) {}

double AdagradOptions::get_lr() const { return lr_; }

void AdagradOptions::set_lr(double lr) { lr_ = lr; }

void AdagradOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("lr_decay", lr_decay_);
  visitor.field("weight_decay", weight_decay_);
  visitor.field("initial_accumulator_value", initial_accumulator_value_);
  visitor.field("eps", eps_);
}

void AdagradOptions::check() const {
  TAPER_CHECK(lr_ >= 0, "Invalid learning rate: ", lr_);
  TAPER_CHECK(lr_decay_ >= 0, "Invalid lr_decay value: ", lr_decay_);
  TAPER_CHECK(weight_decay_ >= 0, "Invalid weight_decay value: ", weight_decay_);
  TAPER_CHECK(initial_accumulator_value_ >= 0,
              "Invalid initial_accumulator_value value: ", initial_accumulator_value_);
  TAPER_CHECK(eps_ >= 0, "Invalid epsilon value: ", eps_);
}

void AdagradParamState::visit(FieldVisitor& visitor) {
  visitor.field("sum", sum_);
  visitor.field("step", step_);
}

bool operator==(const AdagradParamState& a, const AdagradParamState& b) {
  return detail::same(a.sum_, b.sum_) && a.step_ == b.step_;
}

Adagrad::Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdagradOptions>(defaults)) {
  // There from the beginning, as in PyTorch, whose groups all begin with the default value.
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& p : group.params()) state_with_sum(p, defaults.initial_accumulator_value());
  }
}

Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Adagrad(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))},
              std::move(defaults)) {}

AdagradParamState& Adagrad::state_with_sum(const Tensor& parameter, double initial) {
  auto& state = state_of<AdagradParamState>(parameter);
  if (!state.sum().defined()) {
    state.sum(raw::full(parameter.sizes(), initial, parameter.scalar_type()));
  }
  return state;
}

Tensor Adagrad::step(LossClosure closure) {
  const Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& options = options_of<AdagradOptions>(group);
    kernels::AdagradStep step;
    step.eps = options.eps();
    step.weight_decay = options.weight_decay();
    for (const Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      const Tensor grad = detail::dense_gradient(p);
      const detail::DenseParameter dense(p);
      AdagradParamState& state = state_with_sum(p, options.initial_accumulator_value());
      detail::match_parameter("sum", state.sum(), p);
      state.step(state.step() + 1);
      step.lr = options.lr() / (1 + static_cast<double>(state.step() - 1) * options.lr_decay());
      kernels::adagrad_step(p.scalar_type(), p.numel(), step, grad.data_ptr(), dense.data(),
                            state.sum().data_ptr());
      dense.changed();
    }
  }
  return loss;
}

std::unique_ptr<OptimizerParamState> Adagrad::make_state() const {
  return std::make_unique<AdagradParamState>();
}

void Adagrad::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const AdagradParamState&>(state);
  TAPER_CHECK(own.sum().defined(), "the state lacks sum");
  detail::check_like("sum", own.sum(), parameter);
}

}  // namespace taper::optim
