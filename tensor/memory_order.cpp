#include "taper/tensor/memory_order.h"

#include <algorithm>

#include "taper/tensor/shape.h"

namespace taper {
namespace {

enum class Place { kInside, kUndecided, kOutside };

// Where dimension a belongs, seen from dimension b, which is inside of it by default.
Place place_of(size_t a, size_t b, IntArrayRef sizes, LoopStrides operands) {
  for (const IntArrayRef& strides : operands) {
    if (strides[a] == 0 || strides[b] == 0) continue;
    if (strides[a] != strides[b]) return strides[a] > strides[b] ? Place::kOutside : Place::kInside;
    if (sizes[a] > sizes[b]) return Place::kOutside;
  }
  return Place::kUndecided;
}

// The usual case, settled by one look: the first operand is laid out in the order of its
// dimensions.
bool in_order(LoopStrides operands) {
  if (operands.empty()) return true;
  const IntArrayRef strides = operands[0];
  for (size_t d = 1; d < strides.size(); ++d) {
    if (strides[d] == 0 || strides[d - 1] <= strides[d]) return false;
  }
  return true;
}

bool is_identity(IntArrayRef order) {
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] != static_cast<int64_t>(i)) return false;
  }
  return true;
}

// Images in PyTorch's channels_last format, batch x channels x rows x columns with the channels
// innermost, keep it by a rule of their own, which differs in the strides of dimensions of size 1.
constexpr size_t kChannelsLast[] = {1, 3, 2, 0};

bool is_channels_last(IntArrayRef sizes, IntArrayRef strides) {
  if (sizes.size() != 4) return false;
  int64_t expected = 1;
  for (size_t d : kChannelsLast) {
    if (sizes[d] == 1) continue;
    if (strides[d] != expected) return false;
    expected *= sizes[d];
  }
  return true;
}

DimVector channels_last_strides(IntArrayRef sizes) {
  DimVector strides(4);
  int64_t stride = 1;
  for (size_t d : kChannelsLast) {
    strides[d] = stride;
    stride *= sizes[d];
  }
  return strides;
}

}  // namespace

DimVector memory_order(IntArrayRef sizes, LoopStrides operands) {
  const size_t ndim = sizes.size();
  DimVector order(ndim);  // from the innermost to the outermost until the end
  for (size_t i = 0; i < ndim; ++i) order[i] = static_cast<int64_t>(ndim - 1 - i);
  // Undecided pairs make this no ordering in the sense of std::sort: which pairs are compared, and
  // when, is part of the rule.
  for (size_t i = 1; i < ndim; ++i) {
    size_t moving = i;
    for (size_t j = i; j-- > 0;) {
      const Place place = place_of(static_cast<size_t>(order[j]),
                                   static_cast<size_t>(order[moving]), sizes, operands);
      if (place == Place::kInside) break;
      if (place == Place::kOutside) {
        std::swap(order[j], order[moving]);
        moving = j;
      }
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

DimVector dense_strides(IntArrayRef sizes, IntArrayRef order) {
  DimVector strides(sizes.size());
  uint64_t stride = 1;  // as in contiguous_strides
  for (size_t i = order.size(); i-- > 0;) {
    const auto d = static_cast<size_t>(order[i]);
    strides[d] = static_cast<int64_t>(stride);
    stride *= static_cast<uint64_t>(sizes[d]);
  }
  return strides;
}

bool is_non_overlapping_and_dense(IntArrayRef sizes, IntArrayRef strides) {
  if (is_contiguous(sizes, strides)) return true;
  // Each dimension in turn must step over exactly what the inner ones fill.
  int64_t filled = 1;
  size_t left = 0;
  for (int64_t size : sizes) left += size > 1 ? 1 : 0;
  for (; left > 0; --left) {
    size_t d = 0;
    while (d < sizes.size() && !(sizes[d] > 1 && strides[d] == filled)) ++d;
    if (d == sizes.size()) return false;
    filled *= sizes[d];
  }
  return true;
}

DimVector elementwise_strides(IntArrayRef sizes, LoopStrides operands, bool same_shape) {
  if (same_shape && !operands.empty()) {
    const auto all = [&](auto&& holds) {
      return std::all_of(operands.begin(), operands.end(),
                         [&](const IntArrayRef& strides) { return holds(strides); });
    };
    if (all([&](IntArrayRef s) { return is_contiguous(sizes, s); }))
      return contiguous_strides(sizes);
    if (all([&](IntArrayRef s) { return is_channels_last(sizes, s); }))
      return channels_last_strides(sizes);
    if (all([&](IntArrayRef s) { return s == operands[0]; }) &&
        is_non_overlapping_and_dense(sizes, operands[0])) {
      return operands[0];
    }
  }
  if (in_order(operands)) return contiguous_strides(sizes);
  const DimVector order = memory_order(sizes, operands);
  return is_identity(order) ? contiguous_strides(sizes) : dense_strides(sizes, order);
}

DimVector strides_like(IntArrayRef sizes, IntArrayRef strides) {
  if (is_non_overlapping_and_dense(sizes, strides)) return strides;
  return dense_strides(sizes, memory_order(sizes, LoopStrides(&strides, 1)));
}

}  // namespace taper
