// Tensors in another order, joined, repeated. Expected values and words are those of libtorch 1.13.

#include "index_testing.h"

namespace taper {
namespace {

TEST(Flip, AndTriangles) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.flip({0, -1}), {2, 3}, {5, 4, 3, 2, 1, 0});
  expect_tensor(x.t().flip({0}), {3, 2}, {2, 5, 1, 4, 0, 3});
  expect_tensor(x.flip(IntArrayRef()), {2, 3}, {0, 1, 2, 3, 4, 5});
  expect_tensor(tensor(3).flip({0}), {}, {3});
  EXPECT_EQ(zeros({0, 2}).flip({0}).sizes(), IntArrayRef({0, 2}));
  expect_error([&] { x.flip({0, 0}); }, "dim 0 appears multiple times in the list of dims");
  const Tensor ones33 = ones({3, 3}, kInt64);
  expect_tensor(ones33.tril(), {3, 3}, {1, 0, 0, 1, 1, 0, 1, 1, 1});
  expect_tensor(ones33.tril(-1), {3, 3}, {0, 0, 0, 1, 0, 0, 1, 1, 0});
  expect_tensor(ones33.triu(1), {3, 3}, {0, 1, 1, 0, 0, 1, 0, 0, 0});
  expect_tensor(x.t().triu(), {3, 2}, {0, 3, 0, 4, 0, 0});
  expect_tensor(ones({2, 1, 2}, kInt64).tril(), {2, 1, 2}, {1, 0, 1, 0});
  for (int64_t far : {INT64_MAX, int64_t{4}}) {
    EXPECT_TRUE(raw::equal(ones33.tril(far), ones33));
    EXPECT_TRUE(raw::equal(ones33.triu(far), ones33 * 0));
    EXPECT_TRUE(raw::equal(ones33.tril(-far), ones33 * 0));
    EXPECT_TRUE(raw::equal(ones33.triu(-far), ones33));
  }
  expect_error([] { ones({3}).tril(); }, "IndexError: Dimension out of range");
  expect_error([] { tensor(3).triu(); },
               "IndexError: Dimension specified as -2 but tensor has no dimensions");
}

TEST(Cat, JoinsAndPromotes) {
  const Tensor x = arange(4).reshape({2, 2});
  expect_tensor(cat({x, x.t()}, 1), {2, 4}, {0, 1, 0, 2, 2, 3, 1, 3});
  expect_tensor(cat({x, x.index({Slice(0, 1)})}, -2), {3, 2}, {0, 1, 2, 3, 0, 1});
  EXPECT_EQ(cat({x, ones({2, 1})}, 1).scalar_type(), kFloat32);
  EXPECT_EQ(cat({ones({1}), ones({1}, kFloat64)}).scalar_type(), kFloat64);
  // An old empty tensor fits anything, but its dtype counts.
  expect_tensor(cat({zeros({0}), x, zeros({0})}, 1), {2, 2}, {0, 1, 2, 3});
  EXPECT_EQ(cat({zeros({0}), x}, 1).scalar_type(), kFloat32);
  EXPECT_EQ(cat({zeros({0}), zeros({0})}, 1).sizes(), IntArrayRef({0}));
  expect_tensor(cat({x, zeros({0, 2}, kInt64)}), {2, 2}, {0, 1, 2, 3});
  expect_error([] { cat(TensorList()); }, "expected a non-empty list of Tensors");
  expect_error(
      [] {
        cat({ones({2, 3}), ones({2, 4})});
      },
      "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 for "
      "tensor number 1 in the list.");
  expect_error(
      [] {
        cat({ones({2, 3}), ones({3})});
      },
      "Tensors must have same number of dimensions: got 2 and 1");
  expect_error(
      [] {
        cat({ones({2}), ones({})});
      },
      "zero-dimensional tensor (at position 1) cannot be concatenated");
  expect_error([] { cat({ones({2}), ones({2})}, 1); }, "Dimension out of range");
}

