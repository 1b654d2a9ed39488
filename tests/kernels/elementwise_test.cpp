// Every formula of the elementwise kernels, and its derivative, against its definition.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "elementwise_testing.h"

namespace taper::kernels {
namespace {

using formulas::kFormulaOf;

// Contiguous and one-dimensional.
template <class T, class F>
Values<T> unary(const F& formula, const Values<T>& x) {
  Values<T> y(x.size());
  const std::int64_t n = static_cast<std::int64_t>(x.size()), one = 1;
  map_unary(kFormulaOf<F>, make_params(formula), kType<T>, {1, &n}, {x.data(), &one},
            {y.data(), &one});
  return y;
}

template <class T, class F>
Values<T> binary(const F& formula, const Values<T>& a, const Values<T>& b) {
  Values<T> y(a.size());
  const std::int64_t n = static_cast<std::int64_t>(a.size()), one = 1;
  map_binary(kFormulaOf<F>, make_params(formula), kType<T>, {1, &n}, {a.data(), &one},
             {b.data(), &one}, {y.data(), &one});
  return y;
}

template <class T, class F>
Values<T> ternary(const F& formula, const Values<T>& a, const Values<T>& b, const Values<T>& c) {
  Values<T> y(a.size());
  const std::int64_t n = static_cast<std::int64_t>(a.size()), one = 1;
  map_ternary(kFormulaOf<F>, make_params(formula), kType<T>, {1, &n}, {a.data(), &one},
              {b.data(), &one}, {c.data(), &one}, {y.data(), &one});
  return y;
}

template <class T, class F>
Values<T> unary_vjp(const F& formula, const Values<T>& g, const Values<T>& saved) {
  Values<T> y(g.size());
  const std::int64_t n = static_cast<std::int64_t>(g.size()), one = 1;
  map_unary_vjp(kFormulaOf<F>, make_params(formula), kType<T>, {1, &n}, {g.data(), &one},
                {saved.empty() ? nullptr : saved.data(), &one}, {y.data(), &one});
  return y;
}

template <class T, class F>
Values<T> binary_vjp(const F& formula, int which, const Values<T>& g, const Values<T>& a,
                     const Values<T>& b) {
  Values<T> y(g.size());
  const std::int64_t n = static_cast<std::int64_t>(g.size()), one = 1;
  map_binary_vjp(kFormulaOf<F>, make_params(formula), which, kType<T>, {1, &n}, {g.data(), &one},
                 {a.empty() ? nullptr : a.data(), &one}, {b.empty() ? nullptr : b.data(), &one},
                 {y.data(), &one});
  return y;
}

template <class T, class F, class Exact>
void check_unary(const char* name, const F& formula, Exact exact) {
  const Values<T> x = special<T>();
  const Values<T> y = unary<T>(formula, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto expected = static_cast<Stored<T>>(exact(static_cast<T>(x[i])));
    EXPECT_TRUE(same(y[i], expected)) << name << " " << to_string(kType<T>) << " of " << +x[i]
                                      << ": got " << +y[i] << ", expected " << +expected;
  }
}

template <class T, class F, class Exact>
void check_binary(const char* name, const F& formula, Exact exact,
                  bool skip_zero_divisors = false) {
  Values<T> a, b;
  special_pairs<T>(a, b);
  if (skip_zero_divisors) {
    for (auto& x : b) x = x == 0 ? Stored<T>(4) : x;
  }
  const Values<T> y = binary<T>(formula, a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto expected = static_cast<Stored<T>>(exact(static_cast<T>(a[i]), static_cast<T>(b[i])));
    EXPECT_TRUE(same(y[i], expected))
        << name << " " << to_string(kType<T>) << " of " << +a[i] << ", " << +b[i] << ": got "
        << +y[i] << ", expected " << +expected;
  }
}

template <class T>
T nan_max(T a, T b) {
  if (a != a) return a;
  if (b != b) return b;
  return a > b ? a : b;
}
template <class T>
T nan_min(T a, T b) {
  if (a != a) return a;
  if (b != b) return b;
  return a < b ? a : b;
}

template <class T>
void check_float_unary() {
  check_unary<T>("neg", formulas::Neg{}, [](T x) { return -x; });
  check_unary<T>("abs", formulas::Abs{}, [](T x) { return std::fabs(x); });
  check_unary<T>("sign", formulas::Sign{}, [](T x) { return T((T(0) < x) - (x < T(0))); });
  check_unary<T>("square", formulas::Square{}, [](T x) { return x * x; });
  check_unary<T>("relu", formulas::Relu{}, [](T x) { return x < 0 ? T(0) : x; });
  check_unary<T>("leaky_relu", formulas::LeakyRelu{0.1},
                 [](T x) { return x > 0 ? x : x * T(0.1); });
  check_unary<T>("floor", formulas::Floor{}, [](T x) { return std::floor(x); });
  check_unary<T>("ceil", formulas::Ceil{}, [](T x) { return std::ceil(x); });
  check_unary<T>("round", formulas::Round{}, [](T x) { return std::nearbyint(x); });
  check_unary<T>("reciprocal", formulas::Reciprocal{}, [](T x) { return 1 / x; });
  check_unary<T>("sqrt", formulas::Sqrt{}, [](T x) { return std::sqrt(x); });
  check_unary<T>("erf", formulas::Erf{}, [](T x) { return std::erf(x); });

  formulas::Clamp clamp;
  check_unary<T>("clamp none", clamp, [](T x) { return x; });
  clamp.low = -1.5;
  clamp.has_low = true;
  check_unary<T>("clamp low", clamp, [](T x) { return x < T(-1.5) ? T(-1.5) : x; });
  clamp.high = 2;
  clamp.has_high = true;
  check_unary<T>("clamp both", clamp, [](T x) {
    return x < T(-1.5) ? T(-1.5) : x > T(2) ? T(2) : x;
  });
  clamp.low = 5;  // above the high end, which wins
  check_unary<T>("clamp crossed", clamp, [](T x) { return x != x ? x : T(2); });
  clamp.low = 0;
  clamp.has_high = false;
  check_unary<T>("clamp zero", clamp, [](T x) { return x < 0 ? T(0) : x; });
  clamp.low = std::nan("");
  check_unary<T>("clamp nan", clamp, [](T) { return kNaN<T>; });

  const auto pow_scalar = [](double exponent) {
    formulas::PowScalar f;
    f.exponent = exponent;
    return f;
  };
  check_unary<T>("pow 0", pow_scalar(0), [](T) { return T(1); });
  check_unary<T>("pow 1", pow_scalar(1), [](T x) { return x; });
  check_unary<T>("pow 2", pow_scalar(2), [](T x) { return x * x; });
  check_unary<T>("pow 3", pow_scalar(3), [](T x) { return x * x * x; });
  check_unary<T>("pow -1", pow_scalar(-1), [](T x) { return 1 / x; });
  check_unary<T>("pow -2", pow_scalar(-2), [](T x) { return 1 / (x * x); });
  check_unary<T>("pow 1/2", pow_scalar(0.5), [](T x) { return std::sqrt(x); });
  check_unary<T>("pow -1/2", pow_scalar(-0.5), [](T x) { return 1 / std::sqrt(x); });
  check_unary<T>("pow 2.5", pow_scalar(2.5), [](T x) { return std::pow(x, T(2.5)); });
}

TEST_P(ElementwiseTest, FloatUnary) {
  check_float_unary<float>();
  check_float_unary<double>();
}

// Python's floor division, from its definition: the floor of the exact quotient.
template <class T>
T python_floor_division(T a, T b) {
  if (b == 0) return a / b;
  const T rest = std::fmod(a, b);
  T quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(T(0), a / b);
  T below = std::floor(quotient);
  if (quotient - below > T(0.5)) below += 1;
  return below;
}

template <class T>
T python_remainder(T a, T b) {
  const T rest = std::fmod(a, b);
  return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
}

template <class T>
void check_float_binary() {
  check_binary<T>("add", formulas::Add{}, [](T a, T b) { return a + b; });
  check_binary<T>("sub", formulas::Sub{}, [](T a, T b) { return a - b; });
  check_binary<T>("mul", formulas::Mul{}, [](T a, T b) { return a * b; });
  check_binary<T>("div", formulas::Div{}, [](T a, T b) { return a / b; });
  check_binary<T>("div_trunc", formulas::DivTrunc{}, [](T a, T b) { return std::trunc(a / b); });
  check_binary<T>("div_floor", formulas::DivFloor{}, python_floor_division<T>);
  check_binary<T>("remainder", formulas::Remainder{}, python_remainder<T>);
  check_binary<T>("fmod", formulas::Fmod{}, [](T a, T b) { return std::fmod(a, b); });
  check_binary<T>("pow", formulas::Pow{}, [](T a, T b) { return std::pow(a, b); });
  check_binary<T>("atan2", formulas::Atan2{}, [](T a, T b) { return std::atan2(a, b); });
  check_binary<T>("maximum", formulas::Maximum{}, nan_max<T>);
  check_binary<T>("minimum", formulas::Minimum{}, nan_min<T>);
}

// factor * other + addend; the product is rounded first or not, as the instruction set has it.
template <class T>
bool is_sum_of_product(T got, T factor, T other, T addend) {
  return same(got, factor * other + addend) || same(got, std::fma(factor, other, addend));
}

template <class T>
void check_sums_of_products() {
  Values<T> a, b;
  special_pairs<T>(a, b);
  const T alpha = static_cast<T>(0.3);
  const Values<T> sum = binary<T>(formulas::Add{0.3}, a, b);
  const Values<T> difference = binary<T>(formulas::Sub{0.3}, a, b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(is_sum_of_product(sum[i], b[i], alpha, a[i]))
        << a[i] << " " << b[i] << ": got " << sum[i];
    EXPECT_TRUE(is_sum_of_product(difference[i], b[i], -alpha, a[i]))
        << a[i] << " " << b[i] << ": got " << difference[i];
  }
  for (const double w : {0.0, 0.3, 0.5, 0.7, 1.0, -2.0, 3.0}) {
    const Values<T> lerp = binary<T>(formulas::LerpScalar{w}, a, b);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const T step = b[i] - a[i];
      EXPECT_TRUE(std::fabs(w) < 0.5
                      ? is_sum_of_product(lerp[i], step, static_cast<T>(w), a[i])
                      : is_sum_of_product(lerp[i], -step, 1 - static_cast<T>(w), b[i]))
          << "lerp " << a[i] << " " << b[i] << " " << w << ": got " << lerp[i];
    }
  }
}

TEST_P(ElementwiseTest, FloatBinary) {
  check_float_binary<float>();
  check_float_binary<double>();
  check_sums_of_products<float>();
  check_sums_of_products<double>();
}

TEST_P(ElementwiseTest, Ternary) {
  const Values<double> a = {1, 2, 3, 4, 5}, b = {5, 6, 7, 8, 10}, c = {0.25, 0.5, 0, 1, -2};
  const Values<double> lerp = ternary<double>(formulas::Lerp{}, a, b, c);
  EXPECT_EQ(lerp, (Values<double>{2, 4, 3, 8, -5}));
  EXPECT_EQ(ternary<double>(formulas::Addcmul{2}, a, b, c), (Values<double>{3.5, 8, 3, 20, -35}));
  EXPECT_EQ(ternary<double>(formulas::Addcdiv{2}, a, b, c),
            (Values<double>{41, 26, kInf<double>, 20, -5}));
  const Values<std::int64_t> n = {1, -2, 3};
  EXPECT_EQ(ternary<std::int64_t>(formulas::Addcmul{3}, n, n, n),
            (Values<std::int64_t>{4, 10, 30}));
}

template <class T>
void check_integers() {
  __extension__ using Wide = __int128;
  const auto wide = [](T x) { return static_cast<Wide>(x); };
  check_unary<T>("neg", formulas::Neg{}, [&](T x) { return -wide(x); });
  check_unary<T>("abs", formulas::Abs{}, [&](T x) { return wide(x) < 0 ? -wide(x) : wide(x); });
  check_unary<T>("sign", formulas::Sign{}, [&](T x) { return (x > 0) - (x < 0); });
  check_unary<T>("square", formulas::Square{}, [&](T x) { return wide(x) * wide(x); });
  check_unary<T>("relu", formulas::Relu{}, [](T x) { return x < 0 ? T(0) : x; });
  check_unary<T>("floor", formulas::Floor{}, [](T x) { return x; });
  check_unary<T>("ceil", formulas::Ceil{}, [](T x) { return x; });
  check_unary<T>("round", formulas::Round{}, [](T x) { return x; });
  check_unary<T>("not", formulas::BitwiseNot{}, [](T x) { return ~x; });
  formulas::Clamp clamp{2, 63, true, true};
  check_unary<T>("clamp", clamp, [](T x) { return x < 2 ? T(2) : x > 63 ? T(63) : x; });
  formulas::PowScalar cube;
  cube.exponent = 3;
  check_unary<T>("pow 3", cube,
                 [&](T x) { return static_cast<T>(static_cast<T>(wide(x) * wide(x)) * wide(x)); });
  check_binary<T>("add", formulas::Add{}, [&](T a, T b) { return wide(a) + wide(b); });
  check_binary<T>("add alpha", formulas::Add{3}, [&](T a, T b) { return wide(a) + 3 * wide(b); });
  check_binary<T>("sub", formulas::Sub{}, [&](T a, T b) { return wide(a) - wide(b); });
  check_binary<T>("mul", formulas::Mul{}, [&](T a, T b) {
    return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
  });
  check_binary<T>("maximum", formulas::Maximum{}, [](T a, T b) { return std::max(a, b); });
  check_binary<T>("minimum", formulas::Minimum{}, [](T a, T b) { return std::min(a, b); });
  check_binary<T>("and", formulas::BitwiseAnd{}, [](T a, T b) { return a & b; });
  check_binary<T>("or", formulas::BitwiseOr{}, [](T a, T b) { return a | b; });
  check_binary<T>("xor", formulas::BitwiseXor{}, [](T a, T b) { return a ^ b; });
  const bool skip = true;
  const auto floor_div = [&](T a, T b) {
    const Wide q = wide(a) / wide(b);
    return q * wide(b) != wide(a) && (a < 0) != (b < 0) ? q - 1 : q;
  };
  check_binary<T>(
      "div_trunc", formulas::DivTrunc{}, [&](T a, T b) { return wide(a) / wide(b); }, skip);
  check_binary<T>("div_floor", formulas::DivFloor{}, floor_div, skip);
  check_binary<T>(
      "fmod", formulas::Fmod{}, [&](T a, T b) { return wide(a) % wide(b); }, skip);
  check_binary<T>(
      "remainder", formulas::Remainder{},
      [&](T a, T b) { return wide(a) - floor_div(a, b) * wide(b); }, skip);
  check_binary<T>("pow", formulas::Pow{}, [](T a, T b) -> T {
    if (b < 0) return a == 1 ? T(1) : a == static_cast<T>(-1) ? T(b % 2 == 0 ? 1 : -1) : T(0);
    std::uint64_t result = 1, base = static_cast<std::uint64_t>(a);
    for (std::uint64_t e = static_cast<std::uint64_t>(b); e != 0; e >>= 1, base *= base) {
      if (e & 1) result *= base;
    }
    return static_cast<T>(result);
  });
}

TEST_P(ElementwiseTest, Integers) {
  check_integers<std::int64_t>();
  check_integers<std::int32_t>();
  check_integers<std::uint8_t>();
}

TEST_P(ElementwiseTest, LargeInt64ScalarsAreExact) {
  const std::int64_t big = (std::int64_t{1} << 53) + 1;  // no double
  EXPECT_EQ(binary<std::int64_t>(formulas::Add{big}, {5, 6, 7}, {1, 1, 2}),
            (Values<std::int64_t>{big + 5, big + 6, 2 * big + 7}));
  formulas::Clamp clamp{0, big, true, true};
  EXPECT_EQ(unary<std::int64_t>(clamp, {-3, big - 1, big, big + 1}),
            (Values<std::int64_t>{0, big - 1, big, big}));
}

TEST_P(ElementwiseTest, Bool) {
  check_unary<bool>("not", formulas::BitwiseNot{}, [](bool x) { return !x; });
  check_unary<bool>("sign", formulas::Sign{}, [](bool x) { return x; });
  check_binary<bool>("add", formulas::Add{}, [](bool a, bool b) { return a || b; });
  check_binary<bool>("mul", formulas::Mul{}, [](bool a, bool b) { return a && b; });
  check_binary<bool>("maximum", formulas::Maximum{}, [](bool a, bool b) { return a || b; });
  check_binary<bool>("minimum", formulas::Minimum{}, [](bool a, bool b) { return a && b; });
  check_binary<bool>("and", formulas::BitwiseAnd{}, [](bool a, bool b) { return a && b; });
  check_binary<bool>("or", formulas::BitwiseOr{}, [](bool a, bool b) { return a || b; });
  check_binary<bool>("xor", formulas::BitwiseXor{}, [](bool a, bool b) { return a != b; });
}

template <class F>
void expect_zero_division() {
  try {
    binary<std::int64_t>(F{}, {1, 2, 3}, {1, 0, 1});
    FAIL() << "no exception";
  } catch (const std::domain_error& error) {
    EXPECT_STREQ(error.what(), "ZeroDivisionError");
  }
}

TEST_P(ElementwiseTest, IntegerDivisionByZeroThrows) {
  expect_zero_division<formulas::DivTrunc>();
  expect_zero_division<formulas::DivFloor>();
  expect_zero_division<formulas::Remainder>();
  expect_zero_division<formulas::Fmod>();
  // From other threads too.
  const Values<std::int64_t> a(200000, 6);
  Values<std::int64_t> b(200000, 2);
  b[150000] = 0;
  EXPECT_THROW(binary<std::int64_t>(formulas::DivTrunc{}, a, b), std::domain_error);
}

// ---- derivatives ----

template <class F>
void check_unary_derivative(const char* name, const F& formula, double low, double high) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(low, high);
  Values<double> x, g, left, right;
  const double h = 1e-6;
  for (int i = 0; i < 101; ++i) {
    x.push_back(uniform(random));
    g.push_back(uniform(random));
    left.push_back(x.back() - h);
    right.push_back(x.back() + h);
  }
  const Values<double> y = unary<double>(formula, x);
  const Values<double> y0 = unary<double>(formula, left), y1 = unary<double>(formula, right);
  const Values<double> saved = F::saves == Saves::kOutput  ? y
                               : F::saves == Saves::kInput ? x
                                                           : Values<double>{};
  const Values<double> dx = unary_vjp<double>(formula, g, saved);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double expected = g[i] * (y1[i] - y0[i]) / (2 * h);
    EXPECT_NEAR(dx[i], expected, 1e-7 * (1 + std::fabs(expected))) << name << " at " << x[i];
  }
  // Single precision is the same formula.
  const Values<float> gf(g.begin(), g.end()), savedf(saved.begin(), saved.end());
  const Values<float> dxf = unary_vjp<float>(formula, gf, savedf);
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(dxf[i], dx[i], 1e-4 * (1 + std::fabs(dx[i]))) << name << " at " << x[i];
  }
}

