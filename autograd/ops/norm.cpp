// Norms of elements and of matrices, and what is scaled by them.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/ops/reduced_dims.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/reduce.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::ReducedDims;
using autograd::Save;

namespace {

// g, y: of the norm (p > 0), with the reduced dimensions as 1. Where y is 0, g / y^k would be
// infinite, and 0 is taken for the gradient.
Tensor norm_backward(const Tensor& g, const Tensor& x, const Tensor& y, double p,
                     const ReducedDims& dims) {
  const auto over_power = [&](double k) {
    const Tensor zero = y == 0;
    const Tensor safe = where(zero, 1, y);
    return where(zero, 0, g / (k == 1 ? safe : pow(safe, k)));
  };
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

Tensor norm_of(const char* name, const Tensor& x, double p, OptionalIntArrayRef dim, bool keepdim) {
  return record(name, raw::norm(x, p, dim, keepdim), {x}, [&](Save& s) {
    return [dims = ReducedDims(x, dim, keepdim), p, x = s.input(x), y = s.output()](Backward& ctx) {
      if (p == 0) return;
      ctx.grad(0, norm_backward(dims.keep(ctx.out_grad()), x(), dims.keep(y()), p, dims));
    };
  });
}

double power_of(const std::optional<Scalar>& p) { return p ? p->toDouble() : 2; }

Tensor converted(const Tensor& x, ScalarType dtype) {
  TAPER_CHECK(is_floating_point(dtype),
              "norm(): the desired output dtype should be either floating point or complex. Got ",
              dtype, " instead.");
  return x.to(dtype);
}

}  // namespace

Tensor norm(const Tensor& x, const Scalar& p) {
  return norm_of("NormBackward0", x, p.toDouble(), std::nullopt, false);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, ScalarType dtype) {
  return norm_of("NormBackward2", converted(x, dtype), power_of(p), std::nullopt, false);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return norm_of("NormBackward1", x, power_of(p), dim, keepdim);
}
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim,
            ScalarType dtype) {
  return norm_of("NormBackward3", converted(x, dtype), power_of(p), dim, keepdim);
}
Tensor frobenius_norm(const Tensor& x) { return norm(x, 2); }
Tensor frobenius_norm(const Tensor& x, IntArrayRef dim, bool keepdim) {
  TAPER_CHECK(dim.size() <= 2, "Expected at most 2 dimensions, but got ", dim.size(),
              " dimensions instead.");
  return norm(x, 2, dim, keepdim);
}

Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p) {
  Tensor difference;
  Tensor y;
  {
    NoGradGuard no_grad;
    difference = a - b;
    y = raw::norm(difference, p.toDouble(), std::nullopt);
  }
  return record("DistBackward0", y, {a, b}, [&](Save& s) {
    return [p = p.toDouble(), a = s.input(a), b = s.input(b), y = s.output()](Backward& ctx) {
      if (p == 0) return;
      const Tensor d = a() - b();
      const Tensor g =
          norm_backward(ctx.out_grad(), d, y(), p, ReducedDims(d, std::nullopt, false));
      if (ctx.needs(0)) ctx.grad(0, g);
      if (ctx.needs(1)) ctx.grad(1, -g);
    };
  });
}

// --- Slices scaled down ---

namespace {

// What is added to a norm that is divided by.
constexpr double kRenormEps = 1e-7;

DimVector other_dims(const Tensor& x, int64_t dim) {
  DimVector dims;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (d != wrap_dim(dim, x.dim())) dims.push_back(d);
  }
  return dims;
}

void check_renorm(const Tensor& x, double p, double maxnorm) {
  TAPER_CHECK(p > 0, "renorm: non-positive-norm not supported");
  TAPER_CHECK(maxnorm >= 0, "renorm: expected maxnorm to be >= 0 but got ", maxnorm);
  TAPER_CHECK(x.dim() > 1, "renorm: input needs at least 2 dimensions, got ", x.dim(),
              " dimensions");
}

