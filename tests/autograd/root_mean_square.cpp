#include "autograd/root_mean_square.h"

#include <cmath>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/kernels/reduce.h"
#include "taper/tensor/raw/reduce.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::ReducedDims;
using autograd::Save;

Tensor root_mean_square(const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  const ReducedDims dims(x, dim, keepdim);
  const auto count = static_cast<double>(dims.count());
  const Tensor y = raw::norm(x, 2, dim, keepdim);  // in one pass, without a tensor of squares
  kernels::divide_by(y.scalar_type(), y.data_ptr(), y.numel(), std::sqrt(count));
  return record("RootMeanSquareBackward0", y, {x}, [&](Save& s) {
    return [dims, count, x = s.input(x), y = s.output()](Backward& ctx) {
      // x / (count y), and x is 0 wherever y is.
      const Tensor divisor = count * dims.keep(where(y() == 0, 1, y()));
      ctx.grad(0, dims.keep(ctx.out_grad()) * (x() / divisor));
    };
  });
}

}  // namespace taper