TEST_P(ElementwiseTest, UnaryDerivatives) {
  check_unary_derivative("neg", formulas::Neg{}, -2, 2);
  check_unary_derivative("abs", formulas::Abs{}, 0.1, 2);
  check_unary_derivative("abs", formulas::Abs{}, -2, -0.1);
  check_unary_derivative("sign", formulas::Sign{}, 0.1, 2);
  check_unary_derivative("square", formulas::Square{}, -2, 2);
  check_unary_derivative("relu", formulas::Relu{}, 0.1, 2);
  check_unary_derivative("relu", formulas::Relu{}, -2, -0.1);
  check_unary_derivative("leaky_relu", formulas::LeakyRelu{0.2}, 0.1, 2);
  check_unary_derivative("leaky_relu", formulas::LeakyRelu{0.2}, -2, -0.1);
  formulas::Clamp clamp{-1, 1, true, true};
  check_unary_derivative("clamp", clamp, -0.9, 0.9);
  check_unary_derivative("clamp", clamp, 1.1, 2);
  check_unary_derivative("clamp", clamp, -2, -1.1);
  check_unary_derivative("floor", formulas::Floor{}, 0.1, 0.9);
  check_unary_derivative("ceil", formulas::Ceil{}, 0.1, 0.9);
  check_unary_derivative("round", formulas::Round{}, 0.6, 1.4);
  check_unary_derivative("reciprocal", formulas::Reciprocal{}, 0.5, 2);
  check_unary_derivative("sqrt", formulas::Sqrt{}, 0.5, 2);
  check_unary_derivative("rsqrt", formulas::Rsqrt{}, 0.5, 2);
  check_unary_derivative("exp", formulas::Exp{}, -2, 2);
  check_unary_derivative("expm1", formulas::Expm1{}, -2, 2);
  check_unary_derivative("log", formulas::Log{}, 0.5, 3);
  check_unary_derivative("log1p", formulas::Log1p{}, -0.5, 3);
  check_unary_derivative("sin", formulas::Sin{}, -4, 4);
  check_unary_derivative("cos", formulas::Cos{}, -4, 4);
  check_unary_derivative("tanh", formulas::Tanh{}, -2, 2);
  check_unary_derivative("sigmoid", formulas::Sigmoid{}, -4, 4);
  check_unary_derivative("erf", formulas::Erf{}, -2, 2);
  for (const double exponent : {0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 2.7, -3.1}) {
    formulas::PowScalar pow_scalar;
    pow_scalar.exponent = exponent;
    check_unary_derivative("pow_scalar", pow_scalar, 0.5, 2);
  }
}

