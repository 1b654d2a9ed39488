// Views: the same elements in another shape. The backward of a view that shows only a part of its
// input adds into that part of the input's gradient.

#include <algorithm>
#include <numeric>
#include <string>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_view;
using autograd::Save;

namespace {

// The gradient of an input of the given shape of which `part(input)` was the output.
template <class Part>
auto partial_backward(const Tensor& x, Part part) {
  return [sizes = DimVector(x.sizes()), part](Save&) {
    return [sizes, part](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.can_write_into(0)) {
        ctx.grad_into(0, [&](const Tensor& buffer) { part(buffer).add_(g); });
      } else {
        Tensor whole = zeros(sizes, g.options());
        part(whole).copy_(g);
        ctx.grad(0, whole);
      }
    };
  };
}

// The gradient of an input that has all its elements in the output: seen in its own shape again.
auto reshape_backward(const Tensor& x) {
  return [sizes = DimVector(x.sizes())](Save&) {
    return [sizes](Backward& ctx) { ctx.grad(0, ctx.out_grad().reshape(sizes)); };
  };
}

}  // namespace

Tensor Tensor::view(IntArrayRef sizes) const {
  return record_view("ViewBackward0", *this, raw::view(*this, sizes), reshape_backward(*this));
}

Tensor reshape(const Tensor& x, IntArrayRef sizes) {
  Tensor y = raw::reshape(x, sizes);
  if (y.is_alias_of(x))
    return record_view("ReshapeAliasBackward0", x, std::move(y), reshape_backward(x));
  return record("UnsafeViewBackward0", std::move(y), {x}, reshape_backward(x));
}
Tensor Tensor::reshape(IntArrayRef sizes) const { return taper::reshape(*this, sizes); }

Tensor flatten(const Tensor& x, int64_t start_dim, int64_t end_dim) {
  int64_t first = wrap_dim(start_dim, x.dim());
  int64_t last = wrap_dim(end_dim, x.dim());
  TAPER_CHECK(first <= last, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (x.dim() == 0) return x.reshape({1});
  if (first == last) return x;
  DimVector sizes;
  for (int64_t d = 0; d < first; ++d) sizes.push_back(x.size(d));
  int64_t run = 1;
  for (int64_t d = first; d <= last; ++d) run *= x.size(d);
  sizes.push_back(run);
  for (int64_t d = last + 1; d < x.dim(); ++d) sizes.push_back(x.size(d));
  return x.reshape(sizes);
}
Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const {
  return taper::flatten(*this, start_dim, end_dim);
}

Tensor ravel(const Tensor& x) { return x.contiguous().view({-1}); }
Tensor Tensor::ravel() const { return taper::ravel(*this); }

Tensor unflatten(const Tensor& x, int64_t dim, IntArrayRef parts) {
  const int64_t d = existing_dim(dim, x.dim());
  TAPER_CHECK(!parts.empty(), "unflatten: sizes must be non-empty");
  TAPER_CHECK(std::count(parts.begin(), parts.end(), -1) <= 1,
              "unflatten got an unexpected error:\nonly one dimension can be inferred");
  DimVector inferred;
  try {
    inferred = infer_size(parts, x.size(d));
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.find("is invalid for input of size") == std::string::npos) throw;
    detail::throw_error<Error>("unflatten: Provided sizes ", parts,
                               " don't multiply up to the size of dim ", d, " (", x.size(d),
                               ") in the input tensor");
  }
  DimVector sizes;
  for (int64_t i = 0; i < x.dim(); ++i) {
    if (i != d) {
      sizes.push_back(x.size(i));
    } else {
      for (int64_t size : inferred) sizes.push_back(size);
    }
  }
  return x.view(sizes);
}
Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const {
  return taper::unflatten(*this, dim, sizes);
}

Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1) {
  return record_view("TransposeBackward0", x, raw::transpose(x, dim0, dim1), [&](Save&) {
    return [dim0, dim1](Backward& ctx) { ctx.grad(0, ctx.out_grad().transpose(dim0, dim1)); };
  });
}
Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const {
  return taper::transpose(*this, dim0, dim1);
}