// x * maxnorm / (|x| + eps) where |x| > maxnorm, of public operations.
Tensor scaled_down(const Tensor& x, const Scalar& p, int64_t dim, double maxnorm) {
  const Tensor length = linalg_vector_norm(x, p, other_dims(x, dim), true);
  return x * where(length > maxnorm, maxnorm / (length + kRenormEps), 1);
}

Tensor renormed(const Tensor& x, const Scalar& p, int64_t dim, double maxnorm) {
  wrap_dim(dim, x.dim());
  NoGradGuard no_grad;
  return scaled_down(x, p, dim, maxnorm);
}

auto renorm_saver(const Tensor& x, const Scalar& p, int64_t dim, double maxnorm) {
  return [&x, p, dim, maxnorm](Save& s) {
    return [p, dim, maxnorm, x = s.input(x)](Backward& ctx) {
      const Tensor in = x();
      const Tensor& g = ctx.out_grad();
      const DimVector others = other_dims(in, dim);
      const Tensor length = linalg_vector_norm(in, p, others, true);
      const Tensor inverse = 1 / (length + kRenormEps);
      const Tensor towards = norm_backward(sum(g * in, others, true), in, length, p.toDouble(),
                                           ReducedDims(in, others, true));
      ctx.grad(0, where(length > maxnorm, maxnorm * inverse * (g - inverse * towards), g));
    };
  };
}

}  // namespace

Tensor renorm(const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  const double limit = maxnorm.toDouble();
  check_renorm(x, p.toDouble(), limit);
  return record("RenormBackward0", renormed(x, p, dim, limit), {x}, renorm_saver(x, p, dim, limit));
}

Tensor& Tensor::renorm_(const Scalar& p, int64_t dim, const Scalar& maxnorm) const {
  const double limit = maxnorm.toDouble();
  check_renorm(*this, p.toDouble(), limit);
  const Tensor y = renormed(*this, p, dim, limit);
  return autograd::record_inplace(
      "RenormBackward0", *this, {*this}, [&] { raw::copy(*this, y); },
      renorm_saver(*this, p, dim, limit));
}

// --- torch::linalg ---

namespace {

// x in the dtype that was asked for, which must hold it.
Tensor widened(const char* who, const Tensor& x, std::optional<ScalarType> dtype) {
  TAPER_CHECK(x.is_floating_point(), who,
              ": Expected a floating point or complex tensor as input. Got ", x.scalar_type());
  if (!dtype) return x;
  TAPER_CHECK(is_floating_point(*dtype), who,
              ": dtype should be floating point or complex, but got ", *dtype);
  TAPER_CHECK(promote_types(x.scalar_type(), *dtype) == *dtype, who, ": the dtype of the input (",
              x.scalar_type(), ") should be convertible without narrowing to the specified dtype (",
              *dtype, ")");
  return x.to(*dtype);
}

struct MatrixDims {
  int64_t row;
  int64_t column;
};

MatrixDims check_matrix(const char* who, const Tensor& x, IntArrayRef dim) {
  TAPER_CHECK(x.dim() >= 2, who, ": The input tensor A must have at least 2 dimensions.");
  TAPER_CHECK(dim.size() == 2, who, ": dim must be a 2-tuple. Got ", dim);
  const MatrixDims dims{wrap_dim(dim[0], x.dim()), wrap_dim(dim[1], x.dim())};
  TAPER_CHECK(dims.row != dims.column, who, ": dims must be different. Got (", dim[0], ", ", dim[1],
              ")");
  return dims;
}

[[noreturn]] void throw_no_singular_values(const char* ord) {
  detail::throw_error<NotImplementedError>("linalg.matrix_norm: the order ", ord,
                                           " needs singular values, which taper does not compute");
}

}  // namespace

Tensor linalg_vector_norm(const Tensor& x, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const Tensor in = widened("linalg.vector_norm", x, dtype);
  const double p = ord.toDouble();
  const DimVector dims = reduction_dims(dim, x.dim());
  if (x.numel() == 0 && (p < 0 || std::isinf(p))) {
    TAPER_CHECK(dim.has_value() && !dim.value().empty(), "linalg.vector_norm cannot compute the ",
                ord, " norm on an empty tensor because the operation does not have an identity");
    for (int64_t d : dims) {
      TAPER_CHECK(x.size(d) != 0, "linalg.vector_norm cannot compute the ", ord,
                  " norm on the dimension ", d,
                  "because this dimension is empty and the operation does not have an identity");
    }
  }
  return norm_of("LinalgVectorNormBackward0", in, p, dims.empty() ? OptionalIntArrayRef() : dims,
                 keepdim);
}

