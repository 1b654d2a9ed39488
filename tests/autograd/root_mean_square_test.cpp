#include "autograd/root_mean_square.h"

#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;

TEST(RootMeanSquare, IsTheRootOfTheMeanOfSquares) {
  const Tensor x = randn({2, 3, 4}, kFloat64);
  EXPECT_TRUE(root_mean_square(x).allclose(x.square().mean().sqrt()));
  EXPECT_TRUE(
      root_mean_square(x, {{0, -1}}, true).allclose(x.square().mean({{0, -1}}, true).sqrt()));
  EXPECT_THROW(root_mean_square(ones({2}, kInt64)), Error);
}

TEST(RootMeanSquare, Derivatives) {
  const Tensor x = randn({3, 4}, kFloat64).requires_grad_();
  const auto over = [](OptionalIntArrayRef dim, bool keepdim) {
    return [=](const Tensor& in) { return root_mean_square(in, dim, keepdim); };
  };
  EXPECT_GRADGRADCHECK(over(std::nullopt, false), {x});
  EXPECT_GRADGRADCHECK(over(1, false), {x});
  EXPECT_GRADGRADCHECK(over(0, true), {x.detach().t().requires_grad_()});
}

TEST(RootMeanSquare, OfZerosHasTheDerivativeZero) {
  const Tensor x = tensor({{0.0, 0.0}, {3.0, 4.0}}).requires_grad_();
  root_mean_square(x, 1).sum().backward();
  const double norm = std::sqrt(2.0) * 5;
  EXPECT_TRUE(x.grad().allclose(tensor({{0.0, 0.0}, {3 / norm, 4 / norm}})));
}

}  // namespace
