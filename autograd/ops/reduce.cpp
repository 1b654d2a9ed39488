// Sums, products and truth values over dimensions.

#include "taper/tensor/raw/reduce.h"

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

// NaN has no part in the sum and gets no gradient.
Tensor nansum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
              std::optional<ScalarType> dtype) {
  return record("NansumBackward0", raw::nansum(x, dim, keepdim, dtype), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), x = s.input(x)](Backward& ctx) {
      ctx.grad(0, where(isnan(x()), 0, dims.expand(ctx.out_grad())));
    };
  });
}
Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim,
               std::optional<ScalarType> dtype) {
  TAPER_CHECK(x.is_floating_point(),
              "nanmean(): expected input to have floating point dtype but got ", x.scalar_type());
  return nansum(x, dim, keepdim, dtype) / sum(logical_not(isnan(x.detach())), dim, keepdim);
}

Tensor count_nonzero(const Tensor& x, IntArrayRef dim) { return raw::count_nonzero(x, dim); }
Tensor count_nonzero(const Tensor& x, std::optional<int64_t> dim) {
  return raw::count_nonzero(x, dim ? OptionalIntArrayRef(*dim) : OptionalIntArrayRef());
}

Tensor all(const Tensor& x) { return raw::all(x, std::nullopt); }
Tensor all(const Tensor& x, int64_t dim, bool keepdim) { return raw::all(x, dim, keepdim); }
Tensor any(const Tensor& x) { return raw::any(x, std::nullopt); }
Tensor any(const Tensor& x, int64_t dim, bool keepdim) { return raw::any(x, dim, keepdim); }

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
Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim,
                      std::optional<ScalarType> dtype) const {
  return taper::nansum(*this, dim, keepdim, dtype);
}
Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim,
                       std::optional<ScalarType> dtype) const {
  return taper::nanmean(*this, dim, keepdim, dtype);
}
Tensor Tensor::count_nonzero(IntArrayRef dim) const { return taper::count_nonzero(*this, dim); }
Tensor Tensor::count_nonzero(std::optional<int64_t> dim) const {
  return taper::count_nonzero(*this, dim);
}
Tensor Tensor::all() const { return taper::all(*this); }
Tensor Tensor::all(int64_t dim, bool keepdim) const { return taper::all(*this, dim, keepdim); }
Tensor Tensor::any() const { return taper::any(*this); }
Tensor Tensor::any(int64_t dim, bool keepdim) const { return taper::any(*this, dim, keepdim); }

}  // namespace taper
