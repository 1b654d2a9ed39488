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

// AdamOptions and AdamWOptions are two types (nn/arg.h says why), which differ in a default; what
// is done with them is written once.
template <class Options>
AdamHyperParameters adam_hyper_parameters(const Options& options, bool decoupled) {
  return {options.lr(),           options.betas(), options.eps(),
          options.weight_decay(), decoupled,       options.amsgrad()};
}
template <class Options>
void visit_adam(Options& options, FieldVisitor& visitor) {
  visitor.field("lr", options.lr());
  visitor.field("betas.0", std::get<0>(options.betas()));
  visitor.field("betas.1", std::get<1>(options.betas()));
  visitor.field("eps", options.eps());
  visitor.field("weight_decay", options.weight_decay());
  visitor.field("amsgrad", options.amsgrad());
}

// Throws taper::Error for values that make no sense.
void check_adam(const AdamHyperParameters& hyper);

// One step of the parameter by its gradient.
void adam_update(const Tensor& parameter, AdamParamState& state, const AdamHyperParameters& hyper);

void check_adam_state(const OptimizerParamState& state, const Tensor& parameter);

}  // namespace taper::optim::detail
