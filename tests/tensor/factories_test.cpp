// New tensors: dtypes, values, options and errors. Expected values and words are those of libtorch
// 1.13.

#include "taper/tensor/factories.h"

#include "core_testing.h"

namespace taper {
namespace {

TEST(Factories, ArangeCounts) {
  expect_tensor(arange(5), kInt64, {5}, {0, 1, 2, 3, 4});
  expect_tensor(arange(1, 2.5, 0.5), kFloat32, {3}, {1, 1.5, 2});
  expect_tensor(arange(5, 0, -2), kInt64, {3}, {5, 3, 1});
  expect_tensor(arange(1, 0, -0.25), kFloat32, {4}, {1, 0.75, 0.5, 0.25});
  expect_tensor(arange(2, 2), kInt64, {0}, {});
  expect_tensor(arange(3.0F, kFloat64), kFloat64, {3}, {0, 1, 2});
  expect_tensor(arange(250, 258, kUInt8), kUInt8, {8}, {250, 251, 252, 253, 254, 255, 0, 1});
  // An int64 range cuts its three numbers first, an int32 range counts in floating point.
  expect_tensor(arange(0, 2.5, 1, kInt64), kInt64, {2}, {0, 1});
  expect_tensor(arange(0, 2.5, 1, kInt32), kInt32, {3}, {0, 1, 2});
  expect_tensor(arange(0.7, 3, kInt64), kInt64, {3}, {0, 1, 2});
  EXPECT_EQ(arange(kMin, kMax, int64_t{1} << 62)[3].item<int64_t>(), int64_t{1} << 62);
}

TEST(Factories, ArangeInFloatStepsFromItsStart) {
  const Tensor x = arange(0, 10, 0.7);
  ASSERT_EQ(x.numel(), 15);
  for (int i = 0; i < 15; ++i) EXPECT_FLOAT_EQ(x[i].item<float>(), static_cast<float>(0.7 * i));
  EXPECT_EQ(arange(0, 1, 0.1).numel(), 10);
}

TEST(Factories, ArangeErrors) {
  EXPECT_ERROR(arange(5, 0), "upper bound and larger bound inconsistent with step sign");
  EXPECT_ERROR(arange(0, 5, -1), "upper bound and larger bound inconsistent with step sign");
  EXPECT_ERROR(arange(0, 5, 0), "step must be nonzero");
  EXPECT_ERROR(arange(0, 1.5, 0.5, kInt64), "step must be nonzero");
  EXPECT_ERROR(arange(0, 1.5, 0.5, kInt32), "step must be nonzero");
  EXPECT_ERROR(arange(0, kInf), "unsupported range: 0 -> inf");
  EXPECT_ERROR(arange(kNaN, 1), "unsupported range: nan -> 1");
  EXPECT_ERROR(arange(3, kBool), "\"arange_cpu\" not implemented for 'Bool'");
}

TEST(Factories, LinspaceMeetsBothEnds) {
  expect_tensor(linspace(0, 1, 5), kFloat32, {5}, {0, 0.25, 0.5, 0.75, 1});
  expect_tensor(linspace(5, 1, 3), kFloat32, {3}, {5, 3, 1});
  expect_tensor(linspace(0, 1, 1), kFloat32, {1}, {0});
  expect_tensor(linspace(3, 1, 0), kFloat32, {0}, {});
  expect_tensor(linspace(0, 10, 4, kInt64), kInt64, {4}, {0, 3, 6, 10});
  expect_tensor(linspace(-2, 2, 5, kInt32), kInt32, {5}, {-2, -1, 0, 1, 2});
  EXPECT_EQ(linspace(0.1, 0.9, 7, kFloat64)[6].item<double>(), 0.9);
  EXPECT_ERROR(linspace(0, 1, -1), "number of steps must be non-negative");
  EXPECT_ERROR(linspace(0, 1, 3, kBool), "\"linspace_cpu\" not implemented for 'Bool'");
}

TEST(Factories, Eye) {
  expect_tensor(eye(2), kFloat32, {2, 2}, {1, 0, 0, 1});
  expect_tensor(eye(2, 3), kFloat32, {2, 3}, {1, 0, 0, 0, 1, 0});
  expect_tensor(eye(3, 2, kInt64), kInt64, {3, 2}, {1, 0, 0, 1, 0, 0});
  expect_tensor(eye(2, kBool), kBool, {2, 2}, {1, 0, 0, 1});
  expect_tensor(eye(0), kFloat32, {0, 0}, {});
  EXPECT_ERROR(eye(-1), "n must be greater or equal to 0, got -1");
  EXPECT_ERROR(eye(2, -1), "m must be greater or equal to 0, got -1");
}

TEST(Factories, FullTakesTheDtypeOfItsValue) {
  expect_tensor(full({2}, 1), kInt64, {2}, {1, 1});
  expect_tensor(full({2}, 1.0), kFloat32, {2}, {1, 1});
  expect_tensor(full({2}, true), kBool, {2}, {1, 1});
  expect_tensor(full({}, 7), kInt64, {}, {7});
  expect_tensor(full({2}, 2.7, kInt32), kInt32, {2}, {2, 2});
  expect_tensor(full({1}, -1, kUInt8), kUInt8, {1}, {255});
  expect_tensor(full({1}, kNaN, kBool), kBool, {1}, {1});
  expect_tensor(full({1}, -kInf), kFloat32, {1}, {-kInf});
  EXPECT_ERROR(full({1}, 300, kUInt8), "cannot be converted to type uint8_t without overflow");
  EXPECT_ERROR(full({1}, -256, kUInt8), "cannot be converted to type uint8_t without overflow");
  EXPECT_ERROR(full({1}, kNaN, kInt64), "cannot be converted to type int64_t without overflow");
  EXPECT_ERROR(full({1}, 3e9, kInt32), "cannot be converted to type int without overflow");
  EXPECT_ERROR(full({1}, 1e300), "cannot be converted to type float without overflow");
}

TEST(Factories, TensorOfNestedBraces) {
  expect_tensor(tensor(5), kInt64, {}, {5});
  expect_tensor(tensor(5.5), kFloat32, {}, {5.5});
  expect_tensor(tensor(true), kBool, {}, {1});
  expect_tensor(tensor({1}), kInt64, {1}, {1});
  expect_tensor(tensor({{1}}), kInt64, {1, 1}, {1});
  expect_tensor(tensor({{1, 2}, {3, 4}}), kInt64, {2, 2}, {1, 2, 3, 4});
  expect_tensor(tensor({{{1.5}, {2.5}}}), kFloat32, {1, 2, 1}, {1.5, 2.5});
  expect_tensor(tensor({{true, false}}), kBool, {1, 2}, {1, 0});
  expect_tensor(tensor({1, 2}, kFloat64), kFloat64, {2}, {1, 2});
  expect_tensor(tensor({1.9, -1.9}, kInt64), kInt64, {2}, {1, -1});
  expect_tensor(tensor({0.5, 0.0}, kBool), kBool, {2}, {1, 0});
  expect_tensor(tensor({}), kFloat32, {0}, {});
  expect_tensor(tensor({{}, {}}), kFloat32, {2, 0}, {});
}

TEST(Factories, TensorOfVectors) {
  expect_tensor(tensor(std::vector<float>{1, 2.5}), kFloat32, {2}, {1, 2.5});
  expect_tensor(tensor(std::vector<double>{1, 2.5}), kFloat32, {2}, {1, 2.5});
  expect_tensor(tensor(std::vector<double>{0.1}, kFloat64), kFloat64, {1}, {0.1});
  expect_tensor(tensor(std::vector<int>{1, 2}), kInt64, {2}, {1, 2});
  expect_tensor(tensor(std::vector<int64_t>{kMax - 1023}), kInt64, {1}, {9223372036854774784.0});
  expect_tensor(tensor(std::vector<bool>{true, false}), kBool, {2}, {1, 0});
  expect_tensor(tensor(std::vector<int64_t>{}), kInt64, {0}, {});
  expect_tensor(tensor(std::vector<double>{}), kFloat32, {0}, {});
}

TEST(Factories, TensorRefusesRaggedAndMixedBraces) {
  EXPECT_ERROR(tensor({{1, 2}, {3}}),
               "Expected all sub-lists to have sizes: 2 (e.g. {1, 2}), "
               "but got sub-list {3} with sizes: 1");
  EXPECT_ERROR(tensor({{1, 2}, {3.5, 4.0}}),
               "Expected all elements of the tensor to have the same scalar type: Int, but got "
               "element of scalar type: Double");
  EXPECT_ERROR(tensor({1, 2.5}), "but got element of scalar type: Double");
  EXPECT_ERROR(tensor({300}, kUInt8), "cannot be converted to type uint8_t without overflow");
}

TEST(Factories, FromBlobBorrows) {
  float values_of_it[6] = {0, 1, 2, 3, 4, 5};
  Tensor x = from_blob(values_of_it, {2, 3});
  expect_tensor(x, kFloat32, {2, 3}, {0, 1, 2, 3, 4, 5});
  x[1][0] = 9;
  EXPECT_EQ(values_of_it[3], 9);
  EXPECT_EQ(x.data_ptr(), values_of_it);
  expect_tensor(from_blob(values_of_it, {2, 2}, {1, 2}), kFloat32, {2, 2}, {0, 2, 1, 9});
  int64_t numbers[2] = {7, 8};
  expect_tensor(from_blob(numbers, {2}, kInt64), kInt64, {2}, {7, 8});
  EXPECT_EQ(from_blob(nullptr, {0}).numel(), 0);
  const Tensor copy = x.clone();
  values_of_it[0] = 100;
  EXPECT_EQ(copy[0][0].item<float>(), 0);
}

TEST(Factories, FromBlobDeletesWithItsLastTensor) {
  static int deleted;
  deleted = 0;
  auto* memory = new float[4]{1, 2, 3, 4};
  Tensor x = from_blob(memory, {4}, [](void* data) {
    delete[] static_cast<float*>(data);
    ++deleted;
  });
  Tensor view = x.slice(0, 2);
  x.reset();
  EXPECT_EQ(deleted, 0);
  EXPECT_EQ(values(view), (Values{3, 4}));
  view.reset();
  EXPECT_EQ(deleted, 1);
}

TEST(Factories, LikeTakesShapeAndDtype) {
  const Tensor x = arange(6).reshape({2, 3});
  expect_tensor(zeros_like(x), kInt64, {2, 3}, {0, 0, 0, 0, 0, 0});
  expect_tensor(ones_like(x, kFloat32), kFloat32, {2, 3}, {1, 1, 1, 1, 1, 1});
  expect_tensor(full_like(x.t(), 2.5), kInt64, {3, 2}, {2, 2, 2, 2, 2, 2});
  EXPECT_EQ(empty_like(x).sizes(), x.sizes());
  EXPECT_TRUE(zeros_like(x, TensorOptions(kFloat64).requires_grad(true)).requires_grad());
  EXPECT_FALSE(zeros_like(ones({1}, requires_grad())).requires_grad());
}

TEST(Factories, NewTakesTheDtype) {
  const Tensor x = ones({1}, kInt32);
  expect_tensor(x.new_zeros({2}), kInt32, {2}, {0, 0});
  expect_tensor(x.new_ones({2}, kFloat64), kFloat64, {2}, {1, 1});
  expect_tensor(x.new_full({2}, 2.5), kInt32, {2}, {2, 2});
  EXPECT_EQ(x.new_empty({3}).scalar_type(), kInt32);
}

TEST(Factories, Options) {
  EXPECT_TRUE(zeros({2}, requires_grad()).requires_grad());
  EXPECT_TRUE(tensor({1.5}, requires_grad()).is_leaf());
  const char* text = "Only Tensors of floating point and complex dtype can require gradients";
  EXPECT_ERROR(zeros({2}, TensorOptions(kInt64).requires_grad(true)), text);
  EXPECT_ERROR(full({2}, 1, requires_grad()), text);
  EXPECT_ERROR(tensor({1}, requires_grad()), text);
  EXPECT_ERROR(zeros({2}, kCUDA),
               "Could not run 'aten::empty.memory_format' with arguments from the 'CUDA' backend");
  EXPECT_ERROR(arange(2, device("cuda:1")), "got device cuda:1");
  EXPECT_ERROR(ones({2}, kSparse), "expected the layout Strided");
  const TensorOptions options = ones({1}, kFloat64).options();
  EXPECT_EQ(zeros({2}, options).scalar_type(), kFloat64);
  EXPECT_EQ(zeros({2}, options.dtype(kUInt8)).scalar_type(), kUInt8);
}

TEST(Factories, DefaultDtype) {
  EXPECT_EQ(get_default_dtype(), kFloat32);
  set_default_dtype(kFloat64);
  EXPECT_EQ(zeros({1}).scalar_type(), kFloat64);
  EXPECT_EQ(tensor({1.5F}).scalar_type(), kFloat64);
  EXPECT_EQ(arange(3.0).scalar_type(), kFloat64);
  EXPECT_EQ(full({1}, 1.5).scalar_type(), kFloat64);
  EXPECT_EQ(scalar_tensor(1).scalar_type(), kFloat64);
  EXPECT_EQ(eye(2).scalar_type(), kFloat64);
  EXPECT_EQ(ones({1}, kFloat32).scalar_type(), kFloat32);
  set_default_dtype(kFloat32);
  EXPECT_ERROR(set_default_dtype(kInt32), "only floating-point types are supported");
  EXPECT_EQ(get_default_dtype(), kFloat32);
}

}  // namespace
}  // namespace taper
