// Reductions against their definitions in float64, over the layouts that take different paths
// through the kernels; and their corner cases.

#include "taper/tensor/raw/reduce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/scan.h"
#include "taper/tensor/raw/softmax.h"
#include "taper/tensor/shape.h"
#include "taper/tensor/threads.h"
#include "tensor/reduce_testing.h"

namespace taper::testing {
namespace {

using ::testing::HasSubstr;

template <class Fn>
std::string message_of(Fn fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

std::vector<DimVector> all_sets_of_dims(int64_t ndim) {
  std::vector<DimVector> sets = {{}};
  for (unsigned bits = 1; bits < 1U << ndim; ++bits) {
    DimVector set;
    for (int64_t d = 0; d < ndim; ++d) {
      if ((bits >> d & 1U) != 0) set.push_back(d);
    }
    sets.push_back(set);
  }
  return sets;
}

using Definition = std::function<double(const std::vector<double>&)>;

// Checks op(x, dims, keepdim) for every set of dims and both keepdims.
template <class Op>
void expect_reduces(const Input& input, Op op, const Definition& definition, double tolerance) {
  for (const DimVector& dims : all_sets_of_dims(input.x.dim())) {
    SCOPED_TRACE(input.name + " over " + std::to_string(dims.size()) + " dims");
    const auto runs = runs_of(input.x, dims);
    for (bool keepdim : {false, true}) {
      const Tensor y = op(input.x, dims, keepdim);
      EXPECT_EQ(DimVector(y.sizes()),
                reduced_shape(input.x.sizes(), reduction_dims(dims, input.x.dim()), keepdim));
      const std::vector<double> values = values_of(y);
      ASSERT_EQ(values.size(), runs.size());
      for (size_t i = 0; i < runs.size(); ++i) {
        const double expected = definition(runs[i]);
        ASSERT_NEAR(values[i], expected, tolerance * std::max(1.0, std::abs(expected)))
            << "result " << i;
      }
    }
  }
}

// The large ones are split into tasks. Dtypes of one kind share that code: one of each kind does.
std::vector<DimVector> shapes(ScalarType dtype) {
  std::vector<DimVector> list = {{},     {1},     {7},       {1000},     {3, 4},
                                 {5, 1}, {60, 3}, {2, 3, 4}, {9, 17, 40}};
  if (dtype == kFloat32 || dtype == kInt32) {
    for (const DimVector& large : {DimVector{70001}, DimVector{33, 2100}, DimVector{2100, 33},
                                   DimVector{20003, 5}, DimVector{1, 66000}}) {
      list.push_back(large);
    }
  }
  return list;
}

TEST(Reduce, SumIsTheSumOfTheElementsInAnyLayout) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool}) {
    for (const DimVector& sizes : shapes(dtype)) {
      for (const Input& input : layouts(sizes, dtype)) {
        expect_reduces(
            input, [](const Tensor& x, IntArrayRef d, bool k) { return raw::sum(x, d, k); }, sum_of,
            0);
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Reduce, MaxAndMinAreTheExtremeElementsInAnyLayout) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool}) {
    for (const DimVector& sizes : shapes(dtype)) {
      for (const Input& input : layouts(sizes, dtype)) {
        expect_reduces(
            input, [](const Tensor& x, IntArrayRef d, bool k) { return raw::amax(x, d, k); },
            [](const auto& run) { return *std::max_element(run.begin(), run.end()); }, 0);
        expect_reduces(
            input, [](const Tensor& x, IntArrayRef d, bool k) { return raw::amin(x, d, k); },
            [](const auto& run) { return *std::min_element(run.begin(), run.end()); }, 0);
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Reduce, IndicesAreThoseOfTheFirstExtremeElement) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt64, kInt32, kUInt8, kBool}) {
    for (const DimVector& sizes : shapes(dtype)) {
      for (const Input& input : layouts(sizes, dtype)) {
        const Tensor& x = input.x;
        for (int64_t d = 0; d < std::max<int64_t>(1, x.dim()); ++d) {
          SCOPED_TRACE(input.name + " along " + std::to_string(d));
          const auto runs = runs_of(x, x.dim() == 0 ? DimVector{} : DimVector{d});
          for (bool greatest : {true, false}) {
            const auto [values, indices] = greatest ? raw::max(x, d) : raw::min(x, d);
            const auto arg = dtype == kBool
                                 ? values_of(indices)  // no argmax of bools
                                 : values_of(greatest ? raw::argmax(x, d) : raw::argmin(x, d));
            const auto v = values_of(values);
            const auto at = values_of(indices);
            EXPECT_EQ(indices.scalar_type(), kInt64);
            EXPECT_EQ(values.scalar_type(), dtype);
            ASSERT_EQ(v.size(), runs.size());
            for (size_t i = 0; i < runs.size(); ++i) {
              const auto& run = runs[i];
              const auto best = greatest ? std::max_element(run.begin(), run.end())
                                         : std::min_element(run.begin(), run.end());
              ASSERT_EQ(v[i], *best);
              ASSERT_EQ(at[i], static_cast<double>(best - run.begin()));
              ASSERT_EQ(arg[i], at[i]);
            }
          }
        }
        if (dtype == kBool) continue;
        const auto all = runs_of(x, {});
        const auto first = std::max_element(all[0].begin(), all[0].end());
        ASSERT_EQ(value_of(raw::argmax(x, std::nullopt)),
                  static_cast<double>(first - all[0].begin()))
            << input.name;
      }
    }
  }
}

