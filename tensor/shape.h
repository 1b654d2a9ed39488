#pragma once

#include <optional>
#include <string>

#include "taper/tensor/dim_vector.h"
#include "taper/tensor/error.h"
#include "taper/tensor/tensor_options.h"

// Arithmetic on sizes and strides.
namespace taper {

// -1 is the last dimension. A 0-dim tensor counts as having one. Throws IndexError with PyTorch's
// "Dimension out of range".
int64_t wrap_dim(int64_t dim, int64_t ndim);

// The same for what needs a dimension: a 0-dim tensor throws IndexError's "Dimension specified as 0
// but tensor has no dimensions".
int64_t existing_dim(int64_t dim, int64_t ndim);

// Product of the sizes; throws taper::Error for a negative size or a product past int64.
int64_t checked_numel(IntArrayRef sizes);

DimVector contiguous_strides(IntArrayRef sizes);
// The strides of a new tensor; Preserve, which only names another tensor's order, throws, and so do
// the channels-last formats for tensors that have no channels ("required rank 4 tensor to use
// channels_last format").
DimVector format_strides(IntArrayRef sizes, MemoryFormat format);
// Bytes from the first to the last element of such a tensor; throws "Storage size calculation
// overflowed with sizes=[...] and strides=[...]", also for negative strides.
size_t storage_bytes(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype);
bool is_contiguous(IntArrayRef sizes, IntArrayRef strides);

// The common shape of two operands by PyTorch's broadcasting rules; throws "The size of tensor a
// (2) must match the size of tensor b (3) at non-singleton dimension 0".
DimVector broadcast_shapes(IntArrayRef a, IntArrayRef b);
bool is_expandable_to(IntArrayRef from, IntArrayRef to);

// Fills in a -1 and checks the count: "shape '[2, -1]' is invalid for input of size 3".
DimVector infer_size(IntArrayRef wanted, int64_t numel);

// Strides that show the same elements in another shape, if any do.
std::optional<DimVector> view_strides(IntArrayRef sizes, IntArrayRef strides,
                                      IntArrayRef new_sizes);

// The dimensions of a reduction as a sorted list without repeats; none given means all. Throws "dim
// 1 appears multiple times in the list of dims".
DimVector reduction_dims(OptionalIntArrayRef dims, int64_t ndim);
// What remains of `sizes` when `dims` (sorted) are reduced.
DimVector reduced_shape(IntArrayRef sizes, IntArrayRef dims, bool keepdim);

namespace detail {
// "2 3", as some messages write sizes.
std::string joined(IntArrayRef sizes);
}  // namespace detail

}  // namespace taper
