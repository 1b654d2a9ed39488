// Choosing by indices and masks. Expected values and words are those of libtorch 1.13.

#include "index_testing.h"

namespace taper {
namespace {

// --- Along one dimension ---

TEST(Gather, AndScatter) {
  const Tensor x = arange(6).reshape({2, 3});
  const Tensor i = tensor({{1, 0}, {0, 0}});
  expect_tensor(x.gather(0, i), {2, 2}, {3, 1, 0, 1});
  expect_tensor(x.gather(-1, i), {2, 2}, {1, 0, 3, 3});
  expect_tensor(x.t().gather(0, i.t()), {2, 2}, {1, 3, 0, 3});
  expect_tensor(tensor(7).gather(0, zeros({3}, kInt64)), {3}, {7, 7, 7});
  EXPECT_EQ(x.gather(0, zeros({0}, kInt64)).sizes(), IntArrayRef({0}));
  expect_tensor(x.scatter_add(1, i, full({2, 2}, 10)), {2, 3}, {10, 11, 2, 23, 4, 5});
  // Only as much of the source as there are indices.
  expect_tensor(x.scatter_add(1, i, full({5, 3}, 10)), {2, 3}, {10, 11, 2, 23, 4, 5});
  expect_tensor(x.scatter(0, tensor({{1, 0, 1}}), tensor({{7, 8, 9}})), {2, 3}, {0, 8, 2, 7, 4, 9});
  expect_tensor(x.scatter(0, tensor({{1}}), -1), {2, 3}, {0, 1, 2, -1, 4, 5});
  Tensor y = zeros({3}, kBool);
  y.scatter_(0, longs({1}), true);
  expect_tensor(y, {3}, {0, 1, 0});
}

TEST(Gather, AlongADimension) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.take_along_dim(longs({4, 0})), {2}, {4, 0});
  expect_tensor(take_along_dim(x, tensor({{1, 0}}), 1), {2, 2}, {1, 0, 4, 3});
  expect_tensor(take_along_dim(x.select(1, 0).unsqueeze(1), tensor({{1, 0, 1}}), 0), {1, 3},
                {3, 0, 3});
  expect_error([&] { x.take_along_dim(longs({0}), 0); },
               "torch.take_along_dim(): input and indices should have the same number of "
               "dimensions, but got 2 dimensions for input, and 1 dimensions for indices");
  expect_error(
      [&] {
        x.take_along_dim(ones({1, 1}), 0);
      },
      "torch.take_along_dim(): dtype of indices should be Long but got Float");
  expect_error([] { tensor(1).take_along_dim(tensor(0), 0); },
               "IndexError: Dimension specified as 0 but tensor has no dimensions");
}

TEST(Scatter, JoinsByName) {
  const Tensor x = arange(6).reshape({2, 3});
  const Tensor i = tensor({{1, 1}, {0, 2}});
  expect_tensor(x.scatter(1, i, tensor({{10, 20}, {30, 40}}), "add"), {2, 3},
                {0, 31, 2, 33, 4, 45});
  expect_tensor(x.scatter(1, i, tensor({{2, 3}, {4, 5}}), "multiply"), {2, 3},
                {0, 6, 2, 12, 4, 25});
  expect_tensor(x.scatter(1, i, 2.7, "add"), {2, 3}, {0, 5, 2, 5, 4, 7});
  Tensor y = x.to(kUInt8);
  y.scatter_(1, i, 100, "multiply");
  expect_tensor(y, {2, 3}, {0, 16, 2, 44, 4, 244});  // wraps around
  const Tensor bits = tensor({true, false});
  expect_tensor(bits.scatter(0, longs({0, 1}), false, "multiply"), {2}, {0, 0});
  expect_tensor(bits.scatter(0, longs({1}), true, "add"), {2}, {1, 1});
  expect_error([&] { x.scatter(1, i, x, "sum"); },
               "reduce argument must be either add or multiply.");
  const Tensor z = leaf({3}).scatter(0, longs({1}), 2, "add");
  EXPECT_EQ(node_of(z), "torch::autograd::NotImplemented");
  expect_error([&] { z.sum().backward(); }, "derivative for aten::scatter is not implemented");
}