TEST(Reduce, MomentsAndNormsFollowTheirFormulas) {
  const auto variance = [](const std::vector<double>& run, double correction) {
    const auto n = static_cast<long double>(run.size());
    const long double mean = long_sum_of(run, [](long double x) { return x; }) / n;
    const long double squares =
        long_sum_of(run, [&](long double x) { return (x - mean) * (x - mean); });
    return static_cast<double>(squares / (n - correction));
  };
  const auto p_norm = [](const std::vector<double>& run, double p) {
    const long double total =
        long_sum_of(run, [&](long double x) { return std::pow(std::abs(x), p); });
    return static_cast<double>(std::pow(total, 1.0L / p));
  };
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    const double tolerance = dtype == kFloat32 ? 1e-6 : 1e-14;
    for (const DimVector& sizes :
         {DimVector{6}, DimVector{70001}, DimVector{9, 17, 20}, DimVector{300, 33}}) {
      for (const Input& input : layouts(sizes, dtype)) {
        const auto check = [&](auto op, const Definition& definition) {
          expect_reduces(input, op, definition, tolerance);
        };
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::mean(x, d, k); },
              [](const auto& run) { return sum_of(run) / static_cast<double>(run.size()); });
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::var(x, d, 0, k); },
              [&](const auto& run) { return variance(run, 0); });
        if (input.x.dim() == 1) {
          check([](const Tensor& x, IntArrayRef d, bool k) { return raw::std(x, d, 1, k); },
                [&](const auto& run) { return std::sqrt(variance(run, 1)); });
        }
        for (double p : {1.0, 2.0, 3.0, 0.5}) {
          check([p](const Tensor& x, IntArrayRef d, bool k) { return raw::norm(x, p, d, k); },
                [&](const auto& run) { return p_norm(run, p); });
        }
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::norm(x, 0, d, k); },
              [](const auto& run) {
                return static_cast<double>(run.size()) -
                       static_cast<double>(std::count(run.begin(), run.end(), 0.0));
              });
        const auto by_size = [](double a, double b) { return std::abs(a) < std::abs(b); };
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::norm(x, kInf, d, k); },
              [&](const auto& run) {
                return std::abs(*std::max_element(run.begin(), run.end(), by_size));
              });
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::norm(x, -kInf, d, k); },
              [&](const auto& run) {
                return std::abs(*std::min_element(run.begin(), run.end(), by_size));
              });
        check([](const Tensor& x, IntArrayRef d, bool k) { return raw::logsumexp(x, d, k); },
              [](const auto& run) {
                return static_cast<double>(
                    std::log(long_sum_of(run, [](long double x) { return std::exp(x); })));
              });
        if (HasFailure()) return;
      }
    }
  }
}

