#pragma once

#include "taper/tensor/tensor.h"

// Choosing slices along a dimension, or elements of a tensor seen as 1-D, without a tape. An index
// has at most one dimension, or any shape where it is of elements. Indices are checked before
// anything is written; `self` is changed in place.
namespace taper::raw {

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index);
void index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
void index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
// value is 0-dim.
void index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);

Tensor embedding(const Tensor& weight, const Tensor& indices);
Tensor one_hot(const Tensor& x, int64_t num_classes);

// The elements of x at the places that index counts row-major; index's shape.
Tensor take(const Tensor& x, const Tensor& index);
// Writes source's elements to these places, or adds them.
void put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate);

}  // namespace taper::raw
