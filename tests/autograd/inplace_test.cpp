// In-place operations on the tape: leaves, views, bases of views, and saved tensors that were
// changed.

#include <cmath>

#include "autograd/testing.h"

namespace taper {
namespace {

TEST(InPlace, HistoryGoesThroughTheChange) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  y.mul_(3);
  y.add_(x);
  EXPECT_EQ(y.grad_fn()->name(), "AddBackward0");
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{7, 7}));
}

TEST(InPlace, OldInputIsKeptWhereTheDerivativeNeedsIt) {
  Tensor x = leaf({2, 3});
  Tensor w = leaf({5, 7});
  Tensor y = x * 1;
  y.mul_(w);  // d/dw is the old y
  y.sum().backward();
  EXPECT_EQ(values(w.grad()), (std::vector<double>{2, 3}));
  EXPECT_EQ(values(x.grad()), (std::vector<double>{5, 7}));
}

TEST(InPlace, LeavesAreRefused) {
  Tensor x = leaf({1, 2});
  EXPECT_ERROR(x.add_(1),
               "a leaf Variable that requires grad is being used in an in-place operation.");
  EXPECT_ERROR(
      x.view({2, 1}).add_(1),
      "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  EXPECT_EQ(values(x), (std::vector<double>{1, 2}));
  NoGradGuard guard;
  x.add_(1);
  x.view({2, 1}).add_(1);
  EXPECT_EQ(values(x), (std::vector<double>{3, 4}));
}

TEST(InPlace, APlainTensorComesOntoTheTape) {
  Tensor x = leaf({1, 2});
  Tensor out = zeros({2}, kFloat64);
  out.add_(x);
  EXPECT_TRUE(out.requires_grad());
  out.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{1, 1}));
}

TEST(InPlace, CopyIntoASelectedRow) {
  Tensor h = leaf({1, 2});
  Tensor out = zeros({3, 2}, kFloat64);
  out.select(0, 1).copy_(h);
  EXPECT_TRUE(out.requires_grad());
  EXPECT_EQ(out.grad_fn()->name(), "CopySlices");
  (out * tensor({{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}}, kFloat64)).sum().backward();
  EXPECT_EQ(values(h.grad()), (std::vector<double>{3, 4}));
}

TEST(InPlace, RowsWrittenInALoop) {
  Tensor w = leaf({2});
  Tensor out = zeros({4, 1}, kFloat64);
  Tensor h = ones({1}, kFloat64);
  for (int64_t t = 0; t < 4; ++t) {
    h = h * w;
    out[t] = h;  // w, w^2, w^3, w^4
  }
  out.sum().backward();
  EXPECT_EQ(values(w.grad()), (std::vector<double>{1 + 4 + 12 + 32}));
}

TEST(InPlace, AViewSeesTheChangeOfItsBase) {
  Tensor x = leaf({1, 2});
  Tensor base = x * 1;
  Tensor row = base.narrow(0, 1, 1);
  base.mul_(10);
  EXPECT_EQ(values(row), (std::vector<double>{20}));
  EXPECT_EQ(row.grad_fn()->name(), "AsStridedBackward0");
  row.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{0, 10}));
}

TEST(InPlace, AViewSeesTheChangeOfAnotherView) {
  Tensor x = leaf({1, 2, 3});
  Tensor base = x * 1;
  Tensor front = base.narrow(0, 0, 2);
  Tensor back = base.narrow(0, 1, 2);
  front.mul_(10);
  back.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{0, 10, 1}));
}

TEST(InPlace, ChainsOfViewsOfATransposedBase) {
  Tensor x = leaf({1, 2, 3, 4, 5, 6});
  Tensor base = x.view({2, 3}) * 1;
  base.t().select(0, 1).narrow(0, 0, 1).mul_(10);  // element [0, 1]
  EXPECT_EQ(values(base), (std::vector<double>{1, 20, 3, 4, 5, 6}));
  base.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{1, 10, 1, 1, 1, 1}));
}

