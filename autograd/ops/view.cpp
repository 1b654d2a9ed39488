// Views: the same elements in another shape. The backward of a view that shows only a part of its
// input adds into that part of the input's gradient.

#include <algorithm>
#include <numeric>

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

// Whether two elements of this geometry may share memory.
bool may_overlap(IntArrayRef sizes, IntArrayRef strides) {
  std::vector<size_t> order;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] > 1) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return strides[a] < strides[b]; });
  int64_t reach = 0;  // the last element that the dimensions so far lead to
  for (size_t i : order) {
    if (strides[i] <= reach) return true;
    reach += strides[i] * (sizes[i] - 1);
  }
  return false;
}

int64_t reach_of(IntArrayRef sizes, IntArrayRef strides) {
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) last += std::max<int64_t>(sizes[i] - 1, 0) * strides[i];
  return last;
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

Tensor Tensor::mT() const {
  TAPER_CHECK(dim() >= 2, "tensor.mT is only supported on matrices or batches of matrices. Got ",
              dim(), "-D tensor.");
  return transpose(-2, -1);
}

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
Tensor Tensor::expand(IntArrayRef sizes, bool) const { return broadcast_to(*this, sizes); }

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
  TAPER_CHECK(length >= 0, "narrow(): length must be non-negative.");
  int64_t size = x.size(dim);
  TAPER_CHECK_INDEX(start >= -size && start <= size,
                    "start out of range (expected to be in range of [", -size, ", ", size,
                    "], but got ", start, ")");
  int64_t first = start < 0 ? start + size : start;
  TAPER_CHECK(length <= size - first, "start (", first, ") + length (", length,
              ") exceeds dimension size (", size, ").");
  return slice(x, dim, first, first + length, 1);
}
Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const {
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

Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset) {
  int64_t at = offset.value_or(x.storage_offset());
  return record_view("AsStridedBackward0", x, raw::as_strided(x, sizes, strides, at), [&](Save&) {
    // Both geometries inside one buffer that begins with the first element of either.
    int64_t first = std::min(at, x.storage_offset());
    int64_t out_at = at - first;
    int64_t in_at = x.storage_offset() - first;
    int64_t extent =
        std::max(out_at + reach_of(sizes, strides), in_at + reach_of(x.sizes(), x.strides())) + 1;
    return [=, out_sizes = DimVector(sizes), out_strides = DimVector(strides),
            in_sizes = DimVector(x.sizes()), in_strides = DimVector(x.strides())](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      Tensor buffer = zeros({extent}, g.options());
      auto places = [&](const DimVector& s, const DimVector& st, int64_t begin) {
        return arange(extent).as_strided(s, st, begin).reshape({-1});
      };
      if (may_overlap(out_sizes, out_strides)) {
        buffer = buffer.index_add(0, places(out_sizes, out_strides, out_at), g.reshape({-1}));
      } else {
        buffer.as_strided(out_sizes, out_strides, out_at).copy_(g);
      }
      if (may_overlap(in_sizes, in_strides)) {
        // Input elements that share memory share its gradient evenly, as in PyTorch.
        Tensor places_in = places(in_sizes, in_strides, in_at);
        Tensor count = zeros({extent}, g.options())
                           .index_add(0, places_in, ones(places_in.sizes(), g.options()));
        buffer = buffer / count.clamp_min(1);
      }
      ctx.grad(0, buffer.as_strided(in_sizes, in_strides, in_at));
    };
  });
}
Tensor Tensor::as_strided(IntArrayRef sizes, IntArrayRef strides,
                          std::optional<int64_t> offset) const {
  return taper::as_strided(*this, sizes, strides, offset);
}

// --- Several views of one tensor: their gradients are joined, zeros where one was not used ---

