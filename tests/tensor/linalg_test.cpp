// Products of matrices and vectors: shapes, strides, dtypes and errors.

#include "taper/tensor/raw/linalg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/node.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

namespace taper {
namespace {

using ::testing::HasSubstr;

template <class Fn>
std::string error_of(Fn fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

// a b by plain loops, for any strides.
Tensor product(const Tensor& a, const Tensor& b) {
  Tensor out = raw::zeros({a.size(0), b.size(1)}, kFloat64);
  double* data = out.data_ptr<double>();
  for (int64_t i = 0; i < a.size(0); ++i) {
    for (int64_t j = 0; j < b.size(1); ++j) {
      for (int64_t p = 0; p < a.size(1); ++p) {
        *data += raw::item(raw::select(raw::select(a, 0, i), 0, p)).toDouble() *
                 raw::item(raw::select(raw::select(b, 0, p), 0, j)).toDouble();
      }
      ++data;
    }
  }
  return out;
}

// Small whole numbers, whose products are exact.
Tensor whole(IntArrayRef sizes, ScalarType dtype = kFloat32) {
  return randint(-4, 5, sizes, TensorOptions(dtype));
}

void expect_product(const Tensor& a, const Tensor& b) {
  EXPECT_TRUE(raw::equal(raw::to(raw::mm(a, b), kFloat64), product(a, b)))
      << a.size(0) << "x" << a.size(1) << " strides " << a.stride(0) << ", " << a.stride(1);
}

TEST(Mm, TakesAnyStrides) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt32, kInt64}) {
    const Tensor a = whole({4, 6}, dtype);
    const Tensor b = whole({6, 3}, dtype);
    expect_product(a, b);
    expect_product(raw::transpose(whole({6, 4}, dtype), 0, 1), b);
    expect_product(a, raw::transpose(whole({3, 6}, dtype), 0, 1));
    expect_product(raw::transpose(whole({6, 4}, dtype), 0, 1),
                   raw::transpose(whole({3, 6}, dtype), 0, 1));
    // A part of a larger matrix, every other row, every other column, one row for all.
    expect_product(raw::slice(whole({4, 9}, dtype), 1, 2, 8, 1), b);
    expect_product(raw::slice(whole({8, 6}, dtype), 0, 0, 8, 2), b);
    expect_product(raw::slice(whole({4, 12}, dtype), 1, 0, 12, 2), b);
    expect_product(raw::expand(whole({1, 6}, dtype), {4, 6}), b);
    expect_product(raw::expand(whole({4, 1}, dtype), {4, 6}), b);
    // Single rows and columns, whose strides mean little.
    expect_product(raw::slice(a, 0, 1, 2, 1), b);
    expect_product(a, raw::slice(b, 1, 1, 2, 1));
    expect_product(raw::transpose(raw::slice(whole({6, 4}, dtype), 1, 2, 3, 1), 0, 1), b);
  }
}

TEST(Mm, EmptySizes) {
  EXPECT_EQ(raw::mm(zeros({0, 3}), zeros({3, 2})).sizes(), IntArrayRef({0, 2}));
  EXPECT_EQ(raw::mm(zeros({2, 3}), zeros({3, 0})).sizes(), IntArrayRef({2, 0}));
  EXPECT_TRUE(raw::equal(raw::mm(zeros({2, 0}), zeros({0, 2})), zeros({2, 2})));
  EXPECT_TRUE(raw::equal(addmm(ones({2}), zeros({2, 0}), zeros({0, 2}), 3), full({2, 2}, 3.0)));
  EXPECT_EQ(raw::bmm(zeros({0, 2, 3}), zeros({0, 3, 4})).sizes(), IntArrayRef({0, 2, 4}));
  EXPECT_TRUE(raw::equal(raw::bmm(zeros({2, 2, 0}), zeros({2, 0, 2})), zeros({2, 2, 2})));
  EXPECT_TRUE(raw::equal(raw::mv(zeros({2, 0}), zeros({0})), zeros({2})));
  EXPECT_EQ(raw::item(raw::dot(zeros({0}), zeros({0}))).toDouble(), 0);
  EXPECT_EQ(linear(zeros({0, 3}), zeros({4, 3}), zeros({4})).sizes(), IntArrayRef({0, 4}));
  EXPECT_EQ(matmul(zeros({0, 2, 3}), zeros({3, 4})).sizes(), IntArrayRef({0, 2, 4}));
}

