// Searching, counting, and making equal elements one. Expected values and words are those of
// libtorch 1.13.

#include "index_testing.h"

namespace taper {
namespace {

const double kNaN = __builtin_nan("");

Tensor doubles(const std::vector<double>& list) { return tensor(list, kFloat64); }

// --- Searching ---

TEST(SearchSorted, FindsPlaces) {
  const Tensor sorted = doubles({1, 2, 2, 3});
  const Tensor x = doubles({0, 2, 2.5, 4});
  expect_tensor(searchsorted(sorted, x), {4}, {0, 1, 3, 4});
  expect_tensor(searchsorted(sorted, x, false, true), {4}, {0, 3, 3, 4});
  expect_tensor(searchsorted(sorted, x, false, false, "right"), {4}, {0, 3, 3, 4});
  expect_tensor(searchsorted(sorted, x.reshape({2, 2})), {2, 2}, {0, 1, 3, 4});
  expect_tensor(searchsorted(sorted, 2), {}, {1});
  expect_tensor(searchsorted(sorted.to(kInt64), 2.5), {}, {3});  // compared as floats
  expect_tensor(searchsorted(sorted, tensor(2.0)), {}, {1});
  EXPECT_EQ(searchsorted(sorted, x, true).scalar_type(), kInt32);
  // Row by row.
  const Tensor rows = tensor({{1, 3, 5}, {2, 4, 6}}), values = tensor({{3, 9}, {3, 1}});
  expect_tensor(searchsorted(rows, values), {2, 2}, {1, 3, 1, 0});
  expect_tensor(searchsorted(rows.t().contiguous().t(), values), {2, 2}, {1, 3, 1, 0});
  // Unsorted, with the order given.
  expect_tensor(searchsorted(doubles({3, 1, 2}), x, false, false, std::nullopt, longs({1, 2, 0})),
                {4}, {0, 1, 2, 3});
  expect_tensor(searchsorted(doubles({1, 2, kNaN}), doubles({kNaN, 1.5, 7})), {3}, {3, 1, 3});
  expect_tensor(searchsorted(zeros({0}), ones({2})), {2}, {0, 0});
  expect_tensor(bucketize(x, sorted), {4}, {0, 1, 3, 4});
  expect_tensor(bucketize(2.0, sorted, true, true), {}, {3});
}

TEST(SearchSorted, ErrorsUsePyTorchsWords) {
  const Tensor sorted = doubles({1, 2, 3}), grid = ones({2, 3});
  expect_error([&] { searchsorted(sorted, sorted, false, false, "middle"); },
               "torch.searchsorted(): side can only be 'left' or 'right' but got middle");
  expect_error([&] { searchsorted(sorted, sorted, false, true, "left"); },
               "torch.searchsorted(): side and right can't be set to opposites, got side of left "
               "while right was True");
  expect_error([&] { searchsorted(grid, 1); },
               "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
               "dimension is 1, but we got boundaries tensor dim(2) and input value's dim(0) "
               "numel(1)");
  expect_error([&] { searchsorted(tensor(1.0), grid); },
               "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
               "dimension");
  expect_error(
      [&] {
        searchsorted(grid, ones({3, 3}));
      },
      "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
      "dimensions of boundaries tensor and input value tensor must match, but we got "
      "boundaries tensor [2, 3] and input value tensor [3, 3]");
  expect_error([&] { searchsorted(sorted, 1, false, false, std::nullopt, longs({0})); },
               "torch.searchsorted(): boundary and sorter must have the same size, but got "
               "boundary tensor [3]and got sorter tensor [1]");
  expect_error([&] { searchsorted(sorted, 1, false, false, std::nullopt, sorted); },
               "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype Double");
  expect_error(
      [&] {
        searchsorted(sorted, 1, false, false, std::nullopt, longs({0, 1, 3}));
      },
      "IndexError: torch.searchsorted(): sorter index out of range");
  expect_error([&] { searchsorted(grid > 0, grid > 0); },
               "\"searchsorted_out_cpu\" not implemented for 'Bool'");
  expect_error([&] { bucketize(sorted, grid); },
               "boundaries tensor must be 1 dimension, but got dim(2)");
}

TEST(IsIn, ComparesWithAny) {
  const Tensor x = tensor({{1, 2}, {3, 4}});
  expect_tensor(isin(x, longs({4, 1, 9})), {2, 2}, {1, 0, 0, 1});
  expect_tensor(isin(x.t(), longs({3}), false, true), {2, 2}, {1, 0, 1, 1});
  expect_tensor(isin(x, 2), {2, 2}, {0, 1, 0, 0});
  expect_tensor(isin(x, 2.5), {2, 2}, {0, 0, 0, 0});
  expect_tensor(isin(3, x), {}, {1});
  expect_tensor(isin(doubles({kNaN, 1}), doubles({kNaN, 1})), {2}, {0, 1});
  expect_tensor(isin(x, zeros({0}), false, true), {2, 2}, {1, 1, 1, 1});
  EXPECT_EQ(isin(zeros({0, 2}), x).sizes(), IntArrayRef({0, 2}));
  expect_error([&] { isin(x > 1, x); }, "Unsupported input type encountered for isin(): Bool");
}

// --- Counting ---

TEST(BinCount, CountsOrAddsWeights) {
  const Tensor x = longs({1, 0, 2, 1});
  expect_tensor(bincount(x), {3}, {1, 2, 1});
  expect_tensor(x.to(kUInt8).bincount({}, 5), {5}, {1, 2, 1, 0, 0});
  const Tensor sums = bincount(x, doubles({0.5, 1, 2, 2.5}));
  EXPECT_EQ(sums.scalar_type(), kFloat64);
  expect_tensor(sums, {3}, {1, 3, 2});
  EXPECT_EQ(bincount(x, ones({4})).scalar_type(), kFloat32);
  EXPECT_EQ(bincount(x, x).scalar_type(), kFloat64);
  const Tensor none = zeros({0}, kInt64);
  expect_tensor(bincount(none, ones({0}), 2), {2}, {0, 0});
  EXPECT_EQ(bincount(none, ones({0}), 2).scalar_type(), kInt64);
  const char* integral = "bincount only supports 1-d non-negative integral inputs.";
  expect_error([] { bincount(longs({-1})); }, integral);
  expect_error([&] { bincount(x.reshape({2, 2})); }, integral);
  expect_error([&] { bincount(x, ones({3})); },
               "weights should be 1-d and have the same length as input");
  expect_error([&] { bincount(x, {}, -1); }, "minlength should be >= 0");
  expect_error([] { bincount(ones({2})); }, "\"bincount_cpu\" not implemented for 'Float'");
  expect_error([] { bincount(longs({INT64_MAX})); }, integral);
  expect_error([&] { bincount(x, leaf({4})).sum().backward(); },
               "derivative for aten::bincount is not implemented");
}

TEST(HistC, CountsInEqualParts) {
  const Tensor x = doubles({0, 1, 2, 3, 4});
  expect_tensor(x.histc(4), {4}, {1, 1, 1, 2});  // the last part is closed
  expect_tensor(histc(x, 2, 1, 3), {2}, {1, 2});
  expect_tensor(histc(doubles({5, 5}), 4), {4}, {0, 0, 2, 0});
  expect_tensor(histc(doubles({1, kNaN, 2}), 4, 0, 3), {4}, {1, 1, 1, 0});
  expect_tensor(histc(zeros({0}), 3), {3}, {0, 0, 0});
  EXPECT_EQ(x.to(kFloat32).histc().sizes(), IntArrayRef({100}));
  expect_error([&] { x.histc(0); }, "torch.histogram(): bins must be > 0, but got 0");
  expect_error([&] { x.histc(4, 2, 1); }, "torch.histc: max must be larger than min");
  expect_error([&] { x.histc(4, 0, kNaN); }, "is not finite");
  expect_error([] { histc(longs({1})); }, "\"histogram_cpu\" not implemented for 'Long'");
}

// --- Equal ones made one ---

TEST(HistC, BoundsThatRoundToOneNumberCountAll) {
  // One to either side of 1e8 is 1e8 again in float32; the distance of the ends overflows.
  EXPECT_EQ(histc(full({3}, 1e8f), 4).sum().item<float>(), 3);
  EXPECT_EQ(histc(full({3}, 1.0f), 10, -3e38, 3e38).sum().item<float>(), 3);
}

TEST(Unique, OfAllElements) {
  const Tensor x = tensor({{3, 1}, {3, 2}, {1, 3}});
  const auto [values, inverse, counts] = _unique2(x, true, true, true);
  expect_tensor(values, {3}, {1, 2, 3});
  expect_tensor(inverse, {3, 2}, {2, 0, 2, 1, 0, 2});
  expect_tensor(counts, {3}, {2, 1, 3});
  // Who asks for the counts gets the inverse too; who asks for nothing, empty ones.
  EXPECT_EQ(std::get<1>(_unique2(x, true, false, true)).sizes(), IntArrayRef({3, 2}));
  EXPECT_EQ(std::get<2>(_unique2(x, true, true)).sizes(), IntArrayRef({0}));
  EXPECT_EQ(std::get<1>(_unique2(x)).sizes(), IntArrayRef({0}));
  // Unsorted it is a hash table's order: sorted again they are the same.
  const Tensor unsorted = std::get<0>(_unique2(longs({5, -1, 7, 5, 100, 3}), false));
  expect_tensor(std::get<0>(unsorted.sort()), {5}, {-1, 3, 5, 7, 100});
  expect_tensor(std::get<0>(_unique2(tensor({true, false, true}), false)), {2}, {0, 1});
  expect_tensor(std::get<1>(_unique(x, true, true)), {3, 2}, {2, 0, 2, 1, 0, 2});
  expect_tensor(std::get<0>(_unique2(tensor(4), true, true, true)), {1}, {4});
  EXPECT_EQ(std::get<1>(_unique2(tensor(4), true, true, true)).dim(), 0);
  // Every NaN is one of its own; they come last in long lists.
  std::vector<double> list(40, kNaN);
  for (size_t i = 0; i < 40; i += 2) list[i] = static_cast<double>(i % 10);
  const Tensor with_nan = std::get<0>(_unique2(doubles(list)));
  ASSERT_EQ(with_nan.numel(), 25);
  expect_tensor(with_nan.slice(0, 0, 5), {5}, {0, 2, 4, 6, 8});
  EXPECT_TRUE(with_nan.slice(0, 5).isnan().all().item<bool>());
}

TEST(Unique, OfRuns) {
  const auto [values, inverse, counts] =
      unique_consecutive(longs({1, 1, 2, 3, 3, 3, 1}), true, true);
  expect_tensor(values, {4}, {1, 2, 3, 1});
  expect_tensor(inverse, {7}, {0, 0, 1, 2, 2, 2, 3});
  expect_tensor(counts, {4}, {2, 1, 3, 1});
  const Tensor nan = std::get<0>(unique_consecutive(doubles({kNaN, kNaN, -0.0, 0.0})));
  EXPECT_EQ(nan.numel(), 3);
  EXPECT_EQ(std::get<0>(unique_consecutive(zeros({2, 0}), true)).sizes(), IntArrayRef({0}));
}

TEST(Unique, OfSlices) {
  const Tensor x = tensor({{2, 0}, {1, 5}, {2, 0}, {1, 5}, {1, 5}});
  const auto [values, inverse, counts] = unique_dim(x, 0);
  expect_tensor(values, {2, 2}, {1, 5, 2, 0});
  expect_tensor(inverse, {5}, {1, 0, 1, 0, 0});
  expect_tensor(counts, {2}, {3, 2});
  expect_tensor(std::get<0>(unique_dim(x.t(), 1)), {2, 2}, {1, 2, 5, 0});
  const auto [runs, places, lengths] = unique_consecutive(x, false, false, 0);
  expect_tensor(runs, {4, 2}, {2, 0, 1, 5, 2, 0, 1, 5});
  expect_tensor(places, {5}, {0, 1, 2, 3, 3});
  expect_tensor(lengths, {4}, {1, 1, 1, 2});
  expect_tensor(std::get<0>(unique_dim_consecutive(x, -2)), {4, 2}, {2, 0, 1, 5, 2, 0, 1, 5});
  // The middle of three dimensions: the others are compared in their order.
  const Tensor cube = tensor({{{1, 0}, {0, 9}}, {{0, 0}, {7, 7}}});
  expect_tensor(std::get<0>(unique_dim(cube, 1)), {2, 2, 2}, {0, 9, 1, 0, 7, 7, 0, 0});
  EXPECT_EQ(std::get<0>(unique_dim(zeros({0, 2}), 0)).sizes(), IntArrayRef({0, 2}));
  expect_error(
      [] {
        unique_dim(zeros({2, 0}), 0);
      },
      "There are 0 sized dimensions, and they aren't selected, so unique cannot be "
      "applied");
  expect_error([] { unique_dim(tensor(1), 0); },
               "IndexError: Dimension specified as 0 but tensor has no dimensions");
  expect_error([&] { unique_dim(x, 2); }, "IndexError: Dimension out of range");
}

TEST(Unique, HasNoDerivative) {
  const Tensor x = leaf({3});
  const Tensor y = std::get<0>(_unique2(x));
  EXPECT_EQ(node_of(y), "Unique2Backward0");
  expect_error([&] { y.sum().backward(); },
               "NotImplementedError: the derivative for '_unique2' is not implemented.");
  expect_error([&] { std::get<0>(unique_consecutive(x)).sum().backward(); },
               "the derivative for 'unique_consecutive' is not implemented.");
  expect_error([&] { std::get<0>(unique_dim(x, 0)).sum().backward(); },
               "the derivative for 'unique_dim' is not implemented.");
}

}  // namespace
}  // namespace taper
