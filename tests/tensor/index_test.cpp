// Indexing in libtorch's form. Expected values and words are those of libtorch 1.13.

#include "index_testing.h"

namespace taper {
namespace {

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
  EXPECT_EQ(node_of(y.index({Slice()})), "SliceBackward0");
  EXPECT_EQ(node_of(y.index({Slice(0, 2), Slice(0, 3)})), "AliasBackward0");
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
  // What follows a mask counts from the dimension after its first, as in libtorch.
  const Tensor cube = arange(27).reshape({3, 3, 3});
  const Tensor corners = tensor({{true, false, true}, {false, false, false}, {true, false, false}});
  expect_tensor(cube.index({corners, 1}), {3}, {3, 5, 21});
  expect_tensor(cube.index({1, corners}), {3}, {9, 11, 15});
  expect_error(
      [&] {
        x.index({mask, 1});
      },
      "IndexError: The shape of the mask [2, 3] at index 1 does not match the shape of the "
      "indexed tensor [2, 4] at index 1");
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
  // Where it stands in the list counts.
  expect_error(
      [&] {
        x.index({0, None, 3});
      },
      "IndexError: index 3 is out of bounds for dimension 2 with size 3");
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
  expect_error([&] { x.index({Slice(None, None, -1)}); },
               "ValueError: step must be greater than zero");
  expect_error([&] { Slice(None, None, 0); }, "ValueError: slice step cannot be zero");
  expect_error([&] { x.index({"abc"}); },
               "ValueError: Expected \"...\" to represent an ellipsis index, but got \"abc\"");
  expect_error([&] { x.index(ArrayRef<TensorIndex>()); },
               "Passing an empty index list to Tensor::index() is not valid syntax");
  expect_error([&] { x[Scalar(1.5)]; }, "Can only index tensors with integral scalars");
  expect_error([&] { x[Scalar(true)]; }, "Can only index tensors with integral scalars");
  expect_error([&] { x[tensor(1.0)]; }, "Can only index tensors with integral scalars");
  expect_error([&] { x[longs({0})]; },
               "IndexError: Can only index with tensors that are scalars (zero-dim)");
  expect_error([&] { x[Tensor()]; }, "IndexError: Can only index with tensors that are defined");
  expect_error([&] { x[2]; },
               "IndexError: select(): index 2 out of range for tensor of size [2, 3, 4] at "
               "dimension 0");
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
      "Index put requires the source and destination dtypes match, got Float "
      "for the destination and Double for the source.");
  expect_error([&] { y.index_put_({longs({0, 2})}, 1); }, "index 2 is out of bounds");
  expect_error([&] { y.index_put_({0}, ones({2})); },
               "The expanded size of the tensor (3) must match the existing size (2) at "
               "non-singleton dimension 0.  Target sizes: [3].  Tensor sizes: [2]");
  expect_error([&] { y.index_put_(ArrayRef<TensorIndex>(), ones({})); },
               "Passing an empty index list to Tensor::index_put_() is not valid syntax");
  expect_error([&] { y.index_put_({longs({0})}, Tensor()); },
               "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
               "#2 'values'");
  expect_error([&] { y.to(kUInt8).index_put_({longs({0})}, 300); },
               "value cannot be converted to type uint8_t without overflow");
  expect_tensor(y, {2, 3}, {0, 0, 0, 0, 0, 0});
}

TEST(IndexPut, ListsOfTensors) {
  using Indices = List<std::optional<Tensor>>;
  Tensor y = zeros({2, 3});
  const Tensor rows = longs({1, 0, 1}), columns = longs({2, 0, 2});
  y.index_put_({rows, columns}, tensor({1.0, 2.0, 4.0}), true);
  expect_tensor(y, {2, 3}, {2, 0, 0, 0, 0, 5});
  // The last of several writes to one place stays.
  index_put_(y, {rows, columns}, tensor({1.0, 2.0, 4.0}));
  expect_tensor(y, {2, 3}, {2, 0, 0, 0, 0, 4});
  Indices second;
  second.push_back(std::nullopt);
  second.push_back(longs({1, 1}));
  expect_tensor(y.index_put(second, ones({2, 2}), true), {2, 3}, {2, 2, 0, 0, 2, 4});
  expect_tensor(index_put(y, second, ones({})), {2, 3}, {2, 1, 0, 0, 1, 4});
  expect_tensor(y, {2, 3}, {2, 0, 0, 0, 0, 4});
  expect_tensor(y.index(second), {2, 2}, {0, 0, 0, 0});
  expect_tensor(index(y, Indices({y > 1})), {2}, {2, 4});
  expect_error(
      [&] {
        index_put_(y, {rows, rows, rows}, ones({}));
      },
      "IndexError: too many indices for tensor of dimension 2 (got 3)");
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

// --- The indices themselves ---

template <class T>
std::string printed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

TEST(TensorIndex, KnowsItsKind) {
  const TensorIndex slice = Slice(1, None, 2);
  EXPECT_TRUE(slice.is_slice());
  EXPECT_FALSE(slice.is_none() || slice.is_ellipsis() || slice.is_integer() || slice.is_boolean() ||
               slice.is_tensor());
  EXPECT_EQ(slice.slice().start(), 1);
  EXPECT_EQ(slice.slice().stop(), indexing::INDEX_MAX);
  EXPECT_EQ(Slice(None, None, -1).start(), indexing::INDEX_MAX);
  EXPECT_EQ(Slice(None, None, -1).stop(), indexing::INDEX_MIN);
  EXPECT_EQ(Slice(None, None, INT64_MIN).step(), -INT64_MAX);
  EXPECT_TRUE(TensorIndex(true).boolean());
  EXPECT_EQ(TensorIndex(-3).integer(), -3);
  EXPECT_TRUE(TensorIndex("...").is_ellipsis());
}

TEST(TensorIndex, Prints) {
  EXPECT_EQ(printed(Slice(None, 3)), "0:3:1");
  EXPECT_EQ(printed(Slice(5, 1, -2)), "5:1:-2");
  EXPECT_EQ(printed(std::vector<TensorIndex>{None, "...", 1, true, Slice(-2, -1), longs({1})}),
            "(None, ..., 1, true, -2:-1:1,  1\n[ CPULongType{1} ])");
  EXPECT_EQ(printed(std::vector<TensorIndex>()), "()");
}

}  // namespace
}  // namespace taper