Tensor t(const Tensor& x) {
  TAPER_CHECK(x.dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", x.dim(),
              "D");
  Tensor y = x.dim() == 2 ? raw::transpose(x, 0, 1) : raw::alias(x);
  return record_view("TBackward0", x, std::move(y),
                     [](Save&) { return [](Backward& ctx) { ctx.grad(0, ctx.out_grad().t()); }; });
}
Tensor Tensor::t() const { return taper::t(*this); }

namespace {

// Without dimensions there is nothing to swap.
Tensor swap_last(const Tensor& x, const char* name) {
  TAPER_CHECK(x.dim() != 1, name,
              " is only supported on matrices or batches of matrices. Got 1-D tensor.");
  return x.dim() == 0 ? x : transpose(x, -2, -1);
}

}  // namespace

Tensor Tensor::mT() const { return swap_last(*this, "tensor.mT"); }
Tensor Tensor::mH() const { return swap_last(*this, "tensor.mH"); }
Tensor adjoint(const Tensor& x) { return swap_last(x, "tensor.adjoint()"); }
Tensor Tensor::adjoint() const { return taper::adjoint(*this); }
Tensor Tensor::matrix_H() const {
  TAPER_CHECK(dim() == 2 || dim() == 0,
              "tensor.H is only supported on matrices (2-D tensors). Got ", dim(), "-D tensor.",
              dim() > 2 ? " For batches of matrices, consider using tensor.mH" : "");
  return dim() == 0 ? *this : transpose(0, 1);
}

Tensor swapaxes(const Tensor& x, int64_t axis0, int64_t axis1) {
  return transpose(x, axis0, axis1);
}
Tensor swapdims(const Tensor& x, int64_t dim0, int64_t dim1) { return transpose(x, dim0, dim1); }

Tensor Tensor::numpy_T() const {
  DimVector order(static_cast<size_t>(dim()));
  std::iota(order.begin(), order.end(), int64_t{0});
  std::reverse(order.begin(), order.end());
  return permute(order);
}

Tensor permute(const Tensor& x, IntArrayRef dims) {
  return record_view("PermuteBackward0", x, raw::permute(x, dims), [&](Save&) {
    DimVector inverse(dims.size());
    for (size_t i = 0; i < dims.size(); ++i) {
      inverse[static_cast<size_t>(wrap_dim(dims[i], static_cast<int64_t>(dims.size())))] =
          static_cast<int64_t>(i);
    }
    return [inverse](Backward& ctx) { ctx.grad(0, ctx.out_grad().permute(inverse)); };
  });
}
Tensor Tensor::permute(IntArrayRef dims) const { return taper::permute(*this, dims); }

namespace {

DimVector distinct_dims(const char* what, IntArrayRef dims, int64_t ndim) {
  DimVector wrapped;
  for (int64_t dim : dims) wrapped.push_back(wrap_dim(dim, ndim));
  for (size_t i = 0; i < wrapped.size(); ++i) {
    TAPER_CHECK(std::find(wrapped.begin(), wrapped.begin() + i, wrapped[i]) == wrapped.begin() + i,
                "movedim: repeated dim in `", what, "` (", dims, ")");
  }
  return wrapped;
}

}  // namespace

Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  TAPER_CHECK(source.size() == destination.size(),
              "movedim: Invalid source or destination dims: source (", source,
              " dims) should contain the same number of dims as destination (", destination,
              " dims)");
  const DimVector from = distinct_dims("source", source, x.dim());
  const DimVector to = distinct_dims("destination", destination, x.dim());
  if (x.dim() == 0) return permute(x, {});
  DimVector order(x.sizes().size(), -1);
  for (size_t i = 0; i < from.size(); ++i) order[static_cast<size_t>(to[i])] = from[i];
  int64_t next = 0;
  for (int64_t& place : order) {
    if (place != -1) continue;
    while (std::find(from.begin(), from.end(), next) != from.end()) ++next;
    place = next++;
  }
  return permute(x, order);
}
Tensor movedim(const Tensor& x, int64_t source, int64_t destination) {
  return movedim(x, IntArrayRef(source), IntArrayRef(destination));
}
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  return movedim(x, source, destination);
}
Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination) {
  return movedim(x, source, destination);
}
Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const {
  return taper::movedim(*this, source, destination);
}
Tensor Tensor::movedim(int64_t source, int64_t destination) const {
  return taper::movedim(*this, source, destination);
}

