// Choosing slices along a dimension, or elements of a tensor seen as 1-D. What reads places has a
// backward that adds into them, and the other way round.

#include "taper/tensor/raw/slices.h"

#include <tuple>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/zeros.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;
using autograd::zeros_of;

// --- Read ---

Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index) {
  return record("IndexSelectBackward0", raw::index_select(x, dim, index), {x}, [&](Save& s) {
    return [index = s.input(index), dim, zeros = zeros_of(x)](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (g.dim() == 0) {  // x is the one element
        ctx.grad(0, g);
      } else if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) { raw::index_add(buffer, dim, index(), g); });
      } else {
        ctx.grad(0, zeros().index_add_(dim, index(), g));
      }
    };
  });
}

// --- Added to ---

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

// alpha * source in source's dtype, each slice of it broadcast to a slice of x.
Tensor added_part(const Tensor& x, int64_t dim, const Tensor& source, const Scalar& alpha) {
  Tensor part = source;
  if (!alpha.equal(1)) {
    part = taper::mul(source, raw::scalar_tensor(alpha, source.scalar_type()));
  }
  const int64_t d = wrap_dim(dim, x.dim());
  if (x.dim() == 0 || part.dim() <= d || part.dim() > x.dim()) return part;
  DimVector whole = x.sizes();
  whole.erase(static_cast<size_t>(d));
  part = movedim(part, d, 0);
  const IntArrayRef slice = part.sizes().slice(1);
  if (IntArrayRef(whole) == slice || !is_expandable_to(slice, whole)) return movedim(part, 0, d);
  while (part.dim() < x.dim()) part = unsqueeze(part, 1);
  whole.insert(0, part.size(0));
  return movedim(part.expand(whole), 0, d);
}

}  // namespace

Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& added,
                 const Scalar& alpha) {
  const Tensor source = added_part(x, dim, added, alpha);
  Tensor result = raw::row_major(x);
  raw::index_add(result, dim, index, source);
  return record("IndexAddBackward0", result, {x, source}, index_add_backward(dim, index, source));
}
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& added,
                           const Scalar& alpha) const {
  const Tensor source = added_part(*this, dim, added, alpha);
  return record_inplace(
      "IndexAddBackward0", *this, {*this, source},
      [&] { raw::index_add(*this, dim, index, source); }, index_add_backward(dim, index, source));
}

// --- Replaced ---

namespace {

// Where several slices go to one place, the gradient goes to all of them, as in PyTorch.
auto index_copy_backward(int64_t dim, const Tensor& index, const Tensor& source) {
  return [dim, &index, &source](Save& s) {
    return [index = s.input(index), dim, sizes = DimVector(source.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, index_fill(g, dim, index(), 0));
      if (ctx.needs(1)) ctx.grad(1, reshape(index_select(g, dim, index()), sizes));
    };
  };
}

auto index_fill_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, index_fill(g, dim, index(), 0));
    };
  };
}

auto index_fill_tensor_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, index_fill(g, dim, index(), 0));
      if (!ctx.needs(1)) return;
      // Each place once, and index_select knows none that count from the end.
      const int64_t size = g.dim() == 0 ? 1 : g.size(dim);
      const Tensor places = std::get<0>(_unique(remainder(index(), size)));
      ctx.grad(1, index_select(g, dim, places).sum());
    };
  };
}

}  // namespace

