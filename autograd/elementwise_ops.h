#pragma once

#include <optional>
#include <string_view>

#include "taper/tensor/tensor.h"

// The elementwise operations and operators; what ops.h says of all operations holds.
namespace taper {

// --- One operand: y has x's shape. Integers become the default dtype where y is a real number. ---
Tensor neg(const Tensor& x);         // -x
Tensor abs(const Tensor& x);         // |x|, derivative 0 at 0
Tensor sign(const Tensor& x);        // -1, 0, 1
Tensor sgn(const Tensor& x);         // sign
Tensor square(const Tensor& x);      // x^2
Tensor reciprocal(const Tensor& x);  // 1 / x
Tensor sqrt(const Tensor& x);
Tensor rsqrt(const Tensor& x);  // 1 / sqrt(x)
Tensor exp(const Tensor& x);
Tensor expm1(const Tensor& x);  // exp(x) - 1
Tensor exp2(const Tensor& x);   // 2^x
Tensor log(const Tensor& x);
Tensor log1p(const Tensor& x);  // log(1 + x)
Tensor log2(const Tensor& x);
Tensor log10(const Tensor& x);
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor tan(const Tensor& x);
Tensor asin(const Tensor& x);
Tensor acos(const Tensor& x);
Tensor atan(const Tensor& x);
Tensor sinh(const Tensor& x);
Tensor cosh(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor asinh(const Tensor& x);
Tensor acosh(const Tensor& x);
Tensor atanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);  // 1 / (1 + exp(-x))
Tensor relu(const Tensor& x);     // max(x, 0), derivative 0 at 0
Tensor leaky_relu(const Tensor& x, const Scalar& negative_slope = 0.01);  // x > 0 ? x : x * slope
Tensor erf(const Tensor& x);                   // 2 / sqrt(pi) * integral_0^x exp(-t^2) dt
Tensor erfc(const Tensor& x);                  // 1 - erf(x)
Tensor erfinv(const Tensor& x);                // the y with erf(y) = x
Tensor lgamma(const Tensor& x);                // log |gamma(x)|
Tensor digamma(const Tensor& x);               // its derivative
Tensor polygamma(int64_t n, const Tensor& x);  // the n-th derivative of digamma
Tensor sinc(const Tensor& x);                  // sin(pi x) / (pi x), 1 at 0
// log(x / (1 - x)), x clamped to [eps, 1 - eps] where there is an eps.
Tensor logit(const Tensor& x, std::optional<double> eps = std::nullopt);
Tensor deg2rad(const Tensor& x);
Tensor rad2deg(const Tensor& x);
Tensor floor(const Tensor& x);
Tensor ceil(const Tensor& x);
Tensor round(const Tensor& x);                    // half to even
Tensor round(const Tensor& x, int64_t decimals);  // to that many decimals
Tensor trunc(const Tensor& x);                    // towards zero
Tensor frac(const Tensor& x);                     // x - trunc(x)
Tensor positive(const Tensor& x);                 // x itself
// NaN, inf and -inf become nan (0), posinf and neginf (the dtype's largest and least number).
Tensor nan_to_num(const Tensor& x, std::optional<double> nan = std::nullopt,
                  std::optional<double> posinf = std::nullopt,
                  std::optional<double> neginf = std::nullopt);
// min(max(x, min), max); the gradient passes at the bounds.
Tensor clamp(const Tensor& x, const std::optional<Scalar>& min,
             const std::optional<Scalar>& max = std::nullopt);
// The bounds broadcast; x's gradient passes at the bounds, theirs beyond them.
Tensor clamp(const Tensor& x, const std::optional<Tensor>& min = std::nullopt,
             const std::optional<Tensor>& max = std::nullopt);
Tensor clamp_min(const Tensor& x, const Scalar& min);
Tensor clamp_max(const Tensor& x, const Scalar& max);
Tensor clamp_min(const Tensor& x, const Tensor& min);
Tensor clamp_max(const Tensor& x, const Tensor& max);

// --- Two operands: the result has the broadcast shape and the promoted dtype ---
Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);  // a + alpha * b
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);  // a - alpha * b
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);  // b - alpha * a
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Scalar& b);
Tensor div(const Tensor& a, const Tensor& b);  // true division: integers become the default dtype
Tensor div(const Tensor& a, const Scalar& b);
// rounding_mode "trunc" or "floor", keeping integers; integer division by zero throws
// "ZeroDivisionError".
Tensor div(const Tensor& a, const Tensor& b, std::optional<std::string_view> rounding_mode);
Tensor div(const Tensor& a, const Scalar& b, std::optional<std::string_view> rounding_mode);
// div with "floor", but without a gradient: its backward throws, as PyTorch's does.
Tensor floor_divide(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, const Scalar& b);
Tensor remainder(const Tensor& a, const Tensor& b);  // a - b * floor(a / b)
Tensor remainder(const Tensor& a, const Scalar& b);
Tensor remainder(const Scalar& a, const Tensor& b);
Tensor fmod(const Tensor& a, const Tensor& b);  // a - b * trunc(a / b)
Tensor fmod(const Tensor& a, const Scalar& b);
Tensor pow(const Tensor& a, const Tensor& exponent);
Tensor pow(const Tensor& a, const Scalar& exponent);
Tensor pow(const Scalar& a, const Tensor& exponent);
Tensor float_power(const Tensor& a, const Tensor& exponent);  // pow in float64
Tensor float_power(const Tensor& a, const Scalar& exponent);
Tensor float_power(const Scalar& a, const Tensor& exponent);
Tensor ldexp(const Tensor& a, const Tensor& exponent);  // a * 2^exponent
Tensor atan2(const Tensor& y, const Tensor& x);         // the angle of (x, y)
Tensor hypot(const Tensor& a, const Tensor& b);         // sqrt(a^2 + b^2)
Tensor logaddexp(const Tensor& a, const Tensor& b);     // log(exp(a) + exp(b)), without overflow
Tensor logaddexp2(const Tensor& a, const Tensor& b);    // the same in powers of 2
Tensor xlogy(const Tensor& a, const Tensor& b);         // a log(b), 0 where a is 0
Tensor xlogy(const Tensor& a, const Scalar& b);
Tensor xlogy(const Scalar& a, const Tensor& b);
Tensor copysign(const Tensor& a, const Tensor& b);  // |a| with b's sign
Tensor copysign(const Tensor& a, const Scalar& b);
Tensor maximum(const Tensor& a, const Tensor& b);  // NaN wins; a tie splits the gradient
Tensor minimum(const Tensor& a, const Tensor& b);
Tensor max(const Tensor& a, const Tensor& b);   // maximum
Tensor min(const Tensor& a, const Tensor& b);   // minimum
Tensor fmax(const Tensor& a, const Tensor& b);  // NaN loses; a takes the gradient of a tie
Tensor fmin(const Tensor& a, const Tensor& b);
// 0 where x < 0, 1 where x > 0, else the value. No gradient, as the next three.
Tensor heaviside(const Tensor& x, const Tensor& values);
Tensor nextafter(const Tensor& a, const Tensor& b);  // a's neighbour on the side of b
Tensor gcd(const Tensor& a, const Tensor& b);        // of integers
Tensor lcm(const Tensor& a, const Tensor& b);
Tensor lerp(const Tensor& start, const Tensor& end,
            const Scalar& weight);  // start + weight * (end - start)