TEST(Gather, ErrorsUsePyTorchsWords) {
  const Tensor x = ones({2, 3});
  expect_error(
      [&] {
        x.gather(0, tensor({0, 1}, kInt32));
      },
      "gather(): Expected dtype int64 for index");
  expect_error(
      [&] {
        x.gather(0, longs({0, 1}));
      },
      "Index tensor must have the same number of dimensions as input tensor");
  expect_error([&] { x.gather(0, tensor({{-1}})); },
               "index -1 is out of bounds for dimension 0 with size 2");
  expect_error(
      [&] {
        x.gather(0, zeros({1, 4}, kInt64));
      },
      "Size does not match at dimension 1 expected index [1, 4] to be smaller than self "
      "[2, 3] apart from dimension 0");
  expect_error([&] { x.scatter_add(0, longs({0}), x); },
               "Index tensor must have the same number of dimensions as self tensor");
  expect_error(
      [&] {
        x.scatter_add(0, zeros({1, 3}, kInt32), x);
      },
      "scatter(): Expected dtype int64 for index");
  expect_error(
      [&] {
        x.scatter_add(0, zeros({3, 3}, kInt64), x);
      },
      "Expected index [3, 3] to be smaller than self [2, 3] apart from dimension 0 and to be "
      "smaller size than src [2, 3]");
  expect_error(
      [&] {
        x.scatter(0, zeros({1, 3}, kInt64), ones({1, 3}, kFloat64));
      },
      "scatter(): Expected self.dtype to be equal to src.dtype");
  expect_error([&] { x.scatter(0, tensor({{5}}), 1); },
               "index 5 is out of bounds for dimension 0 with size 2");
}

TEST(IndexSelect, AndIndexAdd) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.index_select(1, longs({2, 0, 2})), {2, 3}, {2, 0, 2, 5, 3, 5});
  expect_tensor(x.t().index_select(0, tensor({2, 1}, kInt32)), {2, 2}, {2, 5, 1, 4});
  expect_tensor(x.index_select(1, tensor(2)), {2, 1}, {2, 5});
  expect_tensor(tensor(4).index_select(0, longs({0, 0})), {}, {4});
  expect_tensor(x.index_add(0, longs({1, 1}), full({2, 3}, 10)), {2, 3}, {0, 1, 2, 23, 24, 25});
  expect_tensor(tensor(1).index_add(0, longs({0, 0}), ones({2}, kInt64)), {}, {3});
  Tensor y = zeros({3, 2}, kInt64);
  y.t().index_add_(1, longs({2, 0, 2}), x);
  expect_tensor(y, {3, 2}, {1, 4, 0, 0, 2, 8});
  expect_error(
      [&] {
        x.index_select(0, zeros({2, 2}, kInt64));
      },
      "IndexError: index_select(): Index is supposed to be a vector");
  expect_error([&] { x.index_select(0, ones({2})); },
               "index_select(): Expected dtype int32 or int64 for index");
  expect_error([&] { x.index_select(0, longs({-1})); }, "IndexError: index out of range in self");
  expect_error(
      [&] {
        x.index_add(0, longs({0, 1}), x.t());
      },
      "index_add_(): Number of indices (2) should be equal to source.size(dim): (3), for "
      "dim: 0");
  expect_error(
      [&] {
        x.index_add(0, longs({0, 1}), ones({2, 3}));
      },
      "index_add_(): self (Long) and source (Float) must have the same scalar type");
}

TEST(IndexAdd, TimesAlphaInItsOwnDtype) {
  const Tensor x = zeros({3}, kInt64);
  expect_tensor(x.index_add(0, longs({0, 2}), longs({3, 4}), -2), {3}, {-6, 0, -8});
  expect_tensor(x.index_add(0, longs({0, 2}), longs({3, 4}), 1.9), {3}, {3, 0, 4});
  expect_tensor(zeros({2}, kBool).index_add(0, longs({1}), tensor({true}), 2), {2}, {0, 1});
  // A slice of the source broadcasts to one of self.
  expect_tensor(zeros({2, 3}).index_add(0, longs({1}), tensor({{7.0}})), {2, 3},
                {0, 0, 0, 7, 7, 7});
  expect_tensor(zeros({2, 3}).index_add(0, longs({1}), tensor({7.0})), {2, 3}, {0, 0, 0, 7, 7, 7});
  expect_error(
      [&] {
        zeros({2, 3}).index_add(0, longs({1}), ones({1, 2}));
      },
      "The size of tensor a (3) must match the size of tensor b (2) at non-singleton "
      "dimension 0");
  expect_error(
      [&] {
        x.index_add(0, longs({0, 1}), tensor(3));
      },
      "IndexError: Dimension specified as 0 but tensor has no dimensions");
}

