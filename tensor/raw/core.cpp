#include "taper/tensor/raw/core.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

using detail::IntrusivePtr;
using detail::TensorImpl;

Tensor make(Storage storage, ScalarType dtype, DimVector sizes, DimVector strides, int64_t offset) {
  return Tensor(IntrusivePtr<TensorImpl>(
      new TensorImpl(std::move(storage), dtype, std::move(sizes), std::move(strides), offset)));
}

// Shares x's storage and version counter.
Tensor make_view(const Tensor& x, DimVector sizes, DimVector strides, int64_t offset) {
  const TensorImpl& t = *x.unsafeGetTensorImpl();
  Tensor view = make(t.storage, t.dtype, std::move(sizes), std::move(strides), offset);
  view.unsafeGetTensorImpl()->own_version = t.own_version;
  return view;
}

// Where a view of x begins that starts at `index` of the dimension d. Only an empty view may start
// past the end, where the place may not even be countable in bytes: it stays x's then.
int64_t begin_at(const Tensor& x, size_t d, int64_t index) {
  int64_t at = 0;
  bool overflow = __builtin_mul_overflow(index, x.strides()[d], &at) ||
                  __builtin_add_overflow(at, x.storage_offset(), &at) ||
                  at > std::numeric_limits<int64_t>::max() / 16;
  return overflow ? x.storage_offset() : at;
}

kernels::LoopShape loop_shape(const Tensor& x) {
  return {static_cast<int>(x.dim()), x.sizes().data()};
}

}  // namespace

Tensor empty(IntArrayRef sizes, ScalarType dtype) {
  TAPER_CHECK(dtype != ScalarType::Undefined, "empty: expected a dtype, got Undefined");
  auto bytes = static_cast<size_t>(checked_numel(sizes)) * element_size(dtype);
  return make(Storage::allocate(bytes), dtype, DimVector(sizes), contiguous_strides(sizes), 0);
}

Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype) {
  return make(Storage::allocate(storage_bytes(sizes, strides, dtype)), dtype, sizes, strides, 0);
}

Tensor empty_like(const Tensor& like, ScalarType dtype, MemoryFormat format) {
  return empty_strided(like.sizes(),
                       format == MemoryFormat::Preserve ? strides_like(like.sizes(), like.strides())
                                                        : format_strides(like.sizes(), format),
                       dtype);
}

Tensor empty_like(const Tensor& like) { return empty_like(like, like.scalar_type()); }

Tensor zeros(IntArrayRef sizes, ScalarType dtype) {
  Tensor r = empty(sizes, dtype);
  if (r.numel() != 0) std::memset(r.data_ptr(), 0, r.nbytes());
  return r;
}

Tensor full(IntArrayRef sizes, const Scalar& value, ScalarType dtype) {
  Tensor r = empty(sizes, dtype);
  fill(r, value);
  return r;
}

Tensor scalar_tensor(const Scalar& value, ScalarType dtype) { return full({}, value, dtype); }

Tensor wrapped_number(const Scalar& value) {
  Tensor r = scalar_tensor(value, value.type());
  r.unsafeGetTensorImpl()->wrapped_number = true;
  return r;
}

void fill(const Tensor& self, const Scalar& value) {
  if (self.numel() == 0) return;
  kernels::dispatch_all(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_same_v<T, float>) {
      double wide = value.toDouble();
      TAPER_CHECK(!std::isfinite(wide) || std::abs(wide) <= std::numeric_limits<float>::max(),
                  "value cannot be converted to type float without overflow");
    }
    T element = value.to<T>();
    if (self.numel() == 1) {
      *static_cast<T*>(self.data_ptr()) = element;
      return;
    }
    kernels::fill(self.scalar_type(), {self.data_ptr(), self.strides().data()}, loop_shape(self),
                  &element);
  });
}

void check_own_memory(const Tensor& self) {
  for (int64_t d = 0; d < self.dim(); ++d) {
    TAPER_CHECK(self.stride(d) != 0 || self.size(d) <= 1 || self.numel() == 0,
                "unsupported operation: more than one element of the written-to tensor refers to a "
                "single memory location. Please clone() the tensor before performing the "
                "operation. The tensor has sizes ",
                self.sizes(), " and strides ", self.strides());
  }
}

