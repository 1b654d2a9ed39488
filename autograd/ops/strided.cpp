// Views of any geometry, whose elements may share memory.

#include <algorithm>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record_view;
using autograd::Save;

namespace {

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

// Windows of `size` elements, `step` apart: each stands along a new last dimension.
Tensor Tensor::unfold(int64_t dim, int64_t size, int64_t step) const {
  const int64_t d = wrap_dim(dim, this->dim());
  const int64_t length = this->dim() == 0 ? 1 : this->size(d);
  TAPER_CHECK(size <= length, "maximum size for tensor at dimension ", d, " is ", length,
              " but size is ", size);
  TAPER_CHECK(step > 0, "step is ", step, " but must be > 0");
  DimVector new_sizes = sizes();
  DimVector new_strides = strides();
  new_sizes.push_back(size);
  new_strides.push_back(this->dim() == 0 ? 1 : stride(d));
  const int64_t windows = (length - std::max<int64_t>(size, 0)) / step + 1;
  if (this->dim() != 0) {
    int64_t wide = 0;
    new_sizes[static_cast<size_t>(d)] = windows;
    // The stride of a single window is never used.
    if (!__builtin_mul_overflow(stride(d), step, &wide)) new_strides[static_cast<size_t>(d)] = wide;
  }
  return record_view(
      "UnfoldBackward0", *this, raw::as_strided(*this, new_sizes, new_strides, storage_offset()),
      [&](Save&) {
        return [=, sizes = DimVector(sizes())](Backward& ctx) {
          const Tensor& g = ctx.out_grad();
          if (sizes.empty()) return ctx.grad(0, g.sum());
          // Window by window along d, as the elements stood.
          const Tensor rows = g.movedim(-1, d + 1).flatten(d, d + 1);
          const Tensor places = arange(length).as_strided({windows, size}, {step, 1}).reshape({-1});
          ctx.grad(0, zeros(sizes, g.options()).index_add(d, places, rows));
        };
      });
}

}  // namespace taper
