// Variances and standard deviations, alone and beside the mean.

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/reduce.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_outputs;
using autograd::ReducedDims;
using autograd::Save;

namespace {

// d var / dx = 2 (x - mean) / (n - correction)
Tensor var_backward(const Tensor& g, const Tensor& x, const ReducedDims& dims, int64_t correction) {
  const double divisor = static_cast<double>(std::max<int64_t>(0, dims.count() - correction));
  return dims.keep(g) * (2.0 / divisor) * (x - mean(x, dims.dims(), true));
}

// A constant x has the gradient 0, where the formula divides by 0.
Tensor std_backward(const Tensor& g, const Tensor& x, const Tensor& y, const ReducedDims& dims,
                    int64_t correction) {
  const Tensor zero = y == 0;
  const Tensor var_g = where(zero, 0, g / (where(zero, 1, y) * 2));
  return var_backward(var_g, x, dims, correction);
}

Tensor var_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction, bool keepdim) {
  return record("VarBackward0", raw::var(x, dim, correction, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), correction, x = s.input(x)](Backward& ctx) {
      ctx.grad(0, var_backward(ctx.out_grad(), x(), dims, correction));
    };
  });
}

Tensor std_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction, bool keepdim) {
  return record("StdBackward0", raw::std(x, dim, correction, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), correction, x = s.input(x),
            y = s.output()](Backward& ctx) {
      ctx.grad(0, std_backward(ctx.out_grad(), x(), y(), dims, correction));
    };
  });
}

std::tuple<Tensor, Tensor> with_mean(bool root, const Tensor& x, OptionalIntArrayRef dim,
                                     int64_t correction, bool keepdim) {
  TAPER_CHECK(x.is_floating_point(), root ? "std_mean" : "var_mean",
              " only support floating point and complex dtypes, got ", x.scalar_type());
  std::vector<Tensor> outputs = {
      root ? raw::std(x, dim, correction, keepdim) : raw::var(x, dim, correction, keepdim),
      raw::mean(x, dim, keepdim)};
  record_outputs(root ? "StdMeanBackward0" : "VarMeanBackward0", outputs, {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), correction, root, x = s.input(x),
            y = s.output()](Backward& ctx) {
      const Tensor& g = ctx.out_grad(0);
      if (g.defined()) {
        ctx.grad(0, root ? std_backward(g, x(), y(), dims, correction)
                         : var_backward(g, x(), dims, correction));
      }
      if (ctx.out_grad(1).defined()) {
        ctx.grad(0, dims.expand(ctx.out_grad(1) / static_cast<double>(dims.count())));
      }
    };
  });
  return {std::move(outputs[0]), std::move(outputs[1])};
}

std::tuple<Tensor, Tensor> var_mean_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction,
                                       bool keepdim) {
  return with_mean(false, x, dim, correction, keepdim);
}

std::tuple<Tensor, Tensor> std_mean_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction,
                                       bool keepdim) {
  return with_mean(true, x, dim, correction, keepdim);
}

using Pair = std::tuple<Tensor, Tensor>;

}  // namespace

// Each of the four with the three ways of naming the dimensions and the divisor.
#define TAPER_MOMENT(name, Result, compute)                                                \
  Result name(const Tensor& x, bool unbiased) {                                            \
    return compute(x, std::nullopt, unbiased ? 1 : 0, false);                              \
  }                                                                                        \
  Result name(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {     \
    return compute(x, dim, unbiased ? 1 : 0, keepdim);                                     \
  }                                                                                        \
  Result name(const Tensor& x, OptionalIntArrayRef dim, std::optional<int64_t> correction, \
              bool keepdim) {                                                              \
    return compute(x, dim, correction.value_or(1), keepdim);                               \
  }
TAPER_MOMENT(var, Tensor, var_of)
TAPER_MOMENT(std, Tensor, std_of)
TAPER_MOMENT(var_mean, Pair, var_mean_of)
TAPER_MOMENT(std_mean, Pair, std_mean_of)
#undef TAPER_MOMENT

Tensor Tensor::var(bool unbiased) const { return taper::var(*this, unbiased); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return taper::var(*this, dim, unbiased, keepdim);
}
Tensor Tensor::var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const {
  return taper::var(*this, dim, correction, keepdim);
}
Tensor Tensor::std(bool unbiased) const { return taper::std(*this, unbiased); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return taper::std(*this, dim, unbiased, keepdim);
}
Tensor Tensor::std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const {
  return taper::std(*this, dim, correction, keepdim);
}

}  // namespace taper
