// Copies, conversions, and writing a whole tensor in place.

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/zeros.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_fill;
using autograd::record_inplace;
using autograd::Save;
using autograd::zero_backward;

namespace {

// The gradient passes unchanged; the engine casts it.
auto pass_through(Save&) {
  return [](Backward& ctx) { ctx.grad(0, ctx.out_grad()); };
}

}  // namespace

Tensor clone(const Tensor& x, std::optional<MemoryFormat> format) {
  Tensor copy = raw::clone(x, format.value_or(MemoryFormat::Preserve));
  return record("CloneBackward0", std::move(copy), {x}, pass_through);
}
Tensor Tensor::clone(std::optional<MemoryFormat> format) const {
  return taper::clone(*this, format);
}

Tensor detach(const Tensor& x) { return x.detach(); }

Tensor Tensor::contiguous(MemoryFormat format) const {
  return is_contiguous(format) ? *this : clone(format);
}

Tensor Tensor::to(ScalarType dtype, bool, bool copy, std::optional<MemoryFormat> format) const {
  TAPER_CHECK(dtype != ScalarType::Undefined, "to: expected a dtype, got Undefined");
  const MemoryFormat wanted = format.value_or(MemoryFormat::Preserve);
  if (dtype == scalar_type()) {
    const bool same = wanted == MemoryFormat::Preserve || wanted == suggest_memory_format();
    return same && !copy ? *this : clone(wanted);
  }
  Tensor result = raw::empty_like(*this, dtype, wanted);
  raw::copy(result, *this);
  return record("ToCopyBackward0", std::move(result), {*this}, pass_through);
}
Tensor Tensor::to(Device device, ScalarType dtype, bool non_blocking, bool copy,
                  std::optional<MemoryFormat> format) const {
  // As of any tensor that is made there, whatever the copy itself says.
  detail::check_cpu(device, "aten::empty_strided");
  return to(dtype, non_blocking, copy, format);
}
Tensor Tensor::to(const TensorOptions& options, bool non_blocking, bool copy,
                  std::optional<MemoryFormat> format) const {
  checked();
  TAPER_CHECK(!options.requires_grad(),
              "Operators taking TensorOptions cannot take a TensorOptions with "
              "options.requires_grad set as true. This isn't implemented yet.");
  TAPER_CHECK(!format || !options.has_memory_format(),
              "Cannot set memory_format both in TensorOptions and explicit argument; please delete "
              "the redundant setter.");
  TAPER_CHECK(options.layout() == kStrided,
              "to(options) doesn't support converting to a different layout, but got self.layout "
              "being Strided and options.layout set as ",
              to_string(options.layout()));
  detail::check_copy_to_cpu(options.device());
  // "cpu:0" is another device than "cpu" to libtorch, so that a copy is made.
  copy |= options.device().has_index();
  return to(options.has_dtype() ? options.dtype().toScalarType() : scalar_type(), non_blocking,
            copy, options.has_memory_format() ? options.memory_format_opt() : format);
}
Tensor Tensor::to(const Tensor& other, bool non_blocking, bool copy,
                  std::optional<MemoryFormat> format) const {
  return to(other.scalar_type(), non_blocking, copy, format);
}

Tensor& Tensor::copy_(const Tensor& source, bool) const {
  TAPER_CHECK(source.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "#1 'src'");
  if (source.sizes() != sizes()) {
    raw::check_output_shape(*this, broadcast_shapes(sizes(), source.sizes()), "copy_");
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
  return record_fill("FillBackward2", *this, {*this}, write, zero_backward);
}
Tensor& Tensor::zero_() const {
  auto write = [&] { raw::fill(*this, 0); };
  return record_fill("ZeroBackward0", *this, {*this}, write, zero_backward);
}
Tensor& Tensor::fill_(const Tensor& value) const {
  TAPER_CHECK(value.dim() == 0, "fill_ only supports 0-dimension value tensor but got tensor with ",
              value.dim(), " dimensions.");
  auto write = [&] { raw::copy(*this, value); };
  return record_fill("FillBackward3", *this, {*this, value}, write, [](Save&) {
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
