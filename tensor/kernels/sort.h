#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Ordering within the rows of a dense [rows, n] array. NaN counts as greater than every number,
/// -0 as equal to 0. A Bool is passed as a Byte. Where nothing else is said, the order of equal
/// elements is that of libtorch on the same standard library.
namespace taper::kernels {

/// indices [rows, n]: where in its row the elements of the sorted row are; `stable` keeps the order
/// of equal elements, in either direction. values [rows, n] may be null.
void sort_rows(ScalarType type, std::int64_t rows, std::int64_t n, bool descending, bool stable,
               const void* x, void* values, std::int64_t* indices);

/// values and indices [rows, k] of the k greatest (least) elements, in descending (ascending) order
/// if `sorted`; 0 <= k <= n.
void topk_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, bool largest,
               bool sorted, const void* x, void* values, std::int64_t* indices);

/// values and indices [rows] of the k-th smallest element, counting from 0.
void kth_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, const void* x,
              void* values, std::int64_t* indices);

/// The lower of the two middle elements: of a row with NaN the first NaN, unless NaN is left out.
void median_rows(ScalarType type, std::int64_t rows, std::int64_t n, bool ignore_nan, const void* x,
                 void* values, std::int64_t* indices);

/// The least of the most frequent elements.
void mode_rows(ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* values,
               std::int64_t* indices);

}  // namespace taper::kernels
