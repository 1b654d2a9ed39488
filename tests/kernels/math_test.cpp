// Measures the error of every fast-math function on each instruction set against the C library in
// the next wider type, over samples from every binade, over the stretches where each function is
// hardest, and at the special values.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/targets.h"

namespace taper::kernels {
namespace {

template <class T>
using Wider = std::conditional_t<std::is_same_v<T, float>, double, long double>;

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

template <class T>
T from_bits(Bits<T> bits) {
  T x;
  std::memcpy(&x, &bits, sizeof(T));
  return x;
}

template <class T>
Bits<T> to_bits(T x) {
  Bits<T> bits;
  std::memcpy(&bits, &x, sizeof(T));
  return bits;
}

template <class T>
std::vector<T> run_unary(Formula formula, const Params& params, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  const std::int64_t n = static_cast<std::int64_t>(x.size()), one = 1;
  map_unary(formula, params, CppTypeToScalarType<T>::value, {1, &n}, {x.data(), &one},
            {y.data(), &one});
  return y;
}

// Distance from the exact value in units of its last place; NaN and infinities must match.
template <class T>
double ulp_error(T got, Wider<T> exact) {
  constexpr double kWrong = std::numeric_limits<double>::infinity();
  if (std::isnan(exact)) return std::isnan(got) ? 0 : kWrong;
  if (std::isnan(got)) return kWrong;
  const T rounded = static_cast<T>(exact);
  if (got == rounded) return std::signbit(got) == std::signbit(rounded) || got != 0 ? 0.5 : kWrong;
  if (std::isinf(exact)) return kWrong;
  constexpr int kDigits = std::numeric_limits<T>::digits;
  constexpr int kMinExponent = std::numeric_limits<T>::min_exponent;
  int exponent = 0;
  std::frexp(exact, &exponent);
  exponent = std::max(exponent, kMinExponent);
  const Wider<T> unit = std::ldexp(Wider<T>(1), exponent - kDigits);
  Wider<T> value = got;
  // An infinity stands for the first number that is out of range.
  if (std::isinf(got)) {
    value = std::copysign(std::ldexp(Wider<T>(1), std::numeric_limits<T>::max_exponent),
                          static_cast<Wider<T>>(got));
  }
  return static_cast<double>(std::fabs(value - exact) / unit);
}

template <class T>
std::vector<T> special_values() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> x = {T{0},
                      T{1},
                      T(0.5),
                      T{2},
                      T{3},
                      Limits::denorm_min(),
                      Limits::min(),
                      Limits::max(),
                      Limits::epsilon(),
                      Limits::infinity(),
                      Limits::quiet_NaN(),
                      std::nextafter(T{1}, T{2}),
                      std::nextafter(T{1}, T{0}),
                      T(0.34657359),
                      T(0.69314718),
                      T(1.5707963267948966),
                      T(3.141592653589793),
                      T(39000),
                      std::nextafter(T(39000), T(40000)),
                      T(1e5),
                      T(1e10),
                      T(88.72283),
                      T(88.72284),
                      T(89),
                      T(103.97),
                      T(104),
                      T(150),
                      T(709.78),
                      T(709.79),
                      T(745.13),
                      T(745.14),
                      T(1000)};
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; ++i) x.push_back(-x[i]);
  return x;
}

// Every binade of both signs, and a uniform stretch.
template <class T>
std::vector<T> samples(double low, double high) {
  std::mt19937_64 random(7);
  std::vector<T> x = special_values<T>();
  constexpr int kMantissaBits = std::numeric_limits<T>::digits - 1;
  constexpr Bits<T> kExponents = sizeof(T) == 4 ? 255 : 2047;
  const int per_binade = sizeof(T) == 4 ? 256 : 24;
  for (Bits<T> exponent = 0; exponent < kExponents; ++exponent) {
    for (int i = 0; i < per_binade; ++i) {
      const Bits<T> mantissa = static_cast<Bits<T>>(random()) & ((Bits<T>{1} << kMantissaBits) - 1);
      const T value = from_bits<T>((exponent << kMantissaBits) | mantissa);
      x.push_back(value);
      x.push_back(-value);
    }
  }
  std::uniform_real_distribution<double> uniform(low, high);
  const int count = sizeof(T) == 4 ? 400000 : 150000;
  for (int i = 0; i < count; ++i) x.push_back(static_cast<T>(uniform(random)));
  return x;
}

// The neighbours of the multiples of pi/2, where sin or cos is small.
template <class T>
void add_trig_samples(std::vector<T>& x) {
  for (int k = 1; k < 24800; ++k) {
    const T near = static_cast<T>(k * 1.57079632679489661923L);
    for (const T value : {std::nextafter(near, T{0}), near, std::nextafter(near, T(1e9))}) {
      x.push_back(value);
      x.push_back(-value);
    }
  }
}

struct Function {
  const char* name;
  Formula formula;
  long double (*exact)(long double);
  double (*exact_double)(double);
  double low, high;              // the uniform stretch
  double float_ulp, double_ulp;  // the bounds that math-inl.h states
};

template <class W>
W exact_sigmoid(W x) {
  const W e = std::exp(-std::fabs(x));
  return (x < 0 ? e : W{1}) / (1 + e);
}

