// gradcheck's fast mode.

#include <chrono>

#include "autograd/testing.h"
#include "taper/autograd/gtest.h"
#include "taper/autograd/testing.h"

namespace taper {
namespace {

using autograd::AutogradContext;
using autograd::GradcheckOptions;
using autograd::variable_list;
using ::testing::HasSubstr;

GradcheckOptions fast() {
  GradcheckOptions options;
  options.fast_mode = true;
  return options;
}

// x^2, whose derivative 2 x is multiplied with `factor`.
struct Square : autograd::Function<Square> {
  static Tensor forward(AutogradContext* ctx, Tensor x, Tensor factor) {
    ctx->save_for_backward({x, factor});
    return x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    variable_list saved = ctx->get_saved_variables();
    return {grads[0] * 2 * saved[0] * saved[1], Tensor()};
  }
};

TEST(GradcheckFast, PassesWhatIsRight) {
  Tensor x = randn({3, 4}, dtype(kFloat64).requires_grad(true));
  Tensor y = randn({4, 2}, dtype(kFloat64).requires_grad(true));
  auto f = [](const variable_list& in) {
    return variable_list{in[0].mm(in[1]).tanh(), in[0].exp().sum(), in[1].argmax(0)};
  };
  EXPECT_GRADCHECK(f, (variable_list{x, y}), fast());
  EXPECT_GRADGRADCHECK(f, (variable_list{x, y}), fast());
  // Elements that are not neighbours, and none.
  EXPECT_GRADCHECK([](const Tensor& t) { return t.sin(); }, {x.detach().t().requires_grad_()},
                   fast());
  EXPECT_GRADCHECK([](const Tensor& t) { return t.narrow(0, 0, 0); }, {x}, fast());
}

TEST(GradcheckFast, NamesAnElementThatIsWrong) {
  Tensor x = randn({30, 40}, dtype(kFloat64).requires_grad(true));
  Tensor factor = ones({30, 40}, kFloat64);
  factor.index_put_({7, 11}, 50.0);
  x.data().index_put_({7, 11}, 3.0);
  auto f = [&](const Tensor& t) { return Square::apply(t, factor); };
  std::string message = message_of([&] { autograd::gradcheck(f, {x}, fast()); });
  EXPECT_THAT(message, HasSubstr("output 0 with respect to input 0, projected on random directions "
                                 "(fast mode): analytic "));
  EXPECT_THAT(message,
              HasSubstr("output 0 element [7, 11] with respect to input 0 element [7, 11]: "
                        "analytic 300, numeric 6"));
  EXPECT_THAT(message, HasSubstr("fast_mode = false compares all of them"));
}

TEST(GradcheckFast, FindsTheFlippedGradientOfAnOperation) {
  Tensor a = randn({3, 4}, dtype(kFloat64).requires_grad(true));
  Tensor b = randn({4, 2}, dtype(kFloat64).requires_grad(true));
  auto f = [](const variable_list& in) { return in[0].mm(in[1]).tanh(); };
  const autograd::testing::FlippedGradient flipped("MmBackward0", 1);
  EXPECT_ERROR(autograd::gradcheck(f, {a, b}, fast()), "with respect to input 1");
}

TEST(GradcheckFast, SeesASecondDerivativeThatIsWrong) {
  Tensor x = randn({3, 4}, dtype(kFloat64).requires_grad(true));
  auto f = [](const Tensor& t) { return Square::apply(t, t.detach() / t.detach()) + t.exp(); };
  EXPECT_GRADGRADCHECK(f, {x}, fast());
  auto cut = [](const Tensor& t) { return t * t.detach() + t.detach() * t; };
  EXPECT_ERROR(autograd::gradcheck(cut, {x}, fast()), "analytic");
  const autograd::testing::FlippedGradient flipped("ExpBackward0", 0);
  EXPECT_ERROR(autograd::gradgradcheck(f, {x}, {}, fast()), "analytic");
}

TEST(GradcheckFast, SaysWhereElementsAreCloseEnough) {
  GradcheckOptions options = fast();
  options.atol = 0;
  Tensor x = ones({6}, dtype(kFloat64).requires_grad(true));
  // Each element is within rtol, but the errors have other signs than the derivatives, so that some
  // patterns add up where these cancel.
  size_t hints = 0;
  for (int pattern = 0; pattern < 64; ++pattern) {
    std::vector<double> factors;
    for (int i = 0; i < 6; ++i) factors.push_back((pattern >> i & 1) != 0 ? 1.0009 : 0.9991);
    auto f = [&](const Tensor& t) { return Square::apply(t, tensor(factors, kFloat64)).sum(); };
    std::string message = message_of([&] { autograd::gradcheck(f, {x}, options); });
    if (message.find("Fast gradcheck failed but element-wise differences are small.") !=
        std::string::npos)
      ++hints;
    GradcheckOptions slow = options;
    slow.fast_mode = false;
    EXPECT_GRADCHECK(f, {x}, slow);
  }
  EXPECT_GT(hints, 0U);
}

TEST(GradcheckFast, SeesABackwardThatIsNotReentrant) {
  struct Drifting : autograd::Function<Drifting> {
    static Tensor forward(AutogradContext*, Tensor x) { return x * 2; }
    static variable_list backward(AutogradContext*, variable_list grads) {
      static double factor = 2;
      return {grads[0] * (factor += 1e-6)};
    }
  };
  EXPECT_ERROR(autograd::gradcheck([](const Tensor& t) { return Drifting::apply(t); },
                                   {leaf({1, 2})}, fast()),
               "Backward is not reentrant");
}

TEST(GradcheckFast, LeavesInputsAndRandomNumbersAlone) {
  Tensor x = leaf({1, 2, 0.1});
  manual_seed(3);
  double expected = rand({1}).item<double>();
  manual_seed(3);
  EXPECT_GRADGRADCHECK([](const Tensor& t) { return t.exp(); }, {x}, fast());
  EXPECT_EQ(rand({1}).item<double>(), expected);
  EXPECT_EQ(values(x), (std::vector<double>{1, 2, 0.1}));
  EXPECT_FALSE(x.grad().defined());
}

// 100,610 parameters: element by element, these would be 200,000 runs of the network.
TEST(GradcheckFast, ChecksABigModule) {
  nn::Sequential net(nn::Linear(100, 300), nn::Tanh(), nn::Linear(300, 230), nn::Sigmoid(),
                     nn::Linear(230, 5));
  net->to(kFloat64);
  Tensor x = randn({8, 100}, kFloat64);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_GRADCHECK_PARAMETERS([&] { return net->forward(x); }, net, fast());
  EXPECT_TRUE(autograd::gradgradcheck_parameters([&] { return net->forward(x); }, net, fast()));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  // A second even unoptimized; the bound leaves room for a loaded machine.
  EXPECT_LT(took.count(), 30);
  const autograd::testing::FlippedGradient flipped("AddmmBackward0", 2);
  const autograd::GradcheckResult wrong =
      autograd::check_module_gradients([&] { return net->forward(x); }, net, fast());
  EXPECT_FALSE(wrong);
  EXPECT_THAT(wrong.message, HasSubstr("0.weight"));
}

}  // namespace
}  // namespace taper
