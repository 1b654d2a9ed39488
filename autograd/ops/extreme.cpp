// The greatest and the least elements, and where they are.

#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/ops/taken.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/reduce.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record_outputs;
using autograd::record_shared;
using autograd::record_taken;
using autograd::ReducedDims;
using autograd::Save;

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
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  std::tuple<Tensor, Tensor> result = raw::aminmax(x, dim, keepdim);
  std::vector<Tensor> outputs = {std::get<0>(std::move(result)), std::get<1>(std::move(result))};
  record_outputs("AminmaxBackward0", outputs, {x}, [&](Save& s) {
    const OptionalIntArrayRef dims = dim ? OptionalIntArrayRef(*dim) : OptionalIntArrayRef();
    // Without a dim keepdim gives as many dimensions as x has.
    return [dims = ReducedDims(x, dims, keepdim), x = s.input(x), low = s.output(0),
            high = s.output(1)](Backward& ctx) {
      const auto spread = [&](const Tensor& g, const Tensor& y) {
        if (!g.defined()) return;
        ctx.grad(0, dims.share(dims.keep(g), dims.is_extreme(x(), dims.keep(y))));
      };
      spread(ctx.out_grad(0), low());
      spread(ctx.out_grad(1), high());
    };
  });
  return {std::move(outputs[0]), std::move(outputs[1])};
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
std::tuple<Tensor, Tensor> Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const {
  return taper::aminmax(*this, dim, keepdim);
}
Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const {
  return taper::argmax(*this, dim, keepdim);
}
Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const {
  return taper::argmin(*this, dim, keepdim);
}

}  // namespace taper
