// Copies, conversions, and writing a whole tensor in place.

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;

namespace {

// The gradient passes unchanged; the engine casts it.
auto pass_through(Save&) {
  return [](Backward& ctx) { ctx.grad(0, ctx.out_grad()); };
}

// What overwrites its input gives it a gradient of zeros.
auto zero_backward(Save&) {
  return [](Backward& ctx) { ctx.grad(0, zeros_like(ctx.out_grad())); };
}

}  // namespace

Tensor clone(const Tensor& x) { return record("CloneBackward0", raw::clone(x), {x}, pass_through); }
Tensor Tensor::clone() const { return taper::clone(*this); }

Tensor Tensor::contiguous(MemoryFormat) const {
  if (is_contiguous()) return *this;
  return record("CloneBackward0", raw::contiguous(*this), {*this}, pass_through);
}

Tensor Tensor::to(ScalarType dtype, bool, bool copy) const {
  if (dtype == scalar_type()) return copy ? clone() : *this;
  TAPER_CHECK(dtype != ScalarType::Undefined, "to: expected a dtype, got Undefined");
  return record("ToCopyBackward0", raw::to(*this, dtype), {*this}, pass_through);
}
Tensor Tensor::to(Device device, bool, bool copy) const {
  detail::check_cpu(device, "to");
  checked();
  return copy ? clone() : *this;
}
Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy) const {
  detail::check_cpu(device, "to");
  return to(dtype, non_blocking, copy);
}
Tensor Tensor::to(const TensorOptions& options, bool non_blocking, bool copy) const {
  detail::check_cpu(options.device(), "to");
  return to(options.dtype_opt().value_or(scalar_type()), non_blocking, copy);
}
Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy) const {
  return to(other.scalar_type(), non_blocking, copy);
}

Tensor& Tensor::copy_(const Tensor& source, bool) const {
  TAPER_CHECK(source.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "#1 'src'");
  if (source.sizes() != sizes()) {
    DimVector shape = broadcast_shapes(sizes(), source.sizes());
    TAPER_CHECK(sizes() == IntArrayRef(shape), "output with shape ", sizes(),
                " doesn't match the broadcast shape ", shape, " (copy_)");
  }
  auto write = [&] { raw::copy(*this, source); };
  return record_inplace("CopyBackwards", *this, {*this, source}, write, [](Save&) {
    return [](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, zeros_like(ctx.out_grad()));
      if (ctx.needs(1)) ctx.grad(1, ctx.out_grad());
    };
  });
}

Tensor& Tensor::fill_(const Scalar& value) const {
  auto write = [&] { raw::fill(*this, value); };
  return record_inplace("FillBackward0", *this, {*this}, write, zero_backward);
}
Tensor& Tensor::zero_() const {
  auto write = [&] { raw::fill(*this, 0); };
  return record_inplace("ZeroBackward0", *this, {*this}, write, zero_backward);
}
Tensor& Tensor::fill_(const Tensor& value) const {
  TAPER_CHECK(value.dim() == 0, "fill_ only supports 0-dimension value tensor but got tensor with ",
              value.dim(), " dimensions.");
  auto write = [&] { raw::copy(*this, value); };
  return record_inplace("FillBackward1", *this, {*this, value}, write, [](Save&) {
    return [](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, zeros_like(ctx.out_grad()));
      if (ctx.needs(1)) ctx.grad(1, ctx.out_grad().sum());
    };
  });
}

// --- Writing into what an index or a view of a temporary shows ---

Tensor& Tensor::operator=(const Tensor& value) && { return copy_(value); }
Tensor& Tensor::operator=(Tensor&& value) && { return copy_(value); }
Tensor& Tensor::operator=(const Scalar& value) && { return fill_(value); }

}  // namespace taper