Tensor index_copy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  Tensor result = raw::row_major(x);
  raw::index_copy(result, dim, index, source);
  return record("IndexCopyBackward0", result, {x, source}, index_copy_backward(dim, index, source));
}
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return record_inplace(
      "IndexCopyBackward0", *this, {*this, source},
      [&] { raw::index_copy(*this, dim, index, source); }, index_copy_backward(dim, index, source));
}

Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  Tensor result = raw::clone(x);
  raw::index_fill(result, dim, index, raw::scalar_tensor(value, x.scalar_type()));
  return record("IndexFillBackward0", result, {x}, index_fill_backward(dim, index));
}
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& value) {
  Tensor result = raw::clone(x);
  raw::index_fill(result, dim, index, value);
  return record("IndexFillBackward1", result, {x, value}, index_fill_tensor_backward(dim, index));
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const {
  const Tensor filler = raw::scalar_tensor(value, scalar_type());
  return record_inplace(
      "IndexFillBackward0", *this, {*this}, [&] { raw::index_fill(*this, dim, index, filler); },
      index_fill_backward(dim, index));
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const {
  return record_inplace(
      "IndexFillBackward1", *this, {*this, value},
      [&] { raw::index_fill(*this, dim, index, value); }, index_fill_tensor_backward(dim, index));
}

// --- Rows by number ---

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx,
                 bool scale_grad_by_freq, bool sparse) {
  TAPER_CHECK(!sparse, "embedding: sparse gradients are not supported");
  Tensor result = raw::embedding(weight, indices);
  return record("EmbeddingBackward0", result, {weight}, [&](Save& s) {
    return [indices = s.input(indices), padding_idx, scale_grad_by_freq,
            zeros = zeros_of(weight)](Backward& ctx) {
      const Tensor rows = raw::to(reshape(indices(), {indices().numel()}), kInt64);
      Tensor g = reshape(ctx.out_grad(), {rows.numel(), ctx.out_grad().size(-1)});
      if (padding_idx >= 0) g = masked_fill(g, unsqueeze(eq(rows, padding_idx), 1), 0);
      if (scale_grad_by_freq) g = g / unsqueeze(index_select(bincount(rows), 0, rows), 1);
      if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) { raw::index_add(buffer, 0, rows, g); });
      } else {
        ctx.grad(0, zeros().index_add_(0, rows, g));
      }
    };
  });
}

Tensor one_hot(const Tensor& x, int64_t num_classes) { return raw::one_hot(x, num_classes); }

// --- Elements of a tensor seen as 1-D ---

Tensor take(const Tensor& x, const Tensor& index) {
  return record("TakeBackward0", raw::take(x, index), {x}, [&](Save& s) {
    return [index = s.input(index), zeros = zeros_of(x)](Backward& ctx) {
      ctx.grad(0, zeros().put_(index(), ctx.out_grad(), true));
    };
  });
}

namespace {

auto put_backward(const Tensor& index, const Tensor& source, bool accumulate) {
  return [&index, &source, accumulate](Save& s) {
    return [index = s.input(index), accumulate, sizes = DimVector(source.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) {
        ctx.grad(0, accumulate ? g : put(g, index(), raw::zeros(sizes, g.scalar_type()), false));
      }
      if (ctx.needs(1)) ctx.grad(1, reshape(take(g, index()), sizes));
    };
  };
}

}  // namespace

Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate) {
  Tensor result = raw::clone(x);
  raw::put(result, index, source, accumulate);
  return record("PutBackward0", result, {x, source}, put_backward(index, source, accumulate));
}
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const {
  return record_inplace(
      "PutBackward0", *this, {*this, source}, [&] { raw::put(*this, index, source, accumulate); },
      put_backward(index, source, accumulate));
}

// --- Methods ---

Tensor Tensor::index_select(int64_t dim, const Tensor& index) const {
  return taper::index_select(*this, dim, index);
}
Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source,
                         const Scalar& alpha) const {
  return taper::index_add(*this, dim, index, source, alpha);
}
Tensor Tensor::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const {
  return taper::index_copy(*this, dim, index, source);
}
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Scalar& value) const {
  return taper::index_fill(*this, dim, index, value);
}
Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Tensor& value) const {
  return taper::index_fill(*this, dim, index, value);
}
Tensor Tensor::take(const Tensor& index) const { return taper::take(*this, index); }
Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const {
  return taper::put(*this, index, source, accumulate);
}

}  // namespace taper