void check_output_shape(const Tensor& out, IntArrayRef shape, const char* who) {
  TAPER_CHECK(out.sizes() == shape, "output with shape ", out.sizes(),
              " doesn't match the broadcast shape ", shape, " (", who, ")");
}

void check_output(const Tensor& out, IntArrayRef shape, ScalarType result, const char* who) {
  check_output_shape(out, shape, who);
  TAPER_CHECK(can_cast(result, out.scalar_type()), "result type ", result,
              " can't be cast to the desired output type ", out.scalar_type(), " (", who, ")");
}

void resize(const Tensor& self, IntArrayRef sizes, IntArrayRef strides) {
  const size_t bytes = storage_bytes(sizes, strides, self.scalar_type());
  if (bytes != 0) {
    const size_t offset =
        static_cast<size_t>(self.storage_offset()) * element_size(self.scalar_type());
    self.storage().grow(offset + bytes);
  }
  self.unsafeGetTensorImpl()->set_geometry(sizes, strides, self.storage_offset());
}

void copy(const Tensor& self, const Tensor& source) {
  if (self.numel() == 0) return;
  Tensor from = self.sizes() == source.sizes() ? source : expand(source, self.sizes());
  if (self.is_alias_of(from) && self.storage().data() != nullptr) {
    if (self.data_ptr() == from.data_ptr() && self.strides() == from.strides() &&
        self.scalar_type() == from.scalar_type()) {
      return;
    }
    // The two may overlap: read all before writing any.
    from = clone(from);
  }
  kernels::copy(self.scalar_type(), {self.data_ptr(), self.strides().data()}, from.scalar_type(),
                {from.data_ptr(), from.strides().data()}, loop_shape(self));
}

Tensor to(const Tensor& x, ScalarType dtype) {
  if (x.scalar_type() == dtype) return x;
  Tensor r = empty_like(x, dtype);
  copy(r, x);
  return r;
}

Tensor clone(const Tensor& x, MemoryFormat format) {
  Tensor r = empty_like(x, x.scalar_type(), format);
  if (x.numel() == 0) return r;
  if (r.strides() == x.strides()) {  // both are dense
    std::memcpy(r.data_ptr(), x.data_ptr(), x.nbytes());
  } else {
    copy(r, x);
  }
  return r;
}

Tensor contiguous(const Tensor& x) { return x.is_contiguous() ? x : row_major(x); }

Tensor alias(const Tensor& x) { return make_view(x, x.sizes(), x.strides(), x.storage_offset()); }

Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  TAPER_CHECK(sizes.size() == strides.size(),
              "mismatch in length of strides and shape: as_strided got sizes ", sizes,
              " and strides ", strides);
  TAPER_CHECK(offset >= 0, "as_strided: Tensor: invalid storage offset ", offset);
  TAPER_CHECK(std::all_of(sizes.begin(), sizes.end(), [](int64_t size) { return size >= 0; }),
              "Storage size calculation overflowed with sizes=", sizes, " and strides=", strides);
  int64_t numel = checked_numel(sizes);
  int64_t last = offset;
  bool overflow = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    TAPER_CHECK(
        strides[i] >= 0,
        "as_strided: Negative strides are not supported at the moment, got strides: ", strides);
    int64_t step = 0;
    overflow |= __builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0), strides[i], &step);
    overflow |= __builtin_add_overflow(last, step, &last);
  }
  int64_t capacity = static_cast<int64_t>(x.storage().nbytes()) / x.element_size();
  // An empty view may lie anywhere that can be counted in bytes.
  int64_t end = numel == 0 ? std::numeric_limits<int64_t>::max() / 16 : capacity;
  TAPER_CHECK(!overflow && last < end, "setStorage: sizes ", sizes, ", strides ", strides,
              ", storage offset ", offset, ", and itemsize ", x.element_size(),
              " requiring a storage size of ",
              (static_cast<uint64_t>(last) + 1) * static_cast<uint64_t>(x.element_size()),
              " are out of bounds for storage of size ", x.storage().nbytes());
  return make_view(x, sizes, strides, offset);
}