Tensor lerp(const Tensor& start, const Tensor& end, const Tensor& weight);
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b,
               const Scalar& value = 1);  // x + value * a * b
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b,
               const Scalar& value = 1);  // x + value * a / b

// --- Comparisons and logic: bool results, not differentiable ---
Tensor eq(const Tensor& a, const Tensor& b);
Tensor eq(const Tensor& a, const Scalar& b);
Tensor ne(const Tensor& a, const Tensor& b);
Tensor ne(const Tensor& a, const Scalar& b);
Tensor lt(const Tensor& a, const Tensor& b);
Tensor lt(const Tensor& a, const Scalar& b);
Tensor le(const Tensor& a, const Tensor& b);
Tensor le(const Tensor& a, const Scalar& b);
Tensor gt(const Tensor& a, const Tensor& b);
Tensor gt(const Tensor& a, const Scalar& b);
Tensor ge(const Tensor& a, const Tensor& b);
Tensor ge(const Tensor& a, const Scalar& b);
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_xor(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& x);
Tensor bitwise_and(const Tensor& a, const Tensor& b);  // integers and bools keep their dtype
Tensor bitwise_or(const Tensor& a, const Tensor& b);
Tensor bitwise_xor(const Tensor& a, const Tensor& b);
Tensor bitwise_and(const Tensor& a, const Scalar& b);
Tensor bitwise_or(const Tensor& a, const Scalar& b);
Tensor bitwise_xor(const Tensor& a, const Scalar& b);
Tensor bitwise_and(const Scalar& a, const Tensor& b);
Tensor bitwise_or(const Scalar& a, const Tensor& b);
Tensor bitwise_xor(const Scalar& a, const Tensor& b);
Tensor bitwise_left_shift(const Tensor& a, const Tensor& b);
Tensor bitwise_left_shift(const Tensor& a, const Scalar& b);
Tensor bitwise_left_shift(const Scalar& a, const Tensor& b);
Tensor bitwise_right_shift(const Tensor& a, const Tensor& b);  // keeps the sign
Tensor bitwise_right_shift(const Tensor& a, const Scalar& b);
Tensor bitwise_right_shift(const Scalar& a, const Tensor& b);
Tensor bitwise_not(const Tensor& x);
Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);
Tensor isfinite(const Tensor& x);
Tensor isposinf(const Tensor& x);
Tensor isneginf(const Tensor& x);
Tensor isreal(const Tensor& x);   // true
Tensor signbit(const Tensor& x);  // whether it is negative, -0 included
// |a - b| <= atol + rtol * |b|
Tensor isclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8,
               bool equal_nan = false);