TEST(InPlace, SecondDerivativesThroughAChangedView) {
  Tensor x = leaf({2, 3});
  Tensor base = x * x;
  base.narrow(0, 0, 1).mul_(x.narrow(0, 0, 1));  // [x0^3, x1^2]
  Tensor g = autograd::grad({base.sum()}, {x}, {}, std::nullopt, true)[0];
  EXPECT_EQ(values(g), (std::vector<double>{12, 6}));
  EXPECT_EQ(values(autograd::grad({g.sum()}, {x})[0]), (std::vector<double>{12, 2}));
}

TEST(InPlace, ViewsMadeWithoutGradientAndSeveralViewsAreRefused) {
  Tensor x = leaf({1, 2});
  Tensor base = x * 1;
  Tensor view;
  {
    NoGradGuard guard;
    view = base.narrow(0, 0, 1);
  }
  EXPECT_ERROR(view.mul_(x.narrow(0, 0, 1)),
               "A view was created in no_grad mode and is being modified inplace");
  std::vector<Tensor> parts = base.split(1);
  EXPECT_ERROR(parts[0].mul_(2),
               "is a view and is being modified inplace. This view is the output of a function "
               "that returns multiple views.");
}

TEST(InPlace, ExpandedTensorsAreRefused) {
  Tensor x = zeros({1, 2}, kFloat64);
  EXPECT_ERROR(x.expand({3, 2}).add_(1),
               "more than one element of the written-to tensor refers to a single memory location");
}

TEST(InPlace, AChangedSavedTensorIsNoticed) {
  Tensor x = leaf({1, 2});
  Tensor h = x * 1;
  Tensor y = h * h;
  h.add_(1);
  std::string message = message_of([&] { y.sum().backward(); });
  EXPECT_THAT(message, ::testing::HasSubstr("one of the variables needed for gradient computation "
                                            "has been modified by an inplace operation"));
  EXPECT_THAT(message, ::testing::HasSubstr("[CPUDoubleType [2]]"));
  EXPECT_THAT(message, ::testing::HasSubstr("is at version 1; expected version 0 instead"));
}

TEST(InPlace, AChangedSavedOutputIsNoticed) {
  Tensor x = leaf({1, 2});
  Tensor y = x.exp();
  y.add_(1);
  EXPECT_ERROR(y.sum().backward(),
               "which is output 0 of ExpBackward0, is at version 1; expected version 0 instead");
}

TEST(InPlace, AnOutputOfAnInPlaceOperationMayBeSaved) {
  Tensor x = leaf({0.5});
  Tensor y = x * 1;
  y.tanh_();
  y.sum().backward();
  EXPECT_NEAR(values(x.grad())[0], 1 - std::tanh(0.5) * std::tanh(0.5), 1e-15);
}

TEST(InPlace, ChangesThroughDetachCountAndThroughDataDoNot) {
  Tensor x = leaf({1, 2});
  Tensor h = x * 1;
  Tensor y = h * h;
  h.data().add_(1);
  EXPECT_NO_THROW(y.sum().backward());
  Tensor k = x * 1;
  Tensor z = k * k;
  k.detach().add_(1);
  EXPECT_ERROR(z.sum().backward(), "modified by an inplace operation");
}

TEST(InPlace, VersionsCountChanges) {
  Tensor x = zeros({2, 2});
  EXPECT_EQ(x._version(), 0);
  x.add_(1);
  x.select(0, 0).fill_(2);
  EXPECT_EQ(x._version(), 2);
  EXPECT_EQ(x.select(0, 1)._version(), 2);
  EXPECT_EQ(x.clone()._version(), 0);
}

TEST(InPlace, AFailedChangeLeavesEverythingAsItWas) {
  Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  EXPECT_ERROR(y.add_(ones({3}, kFloat64)), "must match the size of tensor b");
  EXPECT_ERROR(y.add_(ones({2, 2}, kFloat64)), "doesn't match the broadcast shape");
  EXPECT_EQ(values(y), (std::vector<double>{1, 2}));
  EXPECT_EQ(y._version(), 0);
  EXPECT_EQ(y.grad_fn()->name(), "MulBackward1");
  Tensor whole = ones({2}, kInt64);
  EXPECT_ERROR(whole.mul_(1.5), "result type Float can't be cast to the desired output type Long");
  EXPECT_ERROR(whole.exp_(), "can't be cast to the desired output type Long");
}

}  // namespace
}  // namespace taper
