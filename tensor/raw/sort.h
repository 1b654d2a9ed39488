#pragma once

#include <cstdint>
#include <tuple>

#include "taper/tensor/tensor.h"

// Ordering along one dimension, without a tape. NaN counts as greater than every number.
namespace taper::raw {

// (values, int64 indices). Equal elements keep their order, in either direction.
std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending);
Tensor argsort(const Tensor& x, int64_t dim, bool descending);
// The k largest (smallest) elements in descending (ascending) order, and their indices.
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest);

}  // namespace taper::raw
