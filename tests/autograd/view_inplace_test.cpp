// squeeze_, unsqueeze_, transpose_, t_: the sizes of a tensor changed under the tape.

#include "testing.h"

namespace taper {
namespace {

Tensor grid() { return arange(6, kFloat64).reshape({2, 3}).clone(); }

TEST(ViewInPlace, ChangesEveryHandle) {
  Tensor x = grid();
  const Tensor other = x;
  EXPECT_TRUE(x.t_().is_same(other));
  EXPECT_EQ(other.sizes(), IntArrayRef({3, 2}));
  EXPECT_EQ(values(other), (std::vector<double>{0, 3, 1, 4, 2, 5}));
  x.unsqueeze_(0).transpose_(0, 2);
  EXPECT_EQ(x.sizes(), IntArrayRef({2, 3, 1}));
  EXPECT_EQ(x._version(), 3);
  EXPECT_EQ(x.squeeze_(-1).sizes(), IntArrayRef({2, 3}));
  EXPECT_EQ(x.unsqueeze_(1).swapaxes_(0, 1).squeeze_().sizes(), IntArrayRef({2, 3}));
  EXPECT_EQ(x.swapdims_(0, 1).sizes(), IntArrayRef({3, 2}));
}

TEST(ViewInPlace, RecordsOnTheTape) {
  const Tensor x = grid().requires_grad_();
  const Tensor weights = arange(6, kFloat64);
  const auto check = [&](const char* name, auto change) {
    Tensor y = x * 2;
    change(y);
    EXPECT_EQ(y.grad_fn()->name(), name);
    const Tensor g = autograd::grad({(y.reshape({-1}) * weights).sum()}, {x})[0];
    const bool turned = y.sizes() == IntArrayRef({3, 2});
    const Tensor placed = turned ? weights.view({3, 2}).t() : weights.view({2, 3});
    EXPECT_TRUE(equal(g, placed * 2)) << name;
  };
  check("TBackward1", [](Tensor& y) { y.t_(); });
  check("TransposeBackward1", [](Tensor& y) { y.transpose_(0, 1); });
  check("UnsqueezeBackward1", [](Tensor& y) { y.unsqueeze_(1); });
  check("SqueezeBackward2", [](Tensor& y) { y.unsqueeze_(1).squeeze_(); });
  check("SqueezeBackward3", [](Tensor& y) { y.unsqueeze_(1).squeeze_(1); });
}

TEST(ViewInPlace, OfAViewLeavesItsBase) {
  const Tensor x = grid().requires_grad_();
  Tensor base = x * 2;
  Tensor view = base.slice(1, 0, 2);
  view.t_();
  EXPECT_EQ(base.sizes(), IntArrayRef({2, 3}));
  view.mul_(tensor({{3., 5.}, {7., 9.}}, kFloat64));
  EXPECT_EQ(values(base), (std::vector<double>{0, 14, 4, 30, 72, 10}));
  base.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{6, 14, 2, 10, 18, 2}));
}

TEST(ViewInPlace, Refuses) {
  Tensor x = grid().requires_grad_();
  EXPECT_ERROR(x.t_(), "a leaf Variable that requires grad is being used in an in-place operation");
  EXPECT_ERROR(x.select(0, 0).unsqueeze_(0), "a view of a leaf Variable that requires grad");
  EXPECT_ERROR((x * 2).unbind()[0].unsqueeze_(0), "of a function that returns multiple views");
  EXPECT_ERROR(ones({1, 1, 1}).t_(), "t_() expects a tensor with <= 2 dimensions, but self is 3D");
  EXPECT_ERROR(grid().transpose_(0, 2), "Dimension out of range");
  // Whoever kept the tensor for its backward kept its shape too.
  Tensor y = x.exp();
  y.t_();
  EXPECT_ERROR(y.sum().backward(), "modified by an inplace operation");
  {
    NoGradGuard guard;
    x.t_();
  }
  EXPECT_EQ(x.sizes(), IntArrayRef({3, 2}));
  EXPECT_TRUE(x.is_leaf());
  // Elements that share memory are not written here.
  EXPECT_EQ(ones({3}).expand({2, 3}).t_().sizes(), IntArrayRef({3, 2}));
}

// As an optimizer does with a parameter that was cut from a longer tensor.
TEST(ViewInPlace, AViewThatIsALeafStaysOneWhenItIsChangedOffTheTape) {
  const Tensor w = zeros({4}, kFloat64).slice(0, 0, 2).requires_grad_();
  {
    const NoGradGuard no_grad;
    w.add_(3);
  }
  EXPECT_TRUE(w.is_leaf());
  (w * w).sum().backward();
  EXPECT_EQ(values(w.grad()), (std::vector<double>{6, 6}));
}

}  // namespace
}  // namespace taper
