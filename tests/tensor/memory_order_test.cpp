// How results are laid out in memory. The strides are those that libtorch 1.13.1 gives; more of
// them are compared by tests/parity/layout_program.cpp.

#include "taper/tensor/memory_order.h"

#include "tensor/core_testing.h"

namespace taper {
namespace {

Ints strides(const Tensor& x) { return x.strides().vec(); }

TEST(MemoryOrder, ResultsKeepTheOrderOfTheirOperand) {
  Tensor x = ones({3, 2}).t();
  EXPECT_EQ(strides(x + 1), (Ints{1, 2}));
  EXPECT_EQ(strides(x.sin()), (Ints{1, 2}));
  EXPECT_EQ(strides(x * x), (Ints{1, 2}));
  EXPECT_EQ(strides(x == 1), (Ints{1, 2}));
  EXPECT_EQ(strides(where(x > 0, x, x)), (Ints{1, 2}));
  EXPECT_EQ(strides(addcmul(x, x, x)), (Ints{1, 2}));
  EXPECT_EQ(strides(2 / x), (Ints{1, 2}));
  Tensor y = ones({4, 2, 3}).permute({1, 2, 0});
  EXPECT_EQ(strides(y.exp()), (Ints{3, 1, 6}));
  EXPECT_EQ(strides(y.to(kInt64).exp()), (Ints{3, 1, 6}));
}

TEST(MemoryOrder, GapsAndRepeatsGo) {
  EXPECT_EQ(strides(ones({4, 6}).t().slice(0, 0, 6, 2) + 1), (Ints{1, 3}));
  EXPECT_EQ(strides(ones({3, 1}).expand({3, 2}).exp()), (Ints{2, 1}));
  EXPECT_EQ(strides(ones({2, 1, 3}).permute({2, 1, 0}).expand({3, 4, 2}).exp()), (Ints{1, 3, 12}));
}

TEST(MemoryOrder, TheFirstOperandThatKnowsDecides) {
  Tensor row_major = ones({2, 3});
  Tensor transposed = ones({3, 2}).t();
  EXPECT_EQ(strides(row_major + transposed), (Ints{3, 1}));
  EXPECT_EQ(strides(transposed + row_major), (Ints{1, 2}));
  EXPECT_EQ(strides(ones({3}) + transposed), (Ints{1, 2}));  // a row knows no order
  EXPECT_EQ(strides(ones({}) + transposed), (Ints{1, 2}));
  EXPECT_EQ(strides(ones({2, 1}) + ones({1, 3})), (Ints{3, 1}));
}

TEST(MemoryOrder, DimensionsOfSizeOneInContiguousResults) {
  Tensor x = ones({1, 3}).t();
  EXPECT_EQ(strides(x), (Ints{1, 3}));
  EXPECT_EQ(strides(x.exp()), (Ints{1, 1}));
  EXPECT_EQ(strides(x + 1), (Ints{1, 3}));
  EXPECT_EQ(strides(x.clone()), (Ints{1, 3}));
}

TEST(MemoryOrder, PowersOfANumberAndFilledMasksAreRowMajor) {
  Tensor x = ones({3, 2}).t();
  EXPECT_TRUE(pow(2, x).is_contiguous());
  EXPECT_TRUE(masked_fill(x, x > 0, 1).is_contiguous());
}

TEST(MemoryOrder, CopiesKeepTheStridesOfDenseTensors) {
  Tensor x = ones({4, 2, 3}).permute({1, 2, 0});
  EXPECT_EQ(strides(x.clone()), strides(x));
  EXPECT_EQ(strides(x.to(kFloat64)), strides(x));
  EXPECT_EQ(strides(empty_like(x)), strides(x));
  EXPECT_EQ(strides(zeros_like(x, kInt64)), strides(x));
  EXPECT_EQ(strides(full_like(x, 2)), strides(x));
  EXPECT_TRUE(x.contiguous().is_contiguous());
  EXPECT_TRUE(x.new_zeros(x.sizes()).is_contiguous());
  EXPECT_EQ(strides(ones({4, 6}).t().slice(0, 0, 6, 2).clone()), (Ints{1, 3}));
}

TEST(MemoryOrder, ZerosLikeIsZeroEverywhere) {
  Tensor x = ones({5, 3}).t();
  expect_tensor(zeros_like(x), kFloat32, {3, 5}, Values(15, 0));
}

TEST(MemoryOrder, EmptyTensorsAreContiguousWhateverTheirStrides) {
  EXPECT_TRUE(ones({3, 0}).t().is_contiguous());
  EXPECT_TRUE(ones({0, 4, 6}).slice(2, 0, 6, 2).is_contiguous());
}

TEST(MemoryOrder, DenseMeansEachPlaceOnce) {
  EXPECT_TRUE(is_non_overlapping_and_dense({2, 3}, {1, 2}));
  EXPECT_TRUE(is_non_overlapping_and_dense({2, 1, 3}, {1, 77, 2}));
  EXPECT_TRUE(is_non_overlapping_and_dense({}, {}));
  EXPECT_FALSE(is_non_overlapping_and_dense({2, 3}, {1, 3}));
  EXPECT_FALSE(is_non_overlapping_and_dense({2, 3}, {0, 1}));
  EXPECT_FALSE(is_non_overlapping_and_dense({2, 2}, {1, 1}));
}

}  // namespace
}  // namespace taper
