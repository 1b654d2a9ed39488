// Views: sizes, strides, offsets, shared storage, and the errors. Expected values and words are
// those of libtorch 1.13.

#include "core_testing.h"

namespace taper {
namespace {

Tensor x234() { return arange(24).reshape({2, 3, 4}); }

// A view of x with this geometry, seen by a write of one through the other.
void expect_view(const Tensor& x, const Tensor& view, const Ints& sizes, const Ints& strides,
                 int64_t offset) {
  EXPECT_EQ(view.sizes().vec(), sizes);
  EXPECT_EQ(view.strides().vec(), strides);
  EXPECT_EQ(view.storage_offset(), offset);
  EXPECT_TRUE(view.is_alias_of(x));
  EXPECT_TRUE(view.is_view());
  if (view.numel() == 0) return;
  const int64_t version = x._version();
  Tensor first = view.as_strided({}, {}, offset);
  first.fill_(77);
  EXPECT_GT(x._version(), version);
  EXPECT_EQ(x.as_strided({}, {}, offset).item<double>(), 77);
}

std::vector<Ints> sizes_of(const std::vector<Tensor>& parts) {
  std::vector<Ints> sizes;
  for (const Tensor& part : parts) sizes.push_back(part.sizes().vec());
  return sizes;
}

TEST(View, TakesNewSizesWhereStridesAllow) {
  Tensor x = x234();
  expect_view(x, x.view({4, -1}), {4, 6}, {6, 1}, 0);
  expect_view(x, x.view({2, 1, 12}), {2, 1, 12}, {12, 12, 1}, 0);
  expect_view(x, x.select(0, 1).view({12}), {12}, {1}, 12);
  // Every other column: rows are still evenly spaced.
  Tensor columns = x.slice(2, 0, 4, 2);
  expect_view(x, columns.view({6, 2}), {6, 2}, {4, 2}, 0);
  expect_view(x, columns.view({-1}), {12}, {2}, 0);
  Tensor row = ones({3});
  expect_view(row, row.expand({2, 3}).view({2, 1, 3}), {2, 1, 3}, {0, 3, 1}, 0);
  expect_view(row, row.view_as(ones({3, 1})), {3, 1}, {1, 1}, 0);
}

TEST(View, RefusesWhatIsNoView) {
  Tensor x = x234();
  EXPECT_ERROR(x.view({5, -1}), "shape '[5, -1]' is invalid for input of size 24");
  EXPECT_ERROR(x.view({25}), "shape '[25]' is invalid for input of size 24");
  EXPECT_ERROR(x.view({-1, -1}), "only one dimension can be inferred");
  EXPECT_ERROR(x.view({2, -2}), "invalid shape dimension -2");
  const char* text =
      "view size is not compatible with input tensor's size and stride (at least one dimension "
      "spans across two contiguous subspaces). Use .reshape(...) instead.";
  EXPECT_ERROR(x.transpose(0, 1).view({24}), text);
  EXPECT_ERROR(x.slice(2, 0, 2).view({-1}), text);
  EXPECT_ERROR(ones({3}).expand({2, 3}).view({6}), text);
}

TEST(View, OfEmptyTensors) {
  EXPECT_EQ(zeros({0, 3}).view({-1, 3}).sizes(), IntArrayRef({0, 3}));
  EXPECT_EQ(zeros({2, 0}).view({3, 0, 2}).sizes(), IntArrayRef({3, 0, 2}));
  EXPECT_ERROR(zeros({2, 0}).view({1}), "shape '[1]' is invalid for input of size 0");
  EXPECT_ERROR(zeros({0, 3}).view({-1, 0}),
               "cannot reshape tensor of 0 elements into shape [-1, 0] because the unspecified "
               "dimension size -1 can be any value and is ambiguous");
  EXPECT_EQ(zeros({0}).unsqueeze(0).sizes(), IntArrayRef({1, 0}));
  EXPECT_EQ(zeros({2, 0, 3}).flatten(1).sizes(), IntArrayRef({2, 0}));
}

TEST(View, OfNumbers) {
  Tensor x = tensor(5.0);
  expect_view(x, x.view({1, 1}), {1, 1}, {1, 1}, 0);
  expect_view(x, x.view({}), {}, {}, 0);
  expect_view(x, x.transpose(0, -1), {}, {}, 0);
  expect_view(x, x.t(), {}, {}, 0);
  expect_view(x, x.permute({}), {}, {}, 0);
  expect_view(x, x.squeeze(0), {}, {}, 0);
  expect_view(x, x.unsqueeze(-1), {1}, {1}, 0);
  expect_view(x, x.expand({2}), {2}, {0}, 0);
  expect_view(x, x.flatten(), {1}, {1}, 0);
  Tensor one = ones({1, 1});
  expect_view(one, one.view({}), {}, {}, 0);
}

TEST(Reshape, CopiesOnlyWhereItMust) {
  Tensor x = x234();
  expect_view(x, x.reshape({6, 4}), {6, 4}, {4, 1}, 0);
  Tensor turned = x234().transpose(0, 2);
  Tensor copy = turned.reshape({4, 6});
  EXPECT_FALSE(copy.is_alias_of(turned));
  EXPECT_EQ(values(copy.select(0, 1)), (Values{1, 13, 5, 17, 9, 21}));
  EXPECT_EQ(copy.strides(), IntArrayRef({6, 1}));
}

TEST(Transpose, SwapsSizesAndStrides) {
  Tensor x = x234();
  expect_view(x, x.transpose(0, -1), {4, 3, 2}, {1, 4, 12}, 0);
  expect_view(x, x.mT(), {2, 4, 3}, {12, 1, 4}, 0);
  expect_view(x, x.numpy_T(), {4, 3, 2}, {1, 4, 12}, 0);
  expect_view(x, x.permute({-1, 0, 1}), {4, 2, 3}, {1, 12, 4}, 0);
  Tensor matrix = x.select(0, 1);
  expect_view(x, matrix.t(), {4, 3}, {1, 4}, 12);
  EXPECT_ERROR(x.t(), "t() expects a tensor with <= 2 dimensions, but self is 3D");
  EXPECT_ERROR(ones({3}).mT(), "tensor.mT is only supported on matrices or batches of matrices.");
  EXPECT_ERROR(
      x.transpose(0, 3),
      "IndexError: Dimension out of range (expected to be in range of [-3, 2], but got 3)");
  EXPECT_ERROR(x.permute({0, 1}), "is not equal to len(dims) = 2");
  EXPECT_ERROR(x.permute({0, 0, 1}), "duplicate dims are not allowed.");
  EXPECT_ERROR(x.permute({0, 1, 3}), "Dimension out of range");
}

TEST(Squeeze, DropsDimensionsOfSizeOne) {
  Tensor x = ones({1, 2, 1});
  expect_view(x, x.squeeze(), {2}, {1}, 0);
  expect_view(x, x.squeeze(1), {1, 2, 1}, {2, 1, 1}, 0);
  expect_view(x, x.squeeze(-1), {1, 2}, {2, 1}, 0);
  EXPECT_ERROR(x.squeeze(3), "Dimension out of range");
  Tensor y = x234();
  expect_view(y, y.unsqueeze(0), {1, 2, 3, 4}, {24, 12, 4, 1}, 0);
  expect_view(y, y.unsqueeze(-1), {2, 3, 4, 1}, {12, 4, 1, 1}, 0);
  expect_view(y, y.transpose(0, 2).unsqueeze(1), {4, 1, 3, 2}, {1, 12, 4, 12}, 0);
  EXPECT_ERROR(y.unsqueeze(4), "(expected to be in range of [-4, 3], but got 4)");
}

TEST(Expand, RepeatsByStrideZero) {
  Tensor x = ones({3});
  expect_view(x, x.expand({2, -1}), {2, 3}, {0, 1}, 0);
  Tensor column = ones({2, 1});
  expect_view(column, column.expand({3, -1, 2}), {3, 2, 2}, {0, 1, 0}, 0);
  EXPECT_EQ(ones({1}).expand({0}).sizes(), IntArrayRef({0}));
  EXPECT_EQ(column.expand_as(ones({2, 5})).sizes(), IntArrayRef({2, 5}));
  EXPECT_ERROR(x.expand({-1, 3}),
               "The expanded size of the tensor (-1) isn't allowed in a "
               "leading, non-existing dimension 0");
  EXPECT_ERROR(x.expand({2, 4}),
               "The expanded size of the tensor (4) must match the existing size (3) at "
               "non-singleton dimension 1.  Target sizes: [2, 4].  Tensor sizes: [3]");
  EXPECT_ERROR(column.expand({2}),
               "the number of sizes provided (1) must be greater or equal to "
               "the number of dimensions in the tensor (2)");
}

TEST(Slice, ClipsItsBounds) {
  Tensor x = x234();
  expect_view(x, x.slice(1, 0, 3, 2), {2, 2, 4}, {12, 8, 1}, 0);
  expect_view(x, x.slice(-1, -3, -1), {2, 3, 2}, {12, 4, 1}, 1);
  expect_view(x, x.slice(2, std::nullopt, -2), {2, 3, 2}, {12, 4, 1}, 0);
  expect_view(x, x.slice(2, 1, 100, 100), {2, 3, 1}, {12, 4, 100}, 1);
  expect_view(x, x.slice(0, -100, 1), {1, 3, 4}, {12, 4, 1}, 0);
  expect_view(x, x.slice(0, kMin, kMax), {2, 3, 4}, {12, 4, 1}, 0);
  expect_view(x, x.slice(2, 3, 1), {2, 3, 0}, {12, 4, 1}, 3);
  expect_view(x, x.slice(0, 5, 9), {0, 3, 4}, {12, 4, 1}, 24);
  EXPECT_EQ(x.slice(2, 0, 4, kMax).sizes(), IntArrayRef({2, 3, 1}));
  EXPECT_ERROR(x.slice(0, 0, 1, 0), "slice step must be positive");
  EXPECT_ERROR(tensor(1).slice(0), "slice() cannot be applied to a 0-dim tensor.");
}

TEST(Narrow, StaysInside) {
  Tensor x = x234();
  expect_view(x, x.narrow(1, 1, 2), {2, 2, 4}, {12, 4, 1}, 4);
  expect_view(x, x.narrow(-1, -1, 1), {2, 3, 1}, {12, 4, 1}, 3);
  EXPECT_EQ(x.narrow(1, 3, 0).sizes(), IntArrayRef({2, 0, 4}));
  EXPECT_ERROR(x.narrow(1, 2, 2), "start (2) + length (2) exceeds dimension size (3).");
  EXPECT_ERROR(x.narrow(1, 1, kMax), "exceeds dimension size (3).");
  EXPECT_ERROR(x.narrow(1, 0, -1), "start (0) + length (-1) exceeds dimension size (3).");
  EXPECT_ERROR(x.narrow(1, -4, 1), "IndexError: Dimension out of range");
  EXPECT_ERROR(x.narrow(1, tensor(1.5), 1), "start must be an 0-dim integral Tensor.");
  expect_view(x, x.narrow(1, tensor(-2), 2), {2, 2, 4}, {12, 4, 1}, 4);
  EXPECT_ERROR(tensor(1).narrow(0, 0, 0), "narrow() cannot be applied to a 0-dim tensor.");
}

TEST(Select, TakesOneIndex) {
  Tensor x = x234();
  expect_view(x, x.select(0, 1), {3, 4}, {4, 1}, 12);
  expect_view(x, x.select(-1, -1), {2, 3}, {12, 4}, 3);
  expect_view(x, x[1][2], {4}, {1}, 20);
  EXPECT_ERROR(x.select(0, 2),
               "IndexError: select(): index 2 out of range for tensor of size "
               "[2, 3, 4] at dimension 0");
  EXPECT_ERROR(x.select(0, kMin), "out of range for tensor of size [2, 3, 4] at dimension 0");
  EXPECT_ERROR(tensor(1).select(0, 0), "select() cannot be applied to a 0-dim tensor.");
}

TEST(Chunk, IsUneven) {
  Tensor x = arange(10);
  EXPECT_EQ(sizes_of(x.chunk(3)), (std::vector<Ints>{{4}, {4}, {2}}));
  EXPECT_EQ(sizes_of(x.chunk(4)), (std::vector<Ints>{{3}, {3}, {3}, {1}}));
  EXPECT_EQ(x.chunk(6).size(), 5U);  // two each: five are enough
  EXPECT_EQ(x.chunk(kMax).size(), 10U);
  EXPECT_EQ(sizes_of(zeros({3, 0}).chunk(2, 1)), (std::vector<Ints>{{3, 0}, {3, 0}}));
  expect_view(x, x.chunk(3)[2], {2}, {1}, 8);
  EXPECT_ERROR(x.chunk(0), "chunk expects `chunks` to be greater than 0, got: 0");
  EXPECT_ERROR(tensor(1).chunk(1), "chunk expects at least a 1-dimensional tensor");
}

TEST(Split, BySizeOrSizes) {
  Tensor x = arange(10);
  EXPECT_EQ(sizes_of(x.split(4)), (std::vector<Ints>{{4}, {4}, {2}}));
  EXPECT_EQ(sizes_of(x.split(kMax)), (std::vector<Ints>{{10}}));
  EXPECT_EQ(sizes_of(zeros({0}).split(0)), (std::vector<Ints>{{0}}));
  EXPECT_EQ(sizes_of(zeros({0}).split(2)), (std::vector<Ints>{{0}}));
  expect_view(x, x.split(4)[1], {4}, {1}, 4);
  EXPECT_EQ(sizes_of(x.split({0, 7, 3})), (std::vector<Ints>{{0}, {7}, {3}}));
  expect_view(x, x.split_with_sizes({3, 7})[1], {7}, {1}, 3);
  EXPECT_ERROR(x.split(0),
               "split_size can only be 0 if dimension size is 0, but got dimension "
               "size of 10");
  EXPECT_ERROR(x.split(-1), "split expects split_size be non-negative, but got split_size=-1");
  EXPECT_ERROR(x.split({3, 6}), "split_with_sizes expects split_sizes to sum exactly to 10");
  EXPECT_ERROR(x.split({-1, 11}), "have only non-negative entries");
  EXPECT_ERROR(x.split({kMax, kMax, 12}), "to sum exactly to 10");
  EXPECT_ERROR(tensor(1).split(1), "split expects at least a 1-dimensional tensor");
}

TEST(Unbind, SelectsEachIndex) {
  Tensor x = x234();
  std::vector<Tensor> parts = x.unbind(1);
  ASSERT_EQ(parts.size(), 3U);
  expect_view(x, parts[2], {2, 4}, {12, 1}, 8);
  EXPECT_EQ(x.unbind(-1).size(), 4U);
  EXPECT_TRUE(zeros({0, 2}).unbind().empty());
  EXPECT_ERROR(tensor(1).unbind(), "Dimension specified as 0 but tensor has no dimensions");
}

TEST(Flatten, JoinsDimensions) {
  Tensor x = x234();
  expect_view(x, x.flatten(0, 1), {6, 4}, {4, 1}, 0);
  expect_view(x, x.flatten(-2), {2, 12}, {12, 1}, 0);
  EXPECT_TRUE(x.flatten(1, 1).is_same(x));
  EXPECT_FALSE(x.transpose(0, 1).flatten().is_alias_of(x));
  EXPECT_ERROR(x.flatten(2, 1), "flatten() has invalid args: start_dim cannot come after end_dim");
}

TEST(Diagonal, IsAView) {
  Tensor x = arange(12).reshape({3, 4});
  expect_view(x, x.diagonal(), {3}, {5}, 0);
  expect_view(x, x.diagonal(1), {3}, {5}, 1);
  expect_view(x, x.diagonal(-1), {2}, {5}, 4);
  Tensor y = x234();
  expect_view(y, y.diagonal(0, -2, -1), {2, 3}, {12, 5}, 0);
  expect_view(y, y.diagonal(1, 0, 2), {3, 2}, {4, 13}, 1);
  for (int64_t offset : {int64_t{9}, int64_t{-9}, kMin, kMax}) {
    EXPECT_EQ(x.diagonal(offset).sizes(), IntArrayRef({0})) << offset;
  }
  EXPECT_ERROR(y.diagonal(0, 1, 1), "diagonal dimensions cannot be identical 1, 1");
  EXPECT_ERROR(ones({3}).diagonal(), "Dimension out of range");
}

TEST(AsStrided, StaysInTheStorage) {
  Tensor x = x234();
  expect_view(x, x.as_strided({2, 2}, {1, 2}), {2, 2}, {1, 2}, 0);
  expect_view(x, x.as_strided({2}, {1}, 22), {2}, {1}, 22);
  expect_view(x, x[1].as_strided({3}, {0}), {3}, {0}, 12);
  EXPECT_ERROR(x.as_strided({2}, {1}, 23), "are out of bounds for storage of size 192");
  EXPECT_ERROR(x.as_strided({3}, {kMax}), "are out of bounds for storage of size 192");
  EXPECT_ERROR(x.as_strided({2, 2}, {1}), "mismatch in length of strides and shape");
  EXPECT_ERROR(x.as_strided({2}, {-1}, 3), "Negative strides are not supported at the moment");
  EXPECT_ERROR(x.as_strided({2}, {1}, -1), "invalid storage offset -1");
  EXPECT_ERROR(x.as_strided({kMin}, {1}), "Storage size calculation overflowed with sizes=");
  EXPECT_ERROR(x.as_strided({kHuge, kHuge}, {1, 1}), "overflowed");
  EXPECT_ERROR(x.as_strided({2, 0}, {kMax, 1}), "out of bounds");
}

TEST(Contiguity, IgnoresDimensionsOfSizeOne) {
  Tensor x = x234();
  EXPECT_FALSE(x.slice(2, 0, 1).is_contiguous());
  EXPECT_TRUE(x[0].slice(0, 0, 1).is_contiguous());
  EXPECT_TRUE(ones({1, 3}).t().is_contiguous());
  EXPECT_TRUE(zeros({0, 3}).t().is_contiguous());
  EXPECT_FALSE(ones({2, 3}).t().is_contiguous());
  EXPECT_TRUE(ones({3}).expand({1, 3}).is_contiguous());
  EXPECT_FALSE(ones({3}).expand({2, 3}).is_contiguous());
  EXPECT_TRUE(x.contiguous().is_same(x));
  Tensor dense = x.transpose(0, 2).contiguous();
  EXPECT_FALSE(dense.is_alias_of(x));
  EXPECT_EQ(dense.strides(), IntArrayRef({6, 2, 1}));
  EXPECT_EQ(values(dense), values(x.transpose(0, 2)));
}

TEST(Writing, ThroughAViewReachesTheBase) {
  Tensor x = zeros({2, 3});
  x.select(0, 1) = arange(3);
  x.t()[0].add_(10);
  x[0][2] = 5;
  x.diagonal(1).mul_(2);
  EXPECT_EQ(values(x), (Values{10, 0, 5, 10, 1, 4}));
  x.flatten().copy_(arange(6));
  EXPECT_EQ(values(x), (Values{0, 1, 2, 3, 4, 5}));
}

TEST(Writing, BetweenOverlappingViewsReadsFirst) {
  Tensor x = arange(6);
  x.slice(0, 1).copy_(x.slice(0, 0, 5));
  EXPECT_EQ(values(x), (Values{0, 0, 1, 2, 3, 4}));
  Tensor y = arange(4).reshape({2, 2});
  y.copy_(y.t());
  EXPECT_EQ(values(y), (Values{0, 2, 1, 3}));
  y.add_(y.t());
  EXPECT_EQ(values(y), (Values{0, 3, 3, 6}));
  y.mul_(y);
  EXPECT_EQ(values(y), (Values{0, 9, 9, 36}));
}

TEST(Writing, IntoWhatIsRepeatedIsRefused) {
  Tensor x = ones({3});
  const char* text =
      "more than one element of the written-to tensor refers to a single memory "
      "location";
  EXPECT_ERROR(x.expand({2, 3}).add_(1), text);
  EXPECT_ERROR(x.expand({2, 3}).copy_(ones({2, 3})), text);
  EXPECT_EQ(values(x), (Values{1, 1, 1}));
}

TEST(Clone, IsIndependent) {
  Tensor x = arange(4);
  Tensor y = x.clone();
  y.add_(1);
  EXPECT_EQ(values(x), (Values{0, 1, 2, 3}));
  EXPECT_FALSE(y.is_alias_of(x));
  EXPECT_FALSE(y.is_view());
  EXPECT_EQ(values(ones({1}).expand({3}).clone().mul_(2)), (Values{2, 2, 2}));
  Tensor handle = x;
  handle.zero_();
  EXPECT_EQ(values(x), (Values{0, 0, 0, 0}));
}

TEST(View, Unflattens) {
  Tensor x = x234();
  expect_view(x, x.unflatten(-1, {2, -1}), {2, 3, 2, 2}, {12, 4, 2, 1}, 0);
  expect_view(x, x.transpose(0, 2).unflatten(0, {2, 2}), {2, 2, 3, 2}, {2, 1, 4, 12}, 0);
  EXPECT_ERROR(x.unflatten(2, {3, 2}),
               "unflatten: Provided sizes [3, 2] don't multiply up to the size of dim 2 (4) in "
               "the input tensor");
  EXPECT_ERROR(x.unflatten(2, {}), "unflatten: sizes must be non-empty");
  EXPECT_ERROR(x.unflatten(2, {-1, -1}), "unflatten got an unexpected error");
  EXPECT_ERROR(tensor(1).unflatten(0, {1}),
               "IndexError: Dimension specified as 0 but tensor has no dimensions");
}

TEST(View, MovesDimensions) {
  Tensor x = x234();
  expect_view(x, x.movedim(0, -1), {3, 4, 2}, {4, 1, 12}, 0);
  expect_view(x, moveaxis(x, {0, 1}, {1, 2}), {4, 2, 3}, {1, 12, 4}, 0);
  expect_view(x, x.swapdims(0, 2), {4, 3, 2}, {1, 4, 12}, 0);
  expect_view(x, swapaxes(x, 0, 1), {3, 2, 4}, {4, 12, 1}, 0);
  expect_view(x, x.adjoint(), {2, 4, 3}, {12, 1, 4}, 0);
  EXPECT_EQ(tensor(1).movedim(0, -1).dim(), 0);
  EXPECT_ERROR(x.movedim({0, -3}, {0, 1}), "movedim: repeated dim in `source` ([0, -3])");
  EXPECT_ERROR(x.movedim({0, 1}, {1, 1}), "movedim: repeated dim in `destination` ([1, 1])");
  EXPECT_ERROR(x.movedim({0, 1}, {1}),
               "movedim: Invalid source or destination dims: source ([0, 1] dims) should contain "
               "the same number of dims as destination ([1] dims)");
  EXPECT_ERROR(x.movedim(3, 0), "IndexError: Dimension out of range");
  EXPECT_ERROR(x.matrix_H(), "tensor.H is only supported on matrices (2-D tensors). Got 3-D");
  EXPECT_ERROR(ones({3}).adjoint(), "tensor.adjoint() is only supported on matrices");
}

TEST(View, Ravels) {
  Tensor x = x234();
  expect_view(x, x.ravel(), {24}, {1}, 0);
  EXPECT_FALSE(x.transpose(0, 1).ravel().is_alias_of(x));
  EXPECT_EQ(tensor(1).ravel().sizes(), IntArrayRef({1}));
}

TEST(View, UnfoldsWindows) {
  Tensor x = x234();
  expect_view(x, x.unfold(2, 2, 1), {2, 3, 3, 2}, {12, 4, 1, 1}, 0);
  expect_view(x, x.unfold(-2, 2, 3), {2, 1, 4, 2}, {12, 12, 1, 4}, 0);
  EXPECT_EQ(tensor(1).unfold(0, 1, 1).sizes(), IntArrayRef({1}));
  EXPECT_EQ(x.unfold(0, 0, 1).sizes(), IntArrayRef({3, 3, 4, 0}));
  EXPECT_ERROR(x.unfold(2, 5, 1), "maximum size for tensor at dimension 2 is 4 but size is 5");
  EXPECT_ERROR(x.unfold(2, 2, 0), "step is 0 but must be > 0");
}

TEST(View, BroadcastsTogether) {
  Tensor row = arange(3), column = arange(2).unsqueeze(1);
  const std::vector<Tensor> both = broadcast_tensors({row, column, tensor(7)});
  expect_view(row, both[0], {2, 3}, {0, 1}, 0);
  expect_view(column, both[1], {2, 3}, {1, 0}, 0);
  EXPECT_EQ(both[2].sizes(), IntArrayRef({2, 3}));
  EXPECT_TRUE(broadcast_tensors(TensorList()).empty());
  EXPECT_TRUE(broadcast_tensors({row, row})[1].is_same(row));
  EXPECT_ERROR(broadcast_tensors({row, ones({2})}),
               "The size of tensor a (3) must match the size of tensor b (2) at non-singleton "
               "dimension 0");
}

TEST(Split, ByNumberOrIndices) {
  Tensor x = x234();
  using Sizes = std::vector<Ints>;
  EXPECT_EQ(sizes_of(x.tensor_split(3, 2)), (Sizes{{2, 3, 2}, {2, 3, 1}, {2, 3, 1}}));
  EXPECT_EQ(sizes_of(x.tensor_split({1, -1}, 2)), (Sizes{{2, 3, 1}, {2, 3, 2}, {2, 3, 1}}));
  EXPECT_EQ(sizes_of(x.tensor_split({2, 1}, 2)), (Sizes{{2, 3, 2}, {2, 3, 0}, {2, 3, 3}}));
  EXPECT_EQ(sizes_of(x.tensor_split(tensor({1}), 1)), (Sizes{{2, 1, 4}, {2, 2, 4}}));
  EXPECT_EQ(sizes_of(x.tensor_split(tensor(2), 0)), (Sizes{{1, 3, 4}, {1, 3, 4}}));
  EXPECT_EQ(sizes_of(x.tensor_split(3)), (Sizes{{1, 3, 4}, {1, 3, 4}, {0, 3, 4}}));
  expect_view(x, x.tensor_split(3, 2)[1], {2, 3, 1}, {12, 4, 1}, 2);
  EXPECT_EQ(sizes_of(x.hsplit(3)), (Sizes{{2, 1, 4}, {2, 1, 4}, {2, 1, 4}}));
  EXPECT_EQ(sizes_of(arange(4).hsplit(2)), (Sizes{{2}, {2}}));
  EXPECT_EQ(sizes_of(x.vsplit({1, 1})), (Sizes{{1, 3, 4}, {0, 3, 4}, {1, 3, 4}}));
  EXPECT_EQ(sizes_of(x.dsplit(2)), (Sizes{{2, 3, 2}, {2, 3, 2}}));
  EXPECT_EQ(sizes_of(split_with_sizes(x, {1, 2}, 1)), (Sizes{{2, 1, 4}, {2, 2, 4}}));
  EXPECT_ERROR(x.tensor_split(0), "number of sections must be larger than 0, got 0");
  EXPECT_ERROR(tensor(1).tensor_split(1), "tensor_split expected at least a 1-dimensional tensor");
  EXPECT_ERROR(x.tensor_split(tensor(1.5)), "to have dtype of long, but got Float");
  EXPECT_ERROR(x.tensor_split(x), "to be a zero-dimensional or one-dimensional tensor");
  EXPECT_ERROR(x.hsplit(2),
               "torch.hsplit attempted to split along dimension 1, but the size of the dimension "
               "3 is not divisible by the split_size 2!");
  EXPECT_ERROR(ones({3}).vsplit(1),
               "torch.vsplit requires a tensor with at least 2 dimension, but got a tensor with 1 "
               "dimensions!");
}

}  // namespace
}  // namespace taper
