// Distances and angles of vectors.

#include "taper/tensor/raw/distance.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/reduce.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::Save;

namespace {

// g is a column of distances' gradients [B, P, R] -> da [B, P, M], of public operations: what the
// kernel computes, to be differentiated again.
Tensor distance_gradient(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y,
                         double p) {
  const Tensor d = unsqueeze(a, 2) - unsqueeze(b, 1);  // [B, P, R, M]
  const auto weighted = [&](const Tensor& factor) { return sum(unsqueeze(g, 3) * factor, 2); };
  if (p == 0) return zeros_like(a);
  if (p == 1) return weighted(sign(d));
  if (std::isinf(p)) return weighted(where(abs(d) == unsqueeze(y, 3), sign(d), 0));
  const Tensor zero = y == 0;
  const Tensor length = where(zero, 1, y);
  // The share of each distance, 0 where it is 0.
  const Tensor share = unsqueeze(where(zero, 0, 1 / (p == 2 ? length : pow(length, p - 1))), 3);
  if (p == 2) return weighted(d * share);
  const Tensor flat = d == 0;
  const Tensor power = where(flat, 0, sign(d) * pow(where(flat, 1, abs(d)), p - 1));
  return weighted(power * share);
}

// [..., P, M] as [B, P, M], broadcast to the batch sizes of a result [..., P, R].
Tensor folded(const Tensor& x, IntArrayRef result) {
  DimVector sizes = result.slice(0, result.size() - 2);
  const int64_t batch = checked_numel(sizes);
  sizes.push_back(x.size(-2));
  sizes.push_back(x.size(-1));
  return reshape(x.expand(sizes), {batch, x.size(-2), x.size(-1)});
}

Tensor distances(const Tensor& a, const Tensor& b, double p, IntArrayRef sizes) {
  Tensor y;
  {
    NoGradGuard no_grad;
    y = raw::view(raw::distance(folded(a, sizes), folded(b, sizes), p), sizes);
  }
  return record("CdistBackward0", y, {a, b}, [&](Save& s) {
    return [a = s.input(a), b = s.input(b), y = s.output(), p](Backward& ctx) {
      const Tensor out = y();
      const IntArrayRef sizes = out.sizes();
      const auto gradient = GradMode::is_enabled() ? &distance_gradient : &raw::distance_backward;
      const auto unfolded = [&](const Tensor& g) {
        DimVector full = sizes.slice(0, sizes.size() - 2);
        full.push_back(g.size(1));
        full.push_back(g.size(2));
        return reshape(g, full);
      };
      const Tensor left = folded(a(), sizes);
      const Tensor right = folded(b(), sizes);
      const Tensor g = folded(ctx.out_grad(), sizes);
      const Tensor lengths = folded(out, sizes);
      if (ctx.needs(0)) ctx.grad(0, unfolded(gradient(g, left, right, lengths, p)));
      if (ctx.needs(1)) {
        // b's rows see the distances from the other side.
        ctx.grad(1,
                 unfolded(gradient(transpose(g, 1, 2), right, left, transpose(lengths, 1, 2), p)));
      }
    };
  });
}

// sqrt(|a|^2 - 2 ab + |b|^2) in one product of matrices.
Tensor euclidean_value(const Tensor& a, const Tensor& b) {
  const auto squares = [](const Tensor& x) { return sum(square(x), -1, true); };
  const Tensor squares_a = squares(a);
  const Tensor squares_b = squares(b);
  const Tensor left = cat({a * -2, squares_a, ones_like(squares_a)}, -1);
  const Tensor right = cat({b, ones_like(squares_b), squares_b}, -1);
  return sqrt(clamp_min(matmul(left, transpose(right, -2, -1)), 0));
}

Tensor euclidean(const Tensor& a, const Tensor& b) {
  Tensor y;
  {
    NoGradGuard no_grad;
    y = euclidean_value(a, b);
  }
  return record("EuclideanDistBackward0", y, {a, b}, [&](Save& s) {
    return [a = s.input(a), b = s.input(b), y = s.output()](Backward& ctx) {
      const Tensor out = y();
      const Tensor zero = out == 0;
      const Tensor ratio = where(zero, 0, ctx.out_grad() / where(zero, 1, out));
      if (ctx.needs(0)) ctx.grad(0, a() * sum(ratio, -1, true) - matmul(ratio, b()));
      if (ctx.needs(1)) {
        const Tensor flipped = transpose(ratio, -2, -1);
        ctx.grad(1, b() * sum(flipped, -1, true) - matmul(flipped, a()));
      }
    };
  });
}

}  // namespace

