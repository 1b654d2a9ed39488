#pragma once

#include <optional>
#include <vector>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/tensor.h"

// Indexing by tensors, without a tape. An index list has an entry for each of the first dimensions
// of x, undefined where the whole dimension is taken.
namespace taper::raw {

// The list with masks turned into indices, all int64; an index that is out of bounds throws
// IndexError.
std::vector<Tensor> index_list(const Tensor& x, const std::vector<Tensor>& indices);
// The shape of x indexed by the list: the shape to which the indices broadcast stands where the
// first of them did if they are neighbours, else in front.
DimVector index_shape(const Tensor& x, const std::vector<Tensor>& indices);
// These two take lists that index_list() gave.
Tensor index(const Tensor& x, const std::vector<Tensor>& indices);
void index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values,
               bool accumulate);

// Sizes or strides of a tensor that counts as having one dimension where it has none.
IntArrayRef at_least_1d(IntArrayRef list);
inline kernels::LoopShape loop_shape(IntArrayRef sizes) {
  return {static_cast<int>(sizes.size()), sizes.data()};
}
// The first element of an int64 tensor outside [low, high), if there is one.
std::optional<int64_t> first_out_of_bounds(const Tensor& index, int64_t low, int64_t high);
// x, or a copy of it if it shares memory with what is about to be written.
Tensor apart(const Tensor& x, const Tensor& written);

}  // namespace taper::raw