TEST(IndexCopy, AndIndexFill) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.index_copy(1, longs({2, 0}), tensor({{7, 8}, {9, 10}})), {2, 3},
                {8, 1, 7, 10, 4, 9});
  // Of several writes to one place the last stays.
  expect_tensor(x.index_copy(0, longs({1, 1}), tensor({{1, 1, 1}, {2, 2, 2}})), {2, 3},
                {0, 1, 2, 2, 2, 2});
  expect_tensor(tensor(1).index_copy(0, tensor(0), tensor(5)), {}, {5});
  expect_tensor(longs({1, 2}).index_copy(0, tensor(1), tensor(5)), {2}, {1, 5});
  Tensor y = x.clone();
  y.t().index_copy_(0, longs({1}), tensor({{7, 8}}));
  expect_tensor(y, {2, 3}, {0, 7, 2, 3, 8, 5});
  expect_tensor(x.index_fill(1, longs({-1, 0}), 9.7), {2, 3}, {9, 1, 9, 9, 4, 9});
  expect_tensor(x.index_fill(0, tensor(1), tensor(2.5)), {2, 3}, {0, 1, 2, 2, 2, 2});
  expect_tensor(tensor(1).index_fill(0, longs({0, 0}), 5), {}, {5});
  y.index_fill_(0, zeros({0}, kInt64), 5).index_fill_(0, longs({0}), y[1][0]);
  expect_tensor(y, {2, 3}, {3, 3, 3, 3, 8, 5});
}

TEST(IndexCopy, ErrorsUsePyTorchsWords) {
  const Tensor x = ones({2, 3}), i = longs({0, 1});
  expect_error(
      [&] {
        x.index_copy(0, longs({2}), ones({1, 3}));
      },
      "IndexError: index_copy_(): index 2 is out of bounds for dimension 0 with size 2");
  expect_error([&] { x.index_copy(0, i.to(kInt32), x); },
               "index_copy_(): Expected a long tensor for index, but got Int");
  expect_error([&] { x.index_copy(0, i, ones({2})); },
               "IndexError: index_copy_(): When source and destination are not scalars, their "
               "dimensionality must match. Source dimensionality (1), destination dimensionality "
               "(2)");
  expect_error([&] { x.index_copy(0, longs({0}), x); },
               "IndexError: index_copy_(): Number of indices (1) should be equal to "
               "source.size(dim) (2)");
  expect_error([&] { x.index_copy(0, i.unsqueeze(0), x); },
               "IndexError: index_copy_(): Index should have dimension 1 or 0 (got 2)");
  expect_error([&] { x.index_copy(0, i, x.to(kFloat64)); },
               "index_copy_(): self and source expected to have the same dtype, but got (self) "
               "Float and (source) Double");
  expect_error(
      [&] {
        x.index_copy(0, i, ones({2, 4}));
      },
      "index_copy_(): Source/destination tensor must have same slice shapes. Destination "
      "slice shape: 3 at dimension 0 and source slice shape: 4 at dimension 0.");
  expect_error([&] { ones({2}).index_copy(0, i, tensor(1.0)); },
               "IndexError: index_copy_(): When source is scalar, index should have one element "
               "(got 2)");
  expect_error([&] { x.index_fill(0, longs({-3}), 1); },
               "IndexError: index -3 is out of bounds for dimension 0 with size 2");
  expect_error([&] { x.index_fill(0, ones({1}), 1); },
               "IndexError: index_fill_(): Expected dtype int64 for index.");
  expect_error([&] { x.index_fill(0, i.unsqueeze(0), 1); }, "Index has to be a vector/scalar");
  expect_error([&] { x.index_fill(0, i, ones({1})); },
               "index_fill_ only supports a 0-dimensional value tensor, but got tensor with 1 "
               "dimension(s).");
  expect_error([&] { x.to(kUInt8).index_fill(0, i, 300); },
               "value cannot be converted to type uint8_t without overflow");
}

