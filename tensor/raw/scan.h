#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "taper/tensor/tensor.h"

// Running reductions along one dimension, without a tape. Results have x's shape.
namespace taper::raw {

// x[0] + ... + x[k], and the product. Integers and bools in int64; float32 in float64. With a dtype
// x is converted first.
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor logcumsumexp(const Tensor& x, int64_t dim);
// (values, int64 indices of the last such element); NaN wins.
std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim);
std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim);

}  // namespace taper::raw
