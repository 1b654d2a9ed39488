// Ordering along a dimension. The gradients go back to where the elements came from.

#include "taper/tensor/raw/sort.h"

#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"

namespace taper {

using autograd::Backward;
using autograd::record_outputs;
using autograd::Save;

namespace {

std::tuple<Tensor, Tensor> record_moved(const char* name, std::tuple<Tensor, Tensor> result,
                                        const Tensor& x, int64_t dim) {
  std::vector<Tensor> outputs = {std::get<0>(std::move(result)), std::get<1>(std::move(result))};
  record_outputs(name, outputs, {x}, [&](Save& s) {
    return [dim, sizes = DimVector(x.sizes()), indices = s.input(outputs[1])](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (!g.defined()) return;
      if (sizes.empty()) return ctx.grad(0, g);
      ctx.grad(0, scatter_add(raw::zeros(sizes, g.scalar_type()), dim, indices(), g));
    };
  });
  return {std::move(outputs[0]), std::move(outputs[1])};
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending) {
  return record_moved("SortBackward0", raw::sort(x, dim, descending), x, dim);
}
// Always sorted: an order costs little beside the choice.
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest, bool) {
  return record_moved("TopkBackward0", raw::topk(x, k, dim, largest), x, dim);
}
Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  return raw::argsort(x, dim, descending);
}

std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const {
  return taper::sort(*this, dim, descending);
}
std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const {
  return taper::topk(*this, k, dim, largest, sorted);
}
Tensor Tensor::argsort(int64_t dim, bool descending) const {
  return taper::argsort(*this, dim, descending);
}

}  // namespace taper