Tensor linalg_matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kWho = "linalg.matrix_norm";
  const double p = ord.toDouble();
  const double size = std::abs(p);
  TAPER_CHECK(size == 1 || size == 2 || std::isinf(size), "linalg.matrix_norm: Order ", ord,
              " not supported.");
  const Tensor in = widened(kWho, x, dtype);
  MatrixDims dims = check_matrix(kWho, x, dim);
  if (size == 2) throw_no_singular_values(p > 0 ? "2" : "-2");
  // Sums over the columns' elements for 1, over the rows' for inf.
  if (std::isinf(size)) std::swap(dims.row, dims.column);
  const Tensor sums = linalg_vector_norm(in, 1, dims.row, true);
  const Tensor result = p > 0 ? amax(sums, dims.column, true) : amin(sums, dims.column, true);
  if (keepdim) return result;
  return squeeze(squeeze(result, std::max(dims.row, dims.column)), std::min(dims.row, dims.column));
}

Tensor linalg_matrix_norm(const Tensor& x, std::string_view ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kWho = "linalg.matrix_norm";
  TAPER_CHECK(ord == "fro" || ord == "nuc", "linalg.matrix_norm: Order ", ord, " not supported.");
  const Tensor in = widened(kWho, x, dtype);
  check_matrix(kWho, x, dim);
  if (ord == "nuc") throw_no_singular_values("nuc");
  return linalg_vector_norm(in, 2, dim, keepdim);
}

Tensor linalg_norm(const Tensor& x, const std::optional<Scalar>& ord, OptionalIntArrayRef dim,
                   bool keepdim, std::optional<ScalarType> dtype) {
  if (dim.has_value()) {
    TAPER_CHECK(dim.value().size() == 1 || dim.value().size() == 2,
                "linalg.norm: If dim is specified, it must be of length 1 or 2. Got ", dim.value());
  } else if (ord) {
    TAPER_CHECK(x.dim() == 1 || x.dim() == 2,
                "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ",
                x.dim(), "D.");
  }
  const size_t ndim = dim.has_value() ? dim.value().size() : static_cast<size_t>(x.dim());
  if (ord && ndim == 2) {
    return linalg_matrix_norm(x, *ord, dim.has_value() ? dim.value() : IntArrayRef({0, 1}), keepdim,
                              dtype);
  }
  return linalg_vector_norm(x, ord.value_or(2), dim, keepdim, dtype);
}

Tensor linalg_norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  if (dim.has_value()) {
    TAPER_CHECK(dim.value().size() == 2,
                "linalg.norm: If dim is specified and ord is a string, dim "
                "must be of length 2. Got ",
                dim.value());
  } else {
    TAPER_CHECK(x.dim() == 2,
                "linalg.norm: If dim is not specified and ord is a string, the input "
                "must be 2D. Got ",
                x.dim(), "D.");
  }
  return linalg_matrix_norm(x, ord, dim.has_value() ? dim.value() : IntArrayRef({0, 1}), keepdim,
                            dtype);
}

Tensor Tensor::norm(const Scalar& p) const { return taper::norm(*this, p); }
Tensor Tensor::norm(const std::optional<Scalar>& p, ScalarType dtype) const {
  return taper::norm(*this, p, dtype);
}
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) const {
  return taper::norm(*this, p, dim, keepdim);
}
Tensor Tensor::norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim,
                    ScalarType dtype) const {
  return taper::norm(*this, p, dim, keepdim, dtype);
}
Tensor Tensor::dist(const Tensor& other, const Scalar& p) const {
  return taper::dist(*this, other, p);
}
Tensor Tensor::renorm(const Scalar& p, int64_t dim, const Scalar& maxnorm) const {
  return taper::renorm(*this, p, dim, maxnorm);
}

}  // namespace taper
