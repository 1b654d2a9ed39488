// The special functions against values of many digits, and against each other.

#include "taper/tensor/kernels/special_functions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

namespace taper::kernels {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void expect_close(double got, double exact, double relative) {
  EXPECT_NEAR(got, exact, std::abs(exact) * relative);
}

TEST(SpecialFunctions, ErfinvUndoesErf) {
  for (double y = -5.5; y < 5.6; y += 0.01) {
    const double x = std::erf(y);
    // What the rounding of x leaves unknown of y.
    const double slope = 1.1283791670955126 * std::exp(-y * y);
    EXPECT_NEAR(erfinv(x), y, 4e-16 * std::abs(y) + 1.2e-16 / slope) << y;
  }
  expect_close(erfinv(0.5), 0.47693627620446987, 4e-16);
  expect_close(erfinv(1e-300), 8.862269254527581e-301, 4e-16);
  expect_close(erfinv(1 - 1.1102230246251565e-16), 5.8635847487551782, 4e-16);
  EXPECT_EQ(erfinv(1), kInfinity);
  EXPECT_EQ(erfinv(-1), -kInfinity);
  EXPECT_TRUE(std::isnan(erfinv(1.5)));
  EXPECT_TRUE(std::isnan(erfinv(std::nan(""))));
  EXPECT_TRUE(std::signbit(erfinv(-0.0)));
}

TEST(SpecialFunctions, Digamma) {
  const auto digamma = [](double x) { return polygamma(0, x); };
  expect_close(digamma(1), -0.57721566490153286, 1e-15);
  expect_close(digamma(0.5), -1.9635100260214235, 1e-15);
  expect_close(digamma(3.7), 1.16715353936151138, 1e-15);
  expect_close(digamma(-2.5), 1.10315664064524319, 2e-15);
  expect_close(digamma(-0.3), 2.11330977963539958, 2e-15);
  expect_close(digamma(1e30), std::log(1e30), 1e-15);
  EXPECT_NEAR(digamma(1.4616321449683623), 0, 1e-15);
  EXPECT_EQ(digamma(0.0), -kInfinity);
  EXPECT_EQ(digamma(-0.0), kInfinity);
  EXPECT_EQ(digamma(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(digamma(-3)));
  EXPECT_TRUE(std::isnan(digamma(-kInfinity)));
}

TEST(SpecialFunctions, Polygamma) {
  expect_close(polygamma(1, 1.0), 1.64493406684822644, 5e-10);
  expect_close(polygamma(1, -0.3), 13.9451602678057, 5e-10);
  expect_close(polygamma(2, 0.5), -16.8287966442343199, 2e-15);
  expect_close(polygamma(2, 3.7), -0.0953953087285540, 1e-13);
  expect_close(polygamma(2, -2.5), -0.108204051641727, 1e-12);
  expect_close(polygamma(3, 0.5), 97.4090910340024372, 2e-15);
  expect_close(polygamma(3, -0.3), 766.619890419169, 1e-14);
  EXPECT_EQ(polygamma(3, 0.0), kInfinity);
  EXPECT_EQ(polygamma(2, kInfinity), 0);
  expect_close(polygamma(1, 3.7F), 0.310037857670, 1e-6);
}

// Each is the derivative of the one before.
// By polygamma(n, x + 1) = polygamma(n, x) + (-1)^n n! / x^(n + 1), and far below 0 in no time.
TEST(SpecialFunctions, PolygammaBelowZero) {
  for (const double x : {-0.3, -1.7, -6.25, -40.6}) {
    EXPECT_NEAR(polygamma(2, x + 1), polygamma(2, x) + 2 / (x * x * x), 1e-9 * 1e3) << x;
    EXPECT_NEAR(polygamma(3, x + 1), polygamma(3, x) - 6 / (x * x * x * x), 1e-9 * 1e4) << x;
  }
  EXPECT_TRUE(std::isfinite(polygamma(2, -1e12 - 0.5)));
}

TEST(SpecialFunctions, PolygammasAreDerivatives) {
  constexpr double kStep = 1e-4;
  for (double x : {0.4, 1.3, 4.2, 11.9, 12.1, 40.0}) {
    EXPECT_NEAR((log_gamma(x + kStep) - log_gamma(x - kStep)) / (2 * kStep), polygamma(0, x), 1e-6);
    for (std::int64_t n = 0; n < 5; ++n) {
      const double slope = (polygamma(n, x + kStep) - polygamma(n, x - kStep)) / (2 * kStep);
      EXPECT_NEAR(polygamma(n + 1, x), slope, 1e-5 * (1 + std::abs(slope))) << n << " " << x;
    }
  }
}

TEST(SpecialFunctions, LogGamma) {
  expect_close(log_gamma(0.5), 0.57236494292470009, 1e-15);
  expect_close(log_gamma(0.5F), 0.57236494292470009, 1e-7);
  EXPECT_EQ(log_gamma(-1.0), kInfinity);
}

}  // namespace
}  // namespace taper::kernels