Tensor cdist(const Tensor& a, const Tensor& b, double p, std::optional<int64_t> compute_mode) {
  TAPER_CHECK(a.dim() >= 2, "cdist only supports at least 2D tensors, X1 got: ", a.dim(), "D");
  TAPER_CHECK(b.dim() >= 2, "cdist only supports at least 2D tensors, X2 got: ", b.dim(), "D");
  TAPER_CHECK(a.size(-1) == b.size(-1),
              "X1 and X2 must have the same number of columns. X1: ", a.size(-1),
              " X2: ", b.size(-1));
  TAPER_CHECK(a.is_floating_point(),
              "cdist only supports floating-point dtypes, X1 got: ", a.scalar_type());
  TAPER_CHECK(b.is_floating_point(),
              "cdist only supports floating-point dtypes, X2 got: ", b.scalar_type());
  TAPER_CHECK(p >= 0, "cdist only supports non-negative p values, got ", p);
  const int64_t mode = compute_mode.value_or(0);
  TAPER_CHECK(mode >= 0 && mode <= 2, "possible modes: 0, 1, 2, but was: ", mode);
  TAPER_CHECK(a.scalar_type() == b.scalar_type(), "expected scalar type ", a.scalar_type(),
              " but found ", b.scalar_type());
  const int64_t rows_a = a.size(-2);
  const int64_t rows_b = b.size(-2);
  DimVector sizes = broadcast_shapes(a.sizes().slice(0, a.sizes().size() - 2),
                                     b.sizes().slice(0, b.sizes().size() - 2));
  sizes.push_back(rows_a);
  sizes.push_back(rows_b);
  const bool by_product = p == 2 && (mode == 1 || (mode == 0 && (rows_a > 25 || rows_b > 25)));
  if (!by_product || a.size(-1) == 0 || checked_numel(sizes) == 0) {
    return distances(a, b, p, sizes);
  }
  const Tensor y = euclidean(folded(a, sizes), folded(b, sizes));
  return y.sizes() == IntArrayRef(sizes) ? y : reshape(y, sizes);
}

Tensor pairwise_distance(const Tensor& a, const Tensor& b, double p, double eps, bool keepdim) {
  return norm((a - b) + eps, p, std::max(a.dim(), b.dim()) - 1, keepdim);
}

namespace {

// max(|x|, eps) along dim, with libtorch's gradient, x over the result, at the bound too.
Tensor length_not_below(const Tensor& x, int64_t dim, double eps) {
  Tensor y;
  {
    NoGradGuard no_grad;
    y = clamp_min(raw::norm(x, 2, dim, true), eps);
  }
  return record("LinalgVectorNormBackward0", y, {x}, [&](Save& s) {
    return [x = s.input(x), y = s.output()](Backward& ctx) {
      const Tensor out = y();
      const Tensor zero = out == 0;
      ctx.grad(0, ctx.out_grad() * where(zero, 0, x() / where(zero, 1, out)));
    };
  });
}

}  // namespace

Tensor cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim, double eps) {
  const ScalarType dtype = result_type(a, b);
  TAPER_CHECK(is_floating_point(dtype),
              "expected common dtype to be floating point, yet common dtype is ", dtype);
  const DimVector sizes = broadcast_shapes(a.sizes(), b.sizes());
  // Each divided by its own norm: the product of the norms may overflow.
  const auto normalized = [&](const Tensor& x) {
    const Tensor full = x.to(dtype).expand(sizes);
    return full / length_not_below(full, dim, eps);
  };
  return sum(normalized(a) * normalized(b), dim);
}

}  // namespace taper
