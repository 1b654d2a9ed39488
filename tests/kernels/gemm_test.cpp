// Products against plain loops, in every memory order, and the same bits for any number of threads.

#include "taper/tensor/kernels/gemm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/tensor/threads.h"

namespace taper::kernels {
namespace {

// A matrix with room behind each row, filled with small numbers; the room holds a value that would
// show in any result.
template <class T>
struct Filled {
  Filled(int64_t rows, int64_t columns, bool transposed, std::mt19937& random) {
    const int64_t lines = transposed ? columns : rows;
    const int64_t length = transposed ? rows : columns;
    stride = length + 3;
    is_transposed = transposed;
    data.assign(static_cast<size_t>(lines * stride), T{99});
    for (int64_t i = 0; i < lines; ++i) {
      for (int64_t j = 0; j < length; ++j) {
        data[static_cast<size_t>(i * stride + j)] =
            static_cast<T>(static_cast<int>(random() % 17) - (std::is_unsigned_v<T> ? 0 : 8));
      }
    }
  }
  T at(int64_t i, int64_t j) const {
    return data[static_cast<size_t>(is_transposed ? j * stride + i : i * stride + j)];
  }
  MatrixOperand<T> operand() const { return {data.data(), stride, is_transposed}; }

  std::vector<T> data;
  int64_t stride;
  bool is_transposed;
};

struct Threads {
  explicit Threads(int count) : before(get_num_threads()) { set_num_threads(count); }
  ~Threads() { set_num_threads(before); }
  int before;
};

template <class T>
class GemmTest : public testing::Test {};
using Numbers = testing::Types<float, double, uint8_t, int32_t, int64_t>;
TYPED_TEST_SUITE(GemmTest, Numbers);

// Small whole numbers: every sum is exact in every dtype, whatever its order.
TYPED_TEST(GemmTest, MatchesPlainLoops) {
  using T = TypeParam;
  std::mt19937 random(1);
  const int64_t shapes[][3] = {{1, 1, 1},   {1, 7, 5},   {7, 1, 5},    {1, 1, 9},
                               {2, 3, 4},   {5, 4, 1},   {16, 16, 16}, {33, 17, 29},
                               {64, 1, 64}, {1, 64, 64}, {70, 90, 11}};
  for (const auto& [m, n, k] : shapes) {
    for (int flags = 0; flags < 4; ++flags) {
      const Filled<T> a(m, k, (flags & 1) != 0, random);
      const Filled<T> b(k, n, (flags & 2) != 0, random);
      const std::pair<T, T> factors[] = {{1, 0}, {1, 1}, {2, 3}, {0, 1}};
      for (const auto& [alpha, beta] : factors) {
        const int64_t c_stride = n + 2;
        std::vector<T> c(static_cast<size_t>(m * c_stride), T{5});
        gemm<T>(m, n, k, alpha, a.operand(), b.operand(), beta, c.data(), c_stride);
        for (int64_t i = 0; i < m; ++i) {
          for (int64_t j = 0; j < c_stride; ++j) {
            double expected = 5;
            if (j < n) {
              double sum = 0;
              for (int64_t p = 0; p < k; ++p) {
                sum += static_cast<double>(a.at(i, p)) * static_cast<double>(b.at(p, j));
              }
              expected = static_cast<double>(alpha) * sum + static_cast<double>(beta) * 5;
            }
            // uint8 wraps around.
            const T wanted = static_cast<T>(static_cast<int64_t>(expected));
            ASSERT_EQ(c[static_cast<size_t>(i * c_stride + j)], wanted)
                << m << "x" << k << " * " << k << "x" << n << " flags " << flags << " at " << i
                << ", " << j;
          }
        }
      }
    }
  }
}

TYPED_TEST(GemmTest, SumsOverNothingAreZero) {
  using T = TypeParam;
  const MatrixOperand<T> none{nullptr, 1, false};
  std::vector<T> c(6, T{5});
  gemm<T>(2, 3, 0, T{1}, none, none, T{2}, c.data(), 3);
  EXPECT_EQ(c, std::vector<T>(6, T{10}));
  gemm<T>(2, 3, 0, T{1}, none, none, T{0}, c.data(), 3);
  EXPECT_EQ(c, std::vector<T>(6, T{0}));
  gemv<T>(6, 0, T{1}, none, nullptr, 1, T{0}, c.data(), 1);
  EXPECT_EQ(c, std::vector<T>(6, T{0}));
  EXPECT_EQ(dot<T>(0, nullptr, 1, nullptr, 1), T{0});
}

TYPED_TEST(GemmTest, BatchMatchesSingleProducts) {
  using T = TypeParam;
  std::mt19937 random(2);
  const int64_t batch = 5, m = 4, n = 3, k = 6;
  const Filled<T> a(batch * m, k, false, random);
  const Filled<T> b(k, n, true, random);
  std::vector<T> c(static_cast<size_t>(batch * m * n)), expected(c);
  // One b for all.
  gemm_batch<T>(batch, m, n, k, T{1}, a.operand(), m * a.stride, b.operand(), 0, T{0}, c.data());
  gemm<T>(batch * m, n, k, T{1}, a.operand(), b.operand(), T{0}, expected.data(), n);
  EXPECT_EQ(c, expected);
}

TYPED_TEST(GemmTest, DotWithSteps) {
  using T = TypeParam;
  std::vector<T> x{1, 9, 2, 9, 3, 9}, y{4, 8, 8, 5, 8, 8, 6};
  EXPECT_EQ(dot<T>(3, x.data(), 2, y.data(), 3), T{4 + 10 + 18});
}

TEST(Gemm, BetaOfZeroDoesNotReadTheResult) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> a{1, 2, 3, 4};
  for (int64_t m : {1, 2}) {
    for (int64_t n : {1, 2}) {
      std::vector<float> c(4, nan);
      gemm<float>(m, n, 2, 1, {a.data(), 2, false}, {a.data(), 2, false}, 0, c.data(), 2);
      for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < n; ++j) EXPECT_FALSE(std::isnan(c[static_cast<size_t>(2 * i + j)]));
      }
    }
  }
}

