#pragma once

#include <cstdint>
#include <optional>
#include <tuple>

#include "taper/tensor/tensor.h"

// Reductions without a tape. `dims`: which dimensions go, none given (or an empty list) means all;
// keepdim leaves them with size 1. Results are row-major and fresh.
namespace taper::raw {

// Integers and bools add up (and multiply) in int64; with a dtype, x is converted first.
Tensor sum(const Tensor& x, OptionalIntArrayRef dims, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, OptionalIntArrayRef dims, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, std::optional<int64_t> dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);

// NaN wins. `who` names the operation in errors.
Tensor amax(const Tensor& x, IntArrayRef dims, bool keepdim = false, const char* who = "amax");
Tensor amin(const Tensor& x, IntArrayRef dims, bool keepdim = false, const char* who = "amin");
// (amin, amax) along one dimension or all.
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim,
                                   bool keepdim = false);
// (values, int64 indices of the first such element).
std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim = false);
Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim = false);

// sum((x - mean)^2) / (n - correction).
Tensor var(const Tensor& x, OptionalIntArrayRef dims, int64_t correction, bool keepdim = false);
Tensor std(const Tensor& x, OptionalIntArrayRef dims, int64_t correction, bool keepdim = false);
// (sum |x|^p)^(1/p); the number of elements that are not 0, the largest, the smallest |x| for p =
// 0, inf, -inf.
Tensor norm(const Tensor& x, double p, OptionalIntArrayRef dims, bool keepdim = false);

// Bool; uint8 for uint8.
Tensor all(const Tensor& x, std::optional<int64_t> dim, bool keepdim = false);
Tensor any(const Tensor& x, std::optional<int64_t> dim, bool keepdim = false);

// How many elements are not 0, in int64.
Tensor count_nonzero(const Tensor& x, OptionalIntArrayRef dims);
// The sum of what is not NaN.
Tensor nansum(const Tensor& x, OptionalIntArrayRef dims, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt);

}  // namespace taper::raw