TEST(Reduce, ProductsMultiplyAndTruthIsCombined) {
  const Tensor x = tensor({{1.5, -2.0, 3.0}, {0.5, 4.0, -1.0}});
  EXPECT_EQ(values_of(raw::prod(x, std::nullopt)), std::vector<double>{18});
  EXPECT_EQ(values_of(raw::prod(x, 0)), (std::vector<double>{0.75, -8, -3}));
  EXPECT_EQ(values_of(raw::prod(x, -1, true)), (std::vector<double>{-9, -2}));
  const Tensor many = raw::full({70000}, 1.0, kFloat32);
  EXPECT_EQ(value_of(raw::prod(many, std::nullopt)), 1);
  const Tensor counts = tensor({{3, 0, 5}, {2, 2, 2}});
  EXPECT_EQ(raw::prod(counts, 1).scalar_type(), kInt64);
  EXPECT_EQ(values_of(raw::prod(counts, 1)), (std::vector<double>{0, 8}));
  EXPECT_EQ(values_of(raw::all(counts, 0)), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(values_of(raw::any(counts, 1, true)), (std::vector<double>{1, 1}));
  EXPECT_EQ(value_of(raw::all(counts, std::nullopt)), 0);
  EXPECT_EQ(raw::all(counts, std::nullopt).scalar_type(), kBool);
  EXPECT_EQ(raw::all(counts.to(kUInt8), std::nullopt).scalar_type(), kUInt8);
  EXPECT_EQ(value_of(raw::any(tensor({0.0, kNaN}), std::nullopt)), 1);
  EXPECT_EQ(value_of(raw::any(tensor({0.0, -0.0}), std::nullopt)), 0);
}

TEST(Reduce, LongSumsOfFloatsLoseFewDigits) {
  for (int64_t n : {1000, 65535, 1000003, 5000000}) {
    const Tensor x = rand({n});
    const double exact = value_of(raw::sum(raw::to(x, kFloat64), {}));
    EXPECT_NEAR(value_of(raw::sum(x, {})) / exact, 1, 2e-7) << n;
  }
  const Tensor matrix = rand({200000, 20});
  const auto exact = values_of(raw::sum(raw::to(matrix, kFloat64), 0));
  const auto sums = values_of(raw::sum(matrix, 0));
  for (size_t i = 0; i < sums.size(); ++i) EXPECT_NEAR(sums[i] / exact[i], 1, 2e-7);
}

TEST(Reduce, VarianceBearsALargeMean) {
  const Tensor x = randn({100000}).to(kFloat64) * 0.5 + 30000.0;
  const Tensor rounded = x.to(kFloat32);
  const double exact = value_of(raw::var(rounded.to(kFloat64), {}, 1));
  EXPECT_NEAR(value_of(raw::var(rounded, {}, 1)) / exact, 1, 1e-6);
}

TEST(Reduce, VarianceOfATallMatrixIsThatOfItsColumns) {
  const Tensor x = randn({3001, 33}, TensorOptions(kFloat64));
  const auto variances = values_of(raw::var(x, 0, 1));
  for (int64_t i = 0; i < x.size(1); ++i) {
    const Tensor column = raw::contiguous(raw::select(x, 1, i));
    EXPECT_NEAR(variances[static_cast<size_t>(i)], value_of(raw::var(column, {}, 1)), 1e-13);
  }
}

TEST(Reduce, ResultsHaveTheSameBitsForAnyNumberOfThreads) {
  const int before = get_num_threads();
  const Tensor flat = randn({1000003});
  const Tensor tall = randn({50000, 37});
  const Tensor wide = randn({37, 50000});
  std::vector<Tensor> results[2];
  for (int run = 0; run < 2; ++run) {
    set_num_threads(run == 0 ? 1 : 4);
    for (const Tensor& x : {flat, tall, wide}) {
      results[run].push_back(raw::sum(x, {}));
      results[run].push_back(raw::sum(x, 0));
      results[run].push_back(raw::sum(x, -1));
      results[run].push_back(raw::var(x, 0, 1));
      results[run].push_back(raw::norm(x, 2, {}));
      results[run].push_back(raw::argmax(x, 0));
      results[run].push_back(raw::cumsum(x, 0));
      results[run].push_back(raw::softmax(x, -1));
    }
  }
  set_num_threads(before);
  for (size_t i = 0; i < results[0].size(); ++i) {
    EXPECT_TRUE(raw::equal(results[0][i], results[1][i])) << "result " << i;
  }
}

TEST(Reduce, NanWinsWhereverItStands) {
  for (int64_t n : {5, 100, 3000, 100000}) {
    for (int64_t place : {int64_t{0}, n / 2, n - 1}) {
      const Tensor x = randn({n});
      raw::fill(raw::select(x, 0, place), kNaN);
      EXPECT_TRUE(std::isnan(value_of(raw::amax(x, {}))));
      EXPECT_TRUE(std::isnan(value_of(raw::amin(x, {}))));
      EXPECT_EQ(value_of(raw::argmax(x, std::nullopt)), static_cast<double>(place));
      EXPECT_EQ(value_of(raw::argmin(x, 0)), static_cast<double>(place));
      EXPECT_TRUE(std::isnan(value_of(raw::sum(x, {}))));
      EXPECT_TRUE(std::isnan(value_of(raw::norm(x, kInf, {}))));
      const Tensor columns = raw::contiguous(raw::expand(raw::unsqueeze(x, 1), {n, 19}));
      const Tensor at = raw::argmax(columns, 0);
      for (double index : values_of(at)) EXPECT_EQ(index, static_cast<double>(place));
      for (double v : values_of(raw::amin(columns, 0))) EXPECT_TRUE(std::isnan(v));
    }
  }
  // Of two, the first.
  EXPECT_EQ(value_of(argmin(tensor({1.0, kNaN, 0.0, kNaN}))), 1);
  const Tensor low = tensor({-kInf, -kInf});
  EXPECT_EQ(value_of(raw::amax(low, {})), -kInf);
  EXPECT_EQ(value_of(raw::argmax(low, 0)), 0);
}

TEST(Reduce, EmptyInputsGiveTheIdentityOrAnError) {
  const Tensor x = zeros({0, 3});
  EXPECT_EQ(value_of(sum(x)), 0);
  EXPECT_EQ(values_of(sum(x, 0)), (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(DimVector(sum(x, 1).sizes()), (DimVector{0}));
  EXPECT_EQ(value_of(prod(x)), 1);
  EXPECT_TRUE(std::isnan(value_of(mean(x))));
  EXPECT_TRUE(std::isnan(value_of(var(x))));
  EXPECT_EQ(value_of(norm(x)), 0);
  EXPECT_EQ(value_of(norm(x, kInf)), 0);
  EXPECT_EQ(values_of(logsumexp(x, 0)), (std::vector<double>{-kInf, -kInf, -kInf}));
  EXPECT_EQ(value_of(all(x)), 1);
  EXPECT_EQ(value_of(any(x)), 0);
  EXPECT_EQ(values_of(all(x, 0)), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(DimVector(cumsum(x, 0).sizes()), (DimVector{0, 3}));
  EXPECT_EQ(DimVector(softmax(x, 0).sizes()), (DimVector{0, 3}));
  EXPECT_EQ(DimVector(amax(x, 1).sizes()), (DimVector{0}));
  EXPECT_EQ(DimVector(std::get<1>(max(x, 1)).sizes()), (DimVector{0}));
  EXPECT_EQ(message_of([&] { max(x); }),
            "max(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
            "reduction dim with the 'dim' argument.");
  EXPECT_THAT(
      message_of([&] { argmax(x); }),
      HasSubstr("argmax(): Expected reduction dim to be specified for input.numel() == 0."));
  EXPECT_EQ(message_of([&] { min(x, 0); }),
            "min(): Expected reduction dim 0 to have non-zero size.");
  EXPECT_EQ(message_of([&] { amax(x, 0); }),
            "amax(): Expected reduction dim 0 to have non-zero size.");
}

TEST(Reduce, ZeroDimensionalTensorsCountAsHavingOneDimension) {
  const Tensor x = tensor(3.0);
  EXPECT_EQ(value_of(sum(x, 0)), 3);
  EXPECT_EQ(value_of(mean(x, -1, true)), 3);
  EXPECT_EQ(value_of(std::get<0>(max(x, 0))), 3);
  EXPECT_EQ(value_of(std::get<1>(max(x, 0, true))), 0);
  EXPECT_EQ(value_of(argmin(x)), 0);
  EXPECT_EQ(value_of(cumsum(x, 0)), 3);
  EXPECT_EQ(value_of(softmax(x, 0)), 1);
  EXPECT_EQ(value_of(log_softmax(x, -1)), 0);
  EXPECT_EQ(value_of(logsumexp(x, 0)), 3);
  EXPECT_EQ(sum(x, 0, true).dim(), 0);
}

TEST(Reduce, MisuseIsReportedInPyTorchsWords) {
  const Tensor whole = tensor({{1, 2, 3}, {4, 5, 6}});
  const Tensor x = whole.to(kFloat32);
  EXPECT_EQ(message_of([&] { mean(whole); }),
            "mean(): could not infer output dtype. Input dtype must be either a floating point or "
            "complex dtype. Got: Long");
  EXPECT_EQ(message_of([&] { mean(x, kInt64); }),
            "mean(): could not infer output dtype. Optional dtype must be either a floating point "
            "or complex dtype. Got: Long");
  EXPECT_EQ(message_of([&] { sum(x, 3); }),
            "Dimension out of range (expected to be in range of [-2, 1], but got 3)");
  EXPECT_EQ(message_of([&] {
              sum(x, {0, 0});
            }),
            "dim 0 appears multiple times in the list of dims");
  EXPECT_THAT(message_of([&] { var(whole); }),
              HasSubstr("std and var only support floating point and complex dtypes"));
  EXPECT_EQ(message_of([&] { norm(whole); }),
            "norm(): input dtype should be either floating point or complex. Got Long instead.");
  EXPECT_EQ(message_of([&] { softmax(whole, 1); }),
            "\"softmax_lastdim_kernel_impl\" not implemented for 'Long'");
}

TEST(Reduce, DtypesFollowPyTorchsRules) {
  const Tensor bytes = raw::full({1000}, 255, kUInt8);
  EXPECT_EQ(sum(bytes).scalar_type(), kInt64);
  EXPECT_EQ(value_of(sum(bytes)), 255000);
  EXPECT_EQ(sum(bytes, kFloat32).scalar_type(), kFloat32);
  EXPECT_EQ(sum(bytes, kInt32).scalar_type(), kInt32);
  EXPECT_EQ(value_of(sum(bytes, kInt32)), 255000);
  EXPECT_EQ(sum(tensor({1.9, 1.9}), kInt64).item<int64_t>(), 2);
  EXPECT_EQ(mean(bytes, kFloat64).scalar_type(), kFloat64);
  EXPECT_EQ(value_of(mean(bytes, kFloat64)), 255);
  EXPECT_EQ(cumsum(bytes, 0).scalar_type(), kInt64);
  EXPECT_EQ(cumsum(bytes, 0, kFloat32).scalar_type(), kFloat32);
  EXPECT_EQ(logsumexp(bytes, 0).scalar_type(), kFloat32);
  EXPECT_EQ(softmax(bytes, 0, kFloat64).scalar_type(), kFloat64);
  EXPECT_EQ(max(tensor({true, false})).scalar_type(), kBool);
  EXPECT_EQ(sum(tensor({true, false, true})).item<int64_t>(), 2);
}

TEST(Reduce, CumulativeSumsRunAlongTheirDimension) {
  for (const DimVector& sizes :
       {DimVector{1000}, DimVector{7, 600}, DimVector{600, 7}, DimVector{3, 50, 1100}}) {
    for (ScalarType dtype : {kFloat32, kFloat64, kInt32}) {
      for (const Input& input : layouts(sizes, dtype)) {
        for (int64_t d = 0; d < input.x.dim(); ++d) {
          const Tensor y = raw::cumsum(input.x, d);
          EXPECT_EQ(y.scalar_type(), dtype == kInt32 ? kInt64 : dtype);
          const auto runs = runs_of(input.x, d);
          const auto sums = runs_of(y, d);
          for (size_t i = 0; i < runs.size(); ++i) {
            double total = 0;
            for (size_t k = 0; k < runs[i].size(); ++k) {
              total += runs[i][k];
              ASSERT_EQ(sums[i][k], total) << input.name << " along " << d;
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace taper::testing
