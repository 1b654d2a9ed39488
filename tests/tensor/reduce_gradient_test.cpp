// Gradients of reductions at the places where the formula for the general case fails.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "tensor/reduce_testing.h"

namespace taper::testing {
namespace {

std::vector<double> gradient(const std::function<Tensor(const Tensor&)>& fn, const Tensor& values) {
  Tensor x = values.clone().requires_grad_();
  fn(x).sum().backward();
  return values_of(x.grad());
}

TEST(ReduceGradient, TiesShareAndIndexedMaximaDoNot) {
  const Tensor x = tensor({1.0, 3.0, 3.0, 2.0});
  EXPECT_EQ(gradient([](const Tensor& t) { return max(t); }, x),
            (std::vector<double>{0, .5, .5, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return amax(t, 0); }, x),
            (std::vector<double>{0, .5, .5, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return std::get<0>(max(t, 0)); }, x),
            (std::vector<double>{0, 1, 0, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return max(t); }, tensor({1.0, kNaN, kNaN})),
            (std::vector<double>{0, .5, .5}));
}

TEST(ReduceGradient, NormsHaveTheGradientZeroAtZero) {
  const Tensor x = zeros({3});
  for (double p : {0.5, 1.0, 1.5, 2.0, 3.0, kInf, -kInf}) {
    EXPECT_EQ(gradient([p](const Tensor& t) { return norm(t, p); }, x),
              (std::vector<double>{0, 0, 0}))
        << "p = " << p;
  }
  EXPECT_EQ(gradient([](const Tensor& t) { return norm(t, kInf); }, tensor({-2.0, 2.0, 1.0})),
            (std::vector<double>{-.5, .5, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return norm(t, 0.5); }, tensor({0.0, 1.0})),
            (std::vector<double>{0, 1}));
  EXPECT_EQ(gradient([](const Tensor& t) { return taper::std(t); }, ones({3})),
            (std::vector<double>{0, 0, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return logsumexp(t, 0); }, tensor({-kInf, -kInf})),
            (std::vector<double>{0, 0}));
}

TEST(ReduceGradient, ProductsWithZerosAreDifferentiableTwice) {
  EXPECT_EQ(gradient([](const Tensor& t) { return prod(t); }, tensor({2.0, 0.0, 3.0})),
            (std::vector<double>{0, 6, 0}));
  EXPECT_EQ(gradient([](const Tensor& t) { return prod(t); }, tensor({2.0, 0.0, 0.0})),
            (std::vector<double>{0, 0, 0}));
  // Two underflows to 0 without a zero.
  EXPECT_EQ(
      gradient([](const Tensor& t) { return prod(t); }, tensor({1e-30, 1e-30, 1e10})),
      (std::vector<double>{value_of(tensor(1e-30) * 1e10), value_of(tensor(1e-30) * 1e10), 0}));
  const auto options = TensorOptions(kFloat64).requires_grad(true);
  for (int64_t n : {1, 2, 3, 5, 8, 13}) {
    for (int64_t zero_count : {0, 1, 2}) {
      Tensor x = rand({2, n, 3}, TensorOptions(kFloat64)) + 0.5;
      for (int64_t z = 0; z < std::min(zero_count, n); ++z) {
        raw::fill(raw::select(x, 1, (z * 3 + 1) % n), 0);
      }
      x.requires_grad_();
      EXPECT_GRADCHECK([](const Tensor& t) { return prod(t, 1); }, {x});
      EXPECT_GRADGRADCHECK([](const Tensor& t) { return prod(t, -2, true); }, {x});
    }
  }
  const Tensor x = tensor({{2.0, 0.0, 3.0}, {4.0, 5.0, 6.0}}, options);
  EXPECT_GRADGRADCHECK([](const Tensor& t) { return prod(t); }, {x});
}

}  // namespace
}  // namespace taper::testing
