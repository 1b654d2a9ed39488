// The element types over which the formulas run in the kernels: Vec<T>, a SIMD vector of float or
// double, and Lane<T>, one integer or bool. Included once per instruction set (Highway's toggle
// takes the place of a guard).

#if defined(TAPER_KERNELS_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TAPER_KERNELS_SIMD_INL_H_
#undef TAPER_KERNELS_SIMD_INL_H_
#else
#define TAPER_KERNELS_SIMD_INL_H_
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "hwy/highway.h"
#include "taper/tensor/kernels/formulas.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
struct Mask {
  hn::Mask<hn::ScalableTag<T>> m;

  // HWY_ATTR: a friend that is defined in a class template does not inherit the target of the
  // pragma around it (GCC), and would pass vectors in memory where its callees expect registers.
  friend HWY_ATTR HWY_INLINE Mask operator&(const Mask& a, const Mask& b) {
    return {hn::And(a.m, b.m)};
  }
  friend HWY_ATTR HWY_INLINE Mask operator|(const Mask& a, const Mask& b) {
    return {hn::Or(a.m, b.m)};
  }
};

// A double on either side of an operator stands for a vector full of it.
template <class T>
struct Vec {
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;
  static constexpr std::size_t kLanes = HWY_LANES(T);

  V v;

  HWY_INLINE Vec(V vector) : v(vector) {}
  HWY_INLINE Vec(double constant) : v(hn::Set(D(), static_cast<T>(constant))) {}

  static HWY_INLINE Vec load(const T* p) { return hn::LoadU(D(), p); }
  HWY_INLINE void store(T* p) const { hn::StoreU(v, D(), p); }

  friend HWY_ATTR HWY_INLINE Vec operator+(const Vec& a, const Vec& b) { return hn::Add(a.v, b.v); }
  friend HWY_ATTR HWY_INLINE Vec operator-(const Vec& a, const Vec& b) { return hn::Sub(a.v, b.v); }
  friend HWY_ATTR HWY_INLINE Vec operator*(const Vec& a, const Vec& b) { return hn::Mul(a.v, b.v); }
  friend HWY_ATTR HWY_INLINE Vec operator/(const Vec& a, const Vec& b) { return hn::Div(a.v, b.v); }
  friend HWY_ATTR HWY_INLINE Vec operator-(const Vec& a) { return hn::Neg(a.v); }
  friend HWY_ATTR HWY_INLINE Mask<T> operator<(const Vec& a, const Vec& b) {
    return {hn::Lt(a.v, b.v)};
  }
  friend HWY_ATTR HWY_INLINE Mask<T> operator<=(const Vec& a, const Vec& b) {
    return {hn::Le(a.v, b.v)};
  }
  friend HWY_ATTR HWY_INLINE Mask<T> operator>(const Vec& a, const Vec& b) {
    return {hn::Gt(a.v, b.v)};
  }
  friend HWY_ATTR HWY_INLINE Mask<T> operator>=(const Vec& a, const Vec& b) {
    return {hn::Ge(a.v, b.v)};
  }
  friend HWY_ATTR HWY_INLINE Mask<T> operator==(const Vec& a, const Vec& b) {
    return {hn::Eq(a.v, b.v)};
  }
  // Highway's Ne is false for NaN.
  friend HWY_ATTR HWY_INLINE Mask<T> operator!=(const Vec& a, const Vec& b) {
    return {hn::Not(hn::Eq(a.v, b.v))};
  }
  friend HWY_ATTR HWY_INLINE Mask<T> is_nan(const Vec& x) { return {hn::IsNaN(x.v)}; }

