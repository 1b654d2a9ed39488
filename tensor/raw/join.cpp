#include "taper/tensor/raw/join.h"

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

// Copies x to `out`, whose strides are given, `offset` elements from its beginning.
void copy_part(const Tensor& out, IntArrayRef out_strides, int64_t offset, const Tensor& x) {
  char* place = static_cast<char*>(out.data_ptr()) + offset * out.element_size();
  kernels::copy(out.scalar_type(), {place, out_strides.data()}, x.scalar_type(),
                {x.data_ptr(), x.strides().data()}, {static_cast<int>(x.dim()), x.sizes().data()});
}

void check_sizes(const Tensor& first, const Tensor& x, int64_t dim, size_t position) {
  TAPER_CHECK(x.dim() == first.dim(), "Tensors must have same number of dimensions: got ",
              first.dim(), " and ", x.dim());
  for (int64_t d = 0; d < x.dim(); ++d) {
    TAPER_CHECK(d == dim || x.size(d) == first.size(d),
                "Sizes of tensors must match except in dimension ", dim, ". Expected size ",
                first.size(d), " but got size ", x.size(d), " for tensor number ", position,
                " in the list.");
  }
}

}  // namespace

bool skipped_by_cat(const Tensor& x) { return x.dim() == 1 && x.numel() == 0; }

Tensor cat(TensorList tensors, int64_t dim) {
  TAPER_CHECK(!tensors.empty(), "torch.cat(): expected a non-empty list of Tensors");
  const Tensor* first = nullptr;
  for (size_t i = 0; i < tensors.size(); ++i) {
    TAPER_CHECK(tensors[i].dim() > 0, "zero-dimensional tensor (at position ", i,
                ") cannot be concatenated");
    if (first == nullptr && !skipped_by_cat(tensors[i])) first = &tensors[i];
  }
  const ScalarType dtype = result_type(tensors);
  if (first == nullptr) return empty({0}, dtype);
  dim = wrap_dim(dim, first->dim());
  DimVector sizes = first->sizes();
  int64_t& total = sizes[static_cast<size_t>(dim)];
  total = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (skipped_by_cat(tensors[i])) continue;
    check_sizes(*first, tensors[i], dim, i);
    total += tensors[i].size(dim);
  }
  Tensor out = empty(sizes, dtype);
  int64_t offset = 0;
  for (const Tensor& x : tensors) {
    if (skipped_by_cat(x)) continue;
    copy_part(out, out.strides(), offset, x);
    offset += x.size(dim) * out.stride(dim);
  }
  return out;
}

Tensor stack(TensorList tensors, int64_t dim) {
  TAPER_CHECK(!tensors.empty(), "stack expects a non-empty TensorList");
  const Tensor& first = tensors[0];
  dim = wrap_dim(dim, first.dim() + 1);
  for (size_t i = 1; i < tensors.size(); ++i) {
    TAPER_CHECK(tensors[i].sizes() == first.sizes(),
                "stack expects each tensor to be equal size, but got ", first.sizes(),
                " at entry 0 and ", tensors[i].sizes(), " at entry ", i);
  }
  DimVector sizes = first.sizes();
  sizes.insert(static_cast<size_t>(dim), static_cast<int64_t>(tensors.size()));
  Tensor out = empty(sizes, result_type(tensors));
  DimVector strides = out.strides();
  strides.erase(static_cast<size_t>(dim));
  int64_t offset = 0;
  for (const Tensor& x : tensors) {
    copy_part(out, strides, offset, x);
    offset += out.stride(dim);
  }
  return out;
}

Tensor repeat(const Tensor& x, IntArrayRef repeats) {
  TAPER_CHECK(
      repeats.size() >= x.sizes().size(),
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  const size_t added = repeats.size() - x.sizes().size();
  // The result seen as [r0, s0, r1, s1, ...] is x expanded along the r.
  DimVector sizes, split_sizes, x_strides;
  for (size_t d = 0; d < repeats.size(); ++d) {
    const int64_t size = d < added ? 1 : x.sizes()[d - added];
    int64_t repeated = 0;
    TAPER_CHECK(!__builtin_mul_overflow(repeats[d], size, &repeated),
                "Storage size calculation overflowed with repeats ", repeats, " of sizes ",
                x.sizes());
    sizes.push_back(repeated);
    split_sizes.push_back(repeats[d]);
    split_sizes.push_back(size);
    x_strides.push_back(0);
    x_strides.push_back(d < added ? 0 : x.strides()[d - added]);
  }
  Tensor out = empty(sizes, x.scalar_type());
  if (out.numel() == 0) return out;
  const DimVector out_strides = contiguous_strides(split_sizes);
  kernels::copy(out.scalar_type(), {out.data_ptr(), out_strides.data()}, x.scalar_type(),
                {x.data_ptr(), x_strides.data()},
                {static_cast<int>(split_sizes.size()), split_sizes.data()});
  return out;
}

}  // namespace taper::raw