TEST(Cat, GradientsReachEveryInput) {
  const Tensor a = leaf({2, 1}), b = leaf({2, 3}), none = leaf({0}), thin = leaf({2, 0});
  const Tensor y = cat({a, none, b, thin, a}, 1);
  EXPECT_EQ(node_of(y), "CatBackward0");
  (y * arange(10).reshape({2, 5})).sum().backward();
  expect_tensor(a.grad(), {2, 1}, {4, 14});
  expect_tensor(b.grad(), {2, 3}, {1, 2, 3, 6, 7, 8});
  EXPECT_EQ(none.grad().sizes(), IntArrayRef({0}));
  EXPECT_EQ(thin.grad().sizes(), IntArrayRef({2, 0}));
  const Tensor single = randn({2, 1}).set_requires_grad(true);
  cat({single, b}, 1).sum().backward();
  EXPECT_EQ(single.grad().scalar_type(), kFloat32);
}

TEST(Stack, MakesADimension) {
  const Tensor x = arange(4).reshape({2, 2});
  expect_tensor(stack({x, x.t()}), {2, 2, 2}, {0, 1, 2, 3, 0, 2, 1, 3});
  expect_tensor(stack({x, x.t()}, -1), {2, 2, 2}, {0, 0, 1, 2, 2, 1, 3, 3});
  expect_tensor(stack({tensor(1), tensor(2)}), {2}, {1, 2});
  EXPECT_EQ(node_of(stack({leaf({2}), leaf({2})})), "StackBackward0");
  expect_error([] { stack(TensorList()); }, "stack expects a non-empty TensorList");
  expect_error(
      [] {
        stack({ones({2}), ones({3})});
      },
      "stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1");
}

TEST(Repeat, CopiesAlongDimensions) {
  const Tensor x = arange(4).reshape({2, 2});
  expect_tensor(x.t().repeat({2, 1}), {4, 2}, {0, 2, 1, 3, 0, 2, 1, 3});
  expect_tensor(x[0].repeat({2, 2}), {2, 4}, {0, 1, 0, 1, 0, 1, 0, 1});
  EXPECT_EQ(x.repeat({0, 1}).sizes(), IntArrayRef({0, 2}));
  expect_tensor(tensor(3).repeat(IntArrayRef()), {}, {3});
  const auto twice = [](const Tensor& t) { return t.repeat({3, 2, 2}); };
  EXPECT_GRADCHECK(twice, (variable_list{leaf({2, 2})}));
  EXPECT_GRADCHECK([](const Tensor& t) { return t.repeat(IntArrayRef()); },
                   (variable_list{leaf({})}));
  expect_error(
      [&] { x.repeat({2}); },
      "Number of dimensions of repeat dims can not be smaller than number of dimensions of "
      "tensor");
}

TEST(Roll, ShiftsWithinDimensions) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.roll(1), {2, 3}, {5, 0, 1, 2, 3, 4});
  expect_tensor(x.roll(-1, 1), {2, 3}, {1, 2, 0, 4, 5, 3});
  expect_tensor(x.t().roll({1, 4}, {0, -1}), {3, 2}, {2, 5, 0, 3, 1, 4});
  expect_tensor(x.roll({1, 1}, {0, 0}), {2, 3}, {0, 1, 2, 3, 4, 5});
  expect_tensor(x.roll(INT64_MAX, 1), {2, 3}, {2, 0, 1, 5, 3, 4});
  expect_tensor(tensor(3).roll(1), {}, {3});
  EXPECT_EQ(zeros({0, 2}).roll(1, 0).sizes(), IntArrayRef({0, 2}));
  EXPECT_EQ(node_of(roll(leaf({2, 3}), 1)), "RollBackward0");
  expect_error([&] { x.roll(IntArrayRef(), {0}); }, "`shifts` required");
  expect_error([&] { x.roll({1, 2}, 0); }, "shifts and dimensions must align. shifts: 2, dims:1");
  expect_error([&] { x.roll(1, 2); }, "IndexError: Dimension out of range");
  expect_error([] { tensor(3).roll(1, 0); },
               "IndexError: Dimension specified as 0 but tensor has no dimensions");
}

