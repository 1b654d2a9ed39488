#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Normalised exponentials over the rows of dense [rows, n] arrays, n > 0; Float and Double. The
/// greatest element is taken off first, so nothing overflows; a row of -inf, or with +inf or NaN in
/// it, gives NaN, as the formulas do. An output may be the memory of an input.
namespace taper::kernels {

/// y = exp(x) / sum(exp(x)), or its logarithm x - log(sum(exp(x))).
void softmax(bool log, ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* y);

/// From dy = g and the output y: dx = y * (g - sum(g * y)), or g - exp(y) * sum(g) for log.
void softmax_backward(bool log, ScalarType type, std::int64_t rows, std::int64_t n, const void* g,
                      const void* y, void* dx);

/// out[row] = log(sum(exp(x))): -inf for a row of -inf, +inf for one with +inf in it.
void logsumexp(ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* out);

}  // namespace taper::kernels
