#include "taper/optim/sgd.h"

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"

namespace taper::optim {

SGDOptions::SGDOptions(double lr) : lr_(lr) {}

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

void SGD::update(const Tensor& parameter, const SGDOptions& options) {
  const detail::DenseParameter dense(parameter);
  kernels::SgdStep step;
  step.lr = options.lr();
  step.momentum = options.momentum();
  step.dampening = options.dampening();
  step.weight_decay = options.weight_decay();
  step.nesterov = options.nesterov();
  void* buffer = nullptr;
  if (step.momentum != 0) {
    Tensor& kept = state_of<SGDParamState>(parameter).momentum_buffer();
    step.first = !kept.defined();
    buffer = detail::state_elements("momentum_buffer", kept, parameter);
  }
  kernels::sgd_step(parameter.scalar_type(), parameter.numel(), step, dense.grad(), dense.data(),
                    buffer);
  dense.changed();
}

void SGD::check_state(const OptimizerParamState& state, const Tensor& parameter) const {
  const auto& own = static_cast<const SGDParamState&>(state);
  detail::check_like("momentum_buffer", own.momentum_buffer(), parameter);
}

}  // namespace taper::optim
