// softmax and its kin against their definitions.

#include "taper/tensor/raw/softmax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "tensor/reduce_testing.h"

namespace taper::testing {
namespace {

TEST(Softmax, MatchesItsFormulaAlongAnyDimension) {
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    const double epsilon = dtype == kFloat32 ? 0x1p-24 : 0x1p-53;
    const double tolerance = dtype == kFloat32 ? 1e-6 : 1e-14;
    for (const DimVector& sizes : {DimVector{1}, DimVector{5}, DimVector{100}, DimVector{40000},
                                   DimVector{33, 10}, DimVector{4, 9, 17}, DimVector{3, 1000}}) {
      for (const Input& input : layouts(sizes, dtype)) {
        const Tensor x = input.x * 3.7;
        const Tensor g = randn_like(x);
        for (int64_t d = 0; d < x.dim(); ++d) {
          SCOPED_TRACE(input.name + " along " + std::to_string(d));
          const Tensor y = raw::softmax(x, d);
          const Tensor log_y = raw::log_softmax(x, d);
          const auto xs = runs_of(x, d);
          const auto gs = runs_of(g, d);
          const auto ys = runs_of(y, d);
          const auto log_ys = runs_of(log_y, d);
          const auto dxs = runs_of(raw::softmax_backward(g, y, d), d);
          const auto log_dxs = runs_of(raw::log_softmax_backward(g, log_y, d), d);
          for (size_t r = 0; r < xs.size(); ++r) {
            const double top = *std::max_element(xs[r].begin(), xs[r].end());
            const auto total = static_cast<double>(
                long_sum_of(xs[r], [&](long double v) { return std::exp(v - top); }));
            double dot = 0;
            for (size_t k = 0; k < xs[r].size(); ++k) dot += gs[r][k] * ys[r][k];
            const double g_sum = sum_of(gs[r]);
            const double scale = std::max(1.0, std::abs(g_sum));
            for (size_t k = 0; k < xs[r].size(); ++k) {
              const double p = std::exp(xs[r][k] - top) / total;
              // Rounding x - top alone costs |x - top| epsilons.
              const double error = epsilon * (8 + (top - xs[r][k]));
              ASSERT_NEAR(ys[r][k], p, error * p + 1e-37);
              ASSERT_NEAR(log_ys[r][k], xs[r][k] - top - std::log(total), tolerance * 40);
              ASSERT_NEAR(dxs[r][k], p * (gs[r][k] - dot), tolerance * 10);
              ASSERT_NEAR(log_dxs[r][k], gs[r][k] - p * g_sum, tolerance * 10 * scale);
            }
          }
        }
      }
    }
  }
}

TEST(Softmax, ExtremeRowsGiveWhatTheFormulaGives) {
  for (int64_t n : {2, 8, 19}) {
    for (const Tensor& y : {softmax(raw::full({n}, -kInf, kFloat32), 0),
                            log_softmax(raw::full({n}, -kInf, kFloat32), 0)}) {
      for (double v : values_of(y)) EXPECT_TRUE(std::isnan(v));
    }
    const Tensor x = zeros({n});
    raw::fill(raw::select(x, 0, n - 1), kNaN);
    for (double v : values_of(softmax(x, 0))) EXPECT_TRUE(std::isnan(v));
    EXPECT_TRUE(std::isnan(value_of(logsumexp(x, 0))));
    raw::fill(raw::select(x, 0, n - 1), kInf);
    for (double v : values_of(softmax(x, 0))) EXPECT_TRUE(std::isnan(v));
    EXPECT_EQ(value_of(logsumexp(x, 0)), kInf);
    raw::fill(raw::select(x, 0, n - 1), -kInf);
    EXPECT_EQ(values_of(softmax(x, 0)).back(), 0);
    EXPECT_EQ(values_of(log_softmax(x, 0)).back(), -kInf);
    EXPECT_EQ(value_of(logsumexp(raw::full({n}, -kInf, kFloat32), 0)), -kInf);
  }
  EXPECT_EQ(values_of(softmax(tensor({1000.0, 1000.0}), 0)), (std::vector<double>{0.5, 0.5}));
}

}  // namespace
}  // namespace taper::testing
