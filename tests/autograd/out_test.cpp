// Operations that write into a tensor they are given: what aliases, and what a failed call leaves.
// What they give and refuse is compared with libtorch by tests/parity/surface_out_program.cpp.

#include <vector>

#include "autograd/testing.h"

namespace taper {
namespace {

using Values = std::vector<double>;

// The call throws, and `out` is as it was: sizes, strides, elements.
template <class Call>
void expect_refused(Tensor out, Call call) {
  const DimVector sizes = out.sizes();
  const DimVector strides = out.strides();
  const Values before = values(out);
  EXPECT_NE(message_of([&] { call(out); }), "nothing was thrown");
  EXPECT_EQ(out.sizes(), IntArrayRef(sizes));
  EXPECT_EQ(out.strides(), IntArrayRef(strides));
  EXPECT_EQ(values(out), before);
}

TEST(OutForms, ARefusedDrawLeavesOutAsItWas) {
  const Tensor out = ones({2});
  expect_refused(ones({2}, kInt64), [](Tensor& x) { rand_out(x, {5}); });
  expect_refused(out, [](Tensor& x) { randint_out(x, 5, 5, {3}); });
  expect_refused(out, [](Tensor& x) { normal_out(x, 0, -1, {3}); });
  expect_refused(out, [](Tensor& x) { normal_out(x, zeros({3}), -1); });
  expect_refused(out, [](Tensor& x) { bernoulli_out(x, full({3}, 1.5)); });
  expect_refused(out.clone().requires_grad_(), [](Tensor& x) { zeros_out(x, {3}); });
}

TEST(OutForms, BothOutputsAreCheckedBeforeEitherIsWritten) {
  const Tensor x = arange(6, kFloat32).view({2, 3});
  Tensor indices = zeros({1}, kInt64).expand({2});
  expect_refused(full({2}, 7), [&](Tensor& out) { max_out(out, indices, x, 1); });
}

TEST(OutForms, NormalTakesItsOwnOutputForAnOperand) {
  manual_seed(3);
  const Tensor noise = randn({4});
  const Tensor mean = tensor({10.0, 20.0, 30.0, 40.0}).to(kFloat32);
  Tensor out = mean.clone();
  manual_seed(3);
  normal_out(out, out, 1);
  EXPECT_TRUE(allclose(out, mean + noise)) << out;
  out = mean.clone();
  manual_seed(3);
  normal_out(out, 0, out);
  EXPECT_TRUE(allclose(out, mean * noise)) << out;
}

TEST(OutForms, ProbabilitiesThatRequireAGradientAreRefused) {
  const Tensor p = full({3}, 0.5).requires_grad_();
  Tensor out = zeros({3});
  EXPECT_ERROR(bernoulli_out(out, p), "don't support automatic differentiation");
}

TEST(OutForms, AReductionIntoItsOperandGivesTheSameForSumAndMean) {
  Tensor x = tensor({{1.0, 2.0}, {3.0, 5.0}});
  mean_out(x, x, {1});
  EXPECT_EQ(values(x), (Values{1.5, 4}));
}

// A view whose history cannot be rebuilt may not be resized before that is found out.
TEST(OutForms, AViewMadeWithoutATapeIsRefusedUnchanged) {
  const Tensor leaf = ones({3}).requires_grad_();
  const Tensor base = zeros({2});
  Tensor view;
  {
    NoGradGuard no_grad;
    view = base.view({2});
  }
  expect_refused(view, [&](Tensor& out) { softmax_out(out, leaf, 0); });
}

}  // namespace
}  // namespace taper