TEST(Take, AndPut) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(x.take(tensor({{5, 0}, {-1, 2}})), {2, 2}, {5, 0, 5, 2});
  expect_tensor(x.t().take(longs({1, 2})), {2}, {3, 1});
  expect_tensor(tensor(4).take(longs({0, -1})), {2}, {4, 4});
  EXPECT_EQ(zeros({0}).take(zeros({0, 2}, kInt64)).sizes(), IntArrayRef({0, 2}));
  expect_tensor(x.put(longs({0, -1}), longs({7, 8})), {2, 3}, {7, 1, 2, 3, 4, 8});
  expect_tensor(x.put(longs({1, 1}), longs({7, 8}), true), {2, 3}, {0, 16, 2, 3, 4, 5});
  Tensor y = x.clone();
  y.t().put_(longs({1, 2}), longs({7, 8}));  // counted in rows of the transpose
  expect_tensor(y, {2, 3}, {0, 8, 2, 7, 4, 5});
  expect_error([&] { x.take(longs({6})); },
               "IndexError: out of range: tried to access index 6 on a tensor of 6 elements.");
  expect_error([&] { x.take(ones({1})); },
               "take(): Expected a long tensor for index, but got Float");
  expect_error([] { zeros({0}).take(longs({0})); },
               "IndexError: take(): tried to take from an empty tensor");
  expect_error(
      [&] {
        x.put(longs({0, 1}), longs({0}));
      },
      "IndexError: put_(): Expected source and index to have the same number of "
      "elements, but got source.numel() = 1, index.numel() = 2");
  expect_error([&] { x.put(longs({0}), ones({1})); },
               "put_(): self and source expected to have the same dtype, but got self.dtype = "
               "Long and source.dtype = Float");
  expect_error([] { zeros({0}).put(longs({0}), ones({1})); },
               "IndexError: put_(): Tried to put elements into an empty tensor");
}

TEST(IndexAdd, GradientsOfZeroDimTensors) {
  const auto add = [](const variable_list& in) {
    return index_add(in[0], 0, longs({0, 0}), in[1]);
  };
  EXPECT_GRADCHECK(add, (variable_list{leaf({}), leaf({2})}));
  const auto add_one = [](const variable_list& in) {
    return index_add(in[0], 0, tensor(1), in[1]);
  };
  EXPECT_GRADCHECK(add_one, (variable_list{leaf({3}), leaf({})}));
  const auto pick = [](const Tensor& x) { return index_select(x, 0, longs({0, 0})); };
  EXPECT_GRADCHECK(pick, (variable_list{leaf({})}));
}

TEST(Embedding, TakesRowsAndLeavesPaddingWithoutGradient) {
  Tensor w = leaf({4, 2});
  const Tensor i = tensor({{0, 3, 0}, {1, 3, 3}});
  const Tensor y = embedding(w, i, 3);
  EXPECT_EQ(y.sizes(), IntArrayRef({2, 3, 2}));
  EXPECT_TRUE(raw::equal(y[1][0], w[1]));
  EXPECT_EQ(node_of(y), "EmbeddingBackward0");
  y.sum().backward();
  expect_tensor(w.grad(), {4, 2}, {2, 2, 1, 1, 0, 0, 0, 0});
  EXPECT_GRADGRADCHECK([&](const Tensor& x) { return embedding(x, i); }, (variable_list{w}));
  EXPECT_EQ(embedding(w, tensor(1, kInt32)).sizes(), IntArrayRef({2}));
  expect_error([&] { embedding(ones({3}), i); }, "'weight' must be 2-D");
  expect_error([&] { embedding(w, longs({4})); }, "IndexError: index out of range in self");
  expect_error(
      [&] { embedding(w, ones({2})); },
      "Expected tensor for argument #1 'indices' to have one of the following scalar types: "
      "Long, Int; but got CPUFloatType instead (while checking arguments for embedding)");
}

