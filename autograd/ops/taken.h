#pragma once

#include <tuple>
#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd {

// Records (values, indices along dim) whose values were taken from x: the gradients go back to
// where they came from.
inline std::tuple<Tensor, Tensor> record_moved(const char* name, std::tuple<Tensor, Tensor> result,
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

// The same for one element of each run along dim.
inline std::tuple<Tensor, Tensor> record_taken(const char* name, std::tuple<Tensor, Tensor> result,
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

// All elements that are as great as the result share its gradient.
inline Tensor record_shared(const char* name, Tensor result, const Tensor& x,
                            OptionalIntArrayRef dim, bool keepdim) {
  return record(name, std::move(result), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor mask = dims.is_extreme(x(), dims.keep(y()));
      ctx.grad(0, dims.share(dims.keep(ctx.out_grad()), mask));
    };
  });
}

}  // namespace taper::autograd