TEST(Rot90, TurnsAPlane) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.rot90(), {3, 2}, {2, 5, 1, 4, 0, 3});
  expect_tensor(x.rot90(2), {2, 3}, {5, 4, 3, 2, 1, 0});
  expect_tensor(x.rot90(-1), {3, 2}, {3, 0, 4, 1, 5, 2});
  expect_tensor(x.rot90(3, {1, 0}), {3, 2}, {2, 5, 1, 4, 0, 3});
  expect_tensor(x.rot90(-4), {2, 3}, {0, 1, 2, 3, 4, 5});
  EXPECT_FALSE(x.rot90(4).is_alias_of(x));
  EXPECT_EQ(node_of(rot90(leaf({2, 3}))), "Rot90Backward0");
  expect_error([&] { x.rot90(1, {0}); }, "expected total rotation dims == 2, but got dims = 1");
  expect_error([] { ones({3}).rot90(); }, "expected total dims >= 2, but got total dims = 1");
  const char* same = "expected rotation dims to be different, but got dim0 = 0 and dim1 = ";
  for (int64_t dim1 : {0, 2, -2}) expect_error([&] { x.rot90(1, {0, dim1}); }, same);
  expect_error([&] { x.rot90(1, {-3, 0}); }, "Rotation dim0 out of range, dim0 = -3");
}

TEST(Flip, LeftRightAndUpDown) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.fliplr(), {2, 3}, {2, 1, 0, 5, 4, 3});
  expect_tensor(flipud(x), {2, 3}, {3, 4, 5, 0, 1, 2});
  expect_error([] { ones({3}).fliplr(); }, "Input must be >= 2-d.");
  expect_error([] { tensor(1).flipud(); }, "Input must be >= 1-d.");
}

TEST(Triangle, InPlaceAndIndices) {
  const Tensor x = arange(1, 7).reshape({2, 3});
  expect_tensor(x.clone().tril_(), {2, 3}, {1, 0, 0, 4, 5, 0});
  const Tensor y = x.t().clone().t();
  expect_tensor(y.triu_(1), {2, 3}, {0, 2, 3, 0, 0, 6});
  expect_tensor(tril_indices(3, 2, -1), {2, 3}, {1, 2, 2, 0, 0, 1});
  expect_tensor(triu_indices(2, 3, 1), {2, 3}, {0, 0, 1, 1, 2, 2});
  EXPECT_EQ(triu_indices(2, 2, 0, kInt32).scalar_type(), kInt32);
  for (int64_t far : {INT64_MAX, int64_t{7}}) {
    expect_tensor(tril_indices(2, 2, far), {2, 4}, {0, 0, 1, 1, 0, 1, 0, 1});
    EXPECT_EQ(triu_indices(2, 2, far).sizes(), IntArrayRef({2, 0}));
    EXPECT_EQ(tril_indices(2, 2, -far).sizes(), IntArrayRef({2, 0}));
  }
  expect_error([] { tril_indices(-1, 3); }, "row must be non-negative, got-1");
  expect_error([] { triu_indices(3, -1); }, "col must be non-negative, got-1");
  expect_error([] { tril_indices(3, 3, 0, kFloat32); },
               "\"tril_indices\" not implemented for 'Float'");
}

TEST(Diag, WritesAndReadsDiagonals) {
  const Tensor v = arange(1, 3);
  expect_tensor(v.diag(), {2, 2}, {1, 0, 0, 2});
  expect_tensor(v.diag(-1), {3, 3}, {0, 0, 0, 1, 0, 0, 0, 2, 0});
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.diag(), {2}, {0, 4});
  expect_tensor(x.t().diag(-1), {2}, {1, 5});
  EXPECT_EQ(x.diag(3).sizes(), IntArrayRef({0}));
  EXPECT_FALSE(x.diag().is_alias_of(x));
  expect_error([&] { x.diag(4); }, "numel: integer multiplication overflow");
  expect_error([] { tensor(1).diag(); }, "matrix or a vector expected");
  expect_tensor(diag_embed(x.slice(1, 0, 2), 1), {2, 3, 3},
                {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0});
  expect_tensor(diag_embed(x.slice(1, 0, 2), 0, 0, 1), {2, 2, 2}, {0, 3, 0, 0, 0, 0, 1, 4});
  expect_tensor(diagflat(x.slice(1, 0, 1)), {2, 2}, {0, 0, 0, 3});
  expect_error([&] { diag_embed(v, 0, 0, 0); }, "diagonal dimensions cannot be identical 0, 0");
  expect_error([&] { diag_embed(v, INT64_MIN); }, "overflowed");
}

