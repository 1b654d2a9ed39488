#pragma once

#include <cstdint>

#include "taper/tensor/tensor.h"

// Normalised exponentials along one dimension, without a tape; float32 and float64.
namespace taper::raw {

Tensor softmax(const Tensor& x, int64_t dim);      // exp(x) / sum(exp(x))
Tensor log_softmax(const Tensor& x, int64_t dim);  // x - log(sum(exp(x)))
// dx from dy = g and the output y: y * (g - sum(g * y)).
Tensor softmax_backward(const Tensor& g, const Tensor& y, int64_t dim);
// dx from dy = g and the output y: g - exp(y) * sum(g).
Tensor log_softmax_backward(const Tensor& g, const Tensor& y, int64_t dim);
// log(sum(exp(x))) without overflow; -inf where all of x is.
Tensor logsumexp(const Tensor& x, IntArrayRef dims, bool keepdim = false);

}  // namespace taper::raw
