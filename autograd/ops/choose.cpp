// Choosing elements by masks.

#include "taper/tensor/raw/choose.h"

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/slices.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_fill;
using autograd::record_inplace;
using autograd::Save;

namespace {

auto fill_backward(const Tensor& mask) {
  return [&mask](Save& s) {
    return [mask = s.input(mask)](Backward& ctx) {
      ctx.grad(0, masked_fill(ctx.out_grad(), mask(), 0));
    };
  };
}

auto fill_tensor_backward(const Tensor& mask) {
  return [&mask](Save& s) {
    return [mask = s.input(mask)](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, masked_fill(ctx.out_grad(), mask(), 0));
      if (ctx.needs(1)) ctx.grad(1, masked_fill(ctx.out_grad(), logical_not(mask()), 0));
    };
  };
}

}  // namespace

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value) {
  const Tensor filler = raw::scalar_tensor(value, x.scalar_type());
  return record("MaskedFillBackward0", raw::masked_fill(x, mask, filler), {x}, fill_backward(mask));
}
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  return record("MaskedFillBackward1", raw::masked_fill(x, mask, value), {x, value},
                fill_tensor_backward(mask));
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const {
  const Tensor filler = raw::scalar_tensor(value, scalar_type());
  return record_fill(
      "MaskedFillBackward0", *this, {*this}, [&] { raw::masked_fill_into(*this, mask, filler); },
      fill_backward(mask));
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return record_fill(
      "MaskedFillBackward1", *this, {*this, value},
      [&] { raw::masked_fill_into(*this, mask, value); }, fill_tensor_backward(mask));
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  const DimVector shape = raw::masked_shape(x, mask, "masked_select");
  const int64_t numel = checked_numel(shape);
  const Tensor flat = raw::reshape(raw::expand(x, shape), {numel});
  const Tensor positions = raw::mask_positions(raw::expand(mask, shape));
  return record("MaskedSelectBackward0", raw::index_select(flat, 0, positions), {x}, [&](Save& s) {
    return [positions = s.input(positions), shape, numel](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      const Tensor whole = raw::zeros({numel}, g.scalar_type());
      ctx.grad(0, reshape(whole.index_add_(0, positions(), g), shape));
    };
  });
}

namespace {

auto masked_scatter_backward(const Tensor& mask, const Tensor& source) {
  return [&mask, &source](Save& s) {
    return [mask = s.input(mask), sizes = DimVector(source.sizes()),
            count = source.numel()](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, masked_fill(g, mask(), 0));
      if (!ctx.needs(1)) return;
      // What was left over of the source got nowhere.
      const Tensor used = masked_select(g, mask());
      const Tensor rest = raw::zeros({count - used.numel()}, g.scalar_type());
      ctx.grad(1, reshape(cat({used, rest}), sizes));
    };
  };
}

}  // namespace

Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source) {
  const std::vector<Tensor> both = broadcast_tensors({mask, x});
  const Tensor result = raw::masked_scatter(both[1], both[0], source);
  return record("MaskedScatterBackward0", result, {both[1], source},
                masked_scatter_backward(both[0], source));
}
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const {
  const Tensor whole = raw::expand(mask, sizes());
  return record_inplace(
      "MaskedScatterBackward0", *this, {*this, source},
      [&] { raw::copy(*this, raw::masked_scatter(*this, whole, source)); },
      masked_scatter_backward(whole, source));
}

// --- Where elements are not zero ---

Tensor nonzero(const Tensor& x) { return raw::nonzero(x); }
Tensor argwhere(const Tensor& x) { return raw::nonzero(x); }
std::vector<Tensor> nonzero_numpy(const Tensor& x) {
  return unbind(raw::nonzero(x.dim() == 0 ? raw::unsqueeze(x, 0) : x), 1);
}
std::vector<Tensor> where(const Tensor& condition) { return nonzero_numpy(condition); }

// --- Methods ---

Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const {
  return taper::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const {
  return taper::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_select(const Tensor& mask) const { return taper::masked_select(*this, mask); }
Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const {
  return taper::masked_scatter(*this, mask, source);
}
Tensor Tensor::nonzero() const { return taper::nonzero(*this); }
Tensor Tensor::argwhere() const { return taper::argwhere(*this); }
TensorVector Tensor::nonzero_numpy() const { return taper::nonzero_numpy(*this); }

}  // namespace taper