Tensor squeeze(const Tensor& x) {
  return record_view("SqueezeBackward0", x, raw::squeeze(x, std::nullopt), reshape_backward(x));
}
Tensor squeeze(const Tensor& x, int64_t dim) {
  return record_view("SqueezeBackward1", x, raw::squeeze(x, dim), reshape_backward(x));
}
Tensor Tensor::squeeze() const { return taper::squeeze(*this); }
Tensor Tensor::squeeze(int64_t dim) const { return taper::squeeze(*this, dim); }

Tensor unsqueeze(const Tensor& x, int64_t dim) {
  return record_view("UnsqueezeBackward0", x, raw::unsqueeze(x, dim), reshape_backward(x));
}
Tensor Tensor::unsqueeze(int64_t dim) const { return taper::unsqueeze(*this, dim); }

// The engine sums the gradient over what was repeated.
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes) {
  return record_view("ExpandBackward0", x, raw::expand(x, sizes),
                     [](Save&) { return [](Backward& ctx) { ctx.grad(0, ctx.out_grad()); }; });
}
Tensor Tensor::broadcast_to(IntArrayRef sizes) const { return taper::broadcast_to(*this, sizes); }
Tensor Tensor::expand(IntArrayRef sizes, bool) const { return broadcast_to(sizes); }

Tensor slice(const Tensor& x, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end,
             int64_t step) {
  return record_view(
      "SliceBackward0", x, raw::slice(x, dim, start, end, step),
      partial_backward(x, [=](const Tensor& whole) { return whole.slice(dim, start, end, step); }));
}
Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end,
                     int64_t step) const {
  return taper::slice(*this, dim, start, end, step);
}

Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length) {
  TAPER_CHECK(x.dim() > 0, "narrow() cannot be applied to a 0-dim tensor.");
  const int64_t size = x.size(dim);
  const int64_t first = start == size ? start : wrap_dim(start, size);
  TAPER_CHECK(length >= 0 && length <= size - first, "start (", first, ") + length (", length,
              ") exceeds dimension size (", size, ").");
  return slice(x, dim, first, first + length, 1);
}
Tensor narrow(const Tensor& x, int64_t dim, const Tensor& start, int64_t length) {
  TAPER_CHECK(start.dim() == 0 && !start.is_floating_point() && start.scalar_type() != kBool,
              "start must be an 0-dim integral Tensor.");
  return narrow(x, dim, start.item<int64_t>(), length);
}
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const {
  return taper::narrow(*this, dim, start, length);
}
Tensor Tensor::narrow(int64_t dim, const Tensor& start, int64_t length) const {
  return taper::narrow(*this, dim, start, length);
}

Tensor select(const Tensor& x, int64_t dim, int64_t index) {
  return record_view(
      "SelectBackward0", x, raw::select(x, dim, index),
      partial_backward(x, [=](const Tensor& whole) { return whole.select(dim, index); }));
}
Tensor Tensor::select(int64_t dim, int64_t index) const { return taper::select(*this, dim, index); }

Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2) {
  return record_view(
      "DiagonalBackward0", x, raw::diagonal(x, offset, dim1, dim2),
      partial_backward(x, [=](const Tensor& whole) { return whole.diagonal(offset, dim1, dim2); }));
}
Tensor Tensor::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const {
  return taper::diagonal(*this, offset, dim1, dim2);
}

}  // namespace taper