TEST(Mm, NanInAnUnusedAddendDoesNotCount) {
  const Tensor x = full({2}, std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(raw::equal(addmm(x, ones({2, 1}), ones({1, 2}), 0), ones({2, 2})));
}

TEST(Mv, TakesAnyStrides) {
  const Tensor a = whole({3, 4});
  for (const Tensor& v :
       {raw::select(whole({4, 5}), 1, 2), raw::expand(whole({1}), {4}), whole({4})}) {
    const Tensor expected = raw::select(product(a, raw::unsqueeze(v, 1)), 1, 0);
    EXPECT_TRUE(raw::equal(raw::to(raw::mv(a, v), kFloat64), expected));
    EXPECT_EQ(raw::item(raw::dot(v, raw::select(a, 0, 1))).toDouble(),
              raw::item(raw::select(expected, 0, 1)).toDouble());
  }
}

TEST(Bmm, IsAProductForEachBatch) {
  const Tensor a = raw::transpose(whole({5, 4, 3}), 1, 2);  // [5, 3, 4]
  const Tensor b = raw::expand(whole({1, 4, 2}), {5, 4, 2});
  const Tensor c = raw::transpose(whole({4, 5, 2}), 0, 1);  // [5, 4, 2]
  for (const Tensor& right : {b, c}) {
    const Tensor out = raw::to(raw::bmm(a, right), kFloat64);
    for (int64_t i = 0; i < 5; ++i) {
      EXPECT_TRUE(raw::equal(raw::select(out, 0, i),
                             product(raw::select(a, 0, i), raw::select(right, 0, i))));
    }
  }
}

TEST(Matmul, ShapesAreThoseOfPyTorch) {
  using Sizes = std::vector<int64_t>;
  const std::vector<std::vector<Sizes>> cases = {
      {{3}, {3}, {}},
      {{2, 3}, {3}, {2}},
      {{3}, {3, 4}, {4}},
      {{2, 3}, {3, 4}, {2, 4}},
      {{5, 2, 3}, {3}, {5, 2}},
      {{5, 2, 3}, {3, 4}, {5, 2, 4}},
      {{3}, {5, 3, 4}, {5, 4}},
      {{2, 3}, {5, 3, 4}, {5, 2, 4}},
      {{6, 1, 2, 3}, {5, 3, 4}, {6, 5, 2, 4}},
      {{1, 5, 2, 3}, {6, 1, 3, 4}, {6, 5, 2, 4}},
      {{7, 6, 5, 2, 3}, {3}, {7, 6, 5, 2}},
  };
  for (const auto& shapes : cases) {
    const Tensor a = whole(shapes[0], kFloat64), b = whole(shapes[1], kFloat64);
    const Tensor out = matmul(a, b);
    ASSERT_EQ(out.sizes(), IntArrayRef(shapes[2]));
    // By broadcasting: a [..., M, K, 1] * b [..., 1, K, N] summed over K.
    Tensor left = a.dim() == 1 ? a.unsqueeze(0) : a;
    Tensor right = b.dim() == 1 ? b.unsqueeze(1) : b;
    Tensor expected = (left.unsqueeze(-1) * right.unsqueeze(-3)).sum(-2);
    EXPECT_TRUE(raw::equal(out, expected.reshape(shapes[2])));
  }
}

TEST(Matmul, OneMatrixOnTheRightIsOneProduct) {
  const Tensor w = whole({4, 2}).set_requires_grad(true);
  const Tensor y = matmul(whole({2, 3, 4}), w);
  ASSERT_TRUE(y.grad_fn());
  EXPECT_EQ(y.grad_fn()->name(), "UnsafeViewBackward0");
  EXPECT_EQ(y.grad_fn()->next_edge(0).function->name(), "MmBackward0");
}

TEST(Linear, IsOneNode) {
  const Tensor w = whole({4, 3}, kFloat64).set_requires_grad(true);
  const Tensor b = whole({4}, kFloat64).set_requires_grad(true);
  const Tensor x = whole({2, 3}, kFloat64);
  const Tensor y = linear(x, w, b);
  EXPECT_EQ(y.grad_fn()->name(), "AddmmBackward0");
  EXPECT_EQ(linear(x, w).grad_fn()->name(), "MmBackward0");
  EXPECT_TRUE(raw::equal(y, addmm(b, x, w.t())));
  EXPECT_TRUE(raw::equal(linear(x.select(0, 1), w, b), y.select(0, 1)));
  const Tensor deep = whole({5, 2, 3}, kFloat64);
  EXPECT_TRUE(raw::equal(linear(deep, w, b), matmul(deep, w.t()) + b));
}

TEST(Linear, Gradients) {
  const auto leaf = [](IntArrayRef sizes) {
    return randn(sizes, TensorOptions(kFloat64).requires_grad(true));
  };
  const auto run = [](const autograd::variable_list& in) {
    return linear(in[0], in[1], in.size() > 2 ? in[2] : Tensor());
  };
  for (const Tensor& x : {leaf({3}), leaf({2, 3}), leaf({2, 2, 3})}) {
    EXPECT_GRADCHECK(run, (autograd::variable_list{x, leaf({4, 3}), leaf({4})}));
    EXPECT_GRADCHECK(run, (autograd::variable_list{x, leaf({4, 3})}));
    EXPECT_GRADCHECK(run, (autograd::variable_list{x, leaf({3}), leaf({})}));
  }
  EXPECT_GRADCHECK(
      [](const autograd::variable_list& in) { return addmm(in[0], in[1], in[2], 0.5, -2); },
      (autograd::variable_list{leaf({1, 4}), leaf({2, 3}), leaf({3, 4})}));
}

TEST(Linalg, ErrorsUsePyTorchsWords) {
  const Tensor f23 = ones({2, 3}), f45 = ones({4, 5}), f3 = ones({3}), f4 = ones({4});
  const Tensor f234 = ones({2, 3, 4}), d32 = ones({3, 2}, kFloat64);
  const Tensor bools = ones({2, 2}, kBool);
  const auto expect = [](const std::string& error, const char* words) {
    EXPECT_THAT(error, HasSubstr(words));
  };
  expect(error_of([&] { mm(f23, f45); }),
         "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
  expect(error_of([&] { mm(f23, d32); }), "expected scalar type Float but found Double");
  expect(error_of([&] { mm(f3, f45); }), "self must be a matrix");
  expect(error_of([&] { mm(f23, f3); }), "mat2 must be a matrix");
  expect(error_of([&] { mm(bools, bools); }), "\"addmm_impl_cpu_\" not implemented for 'Bool'");
  expect(error_of([&] { bmm(f23, f234); }), "batch1 must be a 3D tensor");
  expect(error_of([&] { bmm(f234, f23); }), "batch2 must be a 3D tensor");
  expect(error_of([&] {
           bmm(f234, ones({3, 4, 2}));
         }),
         "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [3, 4].");
  expect(error_of([&] { mv(f23, f4); }), "size mismatch, got 2, 2x3,4");
  expect(error_of([&] { mv(f3, f3); }), "vector + matrix @ vector expected, got 1, 1, 1");
  expect(error_of([&] { dot(f23, f3); }), "1D tensors expected, but got 2D and 1D tensors");
  expect(error_of([&] { dot(f3, f4); }),
         "inconsistent tensor size, expected tensor [3] and src [4] to have the same number of "
         "elements, but got 3 and 4 elements respectively");
  expect(error_of([&] { dot(f3, d32.select(1, 0)); }),
         "dot : expected both vectors to have same dtype, but found Float and Double");
  expect(error_of([&] { outer(f23, f3); }), "outer: Expected 1-D argument self, but got 2-D");
  expect(error_of([&] { outer(f3, ones({})); }), "outer: Expected 1-D argument vec2, but got 0-D");
  expect(error_of([&] {
           addmm(f4, f23, ones({3, 5}));
         }),
         "The expanded size of the tensor (5) must match the existing size (4) at non-singleton "
         "dimension 1");
  expect(error_of([&] {
           addmm(ones({5}, kFloat64), f23, ones({3, 5}));
         }),
         "self and mat2 must have the same dtype");
  expect(error_of([&] { addmm(f3, f3, f23); }), "mat1 must be a matrix, got 1-D tensor");
  expect(error_of([&] { matmul(ones({}), f3); }),
         "both arguments to matmul need to be at least 1D, but they are 0D and 1D");
  expect(error_of([&] { matmul(f234, f23); }),
         "mat1 and mat2 shapes cannot be multiplied (6x4 and 2x3)");
  expect(error_of([&] { linear(f23, f45, f4); }),
         "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)");
  expect(error_of([&] { mm(Tensor(), f3); }), "undefined");
}

}  // namespace
}  // namespace taper
