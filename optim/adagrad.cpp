#include "taper/optim/adagrad.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"

namespace taper::optim {

AdagradOptions::AdagradOptions(double lr) : lr_(lr) {}

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

Adagrad::Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults)
    : OptimizerOf(std::move(param_groups), defaults) {
  // There from the beginning, as in PyTorch, whose groups all begin with the default value.
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& p : group.params()) {
      detail::state_elements("sum", state_of<AdagradParamState>(p).sum(), p,
                             defaults.initial_accumulator_value());
    }
  }
}

Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Adagrad(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))},
              std::move(defaults)) {}

void Adagrad::update(const Tensor& parameter, const AdagradOptions& options) {
  const detail::DenseParameter dense(parameter);
  auto& state = state_of<AdagradParamState>(parameter);
  void* sum =
      detail::state_elements("sum", state.sum(), parameter, options.initial_accumulator_value());
  state.step(state.step() + 1);
  kernels::AdagradStep step;
  step.lr = options.lr() / (1 + static_cast<double>(state.step() - 1) * options.lr_decay());
  step.eps = options.eps();
  step.weight_decay = options.weight_decay();
  kernels::adagrad_step(parameter.scalar_type(), parameter.numel(), step, dense.grad(),
                        dense.data(), sum);
  dense.changed();
}

void Adagrad::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const AdagradParamState&>(state);
  TAPER_CHECK(own.sum().defined(), "the state lacks sum");
  detail::check_like("sum", own.sum(), parameter);
}

}  // namespace taper::optim