TEST(ReplacePart, CopiesAndReplaces) {
  const Tensor x = zeros({2, 3}, kInt64);
  expect_tensor(x.select_scatter(longs({1, 2}), 1, -1), {2, 3}, {0, 0, 1, 0, 0, 2});
  expect_tensor(x.slice_scatter(ones({2, 2}), 1, 0, 3, 2), {2, 3}, {1, 0, 1, 1, 0, 1});
  expect_tensor(x.diagonal_scatter(longs({1, 2}), 1), {2, 3}, {0, 1, 0, 0, 0, 2});
  expect_tensor(x, {2, 3}, {0, 0, 0, 0, 0, 0});
  expect_error([&] { x.select_scatter(longs({1}), 1, 0); },
               "expected src to have a size equal to the slice of self. src size = [1], slice "
               "size = [2]");
}

TEST(Repeat, TilesAndInterleaves) {
  const Tensor x = arange(4).reshape({2, 2});
  expect_tensor(x.tile({2}), {2, 4}, {0, 1, 0, 1, 2, 3, 2, 3});
  expect_tensor(tile(x[0], {2, 1}), {2, 2}, {0, 1, 0, 1});
  expect_tensor(tensor(3).tile({2}), {2}, {3, 3});
  expect_error([&] { x.tile({-1}); },
               "Trying to create tensor with negative dimension -2: [2, -2]");
  expect_tensor(x.repeat_interleave(2), {8}, {0, 0, 1, 1, 2, 2, 3, 3});
  expect_tensor(x.t().repeat_interleave(longs({2, 1}), 1), {2, 3}, {0, 0, 2, 1, 1, 3});
  expect_tensor(x.repeat_interleave(tensor(2), 0, 4), {4, 2}, {0, 1, 0, 1, 2, 3, 2, 3});
  expect_tensor(repeat_interleave(longs({0, 2, 1})), {3}, {1, 1, 2});
  EXPECT_EQ(repeat_interleave(longs({1}).to(kInt32)).scalar_type(), kInt32);
  expect_error([&] { x.repeat_interleave(-1); }, "repeats can not be negative");
  expect_error(
      [&] {
        x.repeat_interleave(longs({1, 2}), 2);
      },
      "IndexError: Dimension out of range");
  expect_error(
      [&] {
        x.repeat_interleave(longs({1, 2, 3}), 0);
      },
      "repeats must have the same size as input along dim");
  expect_error([&] { x.repeat_interleave(x, 0); }, "repeats must be 0-dim or 1-dim tensor");
  expect_error([&] { x.repeat_interleave(2, 0, 5); },
               "allocated size does not match required size");
  expect_error([] { repeat_interleave(tensor(1)); },
               "repeat_interleave only accept 1D vector as repeat");
  expect_error([] { repeat_interleave(ones({1})); },
               "\"repeat_interleave_cpu\" not implemented for 'Float'");
}

TEST(Stack, OfRowsColumnsAndPlanes) {
  const Tensor v = arange(2), x = arange(4).reshape({2, 2});
  expect_tensor(hstack({v, tensor(5)}), {3}, {0, 1, 5});
  expect_tensor(hstack({x, x}), {2, 4}, {0, 1, 0, 1, 2, 3, 2, 3});
  expect_tensor(vstack({v, x}), {3, 2}, {0, 1, 0, 1, 2, 3});
  expect_tensor(row_stack({v, v}), {2, 2}, {0, 1, 0, 1});
  expect_tensor(dstack({v, v}), {1, 2, 2}, {0, 0, 1, 1});
  expect_tensor(column_stack({v, x}), {2, 3}, {0, 0, 1, 1, 2, 3});
  expect_tensor(concat({v, v}), {4}, {0, 1, 0, 1});
  expect_tensor(concatenate({x, x}, 1), {2, 4}, {0, 1, 0, 1, 2, 3, 2, 3});
  expect_error([] { hstack(TensorList()); }, "hstack expects a non-empty TensorList");
  expect_error([] { row_stack(TensorList()); }, "vstack expects a non-empty TensorList");
  expect_error([] { dstack(TensorList()); }, "dstack expects a non-empty TensorList");
  expect_error([] { column_stack(TensorList()); }, "column_stack expects a non-empty TensorList");
}

