// sort, argsort and topk against std::stable_sort.

#include "taper/tensor/raw/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

namespace taper {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> values_of(const Tensor& x) {
  const Tensor dense = raw::contiguous(raw::to(x, kFloat64));
  const double* data = dense.data_ptr<double>();
  return {data, data + dense.numel()};
}

// Where the elements of x come to stand; NaN is greater than any number.
std::vector<size_t> stable_order(const std::vector<double>& x, bool descending) {
  const auto less = [](double a, double b) { return !std::isnan(a) && (std::isnan(b) || a < b); };
  std::vector<size_t> order(x.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return descending ? less(x[b], x[a]) : less(x[a], x[b]);
  });
  return order;
}

bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

// values and indices are the first k of x's rows in stable order.
void expect_sorted(const Tensor& x, const Tensor& values, const Tensor& indices, int64_t k,
                   bool descending) {
  EXPECT_EQ(values.scalar_type(), x.scalar_type());
  EXPECT_EQ(indices.scalar_type(), kInt64);
  const auto xs = values_of(x);
  const auto vs = values_of(values);
  const auto at = values_of(indices);
  const auto n = static_cast<size_t>(x.size(-1));
  const auto kept = static_cast<size_t>(k);
  const size_t rows = n == 0 ? 0 : xs.size() / n;
  ASSERT_EQ(vs.size(), rows * kept);
  ASSERT_EQ(at.size(), rows * kept);
  for (size_t r = 0; r < rows; ++r) {
    const std::vector<double> row(xs.begin() + static_cast<std::ptrdiff_t>(r * n),
                                  xs.begin() + static_cast<std::ptrdiff_t>((r + 1) * n));
    const auto order = stable_order(row, descending);
    for (size_t i = 0; i < kept; ++i) {
      ASSERT_EQ(at[r * kept + i], static_cast<double>(order[i])) << "row " << r << ", place " << i;
      ASSERT_TRUE(same(vs[r * kept + i], row[order[i]])) << "row " << r << ", place " << i;
    }
  }
}

const ScalarType kDtypes[] = {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool};

TEST(Sort, IsStableForEveryDtypeAndSize) {
  for (ScalarType dtype : kDtypes) {
    for (int64_t n : {1, 2, 10, 1000}) {
      // Few distinct values, so that there are many ties; negative ones where there are any.
      Tensor x = randint(0, 40, {7, n}).to(kFloat64) - (dtype == kUInt8 || dtype == kBool ? 0 : 20);
      x = x.to(dtype);
      for (bool descending : {false, true}) {
        const auto [values, indices] = raw::sort(x, -1, descending);
        expect_sorted(x, values, indices, n, descending);
        EXPECT_TRUE(raw::equal(raw::argsort(x, 1, descending), indices));
        const auto [t_values, t_indices] = raw::sort(raw::transpose(x, 0, 1), 0, descending);
        EXPECT_TRUE(raw::equal(raw::transpose(t_values, 0, 1), values));
        EXPECT_TRUE(raw::equal(raw::transpose(t_indices, 0, 1), indices));
        EXPECT_TRUE(t_values.is_contiguous());
        for (int64_t k : {int64_t{0}, int64_t{1}, n / 2, n}) {
          const auto [top, top_at] = raw::topk(x, k, -1, descending);
          expect_sorted(x, top, top_at, k, descending);
        }
      }
    }
  }
}

TEST(Sort, OrdersTheWholeRangeOfADtype) {
  const int64_t least = std::numeric_limits<int64_t>::min();
  const int64_t most = std::numeric_limits<int64_t>::max();
  const Tensor longs = tensor(std::vector<int64_t>{0, most, -1, least, 1, most - 1, least + 1});
  EXPECT_TRUE(
      raw::equal(std::get<1>(sort(longs)), tensor(std::vector<int64_t>{3, 6, 2, 0, 4, 5, 1})));
  const Tensor ints = tensor({0, 2147483647, -1, -2147483647 - 1, 1}, TensorOptions(kInt32));
  EXPECT_TRUE(raw::equal(argsort(ints), tensor({3, 2, 0, 4, 1})));
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    const Tensor x = tensor({1.0, kNaN, 1e-40, -kInf, kInf, 0.0, -0.0, -1e30, kNaN, -1e-40},
                            TensorOptions(dtype));
    for (bool descending : {false, true}) {
      const auto [values, indices] = sort(x, 0, descending);
      expect_sorted(x, values, indices, 10, descending);
    }
    EXPECT_TRUE(std::isnan(values_of(std::get<0>(sort(x)))[9]));
    EXPECT_TRUE(std::isnan(values_of(std::get<0>(topk(x, 1)))[0]));
    EXPECT_EQ(values_of(std::get<0>(topk(x, 1, 0, /*largest=*/false)))[0], -kInf);
  }
}

TEST(Sort, TakesEmptyAndZeroDimensionalTensors) {
  EXPECT_EQ(DimVector(std::get<0>(sort(zeros({0, 3}), 0)).sizes()), (DimVector{0, 3}));
  EXPECT_EQ(DimVector(std::get<1>(topk(zeros({4, 3}), 0, 0)).sizes()), (DimVector{0, 3}));
  const Tensor x = tensor(2.5);
  EXPECT_EQ(raw::item(std::get<0>(sort(x))).toDouble(), 2.5);
  EXPECT_EQ(raw::item(std::get<1>(sort(x))).toLong(), 0);
  EXPECT_EQ(std::get<0>(topk(x, 1)).dim(), 0);
}

TEST(Sort, MisuseIsReportedInPyTorchsWords) {
  const Tensor x = zeros({2, 3});
  for (int64_t k : {4, -1}) {
    try {
      topk(x, k);
      ADD_FAILURE() << "no error";
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("selected index k out of range"), std::string::npos);
    }
  }
  EXPECT_THROW(sort(x, 2), IndexError);
}

TEST(SortGradient, GoesBackToWhereTheElementsCameFrom) {
  Tensor x = tensor({3.0, 1.0, 2.0}).requires_grad_();
  (std::get<0>(sort(x)) * tensor({10.0, 20.0, 30.0})).sum().backward();
  EXPECT_EQ(values_of(x.grad()), (std::vector<double>{30, 10, 20}));
  const Tensor y = (randperm(24).to(kFloat64) * 0.3).reshape({2, 3, 4}).requires_grad_();
  for (int64_t dim : {0, 1, -1}) {
    EXPECT_GRADCHECK([dim](const Tensor& t) { return std::get<0>(sort(t, dim, true)); }, {y});
    EXPECT_GRADGRADCHECK([dim](const Tensor& t) { return std::get<0>(topk(t * t, 2, dim)); }, {y});
  }
}

}  // namespace
}  // namespace taper