bool allclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8,
              bool equal_nan = false);
bool equal(const Tensor& a, const Tensor& b);  // same shape, same elements

// --- Other names, and in place ---
#define TAPER_ALIAS(alias, name)                           \
  inline Tensor alias(const Tensor& x) { return name(x); } \
  inline Tensor& alias##_(Tensor& x) { return x.name##_(); }
TAPER_ALIAS(negative, neg)
TAPER_ALIAS(fix, trunc)
TAPER_ALIAS(arcsin, asin)
TAPER_ALIAS(arccos, acos)
TAPER_ALIAS(arctan, atan)
TAPER_ALIAS(arcsinh, asinh)
TAPER_ALIAS(arccosh, acosh)
TAPER_ALIAS(arctanh, atanh)
#undef TAPER_ALIAS
inline Tensor absolute(const Tensor& x) { return abs(x); }
inline Tensor arctan2(const Tensor& y, const Tensor& x) { return atan2(y, x); }
inline Tensor clip(const Tensor& x, const std::optional<Scalar>& min,
                   const std::optional<Scalar>& max = std::nullopt) {
  return clamp(x, min, max);
}
inline Tensor clip(const Tensor& x, const std::optional<Tensor>& min = std::nullopt,
                   const std::optional<Tensor>& max = std::nullopt) {
  return clamp(x, min, max);
}
inline Tensor subtract(const Tensor& a, const Tensor& b, const Scalar& alpha = 1) {
  return sub(a, b, alpha);
}
inline Tensor subtract(const Tensor& a, const Scalar& b, const Scalar& alpha = 1) {
  return sub(a, b, alpha);
}
#define TAPER_ALIAS(alias, name)                                               \
  inline Tensor alias(const Tensor& a, const Tensor& b) { return name(a, b); } \
  inline Tensor alias(const Tensor& a, const Scalar& b) { return name(a, b); }
