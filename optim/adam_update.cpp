#include "taper/optim/adam_update.h"

#include <cmath>

#include "taper/optim/dense.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/optimizer.h"

namespace taper::optim::detail {

void check_adam(const AdamHyperParameters& hyper) {
  const auto [beta1, beta2] = hyper.betas;
  TAPER_CHECK(hyper.lr >= 0, "Invalid learning rate: ", hyper.lr);
  TAPER_CHECK(hyper.eps >= 0, "Invalid epsilon value: ", hyper.eps);
  TAPER_CHECK(0 <= beta1 && beta1 < 1, "Invalid beta parameter at index 0: ", beta1);
  TAPER_CHECK(0 <= beta2 && beta2 < 1, "Invalid beta parameter at index 1: ", beta2);
  TAPER_CHECK(hyper.weight_decay >= 0, "Invalid weight_decay value: ", hyper.weight_decay);
}

void adam_update(const Tensor& parameter, AdamParamState& state, const AdamHyperParameters& hyper) {
  const DenseParameter dense(parameter);
  void* exp_avg = state_elements("exp_avg", state.exp_avg(), parameter);
  void* exp_avg_sq = state_elements("exp_avg_sq", state.exp_avg_sq(), parameter);
  void* max_exp_avg_sq =
      hyper.amsgrad ? state_elements("max_exp_avg_sq", state.max_exp_avg_sq(), parameter) : nullptr;
  state.step(state.step() + 1);

  const auto [beta1, beta2] = hyper.betas;
  const auto t = static_cast<double>(state.step());
  kernels::AdamStep step;
  step.beta1 = beta1;
  step.beta2 = beta2;
  step.eps = hyper.eps;
  if (hyper.decoupled) {
    step.shrink = 1 - hyper.lr * hyper.weight_decay;
  } else {
    step.weight_decay = hyper.weight_decay;
  }
  step.step_size = hyper.lr / (1 - std::pow(beta1, t));
  step.denominator = std::sqrt(1 - std::pow(beta2, t));
  kernels::adam_step(parameter.scalar_type(), parameter.numel(), step, dense.grad(), dense.data(),
                     exp_avg, exp_avg_sq, max_exp_avg_sq);
  dense.changed();
}

void check_adam_state(const OptimizerParamState& state, const Tensor& parameter) {
  const auto& own = static_cast<const AdamParamState&>(state);
  check_like("exp_avg", own.exp_avg(), parameter);
  check_like("exp_avg_sq", own.exp_avg_sq(), parameter);
  check_like("max_exp_avg_sq", own.max_exp_avg_sq(), parameter);
  TAPER_CHECK(own.step() == 0 || (own.exp_avg().defined() && own.exp_avg_sq().defined()),
              "the state lacks exp_avg or exp_avg_sq");
}

}  // namespace taper::optim::detail
