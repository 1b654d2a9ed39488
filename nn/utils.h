#pragma once

#include <initializer_list>
#include <vector>

#include "taper/tensor/tensor.h"

// torch::nn::utils
namespace taper::nn::utils {

// Scales the gradients of the parameters, taken together as one vector, down to a norm of at most
// max_norm, in place; returns the norm before. norm_type p >= 0 is that of the p-norm, infinity for
// the largest element; parameters without a gradient are passed over. A norm that is NaN or
// infinite throws taper::Error if error_if_nonfinite, before anything changes.
double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm,
                       double norm_type = 2.0, bool error_if_nonfinite = false);
double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm,
                       double norm_type = 2.0, bool error_if_nonfinite = false);
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);

// Clamps each element of the gradients to [-clip_value, clip_value], in place.
void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value);
void clip_grad_value_(const Tensor& parameter, double clip_value);

// All parameters one after the other, [sum of numel], recorded on the tape; and the other way: the
// parameters become parts of the vector, in its dtype and sharing its memory. It may be longer than
// they are together.
Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
void vector_to_parameters(const Tensor& vector, const std::vector<Tensor>& parameters);

}  // namespace taper::nn::utils
