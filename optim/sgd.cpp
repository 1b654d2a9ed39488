#include "taper/optim/sgd.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {

SGDOptions::SGDOptions(double lr) : lr_(lr) {}

double SGDOptions::get_lr() const { return lr_; }

void SGDOptions::set_lr(double lr) { lr_ = lr; }

void SGDOptions::visit(FieldVisitor& visitor) {
  visitor.field("lr", lr_);
  visitor.field("momentum", momentum_);
  visitor.field("dampening", dampening_);
  visitor.field("weight_decay", weight_decay_);
  visitor.field("nesterov", nesterov_);
}

void SGDOptions::check() const {
  TAPER_CHECK(lr_ >= 0, "Invalid learning rate: ", lr_);
  TAPER_CHECK(momentum_ >= 0, "Invalid momentum value: ", momentum_);
  TAPER_CHECK(weight_decay_ >= 0, "Invalid weight_decay value: ", weight_decay_);
  TAPER_CHECK(!nesterov_ || (momentum_ > 0 && dampening_ == 0),
              "Nesterov momentum requires a momentum and zero dampening");
}

void SGDParamState::visit(FieldVisitor& visitor) {
  visitor.field("momentum_buffer", momentum_buffer_);
}

bool operator==(const SGDParamState& a, const SGDParamState& b) {
  return detail::same(a.momentum_buffer_, b.momentum_buffer_);
}

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<SGDOptions>(defaults)) {}

SGD::SGD(std::vector<Tensor> params, SGDOptions defaults)
    : Optimizer(std::move(params), std::make_unique<SGDOptions>(defaults)) {}

Tensor SGD::step(LossClosure closure) {
  const Tensor loss = evaluate(closure);
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& options = options_of<SGDOptions>(group);
    kernels::SgdStep step;
    step.lr = options.lr();
    step.momentum = options.momentum();
    step.dampening = options.dampening();
    step.weight_decay = options.weight_decay();
    step.nesterov = options.nesterov();
    for (const Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      const Tensor grad = detail::dense_gradient(p);
      const detail::DenseParameter dense(p);
      Tensor buffer;
      if (step.momentum != 0) {
        auto& state = state_of<SGDParamState>(p);
        step.first = !state.momentum_buffer().defined();
        if (step.first) state.momentum_buffer(raw::empty(p.sizes(), p.scalar_type()));
        detail::match_parameter("momentum_buffer", state.momentum_buffer(), p);
        buffer = state.momentum_buffer();
      }
      kernels::sgd_step(p.scalar_type(), p.numel(), step, grad.data_ptr(), dense.data(),
                        buffer.defined() ? buffer.data_ptr() : nullptr);
      dense.changed();
    }
  }
  return loss;
}

std::unique_ptr<OptimizerParamState> SGD::make_state() const {
  return std::make_unique<SGDParamState>();
}

void SGD::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const SGDParamState&>(state);
  detail::check_like("momentum_buffer", own.momentum_buffer(), parameter);
}

}  // namespace taper::optim
