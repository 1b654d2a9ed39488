// Sums, products, moments and norms over dimensions, and cumulative sums.

#include "taper/tensor/raw/reduce.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::ReducedDims;
using autograd::Save;

namespace {

Tensor sum_of(const char* name, const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
              std::optional<ScalarType> dtype) {
  return record(name, raw::sum(x, dim, keepdim, dtype), {x}, [&](Save&) {
    return [dims = ReducedDims(x, dim, keepdim)](Backward& ctx) {
      ctx.grad(0, dims.expand(ctx.out_grad()));
    };
  });
}

Tensor mean_of(const char* name, const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
               std::optional<ScalarType> dtype) {
  return record(name, raw::mean(x, dim, keepdim, dtype), {x}, [&](Save&) {
    return [dims = ReducedDims(x, dim, keepdim)](Backward& ctx) {
      ctx.grad(0, dims.expand(ctx.out_grad() / static_cast<double>(dims.count())));
    };
  });
}

// Every other element along d, from `first` on.
Tensor every_other(const Tensor& x, int64_t d, int64_t first) {
  return slice(x, d, first, std::nullopt, 2);
}

// y[i] = the product of all x[j] with j != i along d, without a division: up a tree of products of
// pairs, then down it again, where each child gets its parent's rest times its sibling.
Tensor products_of_others(const Tensor& x, int64_t d) {
  if (x.numel() == 0) return ones_like(x);
  std::vector<Tensor> levels;
  Tensor level = x;
  while (level.size(d) > 1) {
    if (level.size(d) % 2 != 0) level = cat({level, ones_like(narrow(level, d, 0, 1))}, d);
    levels.push_back(level);
    level = every_other(level, d, 0) * every_other(level, d, 1);
  }
  Tensor rest = ones_like(level);
  for (; !levels.empty(); levels.pop_back()) {
    const Tensor& pairs = levels.back();
    const int64_t parents = pairs.size(d) / 2;
    if (rest.size(d) != parents) rest = narrow(rest, d, 0, parents);  // without the padding
    rest = flatten(stack({rest * every_other(pairs, d, 1), rest * every_other(pairs, d, 0)}, d + 1),
                   d, d + 1);
  }
  return rest.size(d) == x.size(d) ? rest : narrow(rest, d, 0, x.size(d));
}

Tensor prod_of(const char* name, const Tensor& x, std::optional<int64_t> dim, bool keepdim,
               std::optional<ScalarType> dtype) {
  return record(name, raw::prod(x, dim, keepdim, dtype), {x}, [&](Save& s) {
    const auto dims = dim ? ReducedDims(x, *dim, keepdim) : ReducedDims(x, std::nullopt, keepdim);
    return [dims, dim, x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor in = x();
      const Tensor out = y();
      const Tensor g = ctx.out_grad();
      if (in.dim() == 0) return ctx.grad(0, g);
      if (raw::item(all(logical_and(out != 0, isfinite(out)))).toBool()) {
        return ctx.grad(0, dims.keep(g * out) / in);
      }
      const Tensor others = dim ? products_of_others(in, wrap_dim(*dim, in.dim()))
                                : reshape(products_of_others(flatten(in), 0), in.sizes());
      ctx.grad(0, dims.keep(g) * others);
    };
  });
}

// d var / dx = 2 (x - mean) / (n - correction)
Tensor var_backward(const Tensor& g, const Tensor& x, const ReducedDims& dims, int64_t correction) {
  const double divisor = static_cast<double>(std::max<int64_t>(0, dims.count() - correction));
  return dims.keep(g) * (2.0 / divisor) * (x - mean(x, dims.dims(), true));
}

Tensor var_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction, bool keepdim) {
  return record("VarBackward0", raw::var(x, dim, correction, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), correction, x = s.input(x)](Backward& ctx) {
      ctx.grad(0, var_backward(ctx.out_grad(), x(), dims, correction));
    };
  });
}

// A constant x has the gradient 0, where the formula divides by 0.
Tensor std_of(const Tensor& x, OptionalIntArrayRef dim, int64_t correction, bool keepdim) {
  return record("StdBackward0", raw::std(x, dim, correction, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), correction, x = s.input(x),
            y = s.output()](Backward& ctx) {
      const Tensor out = y();
      const Tensor g = where(out == 0, 0, ctx.out_grad() / (where(out == 0, 1, out) * 2));
      ctx.grad(0, var_backward(g, x(), dims, correction));
    };
  });
}

