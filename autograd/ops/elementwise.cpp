// Elementwise operations with one operand: each is a formula of kernels/formulas*-inl.h and
// PyTorch's name for its node.

#include "taper/autograd/elementwise.h"

#include <cmath>
#include <limits>

#include "taper/autograd/ops/not_implemented.h"
#include "taper/tensor/promotion.h"

namespace taper {

using autograd::binary;
using autograd::binary_;
using autograd::param;
using autograd::ternary;
using autograd::ternary_;
using autograd::unary;
using autograd::unary_;

kernels::Param autograd::param(const Scalar& s, ScalarType dtype) {
  switch (dtype) {
    case kUInt8:
      s.toByte();
      break;
    case kInt32:
      s.toInt();
      break;
    case kInt64:
      s.toLong();
      break;
    case kFloat32:
      s.toFloat();
      break;
    default:
      break;
  }
  return param(s);
}

// --- The function, the method, the in-place method ---

#define TAPER_UNARY(name, Formula, Node)                                       \
  Tensor name(const Tensor& x) { return unary(Node, formulas::Formula{}, x); } \
  Tensor Tensor::name() const { return taper::name(*this); }
#define TAPER_UNARY_OP(name, Formula, Node) \
  TAPER_UNARY(name, Formula, Node)          \
  Tensor& Tensor::name##_() const { return unary_(Node, formulas::Formula{}, *this); }
TAPER_UNARY_OP(neg, Neg, "NegBackward0")
TAPER_UNARY_OP(abs, Abs, "AbsBackward0")
TAPER_UNARY_OP(sign, Sign, "SignBackward0")
TAPER_UNARY_OP(sgn, Sign, "SgnBackward0")
TAPER_UNARY_OP(reciprocal, Reciprocal, "ReciprocalBackward0")
TAPER_UNARY_OP(sqrt, Sqrt, "SqrtBackward0")
TAPER_UNARY_OP(rsqrt, Rsqrt, "RsqrtBackward0")
TAPER_UNARY_OP(exp, Exp, "ExpBackward0")
TAPER_UNARY_OP(expm1, Expm1, "Expm1Backward0")
TAPER_UNARY_OP(exp2, Exp2, "Exp2Backward0")
TAPER_UNARY_OP(log, Log, "LogBackward0")
TAPER_UNARY_OP(log1p, Log1p, "Log1PBackward0")
TAPER_UNARY_OP(log2, Log2, "Log2Backward0")
TAPER_UNARY_OP(log10, Log10, "Log10Backward0")
TAPER_UNARY_OP(sin, Sin, "SinBackward0")
TAPER_UNARY_OP(cos, Cos, "CosBackward0")
TAPER_UNARY_OP(tan, Tan, "TanBackward0")
TAPER_UNARY_OP(asin, Asin, "AsinBackward0")
TAPER_UNARY_OP(acos, Acos, "AcosBackward0")
TAPER_UNARY_OP(atan, Atan, "AtanBackward0")
TAPER_UNARY_OP(sinh, Sinh, "SinhBackward0")
TAPER_UNARY_OP(cosh, Cosh, "CoshBackward0")
TAPER_UNARY_OP(tanh, Tanh, "TanhBackward0")
TAPER_UNARY_OP(sigmoid, Sigmoid, "SigmoidBackward0")
TAPER_UNARY_OP(relu, Relu, "ReluBackward0")
TAPER_UNARY_OP(erf, Erf, "ErfBackward0")
TAPER_UNARY_OP(erfc, Erfc, "ErfcBackward0")
TAPER_UNARY_OP(erfinv, Erfinv, "ErfinvBackward0")
TAPER_UNARY_OP(lgamma, Lgamma, "LgammaBackward0")
TAPER_UNARY_OP(digamma, Polygamma, "DigammaBackward0")
TAPER_UNARY_OP(sinc, Sinc, "SincBackward0")
TAPER_UNARY_OP(deg2rad, Deg2rad, "Deg2RadBackward0")
TAPER_UNARY_OP(rad2deg, Rad2deg, "Rad2DegBackward0")
TAPER_UNARY_OP(floor, Floor, "FloorBackward0")
TAPER_UNARY_OP(ceil, Ceil, "CeilBackward0")
TAPER_UNARY_OP(round, Round, "RoundBackward0")
TAPER_UNARY_OP(trunc, Trunc, "TruncBackward0")
TAPER_UNARY_OP(frac, Frac, "FracBackward0")
TAPER_UNARY(asinh, Asinh, "AsinhBackward0")
TAPER_UNARY(acosh, Acosh, "AcoshBackward0")
TAPER_UNARY(atanh, Atanh, "AtanhBackward0")
#undef TAPER_UNARY_OP
#undef TAPER_UNARY

// PyTorch has no derivatives for these three in place.
#define TAPER_REFUSED(name, Formula, Node)                                              \
  Tensor& Tensor::name##_() const {                                                     \
    auto write = [&] { autograd::unary_write(#name "_", formulas::Formula{}, *this); }; \
    return autograd::record_inplace(                                                    \
        Node, *this, {*this}, write,                                                    \
        autograd::not_implemented<NotImplementedError>(                                 \
            "the derivative for 'inplace version of " #name "' is not implemented."));  \
  }
TAPER_REFUSED(asinh, Asinh, "AsinhBackward1")
TAPER_REFUSED(acosh, Acosh, "AcoshBackward1")
TAPER_REFUSED(atanh, Atanh, "AtanhBackward1")
#undef TAPER_REFUSED

// It is x to the power 2: bools become integers.
Tensor square(const Tensor& x) {
  if (x.scalar_type() == kBool) return pow(x, 2);
  return unary("PowBackward0", formulas::Square{}, x);
}
Tensor Tensor::square() const { return taper::square(*this); }
Tensor& Tensor::square_() const {
  TAPER_CHECK(scalar_type() != kBool, "Found dtype Bool but expected Long");
  return unary_("PowBackward0", formulas::Square{}, *this);
}

Tensor leaky_relu(const Tensor& x, const Scalar& negative_slope) {
  return unary("LeakyReluBackward0", formulas::LeakyRelu{negative_slope.toDouble()}, x);
}
Tensor& leaky_relu_(Tensor& x, const Scalar& negative_slope) {
  return unary_("LeakyReluBackward0", formulas::LeakyRelu{negative_slope.toDouble()}, x);
}

Tensor positive(const Tensor& x) {
  TAPER_CHECK(x.scalar_type() != kBool, "The `+` operator, on a bool tensor is not supported.");
  return x;
}
Tensor Tensor::positive() const { return taper::positive(*this); }

namespace {

formulas::RoundDecimals round_formula(int64_t decimals) {
  return {std::pow(10, std::abs(static_cast<double>(decimals))), decimals < 0};
}

formulas::Polygamma polygamma_formula(int64_t n) {
  TAPER_CHECK(n >= 0, "polygamma(n, x) does not support negative n.");
  return {n};
}

formulas::Logit logit_formula(std::optional<double> eps) {
  return {eps.value_or(0), eps.has_value()};
}

formulas::NanToNum nan_to_num_formula(ScalarType dtype, std::optional<double> nan,
                                      std::optional<double> posinf, std::optional<double> neginf) {
  const bool single = dtype == kFloat32;
  const double greatest =
      single ? double{std::numeric_limits<float>::max()} : std::numeric_limits<double>::max();
  // What float32 cannot hold becomes an infinity.
  const auto fitting = [&](double value) {
    return single && std::abs(value) > greatest ? std::copysign(HUGE_VAL, value) : value;
  };
  return {fitting(nan.value_or(0)), fitting(posinf.value_or(greatest)),
          fitting(neginf.value_or(-greatest))};
}

}  // namespace

Tensor round(const Tensor& x, int64_t decimals) {
  return unary("RoundBackward1", round_formula(decimals), x);
}
Tensor Tensor::round(int64_t decimals) const { return taper::round(*this, decimals); }
Tensor& Tensor::round_(int64_t decimals) const {
  return unary_("RoundBackward1", round_formula(decimals), *this);
}

Tensor polygamma(int64_t n, const Tensor& x) {
  return unary("PolygammaBackward0", polygamma_formula(n), x);
}
Tensor Tensor::polygamma(int64_t n) const { return taper::polygamma(n, *this); }
Tensor& Tensor::polygamma_(int64_t n) const {
  return unary_("PolygammaBackward0", polygamma_formula(n), *this);
}

Tensor logit(const Tensor& x, std::optional<double> eps) {
  return unary("LogitBackward0", logit_formula(eps), x);
}
Tensor Tensor::logit(std::optional<double> eps) const { return taper::logit(*this, eps); }
Tensor& Tensor::logit_(std::optional<double> eps) const {
  return unary_("LogitBackward0", logit_formula(eps), *this);
}

Tensor nan_to_num(const Tensor& x, std::optional<double> nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  if (!x.is_floating_point()) return x.clone();
  return unary("NanToNumBackward0", nan_to_num_formula(x.scalar_type(), nan, posinf, neginf), x);
}
Tensor Tensor::nan_to_num(std::optional<double> nan, std::optional<double> posinf,
                          std::optional<double> neginf) const {
  return taper::nan_to_num(*this, nan, posinf, neginf);
}
Tensor& Tensor::nan_to_num_(std::optional<double> nan, std::optional<double> posinf,
                            std::optional<double> neginf) const {
  if (!is_floating_point()) return const_cast<Tensor&>(*this);
  return unary_("NanToNumBackward0", nan_to_num_formula(scalar_type(), nan, posinf, neginf), *this);
}

// --- clamp with numbers ---

namespace {

using Bound = std::optional<Scalar>;

formulas::Clamp clamp_formula(const Bound& min, const Bound& max, ScalarType dtype) {
  formulas::Clamp formula;
  if (min) formula.low = param(*min, dtype);
  if (max) formula.high = param(*max, dtype);
  formula.has_low = min.has_value();
  formula.has_high = max.has_value();
  return formula;
}

// A bound in floating point makes the result so too.
ScalarType clamp_type(const Tensor& x, const Bound& min, const Bound& max) {
  TAPER_CHECK(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  ScalarType dtype = x.scalar_type();
  if (min) dtype = promote_types(dtype, result_type(x, *min));
  if (max) dtype = promote_types(dtype, result_type(x, *max));
  TAPER_CHECK(dtype != kBool, '"',
              !min   ? "clamp_max_scalar_cpu"
              : !max ? "clamp_min_cpu"
                     : "clamp_scalar_cpu",
              "\" not implemented for 'Bool'");
  return dtype;
}

Tensor clamp_with(const char* node, const Tensor& x, const Bound& min, const Bound& max) {
  ScalarType dtype = clamp_type(x, min, max);
  return unary(node, clamp_formula(min, max, dtype), x.to(dtype));
}

Tensor& clamp_with_(const char* node, const Tensor& x, const Bound& min, const Bound& max) {
  ScalarType dtype = clamp_type(x, min, max);
  TAPER_CHECK(can_cast(dtype, x.scalar_type()), "result type ", dtype,
              " can't be cast to the desired output type ", x.dtype().name(), " (", node, ")");
  return unary_(node, clamp_formula(min, max, dtype), x);
}

}  // namespace

Tensor clamp(const Tensor& x, const Bound& min, const Bound& max) {
  return clamp_with("ClampBackward1", x, min, max);
}
Tensor clamp_min(const Tensor& x, const Scalar& min) {
  return clamp_with("ClampMinBackward0", x, min, std::nullopt);
}
Tensor clamp_max(const Tensor& x, const Scalar& max) {
  return clamp_with("ClampMaxBackward0", x, std::nullopt, max);
}
Tensor Tensor::clamp(const Bound& min, const Bound& max) const {
  return taper::clamp(*this, min, max);
}
Tensor Tensor::clamp_min(const Scalar& min) const { return taper::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Scalar& max) const { return taper::clamp_max(*this, max); }
Tensor& Tensor::clamp_(const Bound& min, const Bound& max) const {
  return clamp_with_("ClampBackward1", *this, min, max);
}
Tensor& Tensor::clamp_min_(const Scalar& min) const {
  return clamp_with_("ClampMinBackward0", *this, min, std::nullopt);
}
Tensor& Tensor::clamp_max_(const Scalar& max) const {
  return clamp_with_("ClampMaxBackward0", *this, std::nullopt, max);
}

// --- clamp with tensors ---

namespace {

using Bounds = std::optional<Tensor>;

bool given(const Bounds& bound) { return bound && bound->defined(); }

void check_bounds(const Bounds& min, const Bounds& max) {
  TAPER_CHECK(given(min) || given(max),
              "torch.clamp: At least one of 'min' or 'max' must not be None");
}

}  // namespace

Tensor clamp(const Tensor& x, const Bounds& min, const Bounds& max) {
  check_bounds(min, max);
  if (!given(max)) return binary("ClampBackward0", formulas::ClampMin{}, x, *min);
  if (!given(min)) return binary("ClampBackward0", formulas::ClampMax{}, x, *max);
  return ternary("ClampBackward0", formulas::ClampBetween{}, x, *min, *max);
}
Tensor clamp_min(const Tensor& x, const Tensor& min) {
  return binary("ClampMinBackward1", formulas::ClampMin{}, x, min);
}
Tensor clamp_max(const Tensor& x, const Tensor& max) {
  return binary("ClampMaxBackward1", formulas::ClampMax{}, x, max);
}
Tensor Tensor::clamp(const Bounds& min, const Bounds& max) const {
  return taper::clamp(*this, min, max);
}
Tensor Tensor::clamp_min(const Tensor& min) const { return taper::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Tensor& max) const { return taper::clamp_max(*this, max); }
Tensor& Tensor::clamp_(const Bounds& min, const Bounds& max) const {
  check_bounds(min, max);
  if (!given(max)) return binary_("ClampBackward0", formulas::ClampMin{}, *this, *min);
  if (!given(min)) return binary_("ClampBackward0", formulas::ClampMax{}, *this, *max);
  return ternary_("ClampBackward0", formulas::ClampBetween{}, *this, *min, *max);
}
Tensor& Tensor::clamp_min_(const Tensor& min) const {
  return binary_("ClampMinBackward1", formulas::ClampMin{}, *this, min);
}
Tensor& Tensor::clamp_max_(const Tensor& max) const {
  return binary_("ClampMaxBackward1", formulas::ClampMax{}, *this, max);
}

}  // namespace taper