  friend HWY_ATTR HWY_INLINE Vec select(const Mask<T>& m, const Vec& yes, const Vec& no) {
    return hn::IfThenElse(m.m, yes.v, no.v);
  }
  friend HWY_ATTR HWY_INLINE Vec like(const Vec&, const Param& p) { return Vec(p.d); }
  friend HWY_ATTR HWY_INLINE Vec zeros_like(const Vec&) { return hn::Zero(D()); }
  // a * b + c, fused where the instruction set can.
  friend HWY_ATTR HWY_INLINE Vec mul_add(const Vec& a, const Vec& b, const Vec& c) {
    return hn::MulAdd(a.v, b.v, c.v);
  }
  friend HWY_ATTR HWY_INLINE Vec abs(const Vec& x) { return hn::Abs(x.v); }
  friend HWY_ATTR HWY_INLINE Vec sqrt(const Vec& x) { return hn::Sqrt(x.v); }
  friend HWY_ATTR HWY_INLINE Vec floor(const Vec& x) { return keep_sign(hn::Floor(x.v), x); }
  friend HWY_ATTR HWY_INLINE Vec ceil(const Vec& x) { return keep_sign(hn::Ceil(x.v), x); }
  friend HWY_ATTR HWY_INLINE Vec trunc(const Vec& x) { return keep_sign(hn::Trunc(x.v), x); }
  friend HWY_ATTR HWY_INLINE Vec round(const Vec& x) { return keep_sign(hn::Round(x.v), x); }
  friend HWY_ATTR HWY_INLINE Vec copysign(const Vec& magnitude, const Vec& sign) {
    return hn::CopySign(magnitude.v, sign.v);
  }
  // Highway's scalar rounding loses the sign of zeros.
  static HWY_INLINE Vec keep_sign(const Vec& rounded, const Vec& x) {
    return HWY_TARGET == HWY_SCALAR ? copysign(rounded, x) : rounded;
  }
  // 0 for NaN and for both zeros, as PyTorch.
  friend HWY_ATTR HWY_INLINE Vec sign(const Vec& x) {
    return select(x > 0.0, Vec(1.0), select(x < 0.0, Vec(-1.0), Vec(0.0)));
  }
  // NaN wins; b where they are equal.
  friend HWY_ATTR HWY_INLINE Vec maximum(const Vec& a, const Vec& b) {
    return select((a > b) | is_nan(a), a, b);
  }
  friend HWY_ATTR HWY_INLINE Vec minimum(const Vec& a, const Vec& b) {
    return select((a < b) | is_nan(a), a, b);
  }
  // NaN loses.
  friend HWY_ATTR HWY_INLINE Vec fmax(const Vec& a, const Vec& b) {
    return select((a > b) | is_nan(b), a, b);
  }
  friend HWY_ATTR HWY_INLINE Vec fmin(const Vec& a, const Vec& b) {
    return select((a < b) | is_nan(b), a, b);
  }
  friend HWY_ATTR HWY_INLINE Vec heaviside(const Vec& a, const Vec& b) {
    return select(a == Vec(0.0), b, select(a > Vec(0.0), Vec(1.0), Vec(0.0)));
  }
};

template <class T>
HWY_INLINE bool all_true(const Mask<T>& m) {
  return hn::AllTrue(hn::ScalableTag<T>(), m.m);
}

// fn of each lane by itself, for what has no vector form.
template <class T, class Fn>
HWY_INLINE Vec<T> per_lane(const Vec<T>& x, Fn fn) {
  alignas(64) T xs[Vec<T>::kLanes];
  x.store(xs);
  for (std::size_t i = 0; i < Vec<T>::kLanes; ++i) xs[i] = fn(xs[i]);
  return Vec<T>::load(xs);
}

template <class T, class Fn>
HWY_INLINE Vec<T> per_lane(const Vec<T>& a, const Vec<T>& b, Fn fn) {
  alignas(64) T as[Vec<T>::kLanes];
  alignas(64) T bs[Vec<T>::kLanes];
  a.store(as);
  b.store(bs);
  for (std::size_t i = 0; i < Vec<T>::kLanes; ++i) as[i] = fn(as[i], bs[i]);
  return Vec<T>::load(as);
}

// Arithmetic wraps around, without undefined behaviour; for bool + is or, * is and.
template <class T>
struct Lane {
  T v;

 private:
  // Wide enough that nothing is promoted back to a signed int.
  using U = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  static constexpr U kShiftMask = 8 * sizeof(U) - 1;
  static HWY_INLINE U u(const Lane& x) { return static_cast<U>(x.v); }
  static HWY_INLINE Lane wrap(U x) { return {static_cast<T>(x)}; }

 public:
  friend HWY_INLINE Lane operator+(const Lane& a, const Lane& b) { return wrap(u(a) + u(b)); }
  friend HWY_INLINE Lane operator-(const Lane& a, const Lane& b) { return wrap(u(a) - u(b)); }
  friend HWY_INLINE Lane operator*(const Lane& a, const Lane& b) { return wrap(u(a) * u(b)); }
  friend HWY_INLINE Lane operator-(const Lane& a) { return wrap(U{0} - u(a)); }
  friend HWY_INLINE Lane operator&(const Lane& a, const Lane& b) { return wrap(u(a) & u(b)); }
  friend HWY_INLINE Lane operator|(const Lane& a, const Lane& b) { return wrap(u(a) | u(b)); }
  friend HWY_INLINE Lane operator^(const Lane& a, const Lane& b) { return wrap(u(a) ^ u(b)); }
  friend HWY_INLINE Lane operator~(const Lane& a) {
    if constexpr (std::is_same_v<T, bool>) {
      return {!a.v};
    } else {
      return wrap(~u(a));
    }
  }
  friend HWY_INLINE Lane shift_left(const Lane& a, const Lane& b) {
    return wrap(u(a) << (u(b) & kShiftMask));
  }
  friend HWY_INLINE Lane shift_right(const Lane& a, const Lane& b) {
    return {static_cast<T>(a.v >> (u(b) & kShiftMask))};
  }
  friend HWY_INLINE bool operator<(const Lane& a, const Lane& b) { return a.v < b.v; }
  friend HWY_INLINE bool operator>(const Lane& a, const Lane& b) { return a.v > b.v; }

