// sort, argsort, topk and the elements at one place in the order, against std::stable_sort.

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

// The values are those of x's rows at the places, none twice.
void expect_places(const Tensor& x, const Tensor& values, const Tensor& places) {
  EXPECT_TRUE(raw::equal(gather(x, -1, places), values));
  const auto at = values_of(std::get<0>(raw::sort(places, -1, false)));
  const auto k = static_cast<size_t>(places.size(-1));
  for (size_t i = 1; i < at.size(); ++i) {
    if (i % k != 0) {
      ASSERT_LT(at[i - 1], at[i]);
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
        const auto [loose, loose_at] = raw::sort(x, -1, descending, /*stable=*/false);
        EXPECT_TRUE(raw::equal(loose, values));
        expect_places(x, loose, loose_at);
        for (int64_t k : {int64_t{0}, int64_t{1}, n / 2, n}) {
          if (dtype == kBool) continue;
          for (bool sorted : {false, true}) {
            const auto [top, top_at] = raw::topk(x, k, -1, descending, sorted);
            const Tensor in_order = sorted ? top : std::get<0>(raw::sort(top, -1, descending));
            EXPECT_TRUE(raw::equal(in_order, raw::slice(values, 1, 0, k, 1)));
            expect_places(x, top, top_at);
          }
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
      const auto [values, indices] = sort(x, /*stable=*/true, 0, descending);
      expect_sorted(x, values, indices, 10, descending);
    }
    EXPECT_TRUE(std::isnan(values_of(std::get<0>(sort(x)))[9]));
    EXPECT_TRUE(std::isnan(values_of(std::get<0>(topk(x, 1)))[0]));
    EXPECT_EQ(values_of(std::get<0>(topk(x, 1, 0, /*largest=*/false)))[0], -kInf);
  }
}

// The element that a stable sort puts at a place, of every dtype and size, along every dimension.
TEST(Select, TakesTheElementAtAPlaceInTheOrder) {
  for (ScalarType dtype : kDtypes) {
    if (dtype == kBool) continue;
    for (int64_t n : {1, 2, 3, 4, 9, 1000}) {
      const Tensor x = (randint(0, 40, {7, n}).to(kFloat64) - (dtype == kUInt8 ? 0 : 20)).to(dtype);
      const auto [sorted, order] = raw::sort(x, -1, false);
      const auto at = [&](const Tensor& t, int64_t k) { return raw::select(t, 1, k); };
      for (int64_t k : {int64_t{1}, (n + 1) / 2, n}) {
        const auto [values, places] = kthvalue(x, k);
        EXPECT_TRUE(raw::equal(values, at(sorted, k - 1)));
        EXPECT_TRUE(raw::equal(gather(x, 1, unsqueeze(places, 1)).squeeze(1), values));
        const auto [rows, row_places] = kthvalue(raw::transpose(x, 0, 1), k, 0, true);
        EXPECT_TRUE(raw::equal(rows, unsqueeze(values, 0)));
        EXPECT_TRUE(raw::equal(row_places, unsqueeze(places, 0)));
      }
      const auto [medians, median_at] = median(x, 1);
      EXPECT_TRUE(raw::equal(medians, at(sorted, (n - 1) / 2)));
      EXPECT_TRUE(raw::equal(median_at, at(order, (n - 1) / 2)));
      const Tensor flat = flatten(x);
      EXPECT_TRUE(raw::equal(median(x), std::get<0>(kthvalue(flat, (7 * n + 1) / 2))));
    }
  }
}

TEST(Select, NanIsTheMedianUnlessLeftOut) {
  const Tensor x = tensor({3.0, kNaN, 1.0, kNaN, 2.0, 4.0}).reshape({2, 3});
  EXPECT_TRUE(std::isnan(raw::item(median(x)).toDouble()));
  EXPECT_EQ(raw::item(nanmedian(x)).toDouble(), 2);
  EXPECT_EQ(values_of(std::get<1>(median(x, 1))), (std::vector<double>{1, 0}));
  EXPECT_EQ(values_of(std::get<0>(nanmedian(x, 1))), (std::vector<double>{1, 2}));
  EXPECT_EQ(values_of(std::get<1>(nanmedian(x, 1))), (std::vector<double>{2, 1}));
  EXPECT_TRUE(std::isnan(raw::item(nanmedian(full({3}, kNaN))).toDouble()));
  EXPECT_TRUE(std::isnan(raw::item(median(zeros({0}))).toDouble()));
}

TEST(Select, ModeIsTheLeastOfTheMostFrequent) {
  const Tensor x = tensor({2, 1, 2, 1, 3, 5, 5, 4, 4, 4}).reshape({2, 5});
  const auto [values, places] = mode(x);
  EXPECT_EQ(values_of(values), (std::vector<double>{1, 4}));
  EXPECT_EQ(values_of(places), (std::vector<double>{3, 4}));
  EXPECT_EQ(DimVector(std::get<0>(mode(x, 0, true)).sizes()), (DimVector{1, 5}));
}

// What libtorch 1.13.1 names among equal elements.
TEST(Select, NamesThePlacesThatLibtorchNames) {
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < 20; ++i) numbers.push_back(i * 7 % 5 % 3);
  const Tensor x = tensor(numbers);
  const auto expect = [](const Tensor& places, const std::vector<double>& libtorchs) {
    EXPECT_EQ(values_of(places), libtorchs);
  };
  expect(std::get<1>(sort(x)),
         {10, 19, 15, 14, 0, 9, 5, 4, 7, 8, 12, 13, 3, 2, 17, 18, 6, 11, 16, 1});
  expect(argsort(x, 0, true),
         {1, 6, 16, 11, 2, 3, 18, 7, 8, 17, 12, 13, 19, 0, 15, 14, 10, 9, 5, 4});
  expect(argsort(x, /*stable=*/true, 0, true),
         {1, 6, 11, 16, 2, 3, 7, 8, 12, 13, 17, 18, 0, 4, 5, 9, 10, 14, 15, 19});
  expect(std::get<1>(topk(x, 4)), {16, 11, 1, 6});
  expect(std::get<1>(topk(x, 4, 0, false, /*sorted=*/false)), {14, 9, 0, 10});
  expect(std::get<1>(kthvalue(x, 9)), {18});
  expect(std::get<1>(median(x, 0)), {3});
  expect(std::get<1>(mode(x)), {4});
}