template <class F>
void check_binary_derivative(const char* name, const F& formula, double low, double high) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> uniform(low, high);
  const double h = 1e-6;
  Values<double> in[2], g;
  for (int i = 0; i < 101; ++i) {
    in[0].push_back(uniform(random));
    in[1].push_back(uniform(random));
    g.push_back(uniform(random));
  }
  for (const int which : {0, 1}) {
    Values<double> left[2] = {in[0], in[1]}, right[2] = {in[0], in[1]};
    for (double& x : left[which]) x -= h;
    for (double& x : right[which]) x += h;
    const Values<double> y0 = binary<double>(formula, left[0], left[1]);
    const Values<double> y1 = binary<double>(formula, right[0], right[1]);
    const unsigned needs = which == 0 ? F::needs_a : F::needs_b;
    // What is not needed must not be read.
    const Values<double> a = needs & kNeedsA ? in[0] : Values<double>{};
    const Values<double> b = needs & kNeedsB ? in[1] : Values<double>{};
    const Values<double> d = binary_vjp<double>(formula, which, g, a, b);
    for (std::size_t i = 0; i < g.size(); ++i) {
      const double expected = g[i] * (y1[i] - y0[i]) / (2 * h);
      EXPECT_NEAR(d[i], expected, 1e-7 * (1 + std::fabs(expected)))
          << name << " by " << which << " at " << in[0][i] << ", " << in[1][i];
    }
  }
}

