#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Ordering within the rows of a dense [rows, n] array. NaN counts as greater than every number,
/// -0 as equal to 0; equal elements keep their order in either direction. A Bool is passed as a
/// Byte.
namespace taper::kernels {

/// indices [rows, k]: where in its row the first k elements of the sorted row are; k <= n.
/// values [rows, k] may be null.
void sort_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, bool descending,
               const void* x, void* values, std::int64_t* indices);

}  // namespace taper::kernels
