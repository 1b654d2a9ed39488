#pragma once

#include "taper/tensor/tensor.h"

// Copies with the elements in another order or in part, without a tape.
namespace taper::raw {

Tensor flip(const Tensor& x, IntArrayRef dims);
// Shifts are at least 0 and less than their dimension's size.
Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims);
Tensor triangle(const Tensor& x, int64_t diagonal, bool upper);
// Like diagonal(), written instead of read: x's last dimension in a tensor of zeros.
Tensor diag_embed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);
// [2, count]: the coordinates of the elements that triangle() keeps, int64 or int32.
Tensor triangle_indices(int64_t rows, int64_t columns, int64_t offset, bool upper,
                        ScalarType dtype);
// 0 repeats[0] times, 1 repeats[1] times, ...; in the dtype of repeats, int64 or int32.
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size);

}  // namespace taper::raw
