#pragma once

#include "taper/optim/adam.h"

// What Adam and AdamW share.
namespace taper::optim::detail {

struct AdamHyperParameters {
  double lr;
  std::tuple<double, double> betas;
  double eps;
  double weight_decay;
  bool decoupled;  // the weight decay is AdamW's
  bool amsgrad;
};

// Throws taper::Error for values that make no sense.
void check_adam(const AdamHyperParameters& hyper);

// One step of the parameter by its gradient.
void adam_update(const Tensor& parameter, AdamParamState& state, const AdamHyperParameters& hyper);

void check_adam_state(const OptimizerParamState& state, const Tensor& parameter);

}  // namespace taper::optim::detail