TEST_P(ElementwiseTest, BinaryDerivatives) {
  check_binary_derivative("add", formulas::Add{3}, -2, 2);
  check_binary_derivative("add", formulas::Add{}, -2, 2);
  check_binary_derivative("sub", formulas::Sub{0.5}, -2, 2);
  check_binary_derivative("sub", formulas::Sub{}, -2, 2);
  check_binary_derivative("mul", formulas::Mul{}, -2, 2);
  check_binary_derivative("div", formulas::Div{}, 0.5, 2);
  check_binary_derivative("pow", formulas::Pow{}, 0.5, 2);
  check_binary_derivative("atan2", formulas::Atan2{}, 0.5, 2);
  check_binary_derivative("maximum", formulas::Maximum{}, -2, 2);
  check_binary_derivative("minimum", formulas::Minimum{}, -2, 2);
  check_binary_derivative("lerp", formulas::LerpScalar{0.3}, -2, 2);
  check_binary_derivative("lerp", formulas::LerpScalar{0.8}, -2, 2);
  // Away from the jumps: a / b stays near 1 and the samples do not meet.
  check_binary_derivative("remainder", formulas::Remainder{}, 1.01, 1.02);
  check_binary_derivative("fmod", formulas::Fmod{}, -1.02, -1.01);
  check_binary_derivative("div_trunc", formulas::DivTrunc{}, 1.3, 1.4);
}

