// Hooks, retained gradients, user functions and gradcheck itself.

#include "taper/autograd/hooks.h"

#include <cmath>

#include "autograd/testing.h"
#include "taper/autograd/gtest.h"

namespace taper {
namespace {

TEST(Hooks, ObserveAndReplaceTheGradientOfAnInnerTensor) {
  Tensor x = leaf({1, 2});
  Tensor h = x * 2;
  std::vector<double> seen;
  h.register_hook([&](const Tensor& g) { seen = values(g); });
  h.register_hook([](const Tensor& g) { return g * 10; });
  (h * 3).sum().backward();
  EXPECT_EQ(seen, (std::vector<double>{3, 3}));
  EXPECT_EQ(values(x.grad()), (std::vector<double>{60, 60}));
}

TEST(Hooks, OfALeafRunOnceWithTheWholeGradient) {
  Tensor x = leaf({1});
  int calls = 0;
  unsigned position = x.register_hook([&](const Tensor& g) {
    ++calls;
    return -g;
  });
  (x * 2 + x * 3).sum().backward();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(values(x.grad()), (std::vector<double>{-5}));
  x.remove_hook(position);
  x.mutable_grad() = Tensor();
  (x * 2).sum().backward();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(values(x.grad()), (std::vector<double>{2}));
}

TEST(Hooks, Misuse) {
  Tensor plain = ones({1});
  EXPECT_ERROR(plain.register_hook([](const Tensor&) {}),
               "cannot register a hook on a variable that doesn't require gradient");
  Tensor x = leaf({1, 2});
  x.register_hook([](const Tensor& g) { return g.sum(); });
  EXPECT_ERROR((x * 2).sum().backward(), "has changed the size of value");
}

TEST(RetainGrad, KeepsTheGradientOfAnInnerTensor) {
  Tensor x = leaf({1, 2});
  Tensor h = x * 2;
  EXPECT_FALSE(h.retains_grad());
  h.retain_grad();
  EXPECT_TRUE(h.retains_grad());
  (h * h).sum().backward();
  EXPECT_EQ(values(h.grad()), (std::vector<double>{4, 8}));
  EXPECT_ERROR(ones({1}).retain_grad(), "can't retain_grad on Tensor that has requires_grad=False");
}

TEST(RetainGrad, ATensorThatDiesFirstIsForgotten) {
  Tensor x = leaf({1});
  Tensor y;
  {
    Tensor h = x * 2;
    h.retain_grad();
    y = h * 3;
  }
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{6}));
}

TEST(RetainGrad, StaysAfterAnInPlaceChange) {
  Tensor x = leaf({1});
  Tensor h = x * 2;
  h.retain_grad();
  h.mul_(3);
  (h * 5).sum().backward();
  EXPECT_EQ(values(h.grad()), (std::vector<double>{5}));
}

// --- User functions ---

struct Cube : autograd::Function<Cube> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, double scale) {
    ctx->save_for_backward({x});
    ctx->saved_data["scale"] = scale;
    return x * x * x * scale;
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                          autograd::variable_list grads) {
    Tensor x = ctx->get_saved_variables()[0];
    double scale = ctx->saved_data["scale"].toDouble();
    return {grads[0] * 3 * scale * x * x, Tensor()};
  }
};

TEST(Function, OfOnesOwn) {
  Tensor x = leaf({2, -1});
  EXPECT_GRADCHECK([](const Tensor& t) { return Cube::apply(t, 0.5); }, {x});
  EXPECT_GRADGRADCHECK([](const Tensor& t) { return Cube::apply(t, 0.5); }, {x});
  Tensor y = Cube::apply(x, 0.5);
  EXPECT_THAT(y.grad_fn()->name(), ::testing::HasSubstr("Cube"));
  y.sum().backward();
  EXPECT_ERROR(y.sum().backward(), "Trying to backward through the graph a second time");
  EXPECT_FALSE(Cube::apply(ones({1}), 1.0).requires_grad());
}

struct ExpAndSign : autograd::Function<ExpAndSign> {
  static autograd::variable_list forward(autograd::AutogradContext* ctx, Tensor x) {
    Tensor y = x.exp();
    Tensor s = x.sign();
    ctx->save_for_backward({y});  // an output
    ctx->mark_non_differentiable({s});
    return {y, s};
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                          autograd::variable_list grads) {
    EXPECT_EQ(grads.size(), 2U);
    return {grads[0] * ctx->get_saved_variables()[0]};
  }
};

