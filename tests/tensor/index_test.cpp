// Choosing by indices and masks, joining, and indexing in libtorch's form. Expected values and
// words are those of libtorch 1.13.

#include "taper/tensor/raw/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/node.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/indexing.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/join.h"
#include "taper/tensor/threads.h"

namespace taper {
namespace {

using autograd::variable_list;
using indexing::Ellipsis;
using indexing::None;
using indexing::Slice;
using indexing::TensorIndex;
using ::testing::HasSubstr;

template <class Fn>
std::string error_of(Fn fn) {
  try {
    fn();
  } catch (const IndexError& e) {
    return std::string("IndexError: ") + e.what();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

template <class Fn>
void expect_error(Fn fn, const char* words) {
  EXPECT_THAT(error_of(fn), HasSubstr(words));
}

std::vector<int64_t> values(const Tensor& x) {
  const Tensor dense = raw::contiguous(raw::to(x, kInt64));
  const int64_t* data = dense.data_ptr<int64_t>();
  return {data, data + dense.numel()};
}

// The sizes and then the elements.
void expect_tensor(const Tensor& x, const std::vector<int64_t>& sizes,
                   const std::vector<int64_t>& elements) {
  EXPECT_EQ(x.sizes().vec(), sizes);
  EXPECT_EQ(values(x), elements);
}

Tensor longs(const std::vector<int64_t>& list) { return tensor(list); }

Tensor x234() { return arange(24).reshape({2, 3, 4}); }

Tensor leaf(IntArrayRef sizes) { return randn(sizes, TensorOptions(kFloat64).requires_grad(true)); }

std::string node_of(const Tensor& x) { return x.grad_fn() ? x.grad_fn()->name() : "none"; }

// --- Basic indices ---

TEST(Indexing, BasicIndicesMakeViews) {
  const Tensor x = x234();
  expect_tensor(x.index({1, 2, 3}), {}, {23});
  expect_tensor(x.index({-1, 0}), {4}, {12, 13, 14, 15});
  expect_tensor(x.index({Slice(), 1, Slice(1, None, 2)}), {2, 2}, {5, 7, 17, 19});
  expect_tensor(x.index({Ellipsis, -1}), {2, 3}, {3, 7, 11, 15, 19, 23});
  expect_tensor(x.index({"...", 0, 0}), {2}, {0, 12});
  expect_tensor(x.index({0, Ellipsis, Slice(-1, None)}), {3, 1}, {3, 7, 11});
  expect_tensor(x.index({0, None, 0}), {1, 4}, {0, 1, 2, 3});
  expect_tensor(x.index({Slice(-100, 100, 2), 0, 0}), {1}, {0});
  EXPECT_EQ(x.index({Slice(1, 0)}).sizes(), IntArrayRef({0, 3, 4}));
  EXPECT_EQ(tensor(5).index({None}).sizes(), IntArrayRef({1}));
  for (const Tensor& view :
       {x.index({0}), x.index({Ellipsis}), x.index({Slice()}), x[1], x[1][2]}) {
    EXPECT_TRUE(view.is_alias_of(x));
  }
  expect_tensor(x[longs({1}).select(0, 0)][Scalar(2)], {4}, {20, 21, 22, 23});
  const Tensor y = x.detach().to(kFloat64).set_requires_grad(true);
  EXPECT_EQ(node_of(y.index({Ellipsis})), "AliasBackward0");
  EXPECT_EQ(node_of(y.index({0, 1})), "SelectBackward0");
}

// --- By tensors ---

TEST(Indexing, TensorsReplaceTheirDimensions) {
  const Tensor x = x234();
  const Tensor i = longs({0, 1});
  expect_tensor(x.index({longs({1, -2})}).select(2, 0), {2, 3}, {12, 16, 20, 0, 4, 8});
  // Neighbours: where the first stood. Apart: in front. An integer is no tensor, a None parts them.
  expect_tensor(x.index({Slice(), i, i}), {2, 2}, {0, 5, 12, 17});
  expect_tensor(x.index({i, Slice(), i}), {2, 3}, {0, 4, 8, 13, 17, 21});
  expect_tensor(x.index({i, 0, i}), {2}, {0, 13});
  expect_tensor(x.index({0, Slice(), i}), {3, 2}, {0, 1, 4, 5, 8, 9});
  expect_tensor(x.index({i, None, i}).select(2, 0), {2, 1}, {0, 16});
  expect_tensor(x.index({Ellipsis, longs({3, 3, 0})}).select(1, 0), {2, 3}, {3, 3, 0, 15, 15, 12});
  // Broadcast together.
  expect_tensor(x.index({i.reshape({2, 1}), longs({0, 2, 1}), 0}), {2, 3}, {0, 8, 4, 12, 20, 16});
  EXPECT_EQ(x.index({Slice(), i.reshape({2, 1}), longs({0, 2, 1})}).sizes(),
            IntArrayRef({2, 2, 3}));
  // 0-dim ones are integers.
  expect_tensor(x.index({tensor(1), Slice(), 0}), {3}, {12, 16, 20});
  EXPECT_TRUE(x.index({tensor(1)}).is_alias_of(x));
  // No elements.
  EXPECT_EQ(x.index({zeros({0}, kInt64)}).sizes(), IntArrayRef({0, 3, 4}));
  EXPECT_EQ(zeros({3, 0}).index({longs({2})}).sizes(), IntArrayRef({1, 0}));
}

TEST(Indexing, MasksAndBools) {
  const Tensor x = x234();
  const Tensor mask = tensor({{true, false, true}, {false, true, false}});
  const Tensor rows = tensor({true, false, true});
  expect_tensor(x.index({mask}).select(1, 0), {3}, {0, 8, 16});
  expect_tensor(x.index({mask, 1}), {3}, {1, 9, 17});
  expect_tensor(x.index({mask, longs({0, 1, 2})}), {3}, {0, 9, 18});
  expect_tensor(x.index({Slice(), rows, 0}), {2, 2}, {0, 8, 12, 20});
  expect_tensor(x.index({1, rows.to(kUInt8), 0}), {2}, {12, 20});
  expect_tensor(x.index({x > 20}), {3}, {21, 22, 23});
  EXPECT_EQ(x.index({true}).sizes(), IntArrayRef({1, 2, 3, 4}));
  EXPECT_EQ(x.index({false}).sizes(), IntArrayRef({0, 2, 3, 4}));
  EXPECT_EQ(x.index({0, true}).sizes(), IntArrayRef({1, 3, 4}));
  EXPECT_EQ(x.index({tensor(true)}).sizes(), IntArrayRef({1, 2, 3, 4}));
}

// Against the definition, element by element, for operands without a dense layout.
TEST(Indexing, ReadsAndWritesStridedOperands) {
  const Tensor x =
      arange(6 * 5 * 4 * 3).reshape({6, 5, 4, 3}).permute({2, 0, 3, 1});  // [4, 6, 3, 5]
  const Tensor i = randint(-6, 6, {7, 2}).t();                            // [2, 7]
  const Tensor j = randint(0, 5, {7});
  const Tensor apart = x.index({Slice(), i, Slice(), j});
  ASSERT_EQ(apart.sizes(), IntArrayRef({2, 7, 4, 3}));
  Tensor put = x.clone();
  put.index_put_({Slice(), i, Slice(), j}, apart * 0 - 1);
  for (int64_t a = 0; a < 2; ++a) {
    for (int64_t b = 0; b < 7; ++b) {
      const int64_t at_i = i[a][b].item<int64_t>(), at_j = j[b].item<int64_t>();
      EXPECT_TRUE(raw::equal(apart[a][b], x.select(3, at_j).select(1, at_i)));
      EXPECT_TRUE(put.select(3, at_j).select(1, at_i).eq(-1).all().item<bool>());
    }
  }
  const Tensor changed = put.ne(x);
  const Tensor places = raw::zeros({6, 5}, kBool);
  for (int64_t a = 0; a < 2; ++a) {
    for (int64_t b = 0; b < 7; ++b) {
      raw::fill(raw::select(raw::select(places, 0, (i[a][b].item<int64_t>() + 6) % 6), 0,
                            j[b].item<int64_t>()),
                true);
    }
  }
  EXPECT_EQ(changed.sum().item<int64_t>(), 12 * places.sum().item<int64_t>());
}

TEST(Indexing, ErrorsUsePyTorchsWords) {
  const Tensor x = x234();
  expect_error([&] { x.index({5}); },
               "IndexError: index 5 is out of bounds for dimension 0 with size 2");
  expect_error(
      [&] {
        x.index({0, -4});
      },
      "IndexError: index -4 is out of bounds for dimension 1 with size 3");
  expect_error(
      [&] {
        x.index({0, 0, 0, 0});
      },
      "IndexError: too many indices for tensor of dimension 3");
  expect_error([&] { x.index({x > 3, 0}); }, "too many indices for tensor of dimension 3");
  expect_error(
      [&] {
        x.index({longs({0, 5})});
      },
      "IndexError: index 5 is out of bounds for dimension 0 with size 2");
  expect_error(
      [&] {
        x.index({Slice(), longs({-4})});
      },
      "IndexError: index -4 is out of bounds for dimension 1 with size 3");
  expect_error(
      [&] {
        x.index({tensor({true, false, true})});
      },
      "IndexError: The shape of the mask [3] at index 0 does not match the shape of the "
      "indexed tensor [2, 3, 4] at index 0");
  expect_error(
      [&] {
        x.index({longs({0, 1}), longs({0, 1, 2})});
      },
      "IndexError: shape mismatch: indexing tensors could not be broadcast together with "
      "shapes [2], [3]");
  expect_error([&] { x.index({tensor({0.5})}); },
               "IndexError: tensors used as indices must be long, byte or bool tensors");
  expect_error([&] { x.index({tensor({1}, kInt32)}); },
               "tensors used as indices must be long, byte or bool tensors");
  expect_error(
      [&] {
        zeros({0, 3}).index({longs({0})});
      },
      "IndexError: index is out of bounds for dimension with size 0");
  expect_error([&] { tensor(1.0).index({0}); }, "IndexError: invalid index of a 0-dim tensor");
  expect_error([&] { x.index({Slice(None, None, -1)}); }, "step must be greater than zero");
  expect_error([&] { Slice(None, None, 0); }, "slice step cannot be zero");
  expect_error([&] { x.index({"abc"}); },
               "Expected \"...\" to represent an ellipsis index, but got \"abc\"");
  expect_error([&] { x.index(ArrayRef<TensorIndex>()); },
               "Passing an empty index list to Tensor::index() is not valid syntax");
  expect_error([&] { x[Scalar(1.5)]; }, "Can only index tensors with integral scalars");
  expect_error([&] { x.index({Tensor()}); }, "undefined");
}

// --- Writing ---

TEST(IndexPut, WritesWhereIndexReads) {
  Tensor y = zeros({2, 3});
  y.index_put_({0}, ones({1, 1, 3}));  // leading 1s say nothing
  expect_tensor(y, {2, 3}, {1, 1, 1, 0, 0, 0});
  y.index_put_({Slice(), longs({0, 2})}, 5);
  expect_tensor(y, {2, 3}, {5, 1, 5, 5, 0, 5});
  y.index_put_({longs({0, 1}), longs({1, 1})}, tensor({7.0, 8.0}));
  expect_tensor(y, {2, 3}, {5, 7, 5, 5, 8, 5});
  y.index_put_({y > 5}, 0);
  expect_tensor(y, {2, 3}, {5, 0, 5, 5, 0, 5});
  y.index_put_({longs({1, 0})}, ones({1, 2, 3}));
  expect_tensor(y, {2, 3}, {1, 1, 1, 1, 1, 1});
  y.index_put_({false}, 9);
  expect_tensor(y, {2, 3}, {1, 1, 1, 1, 1, 1});
  y.index_put_({true}, 9);
  expect_tensor(y, {2, 3}, {9, 9, 9, 9, 9, 9});
  // Basic indices convert the value, index tensors do not.
  y.index_put_({0, 0}, tensor(2.5, kFloat64));
  EXPECT_EQ(y[0][0].item<float>(), 2.5F);
  y[1] = 3;
  y[0] = y[1];
  expect_tensor(y, {2, 3}, {3, 3, 3, 3, 3, 3});
  // Reading from what is written.
  Tensor z = arange(4);
  z.index_put_({longs({0, 1, 2, 3})}, z.flip({0}).slice(0, 0, 4));
  expect_tensor(z, {4}, {3, 2, 1, 0});
  z.index_put_({z}, z);
  expect_tensor(z, {4}, {0, 1, 2, 3});
}

TEST(IndexPut, ErrorsLeaveTheTensor) {
  Tensor y = zeros({2, 3});
  expect_error(
      [&] {
        y.index_put_({longs({0, 1})}, ones({2}));
      },
      "shape mismatch: value tensor of shape [2] cannot be broadcast to indexing result of "
      "shape [2, 3]");
  expect_error(
      [&] {
        y.index_put_({longs({0, 1})}, ones({2, 3}, kFloat64));
      },
      "IndexError: Index put requires the source and destination dtypes match, got Float "
      "for the destination and Double for the source.");
  expect_error([&] { y.index_put_({longs({0, 2})}, 1); }, "index 2 is out of bounds");
  expect_tensor(y, {2, 3}, {0, 0, 0, 0, 0, 0});
}

TEST(IndexPut, Gradients) {
  const Tensor i = longs({2, 0, 2, -1}), j = longs({1, 1, 1, 0});
  const auto read = [&](const variable_list& in) { return in[0].index({i, Slice(), j}); };
  EXPECT_GRADCHECK(read, (variable_list{leaf({3, 2, 2})}));
  EXPECT_GRADGRADCHECK(read, (variable_list{leaf({3, 2, 2})}));
  const Tensor distinct = longs({2, 0});
  const auto put = [&](const variable_list& in) {
    return in[0].clone().index_put_({Slice(), distinct}, in[1]);
  };
  EXPECT_GRADCHECK(put, (variable_list{leaf({2, 3}), leaf({2})}));
  EXPECT_GRADGRADCHECK(put, (variable_list{leaf({2, 3}), leaf({2})}));
  const auto into_view = [&](const variable_list& in) {
    Tensor x = in[0].clone();
    x.index_put_({1, distinct}, in[1]);
    x.index_put_({0, Slice(1, None)}, in[1] * 2);
    return x;
  };
  EXPECT_GRADCHECK(into_view, (variable_list{leaf({2, 3}), leaf({2})}));
  EXPECT_GRADGRADCHECK(into_view, (variable_list{leaf({2, 3}), leaf({2})}));
  const Tensor y = leaf({2, 3});
  EXPECT_EQ(node_of(y.index({distinct.slice(0, 1)})), "IndexBackward0");
  EXPECT_EQ(node_of(y.clone().index_put_({longs({0})}, 1)), "IndexPutBackward0");
}

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
               "IndexError: index -1 is out of bounds for dimension 0 with size 2");
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

TEST(Nonzero, GivesCoordinates) {
  expect_tensor(tensor({{0, 3}, {4, 0}}).nonzero(), {2, 2}, {0, 1, 1, 0});
  expect_tensor(tensor({{0, 3}, {4, 0}}).t().nonzero(), {2, 2}, {0, 1, 1, 0});
  EXPECT_EQ(tensor(1).nonzero().sizes(), IntArrayRef({1, 0}));
  EXPECT_EQ(tensor(0).nonzero().sizes(), IntArrayRef({0, 0}));
  EXPECT_EQ(zeros({0, 3}).nonzero().sizes(), IntArrayRef({0, 2}));
}

// --- Order, and joining ---

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
  expect_error([] { ones({3}).tril(); }, "tril: input tensor must have at least 2 dimensions");
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
