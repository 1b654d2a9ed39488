#pragma once

#include <string>

#include "taper/tensor/tensor.h"

// Choosing elements by indices and masks, without a tape. Indices are checked before anything is
// written. `self` of a function that writes is changed in place.
namespace taper::raw {

// --- An index for each element, along one dimension ---

// What becomes of an element that another is written to.
enum class Join { kReplace, kAdd, kMultiply };
// Of "add" and "multiply"; throws for another name.
Join join_named(const std::string& reduce);

// y[i][j] = x[index[i][j]][j] for dim 0.
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index);
// self[index[i][j]][j] = source[i][j] for dim 0, or joined with it; only as many as index has.
void scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Join join);
void scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, Join join);

// --- Masks ---

// The shape to which x and the mask broadcast; throws for a mask of a wrong dtype.
DimVector masked_shape(const Tensor& x, const Tensor& mask, const char* op);
// mask ? value : x in x's dtype; value is 0-dim.
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value);
void masked_fill_into(const Tensor& self, const Tensor& mask, const Tensor& value);
// x with its elements under the mask, which has x's shape, taken from `source` in order.
Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source);
// The places, counted row-major, at which the mask is set.
Tensor mask_positions(const Tensor& mask);
Tensor nonzero(const Tensor& x);

}  // namespace taper::raw