TEST(Embedding, ScalesByFrequency) {
  Tensor w = leaf({3, 1});
  const Tensor y = embedding(w, longs({0, 2, 0, 0}), -1, true);
  (y.squeeze() * tensor({3.0, 5.0, 6.0, 9.0}, kFloat64)).sum().backward();
  expect_tensor(w.grad(), {3, 1}, {6, 0, 5});
  expect_error([&] { embedding(w, longs({0}), -1, false, true); }, "sparse");
}

TEST(OneHot, CountsClasses) {
  expect_tensor(one_hot(longs({1, 0, 2})), {3, 3}, {0, 1, 0, 1, 0, 0, 0, 0, 1});
  expect_tensor(one_hot(tensor(1), 3), {3}, {0, 1, 0});
  EXPECT_EQ(one_hot(zeros({0}, kInt64), 3).sizes(), IntArrayRef({0, 3}));
  expect_error([] { one_hot(ones({2})); }, "one_hot is only applicable to index tensor.");
  expect_error([] { one_hot(longs({-1})); }, "Class values must be non-negative.");
  expect_error([] { one_hot(longs({3}), 2); }, "Class values must be smaller than num_classes.");
  expect_error([] { one_hot(zeros({0}, kInt64)); },
               "Can not infer total number of classes from empty tensor.");
}

// --- Masks ---

TEST(Masked, FillAndSelect) {
  const Tensor x = arange(6).reshape({2, 3});
  const Tensor mask = tensor({true, false, true});
  expect_tensor(x.masked_fill(mask, -1), {2, 3}, {-1, 1, -1, -1, 4, -1});
  expect_tensor(x.masked_fill(mask.to(kUInt8), tensor(2.5)), {2, 3}, {2, 1, 2, 2, 4, 2});
  expect_tensor(x[0].masked_fill(ones({2, 1}, kBool), 7), {2, 3}, {7, 7, 7, 7, 7, 7});
  expect_tensor(x.masked_select(mask), {4}, {0, 2, 3, 5});
  expect_tensor(x.t().masked_select(tensor({false, true})), {3}, {3, 4, 5});
  expect_tensor(tensor(5).masked_select(tensor({true, false, true})), {2}, {5, 5});
  Tensor y = x.clone();
  y.t().masked_fill_(tensor({{true}, {false}, {false}}), 9);
  expect_tensor(y, {2, 3}, {9, 1, 2, 9, 4, 5});
  EXPECT_EQ(node_of(leaf({3}).masked_fill(mask, 0)), "MaskedFillBackward0");
  EXPECT_EQ(node_of(leaf({3}).masked_fill(mask, tensor(0.0))), "MaskedFillBackward1");
  expect_error(
      [&] {
        y.masked_fill(ones({2, 3}), 1);
      },
      "expected BoolTensor or ByteTensor for mask");
  expect_error([&] { y.masked_fill(mask, ones({3}, kInt64)); },
               "masked_fill_ only supports a 0-dimensional value tensor, but got tensor with 1 "
               "dimension(s).");
  expect_error(
      [&] {
        y.masked_fill_(ones({4, 2, 3}, kBool), 1);
      },
      "output with shape [2, 3] doesn't match the broadcast shape [4, 2, 3]");
  expect_error([&] { y.masked_select(y); },
               "masked_select: expected BoolTensor or ByteTensor for mask");
  expect_error(
      [&] {
        y.masked_select(ones({2, 2}, kBool));
      },
      "The size of tensor a (2) must match the size of tensor b (3) at non-singleton "
      "dimension 1");
}