TEST(Gemm, IntegersWrapAround) {
  const int64_t large = std::numeric_limits<int64_t>::max();
  const std::vector<int64_t> a{large, large}, b{2, 3};
  int64_t c = 0;
  gemm<int64_t>(1, 1, 2, 1, {a.data(), 2, false}, {b.data(), 1, false}, 0, &c, 1);
  EXPECT_EQ(c, large - 4);  // 5 * (2^63 - 1) = 2^63 - 5 modulo 2^64
}

// Sizes at which the product is cut into several pieces.
TEST(Gemm, SameBitsForAnyNumberOfThreads) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  const int64_t shapes[][3] = {{300, 500, 400}, {64, 768, 256},  {1000, 70, 300},
                               {1, 3000, 2000}, {3000, 1, 2000}, {257, 263, 269}};
  for (const auto& [m, n, k] : shapes) {
    std::vector<float> a(static_cast<size_t>(m * k)), b(static_cast<size_t>(k * n));
    for (float& x : a) x = normal(random);
    for (float& x : b) x = normal(random);
    for (int flags = 0; flags < 4; ++flags) {
      const bool ta = (flags & 1) != 0, tb = (flags & 2) != 0;
      std::vector<std::vector<float>> results;
      for (int threads : {1, 2, 5}) {
        const Threads guard(threads);
        results.emplace_back(static_cast<size_t>(m * n));
        gemm<float>(m, n, k, 1, {a.data(), ta ? m : k, ta}, {b.data(), tb ? k : n, tb}, 0,
                    results.back().data(), n);
      }
      EXPECT_EQ(results[0], results[1]);
      EXPECT_EQ(results[0], results[2]);
      // A corner and the middle against a sum in double.
      const std::pair<int64_t, int64_t> places[] = {{0, 0}, {m - 1, n - 1}, {m / 2, n / 2}};
      for (const auto& [i, j] : places) {
        double sum = 0, scale = 0;
        for (int64_t p = 0; p < k; ++p) {
          const double term =
              static_cast<double>(a[static_cast<size_t>(ta ? p * m + i : i * k + p)]) *
              static_cast<double>(b[static_cast<size_t>(tb ? j * k + p : p * n + j)]);
          sum += term;
          scale += std::fabs(term);
        }
        EXPECT_NEAR(results[0][static_cast<size_t>(i * n + j)], sum, 1e-6 * scale);
      }
    }
  }
}

TEST(Gemm, LongDotIsTheSameForAnyNumberOfThreads) {
  std::mt19937 random(4);
  std::normal_distribution<double> normal;
  std::vector<double> x(1'000'003), y(x.size());
  double expected = 0, scale = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = normal(random);
    y[i] = normal(random);
    expected += x[i] * y[i];
    scale += std::fabs(x[i] * y[i]);
  }
  const int64_t n = static_cast<int64_t>(x.size());
  std::vector<double> results;
  for (int threads : {1, 2, 5}) {
    const Threads guard(threads);
    results.push_back(dot<double>(n, x.data(), 1, y.data(), 1));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
  EXPECT_NEAR(results[0], expected, 1e-12 * scale);
}

// Callers on several threads of their own, as in a program that trains two models.
TEST(Gemm, ConcurrentCallsAgree) {
  const int64_t n = 96;
  std::vector<float> a(static_cast<size_t>(n * n)), expected(a.size());
  for (size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 13) - 6;
  gemm<float>(n, n, n, 1, {a.data(), n, false}, {a.data(), n, true}, 0, expected.data(), n);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      std::vector<float> c(a.size());
      for (int repeat = 0; repeat < 50; ++repeat) {
        gemm<float>(n, n, n, 1, {a.data(), n, false}, {a.data(), n, true}, 0, c.data(), n);
        wrong[t] += c == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace taper::kernels
