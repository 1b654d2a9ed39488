#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

/// The one list of elementwise formulas, and their structs (formulas*-inl.h) as plain types.
///
/// X(Name, domain): the struct's name, and the dtypes that the kernels serve:
///   kFloats        Float Double; the caller converts integers and bools first
///   kOnlyFloats    Float Double
///   kNumbers       and Byte Int Long
///   kAll           and Bool
///   kIntegers      Byte Int Long Bool
///   kOnlyIntegers  Byte Int Long
/// Any other dtype the caller refuses.
#define TAPER_UNARY_FORMULAS(X) \
  X(Neg, kNumbers)              \
  X(Abs, kNumbers)              \
  X(Sign, kAll)                 \
  X(Square, kNumbers)           \
  X(Relu, kNumbers)             \
  X(Clamp, kNumbers)            \
  X(Floor, kNumbers)            \
  X(Ceil, kNumbers)             \
  X(Round, kNumbers)            \
  X(RoundDecimals, kOnlyFloats) \
  X(Trunc, kNumbers)            \
  X(Frac, kOnlyFloats)          \
  X(NanToNum, kOnlyFloats)      \
  X(Deg2rad, kFloats)           \
  X(Rad2deg, kFloats)           \
  X(BitwiseNot, kIntegers)      \
  X(LeakyRelu, kOnlyFloats)     \
  X(Reciprocal, kFloats)        \
  X(Sqrt, kFloats)              \
  X(Rsqrt, kFloats)             \
  X(Exp, kFloats)               \
  X(Expm1, kFloats)             \
  X(Log, kFloats)               \
  X(Log1p, kFloats)             \
  X(Sin, kFloats)               \
  X(Cos, kFloats)               \
  X(Tanh, kFloats)              \
  X(Sigmoid, kFloats)           \
  X(Erf, kFloats)               \
  X(Exp2, kFloats)              \
  X(Log2, kFloats)              \
  X(Log10, kFloats)             \
  X(Tan, kFloats)               \
  X(Asin, kFloats)              \
  X(Acos, kFloats)              \
  X(Atan, kFloats)              \
  X(Sinh, kFloats)              \
  X(Cosh, kFloats)              \
  X(Asinh, kFloats)             \
  X(Acosh, kFloats)             \
  X(Atanh, kFloats)             \
  X(Erfc, kFloats)              \
  X(Erfinv, kFloats)            \
  X(Lgamma, kFloats)            \
  X(Polygamma, kFloats)         \
  X(Sinc, kFloats)              \
  X(Logit, kFloats)             \
  X(PowScalar, kNumbers)

#define TAPER_BINARY_FORMULAS(X) \
  X(Add, kAll)                   \
  X(Sub, kNumbers)               \
  X(Mul, kAll)                   \
  X(Div, kFloats)                \
  X(DivTrunc, kNumbers)          \
  X(DivFloor, kNumbers)          \
  X(Remainder, kNumbers)         \
  X(Fmod, kNumbers)              \
  X(Pow, kNumbers)               \
  X(Atan2, kFloats)              \
  X(Maximum, kAll)               \
  X(Minimum, kAll)               \
  X(Fmax, kAll)                  \
  X(Fmin, kAll)                  \
  X(ClampMin, kAll)              \
  X(ClampMax, kAll)              \
  X(Hypot, kOnlyFloats)          \
  X(Logaddexp, kOnlyFloats)      \
  X(Logaddexp2, kOnlyFloats)     \
  X(Xlogy, kFloats)              \
  X(Copysign, kFloats)           \
  X(Heaviside, kAll)             \
  X(Nextafter, kOnlyFloats)      \
  X(Gcd, kOnlyIntegers)          \
  X(Lcm, kOnlyIntegers)          \
  X(BitwiseAnd, kIntegers)       \
  X(BitwiseOr, kIntegers)        \
  X(BitwiseXor, kIntegers)       \
  X(ShiftLeft, kOnlyIntegers)    \
  X(ShiftRight, kOnlyIntegers)   \
  X(LerpScalar, kOnlyFloats)     \
  X(MseLoss, kFloats)            \
  X(SmoothL1Loss, kFloats)       \
  X(HuberLoss, kFloats)          \
  X(SoftMarginLoss, kFloats)     \
  X(BinaryCrossEntropy, kFloats) \
  X(BinaryCrossEntropyWithLogits, kFloats)