TEST(Function, SavedOutputsAndOutputsWithoutGradient) {
  Tensor x = leaf({0.5, -1});
  std::vector<Tensor> out = ExpAndSign::apply(x);
  EXPECT_TRUE(out[0].requires_grad());
  EXPECT_FALSE(out[1].requires_grad());
  out[0].sum().backward();
  EXPECT_NEAR(values(x.grad())[0], std::exp(0.5), 1e-15);
  EXPECT_GRADGRADCHECK([](const Tensor& t) { return ExpAndSign::apply(t)[0]; }, {leaf({0.3, 0.7})});
  int64_t before = memory_stats().allocated_bytes;
  ExpAndSign::apply(x);  // never run backward: its saved output must not own itself
  EXPECT_EQ(memory_stats().allocated_bytes, before);
}

struct Doubled : autograd::Function<Doubled> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static autograd::variable_list backward(autograd::AutogradContext*,
                                          autograd::variable_list grads) {
    return {grads[0] * 2};
  }
};

TEST(Function, InPlace) {
  Tensor x = leaf({3});
  Tensor h = x * 1;
  Tensor y = Doubled::apply(h);
  EXPECT_TRUE(y.is_same(h));
  y.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{2}));
}

struct WrongCount : autograd::Function<WrongCount> {
  static Tensor forward(autograd::AutogradContext*, Tensor a, Tensor b) { return a + b; }
  static autograd::variable_list backward(autograd::AutogradContext*,
                                          autograd::variable_list grads) {
    return {grads[0]};
  }
};

TEST(Function, WrongNumberOfGradients) {
  Tensor x = leaf({1});
  EXPECT_ERROR(WrongCount::apply(x, x).backward(),
               "returned an incorrect number of gradients (expected 2, got 1)");
}

// --- gradcheck ---

// A derivative that is wrong in one element.
struct WrongDerivative : autograd::Function<WrongDerivative> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                          autograd::variable_list grads) {
    Tensor factor = ctx->get_saved_variables()[0] * 2;
    factor.index_put_({1, 2}, 77.0);
    return {grads[0] * factor};
  }
};

TEST(Gradcheck, SaysWhichElementIsWrong) {
  Tensor x = tensor({{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}}, dtype(kFloat64).requires_grad(true));
  auto f = [](const Tensor& t) { return WrongDerivative::apply(t); };
  std::string message = message_of([&] { autograd::gradcheck(f, {x}); });
  EXPECT_THAT(message, ::testing::HasSubstr(
                           "output 0 element [1, 2] with respect to input 0 element [1, 2]"));
  EXPECT_THAT(message, ::testing::HasSubstr("analytic 77, numeric 12"));
  autograd::GradcheckOptions quiet;
  quiet.raise_exception = false;
  EXPECT_FALSE(autograd::gradcheck(f, {x}, quiet));
}

TEST(Gradcheck, RefusesWhatItCannotCheck) {
  auto f = [](const Tensor& t) { return t * 2; };
  EXPECT_ERROR(autograd::gradcheck(f, {ones({2}, requires_grad())}), "expected inputs of float64");
  EXPECT_ERROR(autograd::gradcheck(f, {ones({2}, kFloat64)}),
               "at least one input tensor to require gradient");
  EXPECT_ERROR(autograd::gradcheck(f, {ones({1}, kFloat64).expand({3}).detach().requires_grad_()}),
               "stride 0");
}

TEST(Gradcheck, SeesASecondDerivativeThatIsWrong) {
  struct FirstOnly : autograd::Function<FirstOnly> {
    static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
      ctx->save_for_backward({x});
      return x * x;
    }
    static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                            autograd::variable_list grads) {
      return {grads[0] * ctx->get_saved_variables()[0].detach() * 2};
    }
  };
  auto f = [](const Tensor& t) { return FirstOnly::apply(t); };
  EXPECT_TRUE(autograd::gradcheck(f, {leaf({1, 2})}));
  EXPECT_THROW(autograd::gradgradcheck(f, {leaf({1, 2})}), Error);
}

TEST(Gradcheck, OfAModulesParameters) {
  nn::Linear layer(3, 2);
  layer->to(kFloat64);
  Tensor x = randn({4, 3}, kFloat64);
  EXPECT_GRADCHECK_PARAMETERS([&] { return layer(x).tanh(); }, layer);
  EXPECT_TRUE(autograd::gradgradcheck_parameters([&] { return layer(x).tanh(); }, layer));
}

TEST(Gradcheck, LeavesInputsAndRandomNumbersAlone) {
  Tensor x = leaf({1, 2});
  manual_seed(3);
  double expected = rand({1}).item<double>();
  manual_seed(3);
  EXPECT_TRUE(autograd::gradgradcheck([](const Tensor& t) { return t.exp(); }, {x}));
  EXPECT_EQ(rand({1}).item<double>(), expected);
  EXPECT_EQ(values(x), (std::vector<double>{1, 2}));
  EXPECT_FALSE(x.grad().defined());
}

}  // namespace
}  // namespace taper
