// Running reductions against their definitions, and differences.

#include "taper/tensor/raw/scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "tensor/reduce_testing.h"

namespace taper {
namespace {

using ::testing::HasSubstr;
using testing::kInf;
using testing::kNaN;
using testing::values_of;

// step(so far, element) for each place along each run.
template <class Step>
std::vector<std::vector<double>> scanned(const Tensor& x, int64_t dim, double start, Step step) {
  auto runs = testing::runs_of(x, dim);
  for (auto& run : runs) {
    double so_far = start;
    for (double& element : run) element = so_far = step(so_far, element);
  }
  return runs;
}

template <class Result, class Step>
void expect_scan(const Tensor& x, double start, const Result& result, const Step& step) {
  for (int64_t dim = 0; dim < x.dim(); ++dim) {
    const auto expected = scanned(x, dim, start, step);
    const auto actual = testing::runs_of(result(x, dim), dim);
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t r = 0; r < expected.size(); ++r) {
      for (size_t i = 0; i < expected[r].size(); ++i) {
        ASSERT_NEAR(actual[r][i], expected[r][i], 1e-6 * std::abs(expected[r][i]));
      }
    }
  }
}

TEST(Scan, FollowsItsDefinition) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool}) {
    for (const DimVector& sizes : {DimVector{5}, DimVector{3, 700}, DimVector{700, 3},
                                   DimVector{4, 5, 6}, DimVector{2, 3, 1100}}) {
      for (const testing::Input& input : testing::layouts(sizes, dtype)) {
        SCOPED_TRACE(input.name);
        const Tensor& x = input.x;
        expect_scan(
            x, 0, [](const Tensor& t, int64_t d) { return raw::cumsum(t, d); },
            [](double a, double b) { return a + b; });
        expect_scan(
            x, -kInf, [](const Tensor& t, int64_t d) { return std::get<0>(raw::cummax(t, d)); },
            [](double a, double b) { return std::max(a, b); });
        expect_scan(
            x, kInf, [](const Tensor& t, int64_t d) { return std::get<0>(raw::cummin(t, d)); },
            [](double a, double b) { return std::min(a, b); });
      }
    }
    const Tensor x = testing::whole_numbers({3, 4, 5}, dtype);
    expect_scan(
        x, 1, [](const Tensor& t, int64_t d) { return raw::cumprod(t, d); },
        [](double a, double b) { return a * b; });
    EXPECT_EQ(raw::cumprod(x, 0).scalar_type(), is_floating_point(dtype) ? dtype : kInt64);
    if (!is_floating_point(dtype)) continue;
    expect_scan(
        x, -kInf, [](const Tensor& t, int64_t d) { return raw::logcumsumexp(t, d); },
        [](double a, double b) { return std::log(std::exp(a) + std::exp(b)); });
  }
}

TEST(Scan, NamesTheLastOfEqualElementsAndLetsNanWin) {
  const auto [high, high_at] = cummax(tensor({1.0, 3.0, 3.0, kNaN, 5.0, kNaN}), 0);
  EXPECT_EQ(values_of(high_at), (std::vector<double>{0, 1, 2, 3, 3, 5}));
  EXPECT_TRUE(std::isnan(values_of(high)[4]));
  const auto [low, low_at] = cummin(tensor({3, 4, 3, 1, 2}), 0);
  EXPECT_EQ(values_of(low), (std::vector<double>{3, 3, 3, 1, 1}));
  EXPECT_EQ(values_of(low_at), (std::vector<double>{0, 0, 2, 3, 3}));
}

TEST(Scan, SumsOfExponentialsDoNotOverflow) {
  const Tensor x = tensor({-kInf, 1000.0, 1000.0, kInf, 1.0, -1e300}, TensorOptions(kFloat64));
  const auto y = values_of(logcumsumexp(x, 0));
  EXPECT_EQ(y[0], -kInf);
  EXPECT_EQ(y[1], 1000);
  EXPECT_DOUBLE_EQ(y[2], 1000 + std::log(2.0));
  EXPECT_EQ(y[3], kInf);
  EXPECT_EQ(y[5], kInf);
}

TEST(Scan, InPlaceKeepsTheDtype) {
  Tensor x = tensor({100, 100, 100}, TensorOptions(kUInt8));
  x.cumsum_(0);
  EXPECT_EQ(values_of(x), (std::vector<double>{100, 200, 44}));
  Tensor y = tensor({2.0f, 3.0f});
  EXPECT_TRUE(y.cumprod_(0).is_same(y));
  EXPECT_EQ(values_of(y), (std::vector<double>{2, 6}));
  const auto expect = [](const auto& misuse, const char* words) {
    try {
      misuse();
      ADD_FAILURE() << "no error: " << words;
    } catch (const Error& e) {
      EXPECT_THAT(std::string(e.what()), HasSubstr(words));
    }
  };
  expect([&] { y.cumsum_(0, kFloat64); },
         "Bad in-place call: input tensor dtype float and output tensor dtype double should match");
  expect([&] { ones({2}, kBool).cumsum_(0); }, "\"cumsum_out_cpu\" not implemented for 'Bool'");
  expect([&] { logcumsumexp(ones({2}, kInt64), 0); },
         "\"logcumsumexp_out_cpu\" not implemented for 'Long'");
  EXPECT_THROW(cumsum(y, 1), IndexError);
}

TEST(ScanGradient, CumprodIsRightWhereElementsAreZero) {
  for (int zeros : {0, 1, 2, 3}) {
    Tensor x = tensor({0.7, -1.2, 0.9, 1.6, -0.4}, TensorOptions(kFloat64));
    for (int i = 0; i < zeros; ++i) x[2 * i].fill_(0);
    x.requires_grad_();
    EXPECT_GRADCHECK([](const Tensor& t) { return cumprod(t, 0); }, {x});
    EXPECT_GRADGRADCHECK([](const Tensor& t) { return cumprod(t, 0); }, {x});
  }
}

TEST(Diff, SubtractsNeighbours) {
  const Tensor x = tensor({1, 4, 9, 16});
  EXPECT_EQ(values_of(diff(x)), (std::vector<double>{3, 5, 7}));
  EXPECT_EQ(values_of(diff(x, 2)), (std::vector<double>{2, 2}));
  EXPECT_EQ(diff(x, 9).numel(), 0);
  EXPECT_EQ(values_of(diff(x, 1, -1, tensor({0}), tensor({25}))),
            (std::vector<double>{1, 3, 5, 7, 9}));
  EXPECT_EQ(values_of(diff(tensor({1, 0, 0}).to(kBool))), (std::vector<double>{1, 0}));
  EXPECT_EQ(diff(x.to(kBool)).scalar_type(), kBool);
  EXPECT_THROW(diff(tensor(1.0)), Error);
}

TEST(Trapezoid, IsTheAreaUnderTheLines) {
  const Tensor y = tensor({1.0, 3.0, 5.0});
  EXPECT_EQ(raw::item(trapezoid(y)).toDouble(), 6);
  EXPECT_EQ(raw::item(trapz(y, 0.5)).toDouble(), 3);
  EXPECT_EQ(raw::item(trapezoid(y, tensor({0.0, 1.0, 4.0}))).toDouble(), 14);
  EXPECT_EQ(raw::item(trapezoid(zeros({0}))).toDouble(), 0);
  EXPECT_THROW(trapezoid(y, tensor({0.0, 1.0})), Error);
}

}  // namespace
}  // namespace taper