Tensor expand(const Tensor& x, IntArrayRef sizes) {
  auto ndim = static_cast<int64_t>(sizes.size());
  TAPER_CHECK(ndim >= x.dim(), "expand(", x.toString(), "{", x.sizes(), "}, size=", sizes,
              "): the number of sizes provided (", ndim,
              ") must be greater or equal to the number of dimensions in the tensor (", x.dim(),
              ")");
  DimVector new_sizes(sizes);
  DimVector new_strides(sizes.size());
  for (int64_t i = ndim - 1; i >= 0; --i) {
    auto u = static_cast<size_t>(i);
    int64_t d = x.dim() - (ndim - i);
    if (d < 0) {
      TAPER_CHECK(new_sizes[u] >= 0, "The expanded size of the tensor (", new_sizes[u],
                  ") isn't allowed in a leading, non-existing dimension ", i);
      continue;
    }
    int64_t have = x.size(d);
    if (new_sizes[u] == -1) new_sizes[u] = have;
    TAPER_CHECK(have == new_sizes[u] || have == 1, "The expanded size of the tensor (",
                new_sizes[u], ") must match the existing size (", have,
                ") at non-singleton dimension ", i, ".  Target sizes: ", sizes,
                ".  Tensor sizes: ", x.sizes());
    new_strides[u] = have == new_sizes[u] ? x.stride(d) : 0;
  }
  checked_numel(new_sizes);
  return make_view(x, std::move(new_sizes), std::move(new_strides), x.storage_offset());
}

Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1) {
  auto d0 = static_cast<size_t>(wrap_dim(dim0, x.dim()));
  auto d1 = static_cast<size_t>(wrap_dim(dim1, x.dim()));
  DimVector sizes = x.sizes();
  DimVector strides = x.strides();
  if (d0 != d1) {
    std::swap(sizes[d0], sizes[d1]);
    std::swap(strides[d0], strides[d1]);
  }
  return make_view(x, std::move(sizes), std::move(strides), x.storage_offset());
}

Tensor permute(const Tensor& x, IntArrayRef dims) {
  TAPER_CHECK(static_cast<int64_t>(dims.size()) == x.dim(),
              "permute(sparse_coo): number of dimensions in the tensor input does not match the "
              "length of the desired ordering of dimensions i.e. input.dim() = ",
              x.dim(), " is not equal to len(dims) = ", dims.size());
  DimVector sizes(dims.size());
  DimVector strides(dims.size());
  std::vector<bool> seen(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) {
    int64_t d = wrap_dim(dims[i], x.dim());
    TAPER_CHECK(!seen[static_cast<size_t>(d)], "permute(): duplicate dims are not allowed.");
    seen[static_cast<size_t>(d)] = true;
    sizes[i] = x.size(d);
    strides[i] = x.stride(d);
  }
  return make_view(x, std::move(sizes), std::move(strides), x.storage_offset());
}

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  auto d = static_cast<size_t>(wrap_dim(dim, x.dim() + 1));
  DimVector sizes = x.sizes();
  DimVector strides = x.strides();
  int64_t stride = d < sizes.size() ? sizes[d] * strides[d] : 1;
  sizes.insert(d, 1);
  strides.insert(d, stride);
  return make_view(x, std::move(sizes), std::move(strides), x.storage_offset());
}

Tensor squeeze(const Tensor& x, std::optional<int64_t> dim) {
  std::optional<int64_t> only;
  if (dim) only = wrap_dim(*dim, x.dim());
  DimVector sizes;
  DimVector strides;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (x.size(d) == 1 && (!only || *only == d)) continue;
    sizes.push_back(x.size(d));
    strides.push_back(x.stride(d));
  }
  return make_view(x, std::move(sizes), std::move(strides), x.storage_offset());
}

