#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Distances of rows, Float and Double; sums are in double. No size is zero.
namespace taper::kernels {

/// |a - b|_p = (sum |a[k] - b[k]|^p)^(1/p) of `batch` times all pairs of the rows of a [rows, m]
/// and b [others, m]: out [batch, rows, others], all dense. p = 0 counts the places that differ, p
/// = inf takes the greatest difference.
void distance(ScalarType type, double p, std::int64_t batch, std::int64_t rows, std::int64_t others,
              std::int64_t m, const void* a, const void* b, void* out);

/// da [batch, rows, m], dense: the gradient of a's rows from those of the distances. g and y (the
/// distances) are read at i * row_step + j * other_step for row i of a and row j of b within each
/// batch, so that b's gradient is that of a with the roles exchanged. A distance of 0 gives no
/// gradient.
void distance_backward(ScalarType type, double p, std::int64_t batch, std::int64_t rows,
                       std::int64_t others, std::int64_t m, const void* a, const void* b,
                       const void* g, const void* y, std::int64_t row_step, std::int64_t other_step,
                       void* da);

}  // namespace taper::kernels
