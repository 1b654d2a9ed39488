// Running sums, products and extremes along a dimension, and differences.

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/taken.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/scan.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::record_moved;
using autograd::Save;

namespace {

// From the other end.
Tensor reversed_cumsum(const Tensor& x, int64_t dim) {
  return x.dim() == 0 ? x : flip(cumsum(flip(x, dim), dim), dim);
}

auto cumsum_saver(int64_t dim) {
  return [dim](Save&) {
    return [dim](Backward& ctx) { ctx.grad(0, reversed_cumsum(ctx.out_grad(), dim)); };
  };
}

// dx[k] = before[k] * after[k], without a division: before[k] is the product of the elements before
// k, and after[k] = g[k] + x[k + 1] after[k + 1].
Tensor cumprod_backward_with_zeros(const Tensor& g, const Tensor& x, int64_t dim) {
  const int64_t n = x.size(dim);
  const Tensor first = ones_like(narrow(x, dim, 0, 1));
  const Tensor before = cat({first, cumprod(narrow(x, dim, 0, n - 1), dim)}, dim);
  std::vector<Tensor> after(static_cast<size_t>(n));
  for (int64_t k = n - 1; k >= 0; --k) {
    const auto i = static_cast<size_t>(k);
    after[i] = narrow(g, dim, k, 1);
    if (k + 1 < n) after[i] = after[i] + narrow(x, dim, k + 1, 1) * after[i + 1];
  }
  return before * cat(after, dim);
}

auto cumprod_saver(const Tensor& x, int64_t dim) {
  return [&x, dim](Save& s) {
    return [dim, x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor in = x();
      const Tensor& g = ctx.out_grad();
      if (in.dim() == 0 || in.numel() == 0) return ctx.grad(0, g);
      if (raw::item(all(logical_and(in != 0, isfinite(in)))).toBool()) {
        return ctx.grad(0, reversed_cumsum(g * y(), dim) / in);
      }
      ctx.grad(0, cumprod_backward_with_zeros(g, in, wrap_dim(dim, in.dim())));
    };
  };
}

void check_in_place(const char* kernel, const Tensor& self, std::optional<ScalarType> dtype) {
  TAPER_CHECK(!dtype || *dtype == self.scalar_type(), "Bad in-place call: input tensor dtype ",
              self.dtype().name(), " and output tensor dtype ",
              TypeMeta(dtype.value_or(self.scalar_type())).name(), " should match");
  TAPER_CHECK(self.scalar_type() != kBool || self.numel() == 0 || self.dim() == 0, "\"", kernel,
              "\" not implemented for 'Bool'");
}

}  // namespace

Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return record("CumsumBackward0", raw::cumsum(x, dim, dtype), {x}, cumsum_saver(dim));
}
Tensor& Tensor::cumsum_(int64_t dim, std::optional<ScalarType> dtype) const {
  check_in_place("cumsum_out_cpu", *this, dtype);
  const Tensor y = raw::cumsum(*this, dim);
  return record_inplace(
      "CumsumBackward0", *this, {*this}, [&] { raw::copy(*this, y); }, cumsum_saver(dim));
}

Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return record("CumprodBackward0", raw::cumprod(x, dim, dtype), {x}, cumprod_saver(x, dim));
}
Tensor& Tensor::cumprod_(int64_t dim, std::optional<ScalarType> dtype) const {
  check_in_place("cumprod_out_cpu", *this, dtype);
  const Tensor y = raw::cumprod(*this, dim);
  return record_inplace(
      "CumprodBackward0", *this, {*this}, [&] { raw::copy(*this, y); }, cumprod_saver(*this, dim));
}

// dx[k] = exp(x[k]) * sum over i >= k of g[i] exp(-y[i]), in logarithms, for the exponentials may
// be huge; once for the positive and once for the negative gradients.
Tensor logcumsumexp(const Tensor& x, int64_t dim) {
  return record("LogcumsumexpBackward0", raw::logcumsumexp(x, dim), {x}, [&](Save& s) {
    return [dim, x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      const Tensor in = x();
      if (in.dim() == 0 || in.numel() == 0) return ctx.grad(0, g);
      const double lowest = in.scalar_type() == kFloat32 ? std::numeric_limits<float>::lowest()
                                                         : std::numeric_limits<double>::lowest();
      const auto part = [&](const Tensor& size) {
        const Tensor counts = size > 0;
        const Tensor log_g = where(counts, log(where(counts, size, 1)), lowest);
        return exp(flip(logcumsumexp(flip(log_g - y(), dim), dim), dim) + in);
      };
      ctx.grad(0, part(g) - part(-g));
    };
  });
}

