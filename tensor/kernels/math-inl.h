// Vector forms of the C library's functions over Vec<float> and Vec<double>. All are defined for
// every argument: NaN, infinities, subnormals and signed zeros give what the C library gives. The
// error bounds, in units in the last place, hold on every instruction set over the whole range and
// are measured by tests/kernels/math_test.cpp. Included once per instruction set.

#if defined(TAPER_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TAPER_KERNELS_MATH_INL_H_
#undef TAPER_KERNELS_MATH_INL_H_
#else
#define TAPER_KERNELS_MATH_INL_H_
#endif

#include <cmath>
#include <limits>

#include "hwy/contrib/math/math-inl.h"
#include "taper/tensor/kernels/simd-inl.h"
#include "taper/tensor/kernels/special_functions.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {

template <class T>
inline constexpr T kInfinity = std::numeric_limits<T>::infinity();
template <class T>
inline constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();

// 1 ULP. Highway's form is right from its lower bound (below it, 0) up to a little above the
// overflow, but loses NaN.
template <class T>
HWY_INLINE Vec<T> exp(const Vec<T>& x) {
  typename Vec<T>::D d;
  const Vec<T> top = sizeof(T) == 4 ? 89.0 : 710.0;  // exp(top) has overflowed already
  const Vec<T> bounded = select(x > top, top, x);
  return select(is_nan(x), x, Vec<T>(hn::Exp(d, bounded.v)));
}

// 2 ULP. x = q ln 2 + r: 2^q expm1(r) + (2^q - 1), halved so that q = the largest exponent + 1
// does not overflow before its time.
template <class T>
HWY_INLINE Vec<T> expm1(const Vec<T>& x) {
  typename Vec<T>::D d;
  hn::impl::ExpImpl<T> impl;
  const Vec<T> top = sizeof(T) == 4 ? 89.0 : 710.0;
  const Vec<T> bottom = sizeof(T) == 4 ? -18.0 : -38.0;  // -1, rounded
  const Vec<T> bounded = select(x > top, top, select(x < bottom, bottom, x));
  const Vec<T> half = copysign(Vec<T>(0.5), bounded);
  const auto q = impl.ToInt32(d, mul_add(bounded, Vec<T>(1.442695040888963407), half).v);
  const Vec<T> p = impl.ExpPoly(d, impl.ExpReduce(d, bounded.v, q));
  using DI = hn::Rebind<int32_t, decltype(d)>;
  const Vec<T> scale = impl.Pow2I(d, hn::Sub(q, hn::Set(DI(), 1)));
  const Vec<T> y = mul_add(p, scale, scale - 0.5) * 2.0;
  return select(is_nan(x), x, copysign(y, x));
}

// 1 ULP.
template <class T>
HWY_INLINE Vec<T> log(const Vec<T>& x) {
  typename Vec<T>::D d;
  const Vec<T> y = hn::Log(d, x.v);
  const Vec<T> inf = kInfinity<T>;
  // +inf and NaN stay; the pole; what has no logarithm.
  return select((x > 0.0) & (x < inf), y,
                select(x == 0.0, -inf, select(x < 0.0, Vec<T>(kNaN<T>), x)));
}

// 2.5 ULP: log(1 + x) times x / ((1 + x) - 1), which undoes the rounding of 1 + x.
template <class T>
HWY_INLINE Vec<T> log1p(const Vec<T>& x) {
  typename Vec<T>::D d;
  const Vec<T> y = hn::Log1p(d, x.v);
  const Vec<T> inf = kInfinity<T>;
  return select((x > -1.0) & (x < inf), y,
                select(x == -1.0, -inf, select(x < -1.0, Vec<T>(kNaN<T>), x)));
}

// 2.5 ULP: expm1(2|x|) / (expm1(2|x|) + 2), which is 1 from the bound on.
template <class T>
HWY_INLINE Vec<T> tanh(const Vec<T>& x) {
  const Vec<T> bound = sizeof(T) == 4 ? 10.0 : 22.0;
  const Vec<T> magnitude = abs(x);
  const Vec<T> e = expm1(select(magnitude > bound, bound, magnitude) * 2.0);
  return copysign(e / (e + 2.0), x);
}

// 2.5 ULP: 1 / (1 + exp(-x)), written so that exp never overflows and small results keep their
// digits.
template <class T>
HWY_INLINE Vec<T> sigmoid(const Vec<T>& x) {
  const Vec<T> e = exp(-abs(x));
  return select(x < 0.0, e, 1.0) / (e + 1.0);
}

// sin and cos, 2.5 ULP. Highway reduces with four pieces of pi, which lose their digits beyond this
// bound (and for infinities and NaN): the C library does those lanes.
template <class T>
HWY_INLINE Mask<T> trig_in_range(const Vec<T>& x) {
  return abs(x) <= 39000.0;
}

// The polynomial may end an ULP beyond 1.
template <class T>
HWY_INLINE Vec<T> within_one(const Vec<T>& y) {
  return select(y > 1.0, 1.0, select(y < -1.0, -1.0, y));
}

template <class T>
HWY_INLINE Vec<T> sin(const Vec<T>& x) {
  typename Vec<T>::D d;
  const Mask<T> in_range = trig_in_range(x);
  const Vec<T> y = select(x == 0.0, x, within_one<T>(hn::Sin(d, x.v)));
  if (HWY_LIKELY(all_true(in_range))) return y;
  return select(in_range, y, per_lane(x, [](T lane) { return std::sin(lane); }));
}

