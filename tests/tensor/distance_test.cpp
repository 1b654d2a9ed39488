// Distances and norms against their definitions, and libtorch 1.13.1's choices at their corners.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "taper/autograd/autograd.h"
#include "taper/autograd/gtest.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "tensor/reduce_testing.h"

namespace taper {
namespace {

using ::testing::HasSubstr;
using testing::kInf;
using testing::kNaN;
using testing::value_of;
using testing::values_of;

const double kPowers[] = {0, 0.5, 1, 1.5, 2, 3, kInf};

Tensor spread(IntArrayRef sizes) {
  return (arange(checked_numel(sizes), TensorOptions(kFloat64)) * 0.77).sin().reshape(sizes);
}

TEST(Cdist, IsTheNormOfTheDifferences) {
  for (ScalarType dtype : {kFloat32, kFloat64}) {
    const Tensor a = spread({2, 1, 5, 7}).to(dtype);
    const Tensor b = (spread({3, 4, 7}) * 2).to(dtype);
    for (double p : kPowers) {
      const Tensor y = cdist(a, b, p);
      const Tensor expected = norm(unsqueeze(a, 3) - unsqueeze(b, 1), p, -1);
      EXPECT_EQ(y.sizes(), IntArrayRef({2, 3, 5, 4}));
      EXPECT_TRUE(y.allclose(expected, 1e-5, 1e-6)) << p;
      const Tensor seen = cdist(a.transpose(-1, -2).contiguous().transpose(-1, -2), b, p);
      EXPECT_TRUE(equal(seen, y));
    }
    const Tensor many = spread({40, 3}).to(dtype);
    EXPECT_TRUE(cdist(many, many + 1).allclose(cdist(many, many + 1, 2, 2), 1e-4, 1e-5));
  }
}

// The kernel of the gradient against its composed form, which is what a second derivative takes.
TEST(Cdist, GradientsOfBothKindsAgree) {
  for (double p : kPowers) {
    const Tensor a = spread({2, 1, 4, 3}).requires_grad_();
    const Tensor b = (spread({3, 5, 3}) * 2).requires_grad_();
    const Tensor sum = (cdist(a, b, p) * spread({2, 3, 4, 5})).sum();
    const auto kernels = autograd::grad({sum}, {a, b}, {}, true);
    const auto composed = autograd::grad({sum}, {a, b}, {}, true, true);
    for (size_t i = 0; i < 2; ++i) {
      EXPECT_TRUE(kernels[i].allclose(composed[i], 1e-12, 1e-13)) << p;
    }
  }
}

TEST(Cdist, HasTheGradientZeroWhereRowsAreEqual) {
  const Tensor a = spread({3, 2}).requires_grad_();
  for (double p : kPowers) {
    for (int64_t mode : {1, 2}) {
      const Tensor same = a.detach().slice(0, 1, 2);
      const Tensor y = cdist(a.slice(0, 1, 2), same, p, mode);
      const auto gradient = autograd::grad({y}, {a});
      EXPECT_EQ(values_of(gradient[0]), std::vector<double>(6, 0.0)) << p;
    }
  }
}

TEST(Cdist, TakesEmptyOperands) {
  EXPECT_EQ(cdist(zeros({0, 3}), zeros({4, 3})).sizes(), IntArrayRef({0, 4}));
  EXPECT_EQ(values_of(cdist(zeros({1, 0}), zeros({2, 0}))), (std::vector<double>{0, 0}));
}

TEST(Distances, MisuseIsReportedInPyTorchsWords) {
  const Tensor x = zeros({2, 3});
  const auto expect = [](const auto& misuse, const char* words) {
    try {
      misuse();
      ADD_FAILURE() << "no error: " << words;
    } catch (const Error& e) {
      EXPECT_THAT(std::string(e.what()), HasSubstr(words));
    }
  };
  expect(
      [&] {
        cdist(x, zeros({2, 4}));
      },
      "X1 and X2 must have the same number of columns. X1: 3 X2: 4");
  expect([&] { cdist(x[0], x); }, "cdist only supports at least 2D tensors, X1 got: 1D");
  expect([&] { cdist(x, x, -1); }, "cdist only supports non-negative p values");
  expect([&] { cdist(x, x, 2, 3); }, "possible modes: 0, 1, 2, but was: 3");
  expect([&] { cdist(x.to(kInt64), x); },
         "cdist only supports floating-point dtypes, X1 got: Long");
  expect([&] { cosine_similarity(x.to(kInt64), x.to(kInt64)); },
         "expected common dtype to be floating point, yet common dtype is Long");
  expect([&] { renorm(x[0], 2, 0, 1); },
         "renorm: input needs at least 2 dimensions, got 1 dimensions");
  expect([&] { renorm(x, 0, 0, 1); }, "renorm: non-positive-norm not supported");
  expect([&] { renorm(x, 2, 0, -1); }, "renorm: expected maxnorm to be >= 0 but got -1");
  expect(
      [&] {
        linalg_norm(zeros({2, 3, 4}), 2);
      },
      "linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got 3D.");
  expect([&] { linalg_norm(x, "bad"); }, "linalg.matrix_norm: Order bad not supported.");
  expect([&] { linalg_vector_norm(zeros({0}), kInf); },
         "linalg.vector_norm cannot compute the inf norm on an empty tensor because the operation "
         "does not have an identity");
  EXPECT_THROW(linalg_norm(x, 2), NotImplementedError);
}

TEST(CosineSimilarity, BoundsEachNormByItself) {
  const Tensor a = tensor({3e-9, 4e-9}, TensorOptions(kFloat64));
  const Tensor b = tensor({3e3, 4e3}, TensorOptions(kFloat64));
  EXPECT_DOUBLE_EQ(value_of(cosine_similarity(b, b, 0)), 1);
  EXPECT_DOUBLE_EQ(value_of(cosine_similarity(a, b, 0)), 0.5);  // |a| counts as 1e-8
  EXPECT_EQ(value_of(cosine_similarity(a * 0, b, 0)), 0);
}

TEST(Renorm, ScalesOnlyWhatIsTooLong) {
  const Tensor x = tensor({3.0, 4.0, 0.3, 0.4}, TensorOptions(kFloat64)).reshape({2, 2});
  const Tensor y = renorm(x, 2, 0, 1);
  EXPECT_TRUE(
      y.allclose(tensor({0.6, 0.8, 0.3, 0.4}, TensorOptions(kFloat64)).reshape({2, 2}), 1e-6));
  Tensor z = x.clone();
  EXPECT_TRUE(z.renorm_(2, 0, 1).is_same(z));
  EXPECT_TRUE(equal(z, y));
}

TEST(LinalgNorm, TakesVectorsOrMatricesByTheDimensions) {
  const Tensor x = tensor({1.0, -2.0, 3.0, -4.0, 5.0, -6.0}).reshape({2, 3});
  EXPECT_FLOAT_EQ(static_cast<float>(value_of(linalg_norm(x))), std::sqrt(91.0F));
  EXPECT_EQ(value_of(linalg_norm(x, 1)), 9);
  EXPECT_EQ(value_of(linalg_norm(x, -1)), 5);
  EXPECT_EQ(value_of(linalg_norm(x, kInf)), 15);
  EXPECT_EQ(value_of(linalg_norm(x, -kInf)), 6);
  EXPECT_EQ(values_of(linalg_norm(x, 1, 1)), (std::vector<double>{6, 15}));
  EXPECT_EQ(linalg::norm(x, "fro", IntArrayRef({0, 1}), true, kFloat64).scalar_type(), kFloat64);
  EXPECT_EQ(linalg_matrix_norm(x, 1, {-2, -1}, true).sizes(), IntArrayRef({1, 1}));
}

}  // namespace
}  // namespace taper