TAPER_ALIAS(multiply, mul)
TAPER_ALIAS(divide, div)
TAPER_ALIAS(true_divide, div)
TAPER_ALIAS(not_equal, ne)
TAPER_ALIAS(less, lt)
TAPER_ALIAS(less_equal, le)
TAPER_ALIAS(greater, gt)
TAPER_ALIAS(greater_equal, ge)
TAPER_ALIAS(__and__, bitwise_and)
TAPER_ALIAS(__or__, bitwise_or)
TAPER_ALIAS(__xor__, bitwise_xor)
TAPER_ALIAS(__lshift__, bitwise_left_shift)
TAPER_ALIAS(__rshift__, bitwise_right_shift)
#undef TAPER_ALIAS
inline Tensor divide(const Tensor& a, const Tensor& b,
                     std::optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}
inline Tensor divide(const Tensor& a, const Scalar& b,
                     std::optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}

#define TAPER_IN_PLACE(name) \
  inline Tensor& name##_(Tensor& x) { return x.name##_(); }
TAPER_IN_PLACE(abs)
TAPER_IN_PLACE(acos)
TAPER_IN_PLACE(acosh)
TAPER_IN_PLACE(asin)
TAPER_IN_PLACE(asinh)
TAPER_IN_PLACE(atan)
TAPER_IN_PLACE(atanh)
TAPER_IN_PLACE(ceil)
TAPER_IN_PLACE(cos)
TAPER_IN_PLACE(cosh)
TAPER_IN_PLACE(deg2rad)
TAPER_IN_PLACE(erf)
TAPER_IN_PLACE(erfc)
TAPER_IN_PLACE(exp)
TAPER_IN_PLACE(exp2)
TAPER_IN_PLACE(expm1)
TAPER_IN_PLACE(floor)
TAPER_IN_PLACE(frac)
TAPER_IN_PLACE(log)
TAPER_IN_PLACE(log10)
TAPER_IN_PLACE(log1p)
TAPER_IN_PLACE(log2)
TAPER_IN_PLACE(neg)
TAPER_IN_PLACE(rad2deg)
TAPER_IN_PLACE(reciprocal)
TAPER_IN_PLACE(relu)
TAPER_IN_PLACE(round)
TAPER_IN_PLACE(rsqrt)
TAPER_IN_PLACE(sigmoid)
TAPER_IN_PLACE(sin)
TAPER_IN_PLACE(sinc)
TAPER_IN_PLACE(sinh)
TAPER_IN_PLACE(sqrt)
TAPER_IN_PLACE(square)
TAPER_IN_PLACE(tan)
TAPER_IN_PLACE(tanh)
TAPER_IN_PLACE(trunc)
#undef TAPER_IN_PLACE
Tensor& leaky_relu_(Tensor& x, const Scalar& negative_slope = 0.01);
inline Tensor& round_(Tensor& x, int64_t decimals) { return x.round_(decimals); }
inline Tensor& logit_(Tensor& x, std::optional<double> eps = std::nullopt) { return x.logit_(eps); }
inline Tensor& nan_to_num_(Tensor& x, std::optional<double> nan = std::nullopt,
                           std::optional<double> posinf = std::nullopt,
                           std::optional<double> neginf = std::nullopt) {
  return x.nan_to_num_(nan, posinf, neginf);
}
inline Tensor& clamp_(Tensor& x, const std::optional<Scalar>& min,
                      const std::optional<Scalar>& max = std::nullopt) {
  return x.clamp_(min, max);
}
inline Tensor& clamp_(Tensor& x, const std::optional<Tensor>& min = std::nullopt,
                      const std::optional<Tensor>& max = std::nullopt) {
  return x.clamp_(min, max);
}
inline Tensor& clip_(Tensor& x, const std::optional<Scalar>& min,
                     const std::optional<Scalar>& max = std::nullopt) {
  return x.clamp_(min, max);
}
inline Tensor& clip_(Tensor& x, const std::optional<Tensor>& min = std::nullopt,
                     const std::optional<Tensor>& max = std::nullopt) {
  return x.clamp_(min, max);
}
inline Tensor& clamp_min_(Tensor& x, const Scalar& min) { return x.clamp_min_(min); }
inline Tensor& clamp_max_(Tensor& x, const Scalar& max) { return x.clamp_max_(max); }
inline Tensor& clamp_min_(Tensor& x, const Tensor& min) { return x.clamp_min_(min); }
inline Tensor& clamp_max_(Tensor& x, const Tensor& max) { return x.clamp_max_(max); }
inline Tensor& xlogy_(Tensor& a, const Tensor& b) { return a.xlogy_(b); }
inline Tensor& xlogy_(Tensor& a, const Scalar& b) { return a.xlogy_(b); }
inline Tensor& ldexp_(Tensor& a, const Tensor& exponent) { return a.ldexp_(exponent); }
inline Tensor& gcd_(Tensor& a, const Tensor& b) { return a.gcd_(b); }
inline Tensor& lcm_(Tensor& a, const Tensor& b) { return a.lcm_(b); }