TEST(Meshgrid, ExpandsEachAlongItsDimension) {
  const Tensor a = arange(2), b = arange(3);
  for (const auto& grids : {meshgrid({a, b}), meshgrid({a, b}, "ij")}) {
    expect_tensor(grids[0], {2, 3}, {0, 0, 0, 1, 1, 1});
    expect_tensor(grids[1], {2, 3}, {0, 1, 2, 0, 1, 2});
    EXPECT_TRUE(grids[0].is_alias_of(a));
  }
  const auto swapped = meshgrid({a, b}, "xy");
  expect_tensor(swapped[0], {3, 2}, {0, 1, 0, 1, 0, 1});
  expect_tensor(swapped[1], {3, 2}, {0, 0, 1, 1, 2, 2});
  expect_tensor(meshgrid({tensor(4)}, "xy")[0], {1}, {4});
  expect_error([] { meshgrid(TensorList(), "ij"); }, "meshgrid expects a non-empty TensorList");
  expect_error(
      [&] {
        meshgrid({a, b}, "ji");
      },
      "torch.meshgrid: indexing must be one of \"xy\" or \"ij\", but received: ji");
  expect_error(
      [&] {
        meshgrid({a, ones({2})});
      },
      "meshgrid expects all tensors to have the same dtype");
  expect_error(
      [&] {
        meshgrid({a, a.unsqueeze(0)});
      },
      "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got:  0  1\n");
}

TEST(Meshgrid, ProductsAndCombinations) {
  const Tensor v = longs({7, 8, 9});
  expect_tensor(cartesian_prod({v.slice(0, 0, 2), v.slice(0, 1)}), {4, 2},
                {7, 8, 7, 9, 8, 8, 8, 9});
  expect_tensor(cartesian_prod({v}), {3}, {7, 8, 9});
  expect_tensor(combinations(v), {3, 2}, {7, 8, 7, 9, 8, 9});
  expect_tensor(combinations(v.slice(0, 0, 2), 3, true), {4, 3},
                {7, 7, 7, 7, 7, 8, 7, 8, 8, 8, 8, 8});
  EXPECT_EQ(combinations(v, 4).sizes(), IntArrayRef({0, 4}));
  EXPECT_EQ(combinations(v, 0).sizes(), IntArrayRef({0}));
  EXPECT_EQ(combinations(zeros({0}), 2, true).sizes(), IntArrayRef({0, 2}));
  expect_error([&] { combinations(v, -1); }, "Expect a non-negative number, but got -1");
  expect_error([] { cartesian_prod({ones({1, 1})}); }, "Expect a 1D vector, but got shape [1, 1]");
}

TEST(AtLeast, AddsDimensions) {
  const Tensor z = tensor(4), v = arange(2);
  expect_tensor(atleast_1d(z), {1}, {4});
  expect_tensor(atleast_2d(v), {1, 2}, {0, 1});
  expect_tensor(atleast_3d(v), {1, 2, 1}, {0, 1});
  const std::vector<Tensor> each = atleast_3d({z, v.unsqueeze(0), ones({1, 1, 1, 2})});
  EXPECT_EQ(each[0].sizes(), IntArrayRef({1, 1, 1}));
  EXPECT_EQ(each[1].sizes(), IntArrayRef({1, 2, 1}));
  EXPECT_EQ(each[2].sizes(), IntArrayRef({1, 1, 1, 2}));
}

}  // namespace
}  // namespace taper
