#include "taper/tensor/kernels/special_functions.h"

#include <math.h>  // lgamma_r, which POSIX has and <cmath> has not

#include <cmath>
#include <limits>

namespace taper::kernels {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// B_2, B_4, ..., B_24: the Bernoulli numbers of the asymptotic series below.
constexpr double kBernoulli[] = {
    1.0 / 6, -1.0 / 30,     1.0 / 42,      -1.0 / 30,       5.0 / 66,       -691.0 / 2730,
    7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

// The series serve from here on.
constexpr double kFar = 12;

double digamma(double x) {
  if (x == 0) return std::copysign(kInfinity, -x);
  if (x == -kInfinity || (x < 0 && x == std::floor(x))) return kNaN;
  double sum = 0;
  if (x < 0) {  // digamma(1 - x) - digamma(x) = pi / tan(pi x); x is reduced first, exactly
    sum = -kPi / std::tan(kPi * (x - std::trunc(x)));
    x = 1 - x;
  }
  for (; x < kFar; ++x) sum -= 1 / x;
  // log(x) - 1 / (2x) - sum of B_2k / (2k x^2k)
  double tail = 0;
  if (x < 1e17) {
    const double step = 1 / (x * x);
    for (int k = 8; k >= 1; --k) tail = step * (kBernoulli[k - 1] / (2 * k) + tail);
  }
  return sum + std::log(x) - 0.5 / x - tail;
}

// The sum of (x + k)^-s over k >= 0, by the first terms and Euler and Maclaurin's formula for the
// rest; s >= 2 is an integer.
double zeta(double s, double x) {
  if (x <= 0 && x == std::floor(x)) return kInfinity;
  if (x < 0) {  // the m terms below 0 are those of a series upwards, up to their sign
    const double m = std::ceil(-x);
    const double below = zeta(s, -(x + (m - 1))) - zeta(s, 1 - x);
    return zeta(s, x + m) + (std::fmod(s, 2) == 0 ? below : -below);
  }
  double sum = 0;
  for (; x < kFar; ++x) sum += std::pow(x, -s);
  if (x == kInfinity) return sum;
  const double power = std::pow(x, -s);
  sum += power * (x / (s - 1) + 0.5);
  double factor = power * s / x;  // s (s + 1) ... (s + 2k - 2) x^-(s + 2k - 1) / (2k)!
  for (int k = 1; k <= 12; ++k) {
    factor /= k == 1 ? 2.0 : (2 * k - 1) * (2 * k);
    const double term = kBernoulli[k - 1] * factor;
    sum += term;
    if (std::fabs(term) <= std::fabs(sum) * 1e-17) break;
    factor *= (s + 2 * k - 1) * (s + 2 * k) / (x * x);
  }
  return sum;
}

// In the arithmetic and with as many terms as PyTorch takes, so that the same digits come out: for
// double they are good to 4e-10.
template <class T>
T trigamma(T x) {
  constexpr T kTurn = static_cast<T>(kPi);
  if (x < T(0.5)) {  // trigamma(1 - x) + trigamma(x) = (pi / sin(pi x))^2
    const T sine = std::sin(kTurn * x);
    return kTurn * kTurn / (sine * sine) - trigamma(1 - x);
  }
  T sum = 0;
  for (int k = 0; k < 6; ++k, ++x) sum += 1 / (x * x);
  const T step = 1 / (x * x);
  T tail = 0;
  for (int k = 3; k >= 1; --k) tail = step * (static_cast<T>(kBernoulli[k - 1]) + tail);
  return sum + (1 + 1 / (2 * x) + tail) / x;
}

}  // namespace

double erfinv(double x) {
  const double magnitude = std::fabs(x);
  if (!(magnitude <= 1)) return kNaN;
  if (magnitude == 1) return std::copysign(kInfinity, x);
  // Winitzki's approximation, good to three digits, and two steps of Halley's method, each of which
  // triples them. Near 1 the step works on 1 - |x|, which has all its digits.
  const double rest = 1 - magnitude;
  constexpr double kShape = 0.147;
  const double log = magnitude < 0.5 ? std::log1p(-x * x) : std::log(rest * (1 + magnitude));
  const double t = 2 / (kPi * kShape) + 0.5 * log;
  const double b = -log / kShape;
  const double root = std::sqrt(t * t + b);
  double y = std::sqrt(t > 0 ? b / (root + t) : root - t);
  for (int step = 0; step < 2; ++step) {
    const double error = magnitude < 0.5 ? std::erf(y) - magnitude : rest - std::erfc(y);
    const double newton = error * (0.88622692545275801 * std::exp(y * y));  // sqrt(pi) / 2
    y -= newton / (1 + y * newton);
  }
  return std::copysign(y, x);
}

double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

float log_gamma(float x) {
  int sign = 0;
  return ::lgammaf_r(x, &sign);
}

double polygamma(std::int64_t n, double x) {
  if (n == 0) return digamma(x);
  if (n == 1) return trigamma(x);
  // (-1)^(n + 1) n! zeta(n + 1, x)
  const double magnitude =
      std::exp(log_gamma(static_cast<double>(n) + 1)) * zeta(static_cast<double>(n) + 1, x);
  return n % 2 == 0 ? -magnitude : magnitude;
}

float polygamma(std::int64_t n, float x) {
  if (n == 1) return trigamma(x);
  return static_cast<float>(polygamma(n, double{x}));
}

}  // namespace taper::kernels
