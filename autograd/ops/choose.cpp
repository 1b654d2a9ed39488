// Choosing elements by masks and indices. What reads places has a backward that adds into them, and
// the other way round: each is the derivative of the other, to any order.

#include "taper/tensor/raw/choose.h"

#include <unordered_map>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;

namespace {

// A gradient of zeros for `x`, to be made later.
auto zeros_of(const Tensor& x) {
  return
      [sizes = DimVector(x.sizes()), dtype = x.scalar_type()] { return raw::zeros(sizes, dtype); };
}

// The part of `x` that stands at the positions of an index of these sizes.
Tensor crop(Tensor x, IntArrayRef sizes) {
  for (size_t d = 0; d < sizes.size(); ++d) {
    const auto dim = static_cast<int64_t>(d);
    if (x.size(dim) > sizes[d]) x = narrow(x, dim, 0, sizes[d]);
  }
  return x;
}

}  // namespace

// --- Masks ---

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
  return record_inplace(
      "MaskedFillBackward0", *this, {*this}, [&] { raw::masked_fill_into(*this, mask, filler); },
      fill_backward(mask));
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return record_inplace(
      "MaskedFillBackward1", *this, {*this, value},
      [&] { raw::masked_fill_into(*this, mask, value); }, fill_tensor_backward(mask));
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  const DimVector shape = raw::masked_shape(x, mask, "masked_select");
  const int64_t numel = checked_numel(shape);
  const Tensor flat = raw::reshape(raw::expand(x, shape), {numel});
  const Tensor positions = raw::mask_positions(raw::expand(mask, shape));
  return record("MaskedSelectBackward0", raw::index_select(flat, 0, positions), {x}, [&](Save& s) {
    return [positions = s.input(positions), shape, zeros = zeros_of(flat)](Backward& ctx) {
      ctx.grad(0, reshape(index_add(zeros(), 0, positions(), ctx.out_grad()), shape));
    };
  });
}

// --- An index for each element ---

Tensor gather(const Tensor& x, int64_t dim, const Tensor& index) {
  return record("GatherBackward0", raw::gather(x, dim, index), {x}, [&](Save& s) {
    return [index = s.input(index), dim, zeros = zeros_of(x)](Backward& ctx) {
      if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) {
          raw::scatter(buffer, dim, index(), ctx.out_grad(), true);
        });
      } else {
        ctx.grad(0, scatter_add(zeros(), dim, index(), ctx.out_grad()));
      }
    };
  });
}

namespace {

auto scatter_add_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, ctx.out_grad());
      if (ctx.needs(1)) ctx.grad(1, gather(ctx.out_grad(), dim, index()));
    };
  };
}

// Where several elements go to one place, the gradient goes to all of them, as in PyTorch.
auto scatter_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, scatter(ctx.out_grad(), dim, index(), 0));
      if (ctx.needs(1)) ctx.grad(1, gather(ctx.out_grad(), dim, index()));
    };
  };
}

auto scatter_fill_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      ctx.grad(0, scatter(ctx.out_grad(), dim, index(), 0));
    };
  };
}

// The part of a scatter's source that is used: one element for each index.
Tensor used_source(const Tensor& source, const Tensor& index) {
  return source.dim() == index.dim() ? crop(source, index.sizes()) : source;
}

}  // namespace

Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const Tensor used = used_source(source, index);
  Tensor result = raw::clone(x);
  raw::scatter(result, dim, index, used, true);
  return record("ScatterAddBackward0", result, {x, used}, scatter_add_backward(dim, index));
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& source) const {
  const Tensor used = used_source(source, index);
  return record_inplace(
      "ScatterAddBackward0", *this, {*this, used},
      [&] { raw::scatter(*this, dim, index, used, true); }, scatter_add_backward(dim, index));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const Tensor used = used_source(source, index);
  Tensor result = raw::clone(x);
  raw::scatter(result, dim, index, used, false);
  return record("ScatterBackward0", result, {x, used}, scatter_backward(dim, index));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& source) const {
  const Tensor used = used_source(source, index);
  return record_inplace(
      "ScatterBackward0", *this, {*this, used},
      [&] { raw::scatter(*this, dim, index, used, false); }, scatter_backward(dim, index));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  Tensor result = raw::clone(x);
  raw::scatter_fill(result, dim, index, value);
  return record("ScatterBackward1", result, {x}, scatter_fill_backward(dim, index));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return record_inplace(
      "ScatterBackward1", *this, {*this}, [&] { raw::scatter_fill(*this, dim, index, value); },
      scatter_fill_backward(dim, index));
}

