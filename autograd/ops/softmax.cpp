// Normalised exponentials.

#include "taper/tensor/raw/softmax.h"

#include <limits>
#include <optional>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::ReducedDims;
using autograd::Save;

// The kernel computes the composed gradient, without its intermediate tensors.
Tensor softmax(const Tensor& input, int64_t dim, std::optional<ScalarType> dtype) {
  const Tensor x = dtype ? input.to(*dtype) : input;
  return record("SoftmaxBackward0", raw::softmax(x, dim), {x}, [&](Save& s) {
    return [dim, y = s.output()](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      const Tensor out = y();
      if (!GradMode::is_enabled()) return ctx.grad(0, raw::softmax_backward(g, out, dim));
      ctx.grad(0, out * (g - sum(g * out, dim, true)));
    };
  });
}

Tensor log_softmax(const Tensor& input, int64_t dim, std::optional<ScalarType> dtype) {
  const Tensor x = dtype ? input.to(*dtype) : input;
  return record("LogSoftmaxBackward0", raw::log_softmax(x, dim), {x}, [&](Save& s) {
    return [dim, y = s.output()](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      const Tensor out = y();
      if (!GradMode::is_enabled()) return ctx.grad(0, raw::log_softmax_backward(g, out, dim));
      ctx.grad(0, g - exp(out) * sum(g, dim, true));
    };
  });
}

// d/dx = exp(x - y). Where all of x is -inf, so is y, and the gradient is 0.
Tensor logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return record("LogsumexpBackward0", raw::logsumexp(x, dim, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor out = y();
      const Tensor shift = where(out == -std::numeric_limits<double>::infinity(), 0, out);
      ctx.grad(0, dims.keep(ctx.out_grad()) * exp(x() - dims.keep(shift)));
    };
  });
}

Tensor Tensor::softmax(int64_t dim, std::optional<ScalarType> dtype) const {
  return taper::softmax(*this, dim, dtype);
}
Tensor Tensor::log_softmax(int64_t dim, std::optional<ScalarType> dtype) const {
  return taper::log_softmax(*this, dim, dtype);
}
Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const {
  return taper::logsumexp(*this, dim, keepdim);
}

}  // namespace taper