Tensor slice(const Tensor& x, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end,
             int64_t step) {
  TAPER_CHECK_INDEX(x.dim() > 0, "slice() cannot be applied to a 0-dim tensor.");
  TAPER_CHECK(step > 0, "slice step must be positive");
  auto d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  int64_t size = x.sizes()[d];
  auto clip = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  int64_t first = clip(start.value_or(0));
  int64_t last = std::max(clip(end.value_or(size)), first);
  DimVector sizes = x.sizes();
  DimVector strides = x.strides();
  int64_t offset = begin_at(x, d, first);
  sizes[d] = (last - first) / step + ((last - first) % step != 0 ? 1 : 0);
  int64_t stride = 0;
  // A step past the end leaves one element, whose stride is never used.
  strides[d] = __builtin_mul_overflow(strides[d], step, &stride) ? strides[d] : stride;
  return make_view(x, std::move(sizes), std::move(strides), offset);
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  TAPER_CHECK_INDEX(x.dim() > 0, "select() cannot be applied to a 0-dim tensor.");
  auto d = static_cast<size_t>(wrap_dim(dim, x.dim()));
  int64_t size = x.sizes()[d];
  TAPER_CHECK_INDEX(index >= -size && index < size, "select(): index ", index,
                    " out of range for tensor of size ", x.sizes(), " at dimension ", d);
  DimVector sizes = x.sizes();
  DimVector strides = x.strides();
  int64_t offset = begin_at(x, d, index < 0 ? index + size : index);
  sizes.erase(d);
  strides.erase(d);
  return make_view(x, std::move(sizes), std::move(strides), offset);
}

Tensor view(const Tensor& x, IntArrayRef wanted) {
  DimVector sizes = infer_size(wanted, x.numel());
  std::optional<DimVector> strides = view_strides(x.sizes(), x.strides(), sizes);
  TAPER_CHECK(strides.has_value(),
              "view size is not compatible with input tensor's size and stride (at least one "
              "dimension spans across two "
              "contiguous subspaces). Use .reshape(...) instead. view of sizes ",
              x.sizes(), " with strides ", x.strides(), " as ", wanted);
  return make_view(x, std::move(sizes), std::move(*strides), x.storage_offset());
}

Tensor reshape(const Tensor& x, IntArrayRef wanted) {
  DimVector sizes = infer_size(wanted, x.numel());
  std::optional<DimVector> strides = view_strides(x.sizes(), x.strides(), sizes);
  if (strides) return make_view(x, std::move(sizes), std::move(*strides), x.storage_offset());
  return view(contiguous(x), sizes);
}

Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  int64_t d1 = wrap_dim(dim1, x.dim());
  int64_t d2 = wrap_dim(dim2, x.dim());
  TAPER_CHECK(d1 != d2, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  int64_t length = offset >= 0 ? std::min(x.size(d1), x.size(d2) - offset)
                               : std::min(x.size(d1) + offset, x.size(d2));
  length = std::max<int64_t>(length, 0);
  int64_t start = x.storage_offset();
  if (length != 0) start += offset >= 0 ? offset * x.stride(d2) : -offset * x.stride(d1);
  DimVector sizes = x.sizes();
  DimVector strides = x.strides();
  int64_t stride = x.stride(d1) + x.stride(d2);
  for (int64_t d : {std::max(d1, d2), std::min(d1, d2)}) {
    sizes.erase(static_cast<size_t>(d));
    strides.erase(static_cast<size_t>(d));
  }
  sizes.push_back(length);
  strides.push_back(stride);
  return make_view(x, std::move(sizes), std::move(strides), start);
}

Scalar item(const Tensor& x) {
  TAPER_CHECK(x.numel() == 1, "a Tensor with ", x.numel(),
              " elements cannot be converted to Scalar");
  Scalar value;
  kernels::dispatch_all(x.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    value = Scalar(*static_cast<const T*>(x.data_ptr()));
  });
  return value;
}

bool equal(const Tensor& a, const Tensor& b) {
  if (a.sizes() != b.sizes()) return false;
  ScalarType dtype = promote_types(a.scalar_type(), b.scalar_type());
  Tensor x = contiguous(to(a, dtype));
  Tensor y = contiguous(to(b, dtype));
  bool same = true;
  kernels::dispatch_all(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* p = static_cast<const T*>(x.data_ptr());
    const T* q = static_cast<const T*>(y.data_ptr());
    same = std::equal(p, p + x.numel(), q);
  });
  return same;
}

}  // namespace taper::raw
