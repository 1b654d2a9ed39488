// Products added to a start, and what is made of products, against loops and libtorch's rules.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "tensor/reduce_testing.h"

namespace taper {
namespace {

using ::testing::HasSubstr;
using testing::kNaN;
using testing::values_of;

Tensor numbers(IntArrayRef sizes, ScalarType dtype, int64_t first = 0) {
  const int64_t n = checked_numel(sizes);
  return ((arange(n) + first) * 7 % 5 + 1).reshape(sizes).to(dtype);
}

// For floats and integers, through transposed and sliced operands.
TEST(AddProduct, IsTheStartPlusTheProduct) {
  for (ScalarType dtype : {kFloat32, kFloat64, kInt64, kInt32, kUInt8}) {
    const Tensor a = numbers({3, 2}, dtype).t();
    const Tensor b = numbers({3, 8}, dtype, 2).slice(1, 0, 8, 2);
    const Tensor x = numbers({2, 4}, dtype, 1);
    const Tensor v = b.select(1, 1);
    EXPECT_TRUE(equal(addmm(x, a, b, 2, 3), x * 2 + mm(a, b) * 3));
    EXPECT_TRUE(equal(addmm(x[0], a, b), x[0] + mm(a, b)));
    EXPECT_TRUE(equal(x.clone().addmm_(a, b, 2, 3), addmm(x, a, b, 2, 3)));
    EXPECT_TRUE(equal(x.t().contiguous().t().addmm_(a, b), addmm(x, a, b)));
    EXPECT_TRUE(equal(addmv(x.select(1, 0), a, v, 2, 3), x.select(1, 0) * 2 + mv(a, v) * 3));
    EXPECT_TRUE(equal(addmv(x[0][0], a, v), x[0][0] + mv(a, v)));
    const Tensor batch = stack({a, a + 1});
    const Tensor others = stack({b, b + 2});
    EXPECT_TRUE(equal(baddbmm(x, batch, others, 2, 3), x * 2 + bmm(batch, others) * 3));
    EXPECT_TRUE(
        equal(addbmm(x, batch, others, 2, 3), x * 2 + bmm(batch, others).sum(0).to(dtype) * 3));
    EXPECT_TRUE(equal(addr(a, a.select(1, 0), v, 2, 3), a * 2 + outer(a.select(1, 0), v) * 3));
  }
}

TEST(AddProduct, DoesNotReadTheStartWithABetaOfZero) {
  const Tensor a = ones({2, 3}), b = ones({3, 4}), nan = full({2, 4}, kNaN);
  EXPECT_TRUE(equal(addmm(nan, a, b, 0), mm(a, b)));
  EXPECT_TRUE(equal(nan.clone().addmm_(a, b, 0), mm(a, b)));
  EXPECT_TRUE(equal(addmv(nan.select(1, 0), a, ones({3}), 0), full({2}, 3.0)));
  EXPECT_TRUE(equal(baddbmm(nan, a.unsqueeze(0), b.unsqueeze(0), 0), mm(a, b).unsqueeze(0)));
  EXPECT_TRUE(equal(addbmm(nan, a.unsqueeze(0), b.unsqueeze(0), 0), mm(a, b)));
  EXPECT_TRUE(equal(addr(nan, ones({2}), ones({4}), 0), ones({2, 4})));
}

TEST(AddProduct, IsTheStartWhereNothingIsMultiplied) {
  const Tensor x = numbers({2, 4}, kFloat32);
  EXPECT_TRUE(equal(addmm(x, zeros({2, 0}), zeros({0, 4}), 3), x * 3));
  EXPECT_TRUE(equal(addmv(x[0], zeros({4, 0}), zeros({0}), 3), x[0] * 3));
  EXPECT_TRUE(equal(addbmm(x, zeros({0, 2, 3}), zeros({0, 3, 4}), 3), x * 3));
  EXPECT_TRUE(equal(mm(zeros({2, 0}), zeros({0, 4})), zeros({2, 4})));
}

TEST(Tensordot, SumsOverPairsOfDimensions) {
  const Tensor a = numbers({2, 3, 4}, kFloat64), b = numbers({4, 2, 5}, kFloat64, 3);
  const Tensor y = tensordot(a, b, IntArrayRef({0, 2}), IntArrayRef({1, 0}));
  ASSERT_EQ(y.sizes(), IntArrayRef({3, 5}));
  for (int64_t i = 0; i < 3; ++i) {
    for (int64_t j = 0; j < 5; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < 2; ++k) {
        for (int64_t l = 0; l < 4; ++l) {
          sum += a[k][i][l].item<double>() * b[l][k][j].item<double>();
        }
      }
      EXPECT_EQ(y[i][j].item<double>(), sum);
    }
  }
  EXPECT_EQ(tensordot(a, b, IntArrayRef(), IntArrayRef()).dim(), 6);
  EXPECT_TRUE(equal(inner(a, b.permute({1, 2, 0})), tensordot(a, b, {2}, {0})));
}

TEST(Products, AreMadeInAnyOrder) {
  const Tensor a = numbers({10, 2}, kFloat64), b = numbers({2, 30}, kFloat64, 1);
  const Tensor c = numbers({30, 3}, kFloat64, 2), v = numbers({3}, kFloat64);
  EXPECT_TRUE(equal(linalg_multi_dot({a, b, c}), mm(mm(a, b), c)));
  EXPECT_TRUE(equal(linalg_multi_dot({a[0], b, c, v}), dot(mv(mm(b, c).t(), a[0]), v)));
  EXPECT_TRUE(equal(chain_matmul({a, b}), mm(a, b)));
  const Tensor square = numbers({2, 3, 3}, kFloat64);
  Tensor power = eye(3, kFloat64).expand({2, 3, 3});
  for (int64_t n = 0; n < 7; ++n) {
    EXPECT_TRUE(equal(matrix_power(square, n), power)) << n;
    power = matmul(power, square);
  }
  const Tensor k = kron(a.slice(0, 0, 2), v);
  EXPECT_EQ(k.sizes(), IntArrayRef({2, 6}));
  EXPECT_TRUE(equal(k.slice(1, 3, 6), outer(a.slice(0, 0, 2).select(1, 1), v)));
}

TEST(Cross, StandsOnBothVectors) {
  const Tensor a = numbers({4, 3}, kInt64), b = numbers({4, 3}, kInt64, 3);
  const Tensor y = cross(a, b);
  EXPECT_EQ(values_of(sum(y * a, 1)), std::vector<double>(4, 0.0));
  EXPECT_EQ(values_of(cross(tensor({1, 0, 0}), tensor({0, 1, 0}))), (std::vector<double>{0, 0, 1}));
  // The first dimension of size 3, whatever comes after it.
  EXPECT_TRUE(equal(cross(a.slice(0, 0, 3), b.slice(0, 0, 3)),
                    linalg_cross(a.slice(0, 0, 3), b.slice(0, 0, 3), 0)));
}

TEST(Products, MisuseIsReportedInPyTorchsWords) {
  const Tensor a = zeros({2, 3}), b = zeros({3, 4}), v = zeros({3}), x = zeros({2, 4});
  const auto expect = [](const auto& misuse, const char* words) {
    try {
      misuse();
      ADD_FAILURE() << "no error: " << words;
    } catch (const Error& e) {
      EXPECT_THAT(std::string(e.what()), HasSubstr(words));
    }
  };
  expect([&] { x.clone()[0].addmm_(a, b); },
         "Bad in-place call: input tensor size [4] and output tensor size [2, 4] should match");
  expect([&] { addmv(v, a, v); }, "size mismatch, got 3, 2x3,3");
  expect([&] { addmv(x, a, v); }, "vector + matrix @ vector expected, got 2, 2, 1");
  expect([&] { addmm(x.to(kFloat64), a, b); }, "self and mat2 must have the same dtype");
  expect([&] { addr(a, a, v); }, "addr: Expected 1-D argument vec1, but got 2-D");
  expect(
      [&] {
        addr(zeros({2, 3}, kInt64), zeros({2}, kInt64), zeros({3}, kInt64), 0.5);
      },
      "For integral input tensors, argument beta must not be a floating point number.");
  expect([&] { inner(a, b); },
         "inner() the last dimension must match on both input tensors but got shapes [2, 3] and "
         "[3, 4]");
  expect([&] { tensordot(a, b, {0}, {0}); },
         "contracted dimensions need to match, but first has size 2 in dim 0 and second has size "
         "3 in dim 0");
  expect(
      [&] {
        linalg_multi_dot({a, a});
      },
      "multi_dot(): tensors 0 and 1 with shapes [2, 3] and [2, 3] cannot be multiplied");
  expect([&] { matrix_power(a, 2); },
         "linalg.matrix_power: A must be batches of square matrices, but they are 2 by 3 matrices");
  expect([&] { cross(a, b); }, "linalg.cross: inputs dimension 1 must have length 3. Got 3 and 4");
  expect([&] { cross(x, x); }, "no dimension of size 3 in input");
  expect([&] { trace(v); }, "trace: expected a matrix, but got tensor with dim 1");
  EXPECT_THROW(matrix_power(zeros({2, 2}), -1), NotImplementedError);
}

}  // namespace
}  // namespace taper
