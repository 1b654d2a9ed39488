#include "taper/tensor/shape.h"

#include <algorithm>

namespace taper {

int64_t wrap_dim(int64_t dim, int64_t ndim) {
  int64_t range = ndim == 0 ? 1 : ndim;
  TAPER_CHECK_INDEX(dim >= -range && dim < range,
                    "Dimension out of range (expected to be in range of [", -range, ", ", range - 1,
                    "], but got ", dim, ")");
  return dim < 0 ? dim + range : dim;
}

int64_t existing_dim(int64_t dim, int64_t ndim) {
  TAPER_CHECK_INDEX(ndim > 0, "Dimension specified as ", dim, " but tensor has no dimensions");
  return wrap_dim(dim, ndim);
}

int64_t checked_numel(IntArrayRef sizes) {
  // Eight bytes an element at most: the bytes must fit too. So must the strides of an empty tensor,
  // which are as large as if its empty dimensions had size 1.
  int64_t bytes = 8;
  bool overflow = false;
  bool empty = false;
  for (int64_t size : sizes) {
    TAPER_CHECK(size >= 0, "Trying to create tensor with negative dimension ", size, ": ", sizes);
    empty |= size == 0;
    overflow |= __builtin_mul_overflow(bytes, std::max<int64_t>(size, 1), &bytes);
  }
  TAPER_CHECK(!overflow, "Storage size calculation overflowed with sizes=", sizes);
  return empty ? 0 : bytes / 8;
}

DimVector contiguous_strides(IntArrayRef sizes) {
  DimVector strides(sizes.size());
  // Unsigned: sizes that are too many may come here before they are refused.
  uint64_t stride = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    strides[i] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(std::max<int64_t>(sizes[i], 1));
  }
  return strides;
}

DimVector format_strides(IntArrayRef sizes, MemoryFormat format) {
  if (format == MemoryFormat::Contiguous) return contiguous_strides(sizes);
  const bool channels_last_3d = format == MemoryFormat::ChannelsLast3d;
  TAPER_CHECK(format == MemoryFormat::ChannelsLast || channels_last_3d,
              "unsupported memory format Preserve");
  TAPER_CHECK(sizes.size() == (channels_last_3d ? 5U : 4U), "required rank ",
              channels_last_3d ? "5" : "4", " tensor to use channels_last",
              channels_last_3d ? "_3d" : "", " format");
  DimVector strides(sizes.size());
  uint64_t stride = 1;  // as in contiguous_strides
  const auto next = [&](size_t d) {
    strides[d] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(std::max<int64_t>(sizes[d], 1));
  };
  next(1);
  for (size_t d = sizes.size(); d-- > 2;) next(d);
  next(0);
  return strides;
}

size_t storage_bytes(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype) {
  TAPER_CHECK(sizes.size() == strides.size(), "dimensionality of sizes (", sizes.size(),
              ") must match dimensionality of strides (", strides.size(), ")");
  int64_t extent = checked_numel(sizes) == 0 ? 0 : 8;  // in bytes of the largest element
  bool overflow = false;
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t step = 0;
    overflow |= strides[i] < 0;
    overflow |= __builtin_mul_overflow(std::max<int64_t>(sizes[i] - 1, 0) * 8, strides[i], &step);
    if (extent != 0) overflow |= __builtin_add_overflow(extent, step, &extent);
  }
  TAPER_CHECK(!overflow, "Storage size calculation overflowed with sizes=", sizes,
              " and strides=", strides);
  return static_cast<size_t>(extent / 8) * element_size(dtype);
}

bool is_contiguous(IntArrayRef sizes, IntArrayRef strides) {
  int64_t expected = 1;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 1) continue;
    if (sizes[i] == 0) return true;
    if (strides[i] != expected) {
      // An empty tensor is contiguous whatever its strides.
      return std::find(sizes.begin(), sizes.begin() + i, 0) != sizes.begin() + i;
    }
    expected *= sizes[i];
  }
  return true;
}

DimVector broadcast_shapes(IntArrayRef a, IntArrayRef b) {
  size_t ndim = std::max(a.size(), b.size());
  DimVector result(ndim);
  for (size_t i = ndim; i-- > 0;) {  // from the end: that is where a mismatch is reported
    int64_t size_a = i + a.size() >= ndim ? a[i + a.size() - ndim] : 1;
    int64_t size_b = i + b.size() >= ndim ? b[i + b.size() - ndim] : 1;
    TAPER_CHECK(size_a == size_b || size_a == 1 || size_b == 1, "The size of tensor a (", size_a,
                ") must match the size of tensor b (", size_b, ") at non-singleton dimension ", i,
                ", shapes ", a, " and ", b);
    result[i] = size_a == 1 ? size_b : size_a;
  }
  return result;
}