template <class T>
HWY_INLINE Vec<T> cos(const Vec<T>& x) {
  typename Vec<T>::D d;
  const Mask<T> in_range = trig_in_range(x);
  const Vec<T> y = within_one<T>(hn::Cos(d, x.v));
  if (HWY_LIKELY(all_true(in_range))) return y;
  return select(in_range, y, per_lane(x, [](T lane) { return std::cos(lane); }));
}

// 1.5 ULP.
template <class T>
HWY_INLINE Vec<T> rsqrt(const Vec<T>& x) {
  return 1.0 / sqrt(x);
}

// The C library, lane by lane: 1 ULP, but for float tan 1.5, log10, sinh and cosh 2, asinh, acosh
// and atanh 2.5, erfc 4.
#define TAPER_PER_LANE(name)                                    \
  template <class T>                                            \
  HWY_INLINE Vec<T> name(const Vec<T>& x) {                     \
    return per_lane(x, [](T lane) { return std::name(lane); }); \
  }
TAPER_PER_LANE(erf)
TAPER_PER_LANE(erfc)
TAPER_PER_LANE(exp2)
TAPER_PER_LANE(log2)
TAPER_PER_LANE(log10)
TAPER_PER_LANE(tan)
TAPER_PER_LANE(asin)
TAPER_PER_LANE(acos)
TAPER_PER_LANE(atan)
TAPER_PER_LANE(sinh)
TAPER_PER_LANE(cosh)
TAPER_PER_LANE(asinh)
TAPER_PER_LANE(acosh)
TAPER_PER_LANE(atanh)
#undef TAPER_PER_LANE

template <class T>
HWY_INLINE Vec<T> atan2(const Vec<T>& a, const Vec<T>& b) {
  return per_lane(a, b, [](T y, T x) { return std::atan2(y, x); });
}

template <class T>
HWY_INLINE Vec<T> hypot(const Vec<T>& a, const Vec<T>& b) {
  return per_lane(a, b, [](T x, T y) { return std::hypot(x, y); });
}

// Of special_functions.h, whose numbers are doubles.
template <class T>
HWY_INLINE Vec<T> erfinv(const Vec<T>& x) {
  return per_lane(x, [](T lane) { return static_cast<T>(kernels::erfinv(lane)); });
}

template <class T>
HWY_INLINE Vec<T> lgamma(const Vec<T>& x) {
  return per_lane(x, [](T lane) { return kernels::log_gamma(lane); });
}

template <class T>
HWY_INLINE Vec<T> polygamma(std::int64_t n, const Vec<T>& x) {
  return per_lane(x, [n](T lane) { return kernels::polygamma(n, lane); });
}

template <class T>
HWY_INLINE Vec<T> pow(const Vec<T>& a, const Vec<T>& b) {
  return per_lane(a, b, [](T base, T exponent) { return std::pow(base, exponent); });
}

// PyTorch's cases for one exponent: they round, and treat -inf and -0, as the operation named.
template <class T>
HWY_INLINE Vec<T> pow(const Vec<T>& x, double exponent) {
  if (exponent == 0.0) return 1.0;
  if (exponent == 1.0) return x;
  if (exponent == 2.0) return x * x;
  if (exponent == 3.0) return x * x * x;
  if (exponent == 0.5) return sqrt(x);
  if (exponent == -0.5) return 1.0 / sqrt(x);
  if (exponent == -1.0) return 1.0 / x;
  if (exponent == -2.0) return 1.0 / (x * x);
  return per_lane(x, [e = static_cast<T>(exponent)](T base) { return std::pow(base, e); });
}
template <class T>
HWY_INLINE Vec<T> pow(const Vec<T>& x, const Param& exponent) {
  return pow(x, exponent.d);
}

template <class T>
HWY_INLINE Vec<T> xlogy(const Vec<T>& a, const Vec<T>& b) {
  return select((a == 0.0) & (b == b), 0.0, a * log(b));
}

// Exact, as the next four.
template <class T>
HWY_INLINE Vec<T> nextafter(const Vec<T>& a, const Vec<T>& b) {
  return per_lane(a, b, [](T x, T y) { return std::nextafter(x, y); });
}

template <class T>
HWY_INLINE Vec<T> fmod(const Vec<T>& a, const Vec<T>& b) {
  return per_lane(a, b, [](T x, T y) { return std::fmod(x, y); });
}

template <class T>
HWY_INLINE Vec<T> remainder(const Vec<T>& a, const Vec<T>& b) {
  const Vec<T> rest = fmod(a, b);
  const Mask<T> wrong_sign = ((rest < 0.0) & (b > 0.0)) | ((rest > 0.0) & (b < 0.0));
  return select(wrong_sign, rest + b, rest);
}

template <class T>
HWY_INLINE Vec<T> div_trunc(const Vec<T>& a, const Vec<T>& b) {
  return trunc(a / b);
}

// Python's floor division: the floor of the exact quotient, not of the rounded one.
template <class T>
HWY_INLINE Vec<T> div_floor(const Vec<T>& a, const Vec<T>& b) {
  const Vec<T> rest = fmod(a, b);
  const Mask<T> wrong_sign = ((rest < 0.0) & (b > 0.0)) | ((rest > 0.0) & (b < 0.0));
  const Vec<T> exact = (a - rest) / b;
  const Vec<T> quotient = select(wrong_sign, exact - 1.0, exact);
  const Vec<T> below = floor(quotient);
  const Vec<T> rounded = select(quotient - below > 0.5, below + 1.0, below);
  const Vec<T> signed_zero = copysign(zeros_like(a), a / b);
  return select(b == 0.0, a / b, select(quotient == 0.0, signed_zero, rounded));
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