TEST(Select, QuantilesLieBetweenTheSortedElements) {
  const Tensor x = tensor({3.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0, 5.0}).reshape({2, 4});
  // Sorted: 1, 1.5, 2, 3, 4, 5, 6, 9; at 0.3 * 7 = 2.1.
  EXPECT_NEAR(raw::item(quantile(x, 0.3)).toDouble(), 2.1, 1e-6);
  EXPECT_EQ(raw::item(quantile(x, 0.3, std::nullopt, false, "lower")).toDouble(), 2);
  EXPECT_EQ(raw::item(quantile(x, 0.3, std::nullopt, false, "higher")).toDouble(), 3);
  EXPECT_EQ(raw::item(quantile(x, 0.3, std::nullopt, false, "nearest")).toDouble(), 2);
  EXPECT_EQ(raw::item(quantile(x, 0.3, std::nullopt, false, "midpoint")).toDouble(), 2.5);
  const Tensor ends = quantile(x, tensor({0.0, 1.0}), 1, true);
  EXPECT_EQ(DimVector(ends.sizes()), (DimVector{2, 2, 1}));
  EXPECT_EQ(values_of(ends), (std::vector<double>{1, 2, 4, 9}));
  EXPECT_EQ(DimVector(quantile(x, 0.5, std::nullopt, true).sizes()), (DimVector{1, 1}));
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
  const auto expect = [](const auto& misuse, const char* words) {
    try {
      misuse();
      ADD_FAILURE() << "no error: " << words;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(words), std::string::npos) << e.what();
    }
  };
  expect([&] { topk(x.to(kBool), 1); }, "\"topk_cpu\" not implemented for 'Bool'");
  expect([&] { kthvalue(x, 4); }, "kthvalue(): selected number k out of range for dimension 1");
  expect(
      [&] {
        kthvalue(zeros({2, 0}), 1);
      },
      "kthvalue(): Expected reduction dim 1 to have non-zero size.");
  expect(
      [&] {
        median(zeros({2, 0}), 1);
      },
      "median(): Expected reduction dim 1 to have non-zero size.");
  expect([&] { median(x.to(kBool), 1); }, "\"median_out\" not implemented for 'Bool'");
  expect([&] { quantile(x, 1.5); }, "quantile() q must be in the range [0, 1] but got 1.5");
  expect([&] { quantile(x, 0.5, 0, false, "mid"); },
         "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but "
         "got mid");
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