// clang-format off
const Function kFunctions[] = {
    {"exp", Formula::Exp, std::exp, std::exp, -110, 95, 1, 1},
    {"expm1", Formula::Expm1, std::expm1, std::expm1, -20, 20, 2, 2},
    {"log", Formula::Log, std::log, std::log, 0.01, 4, 1, 1},
    {"log1p", Formula::Log1p, std::log1p, std::log1p, -1, 3, 2.5, 2.5},
    {"tanh", Formula::Tanh, std::tanh, std::tanh, -12, 12, 2.5, 2.5},
    {"sigmoid", Formula::Sigmoid, exact_sigmoid<long double>, exact_sigmoid<double>, -110, 40, 2.5, 2.5},
    {"sin", Formula::Sin, std::sin, std::sin, -100, 100, 2.5, 2.5},
    {"cos", Formula::Cos, std::cos, std::cos, -100, 100, 2.5, 2.5},
    {"erf", Formula::Erf, std::erf, std::erf, -7, 7, 1, 1},
    {"erfc", Formula::Erfc, std::erfc, std::erfc, -7, 28, 4, 4},
    {"exp2", Formula::Exp2, std::exp2, std::exp2, -155, 130, 1, 1},
    {"log2", Formula::Log2, std::log2, std::log2, 0.01, 4, 1, 1},
    {"log10", Formula::Log10, std::log10, std::log10, 0.01, 4, 2, 2},
    {"tan", Formula::Tan, std::tan, std::tan, -100, 100, 1.5, 1},
    {"asin", Formula::Asin, std::asin, std::asin, -1, 1, 1, 1},
    {"acos", Formula::Acos, std::acos, std::acos, -1, 1, 1, 1},
    {"atan", Formula::Atan, std::atan, std::atan, -10, 10, 1, 1},
    {"sinh", Formula::Sinh, std::sinh, std::sinh, -90, 90, 2, 2},
    {"cosh", Formula::Cosh, std::cosh, std::cosh, -90, 90, 2, 2},
    {"asinh", Formula::Asinh, std::asinh, std::asinh, -10, 10, 2.5, 2.5},
    {"acosh", Formula::Acosh, std::acosh, std::acosh, 1, 10, 2.5, 2.5},
    {"atanh", Formula::Atanh, std::atanh, std::atanh, -1, 1, 2.5, 2.5},
    {"rsqrt", Formula::Rsqrt, [](long double x) { return 1 / std::sqrt(x); },
     [](double x) { return 1 / std::sqrt(x); }, 0.1, 10, 1.5, 1.5},
};
// clang-format on

template <class T>
Wider<T> exact_value(const Function& function, T x) {
  if constexpr (std::is_same_v<T, float>) {
    return function.exact_double(x);
  } else {
    return function.exact(x);
  }
}

template <class T>
void measure(const Function& function, double bound) {
  std::vector<T> x = samples<T>(function.low, function.high);
  if (function.formula == Formula::Sin || function.formula == Formula::Cos ||
      function.formula == Formula::Tan) {
    add_trig_samples(x);
  }
  std::vector<Wider<T>> exact;
  for (const T value : x) exact.push_back(exact_value(function, value));
  for (const std::int64_t target : supported_targets()) {
    use_target_for_test(target);
    const std::vector<T> y = run_unary(function.formula, Params{}, x);
    double worst = 0;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double error = ulp_error(y[i], exact[i]);
      if (error > worst) {
        worst = error;
        at = i;
      }
    }
    std::printf("%-8s %-6s %-5s %.3f ULP at %.17g\n", function.name,
                sizeof(T) == 4 ? "float" : "double", target_name(target), worst,
                static_cast<double>(x[at]));
    EXPECT_LE(worst, bound) << function.name << " " << target_name(target) << " at " << x[at]
                            << ": got " << y[at] << ", exact "
                            << static_cast<long double>(exact[at]);
  }
  use_target_for_test(0);
}

class MathTest : public testing::TestWithParam<Function> {};

TEST_P(MathTest, FloatErrorIsBounded) { measure<float>(GetParam(), GetParam().float_ulp); }
TEST_P(MathTest, DoubleErrorIsBounded) { measure<double>(GetParam(), GetParam().double_ulp); }

// The same bits at the front, in the middle, in the tail and alone.
template <class T>
void check_position(const Function& function) {
  std::vector<T> x = special_values<T>();
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal(0, 8);
  while (x.size() < 203) x.push_back(static_cast<T>(normal(random)));
  for (const std::int64_t target : supported_targets()) {
    use_target_for_test(target);
    const std::vector<T> whole = run_unary(function.formula, Params{}, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t n : {1, 2, 3, 5, 9, 17}) {
        if (i + n > x.size()) break;
        const std::vector<T> part(x.begin() + static_cast<std::ptrdiff_t>(i),
                                  x.begin() + static_cast<std::ptrdiff_t>(i + n));
        const std::vector<T> y = run_unary(function.formula, Params{}, part);
        for (std::size_t k = 0; k < n; ++k) {
          ASSERT_EQ(to_bits(y[k]), to_bits(whole[i + k]))
              << function.name << " " << target_name(target) << " of " << part[k];
        }
      }
    }
  }
  use_target_for_test(0);
}

TEST_P(MathTest, ValueDoesNotDependOnPosition) {
  check_position<float>(GetParam());
  check_position<double>(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Functions, MathTest, testing::ValuesIn(kFunctions),
                         [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace taper::kernels
