#include "taper/tensor/raw/distance.h"

#include "taper/tensor/kernels/distance.h"
#include "taper/tensor/raw/core.h"

namespace taper::raw {

Tensor distance(const Tensor& a, const Tensor& b, double p) {
  const DimVector sizes = {a.size(0), a.size(1), b.size(1)};
  // Rows without elements are 0 apart.
  if (a.size(2) == 0) return zeros(sizes, a.scalar_type());
  Tensor y = empty(sizes, a.scalar_type());
  if (y.numel() == 0) return y;
  const Tensor da = contiguous(a);
  const Tensor db = contiguous(b);
  kernels::distance(a.scalar_type(), p, a.size(0), a.size(1), b.size(1), a.size(2), da.data_ptr(),
                    db.data_ptr(), y.data_ptr());
  return y;
}

Tensor distance_backward(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y,
                         double p) {
  if (y.numel() == 0 || a.size(2) == 0) return zeros(a.sizes(), a.scalar_type());
  Tensor da = empty(a.sizes(), a.scalar_type());
  const Tensor dense_a = contiguous(a);
  const Tensor dense_b = contiguous(b);
  // g and y may be the transposes of dense ones, as they are for b's gradient.
  const bool transposed = y.size(1) > 1 && y.size(2) > 1 && y.strides()[1] == 1;
  const Tensor dense_y = contiguous(transposed ? transpose(y, 1, 2) : y);
  const Tensor dense_g = contiguous(transposed ? transpose(g, 1, 2) : g);
  kernels::distance_backward(a.scalar_type(), p, a.size(0), a.size(1), b.size(1), a.size(2),
                             dense_a.data_ptr(), dense_b.data_ptr(), dense_g.data_ptr(),
                             dense_y.data_ptr(), transposed ? 1 : y.size(2),
                             transposed ? y.size(1) : 1, da.data_ptr());
  return da;
}

}  // namespace taper::raw
