// Tensors put together: each input's gradient is the part of the result's where it stands.

#include "taper/tensor/raw/join.h"

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::InputRef;
using autograd::record;
using autograd::Save;

Tensor cat(TensorList tensors, int64_t dim) {
  const std::vector<InputRef> inputs(tensors.begin(), tensors.end());
  Tensor result = raw::cat(tensors, dim);
  return record("CatBackward0", result, inputs, [&](Save&) {
    dim = wrap_dim(dim, result.dim());
    std::vector<int64_t> lengths;  // -1 where cat leaves the input out
    lengths.reserve(tensors.size());
    for (const Tensor& x : tensors) {
      lengths.push_back(raw::skipped_by_cat(x) ? -1 : x.size(dim));
    }
    return [lengths = std::move(lengths), dim](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      int64_t begin = 0;
      for (size_t i = 0; i < lengths.size(); ++i) {
        const bool used = lengths[i] >= 0;
        if (ctx.needs(i)) {
          ctx.grad(i, used ? narrow(g, dim, begin, lengths[i]) : raw::empty({0}, g.scalar_type()));
        }
        if (used) begin += lengths[i];
      }
    };
  });
}

Tensor stack(TensorList tensors, int64_t dim) {
  const std::vector<InputRef> inputs(tensors.begin(), tensors.end());
  Tensor result = raw::stack(tensors, dim);
  return record("StackBackward0", result, inputs, [&](Save&) {
    return [dim = wrap_dim(dim, result.dim()), count = tensors.size()](Backward& ctx) {
      for (size_t i = 0; i < count; ++i) {
        if (ctx.needs(i)) ctx.grad(i, select(ctx.out_grad(), dim, static_cast<int64_t>(i)));
      }
    };
  });
}

Tensor Tensor::repeat(IntArrayRef repeats) const {
  return record("RepeatBackward0", raw::repeat(*this, repeats), {*this}, [&](Save&) {
    return [repeats = DimVector(repeats), sizes = DimVector(sizes())](Backward& ctx) {
      if (repeats.empty()) {
        ctx.grad(0, ctx.out_grad());
        return;
      }
      // Seen as [r0, s0, r1, s1, ...], the copies stand along the r.
      const size_t added = repeats.size() - sizes.size();
      DimVector split, copies;
      for (size_t d = 0; d < repeats.size(); ++d) {
        split.push_back(repeats[d]);
        split.push_back(d < added ? 1 : sizes[d - added]);
        copies.push_back(static_cast<int64_t>(2 * d));
      }
      ctx.grad(0, ctx.out_grad().reshape(split).sum(IntArrayRef(copies)).reshape(sizes));
    };
  });
}

}  // namespace taper
