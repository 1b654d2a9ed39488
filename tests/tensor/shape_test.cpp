// Huge, negative and overflowing shapes: every one is refused by taper::Error, none ends in
// std::bad_alloc or touches memory it does not have.

#include "taper/tensor/shape.h"

#include "core_testing.h"

namespace taper {
namespace {

const char* const kOverflow = "Storage size calculation overflowed";
const char* const kNoMemory = "can't allocate memory";

TEST(Shape, OverflowingSizesAreRefused) {
  EXPECT_ERROR(zeros({kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(empty({kMax}), kOverflow);
  EXPECT_ERROR(ones({kMax, 2}), kOverflow);
  EXPECT_ERROR(full({kHuge, kHuge, kHuge}, 1), kOverflow);
  // 2^64 bytes: a product that wraps to 0.
  EXPECT_ERROR(empty({int64_t{1} << 61}, kFloat64), kOverflow);
  EXPECT_ERROR(randn({kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(eye(kHuge), kOverflow);
  EXPECT_ERROR(linspace(0, 1, kMax), kOverflow);
}

TEST(Shape, MoreThanTheMachineHasIsRefused) {
  EXPECT_ERROR(zeros({int64_t{1} << 50}), kNoMemory);
  EXPECT_ERROR(empty({kHuge, 16}, kBool), kNoMemory);
  EXPECT_ERROR(eye(int64_t{1} << 28), kNoMemory);
}

TEST(Shape, NegativeSizesAreRefused) {
  EXPECT_ERROR(zeros({-1}), "Trying to create tensor with negative dimension -1: [-1]");
  EXPECT_ERROR(empty({2, -3}), "Trying to create tensor with negative dimension -3: [2, -3]");
  EXPECT_ERROR(rand({0, kMin}), "negative dimension");
  EXPECT_ERROR(ones({1}).expand({-2}), "negative dimension");
}

TEST(Shape, EmptyShapesWithHugeSizes) {
  EXPECT_EQ(zeros({0, kHuge}).numel(), 0);
  EXPECT_EQ(zeros({kHuge, 0}).strides(), IntArrayRef({1, 1}));
  // No strides could be written down for these.
  EXPECT_ERROR(zeros({0, kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(zeros({kHuge, kHuge, 0}), kOverflow);
  EXPECT_ERROR(zeros({0}).view({0, kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(zeros({0}).view({kHuge, kHuge, 0}), "is invalid for input of size 0");
}

TEST(Shape, HugeExpandedTensorsAreViewsOnly) {
  Tensor wide = ones({1}).expand({kHuge, kHuge / (1 << 21)});
  EXPECT_EQ(wide.numel(), kHuge * (kHuge / (1 << 21)));
  EXPECT_EQ(wide[kHuge - 1][7].item<float>(), 1);
  EXPECT_EQ(wide.slice(0, kHuge - 3).size(0), 3);
  EXPECT_ERROR(ones({1}).expand({kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(ones({1}).expand({kMax}), kOverflow);
  EXPECT_ERROR(wide.clone(), kNoMemory);
  EXPECT_ERROR(wide.contiguous(), kNoMemory);
  EXPECT_ERROR(wide + 1, kNoMemory);
  EXPECT_ERROR(wide == wide, kNoMemory);
  EXPECT_ERROR(wide.to(kFloat64), kNoMemory);
  EXPECT_ERROR(wide.reshape({-1, 2}).clone(), kNoMemory);
  EXPECT_ERROR(ones({kHuge / 4}, kBool).repeat({kHuge}), kNoMemory);
}

TEST(Shape, BroadcastResultsThatOverflow) {
  Tensor row = ones({1}).expand({int64_t{1} << 35});
  Tensor column = row.unsqueeze(1);
  EXPECT_ERROR(row + column, kOverflow);
  EXPECT_ERROR(row < column, kOverflow);
  EXPECT_ERROR(where(row > 0, row, 0.0), kNoMemory);
}

TEST(Shape, HugeChannelsLastSizesAreRefused) {
  const int64_t n = int64_t{1} << 20;
  const Tensor x = zeros({1});
  EXPECT_ERROR(x.resize_({n, n, n, n}, MemoryFormat::ChannelsLast), "overflowed");
  EXPECT_ERROR(empty({n, n, n, n}, TensorOptions(), MemoryFormat::ChannelsLast), "overflowed");
}

TEST(Shape, RangesOfBigIntegersAreCountedExactly) {
  const int64_t far = int64_t{1} << 60;
  const Tensor r = range(far, far + 10, 1, kInt64);
  ASSERT_EQ(r.numel(), 11);
  EXPECT_EQ(r[10].item<int64_t>(), far + 10);
  EXPECT_EQ(range(5, 0, -2, kInt64).numel(), 3);
  EXPECT_EQ(range(0, 7, 2, kInt32).numel(), 4);
}

TEST(Shape, NumbersThatDoNotFitAnIntegerGiveWhatX86Gives) {
  EXPECT_EQ(logspace(0, 10, 11, 10, kInt32)[10].item<int>(), INT32_MIN);
  EXPECT_EQ(linspace(0, INT64_MAX, 2, kInt64)[1].item<int64_t>(), INT64_MIN);
}

TEST(Shape, HugeRanges) {
  EXPECT_ERROR(arange(1e18), kNoMemory);
  EXPECT_ERROR(arange(int64_t{1} << 60), kOverflow);
  EXPECT_ERROR(arange(0, 1e300), "invalid size, possible overflow?");
  EXPECT_ERROR(arange(kMin, kMax), "invalid size, possible overflow?");
  EXPECT_ERROR(arange(0, 1, 1e-300), "invalid size, possible overflow?");
}

TEST(Shape, HugeGeometriesOfEmptyTensors) {
  Tensor empty = zeros({1}).as_strided({2, 0}, {kMax / 64, 1});
  EXPECT_EQ(empty.select(0, 1).numel(), 0);
  EXPECT_EQ(empty.slice(0, 2).numel(), 0);
  EXPECT_EQ((empty + 1).sizes(), IntArrayRef({2, 0}));
  EXPECT_ERROR(zeros({1}).as_strided({0}, {1}, kMax), "out of bounds");
  Tensor far = zeros({1}).as_strided({1}, {kMax});
  EXPECT_EQ(far.slice(0, 1).clone().numel(), 0);
  EXPECT_EQ(far.item<float>(), 0);
}

TEST(Shape, FromBlobWithHugeStrides) {
  float value = 0;
  EXPECT_ERROR(from_blob(&value, {kHuge, kHuge}), kOverflow);
  EXPECT_ERROR(from_blob(&value, {2}, {kMax}), kOverflow);
  EXPECT_ERROR(from_blob(&value, {3, 3}, {kMax / 24, kMax / 24}), kOverflow);
  EXPECT_ERROR(from_blob(&value, {-1}), "negative dimension -1");
  EXPECT_ERROR(from_blob(&value, {2, 3}, {1}),
               "dimensionality of sizes (2) must match dimensionality of strides (1)");
  EXPECT_ERROR(from_blob(&value, {2}, {-1}),
               "Storage size calculation overflowed with sizes=[2] and strides=[-1]");
}

TEST(Shape, ManyDimensions) {
  Tensor x = ones(std::vector<int64_t>(100, 1));
  EXPECT_EQ((x + x).dim(), 100);
  EXPECT_EQ(x.unsqueeze(50).squeeze().item<float>(), 1);
  EXPECT_ERROR(x.expand(std::vector<int64_t>(100, 2)), kOverflow);
  Tensor repeated = ones({1}).expand(std::vector<int64_t>(20, 2)).clone();
  EXPECT_EQ(repeated.sum().item<float>(), 1 << 20);
}

TEST(Broadcasting, ShapesMeetFromTheEnd) {
  EXPECT_EQ(broadcast_shapes({2, 1, 3}, {4, 1}), (DimVector{2, 4, 3}));
  EXPECT_EQ(broadcast_shapes({}, {2}), (DimVector{2}));
  EXPECT_EQ(broadcast_shapes({0}, {1}), (DimVector{0}));
  EXPECT_EQ((ones({0, 1}) + ones({3})).sizes(), IntArrayRef({0, 3}));
  EXPECT_ERROR(ones({0}) + ones({2}),
               "The size of tensor a (0) must match the size of tensor b "
               "(2) at non-singleton dimension 0");
}

}  // namespace
}  // namespace taper