// --- Operators ---
#define TAPER_BINARY_OPERATOR(op, function)                                              \
  inline Tensor operator op(const Tensor& a, const Tensor& b) { return function(a, b); } \
  inline Tensor operator op(const Tensor& a, const Scalar& b) { return function(a, b); }
TAPER_BINARY_OPERATOR(+, add)
TAPER_BINARY_OPERATOR(-, sub)
TAPER_BINARY_OPERATOR(*, mul)
TAPER_BINARY_OPERATOR(/, div)
TAPER_BINARY_OPERATOR(%, remainder)
TAPER_BINARY_OPERATOR(==, eq)
TAPER_BINARY_OPERATOR(!=, ne)
TAPER_BINARY_OPERATOR(<, lt)
TAPER_BINARY_OPERATOR(<=, le)
TAPER_BINARY_OPERATOR(>, gt)
TAPER_BINARY_OPERATOR(>=, ge)
#undef TAPER_BINARY_OPERATOR
inline Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
inline Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
// These three convert the number to b's dtype first: 2.5 - x is 2 - x for an integer x, and 1 / x
// is no integer.
Tensor operator-(const Scalar& a, const Tensor& b);
Tensor operator/(const Scalar& a, const Tensor& b);
Tensor operator%(const Scalar& a, const Tensor& b);
inline Tensor operator==(const Scalar& a, const Tensor& b) { return eq(b, a); }
inline Tensor operator!=(const Scalar& a, const Tensor& b) { return ne(b, a); }
inline Tensor operator<(const Scalar& a, const Tensor& b) { return gt(b, a); }
inline Tensor operator<=(const Scalar& a, const Tensor& b) { return ge(b, a); }
inline Tensor operator>(const Scalar& a, const Tensor& b) { return lt(b, a); }
inline Tensor operator>=(const Scalar& a, const Tensor& b) { return le(b, a); }
inline Tensor operator&(const Tensor& a, const Tensor& b) { return bitwise_and(a, b); }
inline Tensor operator|(const Tensor& a, const Tensor& b) { return bitwise_or(a, b); }
inline Tensor operator^(const Tensor& a, const Tensor& b) { return bitwise_xor(a, b); }
inline Tensor operator&(const Tensor& a, const Scalar& b) { return bitwise_and(a, b); }
inline Tensor operator|(const Tensor& a, const Scalar& b) { return bitwise_or(a, b); }
inline Tensor operator^(const Tensor& a, const Scalar& b) { return bitwise_xor(a, b); }
inline Tensor operator&(const Scalar& a, const Tensor& b) { return bitwise_and(b, a); }
inline Tensor operator|(const Scalar& a, const Tensor& b) { return bitwise_or(b, a); }
inline Tensor operator^(const Scalar& a, const Tensor& b) { return bitwise_xor(b, a); }
inline Tensor operator!(const Tensor& x) { return logical_not(x); }

}  // namespace taper