TEST_P(ElementwiseTest, SubgradientsArePyTorchs) {
  const double inf = kInf<double>, nan = kNaN<double>;
  using V = Values<double>;
  EXPECT_EQ(unary_vjp<double>(formulas::Relu{}, V{1, 1, inf}, V{0, 2, 0}), (V{0, 1, 0}));
  EXPECT_EQ(unary_vjp<double>(formulas::Relu{}, V{3}, V{nan}), (V{3}));
  EXPECT_EQ(unary_vjp<double>(formulas::Abs{}, V{1, inf, 2, 2}, V{0, 0, -1, nan}),
            (V{0, 0, -2, 0}));
  EXPECT_EQ(unary_vjp<double>(formulas::LeakyRelu{0.1}, V{10, 10}, V{0, -1}), (V{1, 1}));
  formulas::Clamp clamp{-1, 1, true, true};
  EXPECT_EQ(unary_vjp<double>(clamp, V{1, 1, 1, inf, 5}, V{-1, 1, 0, 2, nan}), (V{1, 1, 1, 0, 0}));
  EXPECT_EQ(unary_vjp<double>(formulas::Floor{}, V{inf}, V{}), (V{0}));
  EXPECT_EQ(
      binary_vjp<double>(formulas::Maximum{}, 0, V{1, 1, 1, inf}, V{1, 2, 3, 0}, V{2, 2, 2, 1}),
      (V{0, 0.5, 1, 0}));
  EXPECT_EQ(binary_vjp<double>(formulas::Maximum{}, 1, V{1, 1, 1}, V{1, 2, 3}, V{2, 2, 2}),
            (V{1, 0.5, 0}));
  EXPECT_EQ(binary_vjp<double>(formulas::Minimum{}, 0, V{1, 1, 1}, V{1, 2, 3}, V{2, 2, 2}),
            (V{1, 0.5, 0}));
  EXPECT_EQ(binary_vjp<double>(formulas::Minimum{}, 1, V{1, 1, 1}, V{1, 2, 3}, V{2, 2, 2}),
            (V{0, 0.5, 1}));
  EXPECT_EQ(binary_vjp<double>(formulas::Pow{}, 0, V{1, 1, 1}, V{0, 0, 0}, V{0, 1, 2}),
            (V{0, 1, 0}));
  EXPECT_EQ(binary_vjp<double>(formulas::Pow{}, 1, V{1, 1, 1}, V{0, 0, 1}, V{0, 2, 5}),
            (V{0, 0, 0}));
  EXPECT_EQ(binary_vjp<double>(formulas::Pow{}, 1, V{1}, V{0}, V{-1}), (V{-inf}));
  formulas::PowScalar constant;
  constant.exponent = 0;
  EXPECT_EQ(unary_vjp<double>(constant, V{1, inf}, V{0, 2}), (V{0, 0}));
}

INSTANTIATE_TEST_SUITE_P(Targets, ElementwiseTest, testing::ValuesIn(supported_targets()),
                         [](const auto& param) { return std::string(target_name(param.param)); });

}  // namespace
}  // namespace taper::kernels