#define TAPER_TERNARY_FORMULAS(X) \
  X(Lerp, kOnlyFloats)            \
  X(ClampBetween, kNumbers)       \
  X(Addcmul, kNumbers)            \
  X(Addcdiv, kFloats)

namespace taper::kernels {

enum class Formula : std::uint8_t {
#define TAPER_NAME(Name, domain) Name,
  TAPER_UNARY_FORMULAS(TAPER_NAME) TAPER_BINARY_FORMULAS(TAPER_NAME)
      TAPER_TERNARY_FORMULAS(TAPER_NAME)
#undef TAPER_NAME
};

enum class Domain : std::uint8_t { kFloats, kOnlyFloats, kNumbers, kAll, kIntegers, kOnlyIntegers };

constexpr bool has_floats(Domain domain) {
  return domain != Domain::kIntegers && domain != Domain::kOnlyIntegers;
}
constexpr bool has_integers(Domain domain) {
  return domain != Domain::kFloats && domain != Domain::kOnlyFloats;
}
constexpr bool has_bools(Domain domain) {
  return domain == Domain::kAll || domain == Domain::kIntegers;
}

/// What a unary formula's vjp reads besides the gradient; the tape keeps no more than that.
/// With kNothing the second argument of vjp is ignored and may be anything.
enum class Saves : std::uint8_t { kNothing, kInput, kOutput };

/// Bits of needs_a and needs_b (and needs_c): which operands a vjp reads.
inline constexpr unsigned kNeedsA = 1, kNeedsB = 2, kNeedsC = 4;

/// A user's scalar that has to be exact for int64 elements too.
struct Param {
  double d = 0;
  std::int64_t i = 0;
  bool is_int = false;

  constexpr Param() = default;
  /// The integer part is the value cut to an integer, or the nearest end of int64's range.
  constexpr Param(double value) : d(value), i(cut(value)) {}
  constexpr Param(std::int64_t value) : d(static_cast<double>(value)), i(value), is_int(true) {}
  constexpr Param(int value) : Param(std::int64_t{value}) {}

 private:
  static constexpr std::int64_t cut(double value) {
    if (!(value == value)) return 0;
    if (value >= 9223372036854775808.0) return INT64_MAX;
    if (value < -9223372036854775808.0) return INT64_MIN;
    return static_cast<std::int64_t>(value);
  }
};

/// A formula struct with its type forgotten, as the kernels take it.
struct Params {
  alignas(8) unsigned char bytes[64];
};

template <class F>
Params make_params(const F& formula) {
  static_assert(std::is_trivially_copyable<F>::value && sizeof(F) <= sizeof(Params),
                "a formula holds plain numbers");
  Params params;
  std::memcpy(params.bytes, &formula, sizeof(F));
  return params;
}

}  // namespace taper::kernels

/// The structs for everyone outside of the kernels: the raw layer fills their members, autograd
/// calls their vjp with tensors.
namespace taper::formulas {

using kernels::kNeedsA;
using kernels::kNeedsB;
using kernels::kNeedsC;
using kernels::Param;
using kernels::Saves;

#include "taper/tensor/kernels/formulas-inl.h"
#include "taper/tensor/kernels/formulas_binary-inl.h"
#include "taper/tensor/kernels/formulas_loss-inl.h"
#include "taper/tensor/kernels/formulas_special-inl.h"

/// Formula of a struct: kFormulaOf<Tanh> is kernels::Formula::Tanh.
template <class F>
inline constexpr kernels::Formula kFormulaOf = kernels::Formula::Neg;
#define TAPER_NAME(Name, domain) \
  template <>                    \
  inline constexpr kernels::Formula kFormulaOf<Name> = kernels::Formula::Name;
TAPER_UNARY_FORMULAS(TAPER_NAME)
TAPER_BINARY_FORMULAS(TAPER_NAME)
TAPER_TERNARY_FORMULAS(TAPER_NAME)
#undef TAPER_NAME

}  // namespace taper::formulas