// --- An index for each slice ---

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  return record("IndexSelectBackward0", raw::index_select(x, dim, index), {x}, [&](Save& s) {
    return [index = s.input(index), dim, zeros = zeros_of(x)](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (g.dim() == 0) {  // x is the one element
        ctx.grad(0, g);
      } else if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) { raw::index_add(buffer, dim, index(), g); });
      } else {
        ctx.grad(0, index_add(zeros(), dim, index(), g));
      }
    };
  });
}

namespace {

auto index_add_backward(int64_t dim, const Tensor& index, const Tensor& source) {
  return [dim, &index, &source](Save& s) {
    return [index = s.input(index), dim, sizes = DimVector(source.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, g);
      // A 0-dim tensor has one slice, and is one.
      if (ctx.needs(1)) {
        ctx.grad(1, g.dim() == 0 ? g.expand(sizes) : reshape(index_select(g, dim, index()), sizes));
      }
    };
  };
}

}  // namespace

Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& added,
                 const Scalar& alpha) {
  const Tensor source = alpha.equal(1) ? added : taper::mul(added, alpha);
  Tensor result = raw::clone(x);
  raw::index_add(result, dim, index, source);
  return record("IndexAddBackward0", result, {x, source}, index_add_backward(dim, index, source));
}
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& added,
                           const Scalar& alpha) const {
  const Tensor source = alpha.equal(1) ? added : taper::mul(added, alpha);
  return record_inplace(
      "IndexAddBackward0", *this, {*this, source},
      [&] { raw::index_add(*this, dim, index, source); }, index_add_backward(dim, index, source));
}

namespace {

// How often each index stands among all of them, for each.
Tensor frequencies(const Tensor& indices, ScalarType dtype) {
  const Tensor all = raw::to(indices, kInt64);
  const auto* index = all.data_ptr<int64_t>();
  std::unordered_map<int64_t, int64_t> counts;
  for (int64_t i = 0; i < all.numel(); ++i) ++counts[index[i]];
  const Tensor result = raw::empty({all.numel()}, kInt64);
  for (int64_t i = 0; i < all.numel(); ++i) result.data_ptr<int64_t>()[i] = counts[index[i]];
  return raw::to(result, dtype);
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx,
                 bool scale_grad_by_freq, bool sparse) {
  TAPER_CHECK(!sparse, "embedding: sparse gradients are not supported");
  Tensor result = raw::embedding(weight, indices);
  return record("EmbeddingBackward0", result, {weight}, [&](Save& s) {
    return [indices = s.input(indices), padding_idx, scale_grad_by_freq,
            zeros = zeros_of(weight)](Backward& ctx) {
      const Tensor rows = reshape(indices(), {indices().numel()});
      Tensor g = reshape(ctx.out_grad(), {rows.numel(), ctx.out_grad().size(-1)});
      if (padding_idx >= 0) g = masked_fill(g, unsqueeze(eq(rows, padding_idx), 1), 0);
      if (scale_grad_by_freq) g = div(g, unsqueeze(frequencies(rows, g.scalar_type()), 1));
      if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) { raw::index_add(buffer, 0, rows, g); });
      } else {
        ctx.grad(0, index_add(zeros(), 0, rows, g));
      }
    };
  });
}

Tensor one_hot(const Tensor& x, int64_t num_classes) { return raw::one_hot(x, num_classes); }
Tensor nonzero(const Tensor& x) { return raw::nonzero(x); }

// --- Methods ---

Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const {
  return taper::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const {
  return taper::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_select(const Tensor& mask) const { return taper::masked_select(*this, mask); }
Tensor Tensor::gather(int64_t dim, const Tensor& index) const {
  return taper::gather(*this, dim, index);
}
Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& source) const {
  return taper::scatter_add(*this, dim, index, source);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& source) const {
  return taper::scatter(*this, dim, index, source);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value) const {
  return taper::scatter(*this, dim, index, value);
}
Tensor Tensor::index_select(int64_t dim, const Tensor& index) const {
  return taper::index_select(*this, dim, index);
}
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source,
                         const Scalar& alpha) const {
  return taper::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::nonzero() const { return taper::nonzero(*this); }

}  // namespace taper
