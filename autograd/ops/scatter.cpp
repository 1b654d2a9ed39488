// An index for each element, along one dimension. What gathers has a backward that scatters, and
// the other way round: each is the derivative of the other, to any order.

#include <string>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/not_implemented.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::kNotImplemented;
using autograd::not_implemented;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;
using raw::Join;

// --- Gather ---

Tensor gather(const Tensor& x, int64_t dim, const Tensor& index, bool) {
  return record("GatherBackward0", raw::gather(x, dim, index), {x}, [&](Save& s) {
    return [index = s.input(index), dim, sizes = DimVector(x.sizes())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.can_write_into(0)) {
        ctx.grad_into(
            0, [&](const Tensor& buffer) { raw::scatter(buffer, dim, index(), g, Join::kAdd); });
      } else {
        ctx.grad(0, raw::zeros(sizes, g.scalar_type()).scatter_add_(dim, index(), g));
      }
    };
  });
}

Tensor take_along_dim(const Tensor& x, const Tensor& indices, std::optional<int64_t> dim) {
  TAPER_CHECK(!dim || x.dim() == indices.dim(),
              "torch.take_along_dim(): input and indices should have the same number of "
              "dimensions, but got ",
              x.dim(), " dimensions for input, and ", indices.dim(), " dimensions for indices");
  TAPER_CHECK(indices.scalar_type() == kInt64,
              "torch.take_along_dim(): dtype of indices should be Long but got ",
              indices.scalar_type());
  if (!dim) return gather(x.reshape({-1}), 0, indices.reshape({-1}));
  const int64_t d = existing_dim(*dim, x.dim());
  const auto along = static_cast<size_t>(d);
  // Both broadcast, but for the dimension in which the indices count.
  DimVector others = indices.sizes();
  others[along] = x.size(d);
  DimVector sizes = broadcast_shapes(x.sizes(), others);
  const Tensor whole = x.expand(sizes);
  sizes[along] = indices.size(d);
  return gather(whole, d, indices.expand(sizes));
}

// --- Scatter ---

namespace {

// The part of `x` that stands at the positions of an index of these sizes.
Tensor crop(Tensor x, IntArrayRef sizes) {
  for (size_t d = 0; d < sizes.size(); ++d) {
    const auto dim = static_cast<int64_t>(d);
    if (x.size(dim) > sizes[d]) x = narrow(x, dim, 0, sizes[d]);
  }
  return x;
}

// The part of a scatter's source that is used: one element for each index.
Tensor used_source(const Tensor& source, const Tensor& index) {
  return source.dim() == index.dim() ? crop(source, index.sizes()) : source;
}

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

auto scatter_value_backward(int64_t dim, const Tensor& index) {
  return [dim, &index](Save& s) {
    return [index = s.input(index), dim](Backward& ctx) {
      ctx.grad(0, scatter(ctx.out_grad(), dim, index(), 0));
    };
  };
}

// The joins by name have no derivative in PyTorch.
constexpr const char* kNoDerivative = "derivative for aten::scatter is not implemented";
constexpr const char* kNoDerivativeInPlace = "derivative for aten::scatter_ is not implemented";

}  // namespace

// What follows are pairs, new and in place, one for each derivative: its way of joining and its
// backward are all that a pair has of its own, and stand in both of its calls.

Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const Tensor used = used_source(source, index);
  Tensor result = raw::row_major(x);
  raw::scatter(result, dim, index, used, Join::kAdd);
  return record("ScatterAddBackward0", result, {x, used}, scatter_add_backward(dim, index));
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& source) const {
  const Tensor used = used_source(source, index);
  return record_inplace(
      "ScatterAddBackward0", *this, {*this, used},
      [&] { raw::scatter(*this, dim, index, used, Join::kAdd); }, scatter_add_backward(dim, index));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source) {
  const Tensor used = used_source(source, index);
  Tensor result = raw::row_major(x);
  raw::scatter(result, dim, index, used, Join::kReplace);
  return record("ScatterBackward0", result, {x, used}, scatter_backward(dim, index));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& source) const {
  const Tensor used = used_source(source, index);
  return record_inplace(
      "ScatterBackward0", *this, {*this, used},
      [&] { raw::scatter(*this, dim, index, used, Join::kReplace); }, scatter_backward(dim, index));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value) {
  Tensor result = raw::row_major(x);
  raw::scatter(result, dim, index, value, Join::kReplace);
  return record("ScatterBackward1", result, {x}, scatter_value_backward(dim, index));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return record_inplace(
      "ScatterBackward1", *this, {*this},
      [&] { raw::scatter(*this, dim, index, value, Join::kReplace); },
      scatter_value_backward(dim, index));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
               const std::string& reduce) {
  const Join join = raw::join_named(reduce);
  Tensor result = raw::row_major(x);
  raw::scatter(result, dim, index, used_source(source, index), join);
  return record(kNotImplemented, result, {x, source}, not_implemented<Error>(kNoDerivative));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& source,
                         const std::string& reduce) const {
  const Join join = raw::join_named(reduce);
  const Tensor used = used_source(source, index);
  return record_inplace(
      kNotImplemented, *this, {*this, source}, [&] { raw::scatter(*this, dim, index, used, join); },
      not_implemented<Error>(kNoDerivativeInPlace));
}

Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value,
               const std::string& reduce) {
  const Join join = raw::join_named(reduce);
  Tensor result = raw::row_major(x);
  raw::scatter(result, dim, index, value, join);
  return record(kNotImplemented, result, {x}, not_implemented<Error>(kNoDerivative));
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value,
                         const std::string& reduce) const {
  const Join join = raw::join_named(reduce);
  return record_inplace(
      kNotImplemented, *this, {*this}, [&] { raw::scatter(*this, dim, index, value, join); },
      not_implemented<Error>(kNoDerivativeInPlace));
}

// --- Methods ---

Tensor Tensor::gather(int64_t dim, const Tensor& index, bool sparse_grad) const {
  return taper::gather(*this, dim, index, sparse_grad);
}
Tensor Tensor::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const {
  return taper::take_along_dim(*this, indices, dim);
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
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& source,
                       const std::string& reduce) const {
  return taper::scatter(*this, dim, index, source, reduce);
}
Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Scalar& value,
                       const std::string& reduce) const {
  return taper::scatter(*this, dim, index, value, reduce);
}

}  // namespace taper