bool is_expandable_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  for (size_t i = 0; i < from.size(); ++i) {
    int64_t size = from[from.size() - 1 - i];
    if (size != to[to.size() - 1 - i] && size != 1) return false;
  }
  return true;
}

DimVector infer_size(IntArrayRef wanted, int64_t numel) {
  DimVector sizes(wanted);
  int64_t known = 1;
  std::optional<size_t> inferred;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      TAPER_CHECK(!inferred, "only one dimension can be inferred");
      inferred = i;
    } else {
      TAPER_CHECK(sizes[i] >= 0, "invalid shape dimension ", sizes[i]);
      TAPER_CHECK(!__builtin_mul_overflow(known, sizes[i], &known), "shape '", wanted,
                  "' is invalid for input of size ", numel);
    }
  }
  if (inferred && known == 0) {
    TAPER_CHECK(numel != 0 && known != 0, "cannot reshape tensor of ", numel,
                " elements into shape ", wanted,
                " because the unspecified dimension size -1 can be any value and is ambiguous");
  }
  TAPER_CHECK(numel == known || (inferred && known > 0 && numel % known == 0), "shape '", wanted,
              "' is invalid for input of size ", numel);
  if (inferred) sizes[*inferred] = numel / known;
  if (known == 0) checked_numel(sizes);  // an empty tensor may be given any size next to a 0
  return sizes;
}

std::optional<DimVector> view_strides(IntArrayRef sizes, IntArrayRef strides,
                                      IntArrayRef new_sizes) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  if (numel == 0) return contiguous_strides(new_sizes);
  DimVector new_strides(new_sizes.size());
  // Walks both shapes from the end: a run of old dimensions that lie densely in each other is cut
  // into new ones.
  auto next_new = static_cast<int64_t>(new_sizes.size()) - 1;
  int64_t run_numel = 1;
  int64_t run_stride = sizes.empty() ? 1 : strides.back();
  for (auto old = static_cast<int64_t>(sizes.size()) - 1; old >= 0; --old) {
    auto i = static_cast<size_t>(old);
    run_numel *= sizes[i];
    bool run_ends = old == 0 || (sizes[i - 1] != 1 && strides[i - 1] != run_numel * run_stride);
    if (!run_ends) continue;
    int64_t covered = 1;
    while (next_new >= 0 &&
           (covered < run_numel || new_sizes[static_cast<size_t>(next_new)] == 1)) {
      auto n = static_cast<size_t>(next_new);
      new_strides[n] = covered * run_stride;
      covered *= new_sizes[n];
      --next_new;
    }
    if (covered != run_numel) return std::nullopt;
    if (old > 0) {
      run_numel = 1;
      run_stride = strides[i - 1];
    }
  }
  // Only a 0-dim tensor leaves new dimensions (all of size 1) over.
  for (; next_new >= 0; --next_new) new_strides[static_cast<size_t>(next_new)] = 1;
  return new_strides;
}

DimVector reduction_dims(OptionalIntArrayRef dims, int64_t ndim) {
  DimVector result;
  if (!dims.has_value() || dims.value().empty()) {
    for (int64_t d = 0; d < ndim; ++d) result.push_back(d);
    return result;
  }
  for (int64_t dim : dims.value()) {
    int64_t d = wrap_dim(dim, ndim);
    TAPER_CHECK(std::find(result.begin(), result.end(), d) == result.end(), "dim ", d,
                " appears multiple times in the list of dims");
    result.push_back(d);
  }
  std::sort(result.begin(), result.end());
  if (ndim == 0) result.clear();
  return result;
}

DimVector reduced_shape(IntArrayRef sizes, IntArrayRef dims, bool keepdim) {
  DimVector shape;
  size_t next = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (next < dims.size() && dims[next] == static_cast<int64_t>(i)) {
      ++next;
      if (keepdim) shape.push_back(1);
    } else {
      shape.push_back(sizes[i]);
    }
  }
  return shape;
}

std::string detail::joined(IntArrayRef sizes) {
  std::string text;
  for (int64_t size : sizes) text += (text.empty() ? "" : " ") + std::to_string(size);
  return text;
}

}  // namespace taper
