#include "taper/nn/utils.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

namespace taper::nn::utils {

namespace {

std::vector<Tensor> gradients(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad().detach());
  }
  return gradients;
}

}  // namespace

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  NoGradGuard no_grad;
  std::vector<Tensor> grads = gradients(parameters);
  if (grads.empty()) return 0.0;

  // As PyTorch: the norm of the norms, in the gradients' dtype; with norm_type 0 the number of
  // gradients.
  Tensor total;
  if (norm_type == 0) {
    total = full({}, static_cast<double>(grads.size()));
  } else {
    const bool largest = norm_type == std::numeric_limits<double>::infinity();
    std::vector<Tensor> norms;
    norms.reserve(grads.size());
    for (const Tensor& grad : grads)
      norms.push_back(largest ? grad.abs().max() : grad.norm(norm_type));
    if (norms.size() == 1) {
      total = norms[0];
    } else {
      const Tensor all = stack(norms);
      total = largest ? all.max() : all.norm(norm_type);
    }
  }
  const double total_norm = total.item<double>();
  TAPER_CHECK(!error_if_nonfinite || std::isfinite(total_norm), "The total norm of order ",
              norm_type,
              " for gradients from `parameters` is non-finite, so it cannot be clipped. To disable "
              "this error and scale "
              "the gradients with the non-finite norm anyway, set `error_if_nonfinite=false`");
  const Tensor scale = (max_norm / (total + 1e-6)).clamp_max(1.0);
  for (Tensor& grad : grads) grad.mul_(scale);
  return total_norm;
}

double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}

double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  NoGradGuard no_grad;
  for (Tensor& grad : gradients(parameters)) grad.clamp_(-clip_value, clip_value);
}

void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) {
  clip_grad_value_(std::vector<Tensor>(parameters), clip_value);
}

void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  TAPER_CHECK(!parameters.empty(),
              "torch.cat(): expected a non-empty list of Tensors (parameters_to_vector)");
  std::vector<Tensor> flat;
  flat.reserve(parameters.size());
  for (const Tensor& parameter : parameters) flat.push_back(parameter.reshape({-1}));
  return cat(flat);
}

void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters) {
  TAPER_CHECK(vector.dim() == 1, "vector_to_parameters: expected a vector, got ", vector.sizes());
  // Before anything changes.
  int64_t left = vector.numel();
  for (const Tensor& parameter : parameters) {
    TAPER_CHECK(parameter.numel() <= left, "shape '", parameter.sizes(),
                "' is invalid for input of size ", left, " (vector_to_parameters: a vector of ",
                vector.numel(), " elements)");
    left -= parameter.numel();
  }
  int64_t begin = 0;
  for (const Tensor& parameter : parameters) {
    const Tensor part = vector.detach().slice(0, begin, begin + parameter.numel());
    begin += parameter.numel();
    parameter.set_data(part.view(parameter.sizes()));
  }
}

}  // namespace taper::nn::utils