std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim) {
  return record_moved("CummaxBackward0", raw::cummax(x, dim), x, dim);
}
std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim) {
  return record_moved("CumminBackward0", raw::cummin(x, dim), x, dim);
}

// --- Differences ---

namespace {

void check_neighbour(const Tensor& x, const std::optional<Tensor>& other, int64_t dim) {
  if (!other || !other->defined()) return;
  TAPER_CHECK(other->dim() == x.dim(),
              "diff expects prepend or append to be the same dimension as input");
  for (int64_t d = 0; d < x.dim(); ++d) {
    TAPER_CHECK(d == dim || other->size(d) == x.size(d),
                "diff expects the shape of tensor to prepend or append to match that of input "
                "except along the differencing dimension; input.size(",
                d, ") = ", x.size(d), ", but got tensor.size(", d, ") = ", other->size(d));
  }
}

}  // namespace

Tensor diff(const Tensor& x, int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
            const std::optional<Tensor>& append) {
  TAPER_CHECK(x.dim() >= 1, "diff expects input to be at least one-dimensional");
  const int64_t d = wrap_dim(dim, x.dim());
  check_neighbour(x, prepend, d);
  check_neighbour(x, append, d);
  std::vector<Tensor> parts;
  if (prepend && prepend->defined()) parts.push_back(*prepend);
  parts.push_back(x);
  if (append && append->defined()) parts.push_back(*append);
  Tensor y = parts.size() == 1 ? x : cat(parts, d);
  n = std::min(n, y.size(d));
  for (; n > 0; --n) {
    const int64_t rest = std::max<int64_t>(y.size(d) - 1, 0);
    const Tensor high = narrow(y, d, y.size(d) - rest, rest);
    const Tensor low = narrow(y, d, 0, rest);
    y = y.scalar_type() == kBool ? logical_xor(high, low) : high - low;
  }
  return y.is_same(x) ? clone(x) : y;
}

namespace {

Tensor without_dim(const Tensor& y, int64_t dim) {
  return zeros(reduced_shape(y.sizes(), dim, false), y.options());
}

// The elements along dim without the first, or without the last.
Tensor tail(const Tensor& x, int64_t dim) { return narrow(x, dim, 1, x.size(dim) - 1); }
Tensor head(const Tensor& x, int64_t dim) { return narrow(x, dim, 0, x.size(dim) - 1); }

}  // namespace

Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  const int64_t d = wrap_dim(dim, y.dim());
  if (y.size(d) == 0) return without_dim(y, d);
  TAPER_CHECK(y.scalar_type() != kBool && x.scalar_type() != kBool,
              "trapezoid: received a bool input for `x` or `y`, but bool is not supported");
  Tensor points = x;
  if (x.dim() == 1) {
    TAPER_CHECK(x.size(0) == y.size(d),
                "trapezoid: There must be one `x` value for each sample point");
    DimVector sizes(static_cast<size_t>(y.dim()), 1);
    sizes[static_cast<size_t>(d)] = x.size(0);
    points = reshape(x, sizes);
  } else {
    while (points.dim() < y.dim()) points = unsqueeze(points, 0);
  }
  const Tensor widths = tail(points, d) - head(points, d);
  return sum((head(y, d) + tail(y, d)) * widths, d) / 2.0;
}
Tensor trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  if (y.size(dim) == 0) return without_dim(y, wrap_dim(dim, y.dim()));
  TAPER_CHECK(y.scalar_type() != kBool,
              "trapezoid: received a bool input for `y`, but bool is not supported");
  TAPER_CHECK(!dx.isBoolean(), "trapezoid: Currently, we only support dx as a real number.");
  return (sum(y, dim) - (select(y, dim, 0) + select(y, dim, -1)) * 0.5) * dx.toDouble();
}
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim) { return trapezoid(y, x, dim); }
Tensor trapz(const Tensor& y, double dx, int64_t dim) { return trapezoid(y, dx, dim); }

Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const {
  return taper::cumsum(*this, dim, dtype);
}
Tensor Tensor::cumprod(int64_t dim, std::optional<ScalarType> dtype) const {
  return taper::cumprod(*this, dim, dtype);
}
Tensor Tensor::logcumsumexp(int64_t dim) const { return taper::logcumsumexp(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::cummax(int64_t dim) const { return taper::cummax(*this, dim); }
std::tuple<Tensor, Tensor> Tensor::cummin(int64_t dim) const { return taper::cummin(*this, dim); }
Tensor Tensor::diff(int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
                    const std::optional<Tensor>& append) const {
  return taper::diff(*this, n, dim, prepend, append);
}

}  // namespace taper
