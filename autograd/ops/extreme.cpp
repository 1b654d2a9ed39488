// The greatest and the least elements, and where they are.

#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/reduce.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_outputs;
using autograd::ReducedDims;
using autograd::Save;

namespace {

// All elements that are as great as the result share its gradient.
Tensor record_shared(const char* name, Tensor result, const Tensor& x, OptionalIntArrayRef dim,
                     bool keepdim) {
  return record(name, std::move(result), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor mask = dims.is_extreme(x(), dims.keep(y()));
      ctx.grad(0, dims.share(dims.keep(ctx.out_grad()), mask));
    };
  });
}

// The gradient goes to the element that was taken.
std::tuple<Tensor, Tensor> record_taken(const char* name, std::tuple<Tensor, Tensor> result,
                                        const Tensor& x, int64_t dim, bool keepdim) {
  std::vector<Tensor> outputs = {std::get<0>(std::move(result)), std::get<1>(std::move(result))};
  record_outputs(name, outputs, {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), dim, sizes = DimVector(x.sizes()),
            indices = s.input(outputs[1])](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (!g.defined()) return;
      if (sizes.empty()) return ctx.grad(0, g);
      ctx.grad(0, scatter_add(raw::zeros(sizes, g.scalar_type()), dim, dims.keep(indices()),
                              dims.keep(g)));
    };
  });
  return {std::move(outputs[0]), std::move(outputs[1])};
}

}  // namespace

Tensor max(const Tensor& x) {
  return record_shared("MaxBackward1", raw::amax(x, {}, false, "max"), x, std::nullopt, false);
}
Tensor min(const Tensor& x) {
  return record_shared("MinBackward1", raw::amin(x, {}, false, "min"), x, std::nullopt, false);
}
std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim) {
  return record_taken("MaxBackward0", raw::max(x, dim, keepdim), x, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim) {
  return record_taken("MinBackward0", raw::min(x, dim, keepdim), x, dim, keepdim);
}
Tensor amax(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return record_shared("AmaxBackward0", raw::amax(x, dim, keepdim), x, dim, keepdim);
}
Tensor amin(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return record_shared("AminBackward0", raw::amin(x, dim, keepdim), x, dim, keepdim);
}
Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return raw::argmax(x, dim, keepdim);
}
Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return raw::argmin(x, dim, keepdim);
}

Tensor Tensor::max() const { return taper::max(*this); }
Tensor Tensor::min() const { return taper::min(*this); }
std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const {
  return taper::max(*this, dim, keepdim);
}
std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const {
  return taper::min(*this, dim, keepdim);
}
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const {
  return taper::amax(*this, dim, keepdim);
}
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const {
  return taper::amin(*this, dim, keepdim);
}
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const {
  return taper::argmax(*this, dim, keepdim);
}
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const {
  return taper::argmin(*this, dim, keepdim);
}

}  // namespace taper
