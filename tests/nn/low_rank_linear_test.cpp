#include "nn/low_rank_linear.h"

#include "nn/nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;

TEST(LowRankLinear, IsALinear) {
  nn::LowRankLinear layer(5, 4, 2);
  const Tensor x = randn({3, 5});
  const Tensor weight = layer->up.matmul(layer->down);
  EXPECT_TRUE(layer(x).allclose(x.matmul(weight.t()) + layer->bias, 1e-5, 1e-6));
  EXPECT_ERROR(layer(randn({3, 6})), "LowRankLinear: expected input [..., 5], got [3, 6]");
}

TEST(LowRankLinear, Gradcheck) {
  nn::LowRankLinear layer(3, 2, 1);
  layer->to(kFloat64);
  const Tensor x = randn({2, 3}, TensorOptions(kFloat64)).requires_grad_();
  EXPECT_GRADCHECK([&](const Tensor& in) { return layer(in); }, {x});
  EXPECT_GRADCHECK_PARAMETERS([&] { return layer(x.detach()); }, layer);
}

}  // namespace