TEST(Masked, Scatters) {
  const Tensor x = arange(6).reshape({2, 3});
  const Tensor mask = tensor({true, false, true});
  expect_tensor(x.masked_scatter(mask, longs({9, 8, 7, 6, 5})), {2, 3}, {9, 1, 8, 7, 4, 6});
  expect_tensor(masked_scatter(tensor(1), mask, longs({9, 8})), {3}, {9, 1, 8});
  // In the order of rows whatever the strides, as documented.
  Tensor y = x.t().clone().t();
  y.masked_scatter_(mask, longs({9, 8, 7, 6}));
  expect_tensor(y, {2, 3}, {9, 1, 8, 7, 4, 6});
  const Tensor w = x.to(kFloat64).t().contiguous().t().requires_grad_();
  (w.masked_select(mask.expand({2, 3})) * tensor({1., 2., 3., 4.}, kFloat64)).sum().backward();
  expect_tensor(w.grad(), {2, 3}, {1, 0, 2, 3, 0, 4});
  expect_error(
      [&] {
        x.masked_scatter(mask, longs({1, 2, 3}));
      },
      "Number of elements of source < number of ones in mask");
  expect_error([&] { x.masked_scatter(mask, ones({6})); },
               "masked_scatter: expected self and source to have same dtypes but gotLong and "
               "Float");
  expect_error([&] { x[0].clone().masked_scatter_(x > 1, x); },
               "expand(CPUBoolType{[2, 3]}, size=[3]): the number of sizes provided (1) must be "
               "greater or equal to the number of dimensions in the tensor (2)");
}

TEST(Nonzero, GivesCoordinates) {
  expect_tensor(tensor({{0, 3}, {4, 0}}).nonzero(), {2, 2}, {0, 1, 1, 0});
  expect_tensor(tensor({{0, 3}, {4, 0}}).t().nonzero(), {2, 2}, {0, 1, 1, 0});
  EXPECT_EQ(tensor(1).nonzero().sizes(), IntArrayRef({1, 0}));
  EXPECT_EQ(tensor(0).nonzero().sizes(), IntArrayRef({0, 0}));
  EXPECT_EQ(zeros({0, 3}).nonzero().sizes(), IntArrayRef({0, 2}));
  expect_tensor(argwhere(longs({0, 3, 4})), {2, 1}, {1, 2});
  const std::vector<Tensor> each = where(tensor({{0, 3}, {4, 0}}));
  ASSERT_EQ(each.size(), 2U);
  expect_tensor(each[0], {2}, {0, 1});
  expect_tensor(each[1], {2}, {1, 0});
  const std::vector<Tensor> of_one = tensor(7).nonzero_numpy();
  ASSERT_EQ(of_one.size(), 1U);
  expect_tensor(of_one[0], {1}, {0});
}

// --- Large loops, which several threads share ---

TEST(Index, SameBitsForAnyNumberOfThreads) {
  const Tensor source = randn({5000, 96});
  const Tensor flat = randn({200000});
  const Tensor rows = randint(0, 300, {5000});
  const Tensor places = randint(0, 1000, {200000});
  const Tensor columns = randint(0, 40, {5000, 96});
  std::vector<std::vector<Tensor>> results;
  const int before = get_num_threads();
  for (int threads : {1, 2, 5}) {
    set_num_threads(threads);
    results.push_back({
        index_add(zeros({300, 96}), 0, rows, source),
        index_add(zeros({1000}), 0, places, flat),
        scatter_add(zeros({5000, 40}), 1, columns, source),
        scatter_add(zeros({40, 96}), 0, columns, source),
        scatter(zeros({40, 96}), 0, columns, source),
        index_select(source.t(), 1, rows),
        gather(source, 1, columns),
        source.index({rows, columns.select(1, 0)}),
        source.index({source > 0}),
        tril(source),
    });
  }
  set_num_threads(before);
  for (size_t k = 0; k < results[0].size(); ++k) {
    EXPECT_TRUE(raw::equal(results[0][k], results[1][k])) << k;
    EXPECT_TRUE(raw::equal(results[0][k], results[2][k])) << k;
  }
  // One column by hand: the sum in the order of the rows.
  std::vector<float> expected(300);
  for (int64_t i = 0; i < 5000; ++i) {
    expected[static_cast<size_t>(rows.data_ptr<int64_t>()[i])] +=
        source.data_ptr<float>()[i * 96 + 95];
  }
  for (int64_t v = 0; v < 300; ++v) {
    EXPECT_EQ(results[0][0].data_ptr<float>()[v * 96 + 95], expected[static_cast<size_t>(v)]);
  }
}

}  // namespace
}  // namespace taper
