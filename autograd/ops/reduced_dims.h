#pragma once

#include <cstdint>
#include <utility>

#include "taper/autograd/ops.h"
#include "taper/tensor/shape.h"

namespace taper::autograd {

// Which dimensions an operation reduced, and of which shape: what the backward of a reduction needs
// to bring results and their gradients back into the shape of the input.
class ReducedDims {
 public:
  ReducedDims(const Tensor& x, OptionalIntArrayRef dims, bool keepdim)
      : sizes_(x.sizes()), dims_(reduction_dims(dims, x.dim())), keepdim_(keepdim) {}

  const DimVector& dims() const { return dims_; }
  // How many elements went into one.
  int64_t count() const {
    int64_t count = 1;
    for (int64_t d : dims_) count *= sizes_[static_cast<size_t>(d)];
    return count;
  }
  // A result of the reduction with the reduced dimensions as 1: broadcasts against the input.
  Tensor keep(Tensor y) const {
    if (keepdim_) return y;
    for (int64_t d : dims_) y = unsqueeze(y, d);
    return y;
  }
  // The same in the shape of the input.
  Tensor expand(const Tensor& y) const { return keep(y).expand(sizes_); }
  // Where x is the extreme element, given in the shape of keep(); NaN is if it won.
  Tensor is_extreme(const Tensor& x, const Tensor& extreme) const {
    return logical_or(x == extreme, logical_and(isnan(x), isnan(extreme)));
  }
  // g, in the shape of keep(), in equal shares for the elements that the mask names; 0 elsewhere.
  Tensor share(const Tensor& g, const Tensor& mask) const {
    return where(mask, g / sum(mask, dims_, true), 0);
  }

 private:
  DimVector sizes_;
  DimVector dims_;
  bool keepdim_;
};

}  // namespace taper::autograd