namespace {

template <class Join>
std::vector<Tensor> record_views(const char* name, const Tensor& x, std::vector<Tensor> parts,
                                 Join join) {
  for (const Tensor& part : parts) autograd::internal::mark_view(part, x, true);
  autograd::record_outputs(name, parts, {x}, [&](Save&) {
    return [join](Backward& ctx) {
      std::vector<Tensor> grads;
      for (size_t k = 0; k < ctx.num_out_grads(); ++k)
        grads.push_back(ctx.materialized_out_grad(k));
      ctx.grad(0, join(grads));
    };
  });
  return parts;
}

}  // namespace

std::vector<Tensor> split(const Tensor& x, int64_t split_size, int64_t dim) {
  TAPER_CHECK(x.dim() != 0, "split expects at least a 1-dimensional tensor");
  TAPER_CHECK(split_size >= 0,
              "split expects split_size be non-negative, but got split_size=", split_size);
  int64_t size = x.size(dim);
  TAPER_CHECK(split_size > 0 || size == 0,
              "split_size can only be 0 if dimension size is 0, but got dimension size of ", size);
  std::vector<Tensor> parts;
  int64_t at = 0;
  do {
    int64_t length = std::min(split_size, size - at);
    parts.push_back(raw::slice(x, dim, at, at + length, 1));
    at += length;
  } while (at < size);
  return record_views("SplitBackward0", x, std::move(parts),
                      [dim](const std::vector<Tensor>& grads) { return cat(grads, dim); });
}
std::vector<Tensor> split(const Tensor& x, IntArrayRef split_sizes, int64_t dim) {
  TAPER_CHECK(x.dim() != 0, "split expects at least a 1-dimensional tensor");
  int64_t size = x.size(dim);
  int64_t at = 0;
  bool overflow = false;
  for (int64_t length : split_sizes) {
    TAPER_CHECK(
        length >= 0,
        "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=",
        split_sizes);
    overflow |= __builtin_add_overflow(at, length, &at);
  }
  TAPER_CHECK(!overflow && at == size, "split_with_sizes expects split_sizes to sum exactly to ",
              size, " (input tensor's size at dimension ", dim,
              "), but got split_sizes=", split_sizes);
  std::vector<Tensor> parts;
  at = 0;
  for (int64_t length : split_sizes) {
    parts.push_back(raw::slice(x, dim, at, at + length, 1));
    at += length;
  }
  return record_views("SplitWithSizesBackward0", x, std::move(parts),
                      [dim](const std::vector<Tensor>& grads) { return cat(grads, dim); });
}
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim) {
  TAPER_CHECK(x.dim() > 0, "chunk expects at least a 1-dimensional tensor");
  TAPER_CHECK(chunks > 0, "chunk expects `chunks` to be greater than 0, got: ", chunks);
  int64_t size = x.size(dim);
  int64_t split_size = size / chunks + (size % chunks != 0 ? 1 : 0);
  if (split_size == 0) return split(x, DimVector(static_cast<size_t>(chunks), 0), dim);
  return split(x, split_size, dim);
}
std::vector<Tensor> unbind(const Tensor& x, int64_t dim) {
  TAPER_CHECK_INDEX(x.dim() > 0, "unbind(): Dimension specified as ", dim,
                    " but tensor has no dimensions");
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < x.size(dim); ++i) parts.push_back(raw::select(x, dim, i));
  int64_t d = wrap_dim(dim, x.dim());
  return record_views("UnbindBackward0", x, std::move(parts),
                      [d](const std::vector<Tensor>& grads) { return stack(grads, d); });
}
TensorVector Tensor::split(int64_t split_size, int64_t dim) const {
  return taper::split(*this, split_size, dim);
}
TensorVector Tensor::split(IntArrayRef split_sizes, int64_t dim) const {
  return taper::split(*this, split_sizes, dim);
}
TensorVector Tensor::chunk(int64_t chunks, int64_t dim) const {
  return taper::chunk(*this, chunks, dim);
}
TensorVector Tensor::unbind(int64_t dim) const { return taper::unbind(*this, dim); }

}  // namespace taper
