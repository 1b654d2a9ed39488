#include "taper/tensor/raw/rearrange.h"

#include <algorithm>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/index.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
Tensor flip(const Tensor& x, IntArrayRef dims) {
  DimVector strides = x.strides();
  const char* data = static_cast<const char*>(x.data_ptr());
  // No dims are none here, where a reduction means all.
  const DimVector flipped = dims.empty() ? DimVector() : reduction_dims(dims, x.dim());
  Tensor out = empty_like(x);
  if (x.numel() == 0) return out;
  for (int64_t dim : flipped) {
    if (x.dim() == 0) break;
    int64_t& stride = strides[static_cast<size_t>(dim)];
    data += (x.size(dim) - 1) * stride * x.element_size();
    stride = -stride;
  }
  kernels::copy(x.scalar_type(), {out.data_ptr(), out.strides().data()}, x.scalar_type(),
                {data, strides.data()}, loop_shape(x.sizes()));
  return out;
}

Tensor triangle(const Tensor& x, int64_t diagonal, bool upper) {
  existing_dim(-2, x.dim());  // a matrix, or a batch of them
  const Tensor dense = contiguous(x);
  Tensor out = empty(x.sizes(), x.scalar_type());
  if (x.numel() == 0) return out;
  const int64_t rows = x.size(-2);
  const int64_t columns = x.size(-1);
  kernels::triangle(x.scalar_type(), upper, diagonal, x.numel() / (rows * columns), rows, columns,
                    dense.data_ptr(), out.data_ptr());
  return out;
}

Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims) {
  Tensor out = row_major(x);
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t shift = shifts[i];
    const int64_t stays = x.size(dims[i]) - shift;
    if (shift == 0) continue;
    const Tensor from = i == 0 ? x : clone(out);
    copy(slice(out, dims[i], shift, std::nullopt, 1), slice(from, dims[i], 0, stays, 1));
    copy(slice(out, dims[i], 0, shift, 1), slice(from, dims[i], stays, std::nullopt, 1));
  }
  return out;
}

Tensor diag_embed(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t ndim = x.dim() + 1;
  const int64_t d1 = wrap_dim(dim1, ndim);
  const int64_t d2 = wrap_dim(dim2, ndim);
  TAPER_CHECK(d1 != d2, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  const int64_t length = x.size(-1);
  int64_t side = 0;
  TAPER_CHECK(
      !__builtin_add_overflow(
          length, offset < 0 ? 0 - static_cast<uint64_t>(offset) : static_cast<uint64_t>(offset),
          &side),
      "diag_embed: Storage size calculation overflowed with offset ", offset);
  DimVector sizes = x.sizes();
  sizes.pop_back();
  sizes.insert(static_cast<size_t>(std::min(d1, d2)), side);
  sizes.insert(static_cast<size_t>(std::max(d1, d2)), side);
  Tensor out = zeros(sizes, x.scalar_type());
  copy(diagonal(out, offset, d1, d2), x);
  return out;
}

namespace {

template <class T>
void write_triangle(T* row, T* column, int64_t rows, int64_t columns, int64_t offset, bool upper) {
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t edge = i + offset;  // the diagonal's column
    const int64_t first = upper ? std::clamp<int64_t>(edge, 0, columns) : 0;
    const int64_t last = upper ? columns : std::clamp<int64_t>(edge + 1, 0, columns);
    for (int64_t j = first; j < last; ++j) {
      *row++ = static_cast<T>(i);
      *column++ = static_cast<T>(j);
    }
  }
}

// Calls fn with a null pointer to the C++ type of an index dtype.
template <class Fn>
void dispatch_index(const char* op, ScalarType dtype, Fn fn) {
  TAPER_CHECK(dtype == kInt64 || dtype == kInt32, "\"", op, "\" not implemented for '", dtype, "'");
  dtype == kInt64 ? fn(static_cast<int64_t*>(nullptr)) : fn(static_cast<int32_t*>(nullptr));
}

}  // namespace

Tensor triangle_indices(int64_t rows, int64_t columns, int64_t offset, bool upper,
                        ScalarType dtype) {
  TAPER_CHECK(rows >= 0, "row must be non-negative, got", rows);
  TAPER_CHECK(columns >= 0, "col must be non-negative, got", columns);
  Tensor out;
  dispatch_index(upper ? "triu_indices" : "tril_indices", dtype, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    // Beyond the corners nothing changes.
    const int64_t diagonal = std::clamp(offset, -rows - 1, columns + 1);
    int64_t count = 0;
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t kept = std::clamp<int64_t>(i + diagonal + (upper ? 0 : 1), 0, columns);
      count += upper ? columns - kept : kept;
    }
    out = empty({2, count}, dtype);
    T* data = static_cast<T*>(out.data_ptr());
    write_triangle(data, data + count, rows, columns, diagonal, upper);
  });
  return out;
}

Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  TAPER_CHECK(repeats.dim() == 1, "repeat_interleave only accept 1D vector as repeat");
  const Tensor dense = contiguous(repeats);
  if (dense.numel() == 0) return empty_like(dense);
  Tensor out;
  dispatch_index("repeat_interleave_cpu", repeats.scalar_type(), [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    const T* counts = static_cast<const T*>(dense.data_ptr());
    int64_t total = 0;
    for (int64_t i = 0; i < dense.numel(); ++i) {
      TAPER_CHECK(counts[i] >= 0, "repeats can not be negative");
      TAPER_CHECK(!__builtin_add_overflow(total, static_cast<int64_t>(counts[i]), &total),
                  "repeat_interleave: the repeats overflow");
    }
    TAPER_CHECK(!output_size || *output_size == total,
                "allocated size does not match required size");
    out = empty({total}, repeats.scalar_type());
    T* to = static_cast<T*>(out.data_ptr());
    for (int64_t i = 0; i < dense.numel(); ++i) to = std::fill_n(to, counts[i], static_cast<T>(i));
  });
  return out;
}

}  // namespace taper::raw