  friend HWY_INLINE Lane select(bool m, const Lane& yes, const Lane& no) { return m ? yes : no; }
  friend HWY_INLINE Lane like(const Lane&, const Param& p) { return {static_cast<T>(p.i)}; }
  friend HWY_INLINE Lane mul_add(const Lane& a, const Lane& b, const Lane& c) { return a * b + c; }
  friend HWY_INLINE Lane abs(const Lane& x) { return x.v < T{0} ? -x : x; }
  friend HWY_INLINE Lane trunc(const Lane& x) { return x; }
  friend HWY_INLINE Lane floor(const Lane& x) { return x; }
  friend HWY_INLINE Lane ceil(const Lane& x) { return x; }
  friend HWY_INLINE Lane round(const Lane& x) { return x; }
  friend HWY_INLINE Lane sign(const Lane& x) {
    return {static_cast<T>((x.v > T{0}) - (x.v < T{0}))};
  }
  friend HWY_INLINE Lane maximum(const Lane& a, const Lane& b) { return a.v < b.v ? b : a; }
  friend HWY_INLINE Lane minimum(const Lane& a, const Lane& b) { return b.v < a.v ? b : a; }
  friend HWY_INLINE Lane fmax(const Lane& a, const Lane& b) { return maximum(a, b); }
  friend HWY_INLINE Lane fmin(const Lane& a, const Lane& b) { return minimum(a, b); }
  friend HWY_INLINE Lane heaviside(const Lane& a, const Lane& b) {
    return a.v == T{0} ? b : Lane{static_cast<T>(a.v > T{0})};
  }
  friend HWY_INLINE Lane gcd(const Lane& a, const Lane& b) {
    Lane x = abs(a), y = abs(b);
    while (y.v != T{0}) {
      const Lane rest = fmod(x, y);
      x = y;
      y = abs(rest);
    }
    return x;
  }
  friend HWY_INLINE Lane lcm(const Lane& a, const Lane& b) {
    const Lane divisor = gcd(a, b);
    return divisor.v == T{0} ? divisor : abs(div_trunc(a, divisor) * b);
  }

  friend HWY_INLINE Lane div_trunc(const Lane& a, const Lane& b) {
    check_divisor(b);
    // min / -1 does not fit and traps on x86.
    if (is_minus_one(b)) return -a;
    return {static_cast<T>(a.v / b.v)};
  }
  friend HWY_INLINE Lane fmod(const Lane& a, const Lane& b) {
    check_divisor(b);
    if (is_minus_one(b)) return {T{0}};
    return {static_cast<T>(a.v % b.v)};
  }
  friend HWY_INLINE Lane div_floor(const Lane& a, const Lane& b) {
    const Lane quotient = div_trunc(a, b);
    const bool signs_differ = (a.v < T{0}) != (b.v < T{0});
    return signs_differ && fmod(a, b).v != T{0} ? quotient - Lane{T{1}} : quotient;
  }
  friend HWY_INLINE Lane remainder(const Lane& a, const Lane& b) {
    const Lane rest = fmod(a, b);
    return rest.v != T{0} && (rest.v < T{0}) != (b.v < T{0}) ? rest + b : rest;
  }
  // By squaring, wrapping around; a negative exponent gives the power's integer part.
  friend HWY_INLINE Lane pow(const Lane& a, const Lane& b) {
    T exponent = b.v;
    if (exponent < T{0}) {
      if (a.v == T{1}) return a;
      if (is_minus_one(a)) return exponent % 2 == 0 ? Lane{T{1}} : a;
      return {T{0}};
    }
    Lane result{T{1}};
    Lane square = a;
    for (; exponent != T{0}; exponent = static_cast<T>(exponent / 2)) {
      if (exponent % 2 != 0) result = result * square;
      square = square * square;
    }
    return result;
  }
  friend HWY_INLINE Lane pow(const Lane& a, const Param& p) { return pow(a, like(a, p)); }

 private:
  static HWY_INLINE bool is_minus_one(const Lane& x) {
    return std::is_signed_v<T> && x.v == static_cast<T>(-1);
  }
  static HWY_INLINE void check_divisor(const Lane& b) {
    if (b.v == T{0}) [[unlikely]] {
      throw std::domain_error("ZeroDivisionError");
    }
  }
};

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