// g, y: of the norm, with the reduced dimensions as 1. Where y is 0, g / y^k would be infinite, and
// 0 is taken for the gradient.
Tensor norm_backward(const Tensor& g, const Tensor& x, const Tensor& y, double p,
                     const ReducedDims& dims) {
  const auto over_power = [&](double k) {
    const Tensor zero = y == 0;
    const Tensor safe = where(zero, 1, y);
    return where(zero, 0, g / (k == 1 ? safe : pow(safe, k)));
  };
  if (p == 0) return zeros_like(x);
  if (p == 1) return sign(x) * g;
  if (p == 2) return x * over_power(1);
  if (std::isinf(p)) {
    return sign(x) * dims.share(g, dims.is_extreme(abs(x), y));
  }
  // |x|^(p - 1), which is infinite at 0 for p < 1.
  const Tensor power =
      p < 1 ? where(x == 0, 0, pow(where(x == 0, 1, abs(x)), p - 1)) : pow(abs(x), p - 1);
  return sign(x) * power * over_power(p - 1);
}

Tensor norm_of(const char* name, const Tensor& x, double p, IntArrayRef dim, bool keepdim) {
  return record(name, raw::norm(x, p, dim, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), p, x = s.input(x), y = s.output()](Backward& ctx) {
      ctx.grad(0, norm_backward(dims.keep(ctx.out_grad()), x(), dims.keep(y()), p, dims));
    };
  });
}

}  // namespace

Tensor sum(const Tensor& x, std::optional<ScalarType> dtype) {
  return sum_of("SumBackward0", x, std::nullopt, false, dtype);
}
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
           std::optional<ScalarType> dtype) {
  return sum_of("SumBackward1", x, dim, keepdim, dtype);
}
Tensor mean(const Tensor& x, std::optional<ScalarType> dtype) {
  return mean_of("MeanBackward0", x, std::nullopt, false, dtype);
}
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
            std::optional<ScalarType> dtype) {
  return mean_of("MeanBackward1", x, dim, keepdim, dtype);
}
Tensor prod(const Tensor& x, std::optional<ScalarType> dtype) {
  return prod_of("ProdBackward0", x, std::nullopt, false, dtype);
}
Tensor prod(const Tensor& x, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  return prod_of("ProdBackward1", x, dim, keepdim, dtype);
}

Tensor var(const Tensor& x, bool unbiased) {
  return var_of(x, std::nullopt, unbiased ? 1 : 0, false);
}
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return var_of(x, dim, unbiased ? 1 : 0, keepdim);
}
Tensor std(const Tensor& x, bool unbiased) {
  return std_of(x, std::nullopt, unbiased ? 1 : 0, false);
}
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std_of(x, dim, unbiased ? 1 : 0, keepdim);
}

Tensor norm(const Tensor& x, const Scalar& p) {
  return norm_of("NormBackward0", x, p.toDouble(), {}, false);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return norm_of("NormBackward1", x, p ? p->toDouble() : 2, dim, keepdim);
}

Tensor all(const Tensor& x) { return raw::all(x, std::nullopt); }
Tensor all(const Tensor& x, int64_t dim, bool keepdim) { return raw::all(x, dim, keepdim); }
Tensor any(const Tensor& x) { return raw::any(x, std::nullopt); }
Tensor any(const Tensor& x, int64_t dim, bool keepdim) { return raw::any(x, dim, keepdim); }

// The gradient adds up from the other end.
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return record("CumsumBackward0", raw::cumsum(x, dim, dtype), {x}, [&](Save&) {
    return [dim](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      ctx.grad(0, g.dim() == 0 ? g : flip(cumsum(flip(g, dim), dim), dim));
    };
  });
}

Tensor Tensor::sum(std::optional<ScalarType> dtype) const { return taper::sum(*this, dtype); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return taper::sum(*this, dim, keepdim, dtype);
}
Tensor Tensor::mean(std::optional<ScalarType> dtype) const { return taper::mean(*this, dtype); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return taper::mean(*this, dim, keepdim, dtype);
}
Tensor Tensor::prod(std::optional<ScalarType> dtype) const { return taper::prod(*this, dtype); }
Tensor Tensor::prod(int64_t dim, bool keepdim, std::optional<ScalarType> dtype) const {
  return taper::prod(*this, dim, keepdim, dtype);
}
Tensor Tensor::var(bool unbiased) const { return taper::var(*this, unbiased); }
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return taper::var(*this, dim, unbiased, keepdim);
}
Tensor Tensor::std(bool unbiased) const { return taper::std(*this, unbiased); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const {
  return taper::std(*this, dim, unbiased, keepdim);
}
Tensor Tensor::norm(const Scalar& p) const { return taper::norm(*this, p); }
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) const {
  return taper::norm(*this, p, dim, keepdim);
}
Tensor Tensor::all() const { return taper::all(*this); }
Tensor Tensor::all(int64_t dim, bool keepdim) const { return taper::all(*this, dim, keepdim); }
Tensor Tensor::any() const { return taper::any(*this); }
Tensor Tensor::any(int64_t dim, bool keepdim) const { return taper::any(*this, dim, keepdim); }
Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const {
  return taper::cumsum(*this, dim, dtype);
}

}  // namespace taper
