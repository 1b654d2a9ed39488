// Backward passes inside backward passes.

#include "autograd/testing.h"
#include "taper/autograd/function.h"

namespace taper {
namespace {

// Its backward runs a backward through another of its kind, `levels` deep.
struct Nested : autograd::Function<Nested> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, int64_t levels) {
    ctx->saved_data["levels"] = levels;
    ctx->save_for_backward({x});
    return x.clone();
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                          autograd::variable_list grads) {
    const int64_t levels = ctx->saved_data["levels"].toInt();
    if (levels == 0) {
      TAPER_CHECK(ctx->get_saved_variables()[0].item<double>() >= 0, "a negative input");
      return {grads[0] * 2, Tensor()};
    }
    const AutoGradMode on(true);
    const Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
    const Tensor y = apply(x, levels - 1);
    y.backward(grads[0]);
    return {x.grad() + 1, Tensor()};
  }
};

TEST(Reentrant, ThousandsOfLevels) {
  const Tensor x = leaf({1});
  Nested::apply(x, int64_t{3000}).backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{3002}));
}

TEST(Reentrant, AnErrorComesThroughAllLevels) {
  const Tensor x = leaf({-1});
  EXPECT_ERROR(Nested::apply(x, int64_t{200}).backward(), "a negative input");
  EXPECT_TRUE(GradMode::is_enabled());
}

TEST(Reentrant, ModesBelongToTheirLevel) {
  const Tensor x = leaf({3});
  std::vector<bool> seen;
  const Tensor y = x * x;
  y.register_hook([&](const Tensor&) {
    seen.push_back(GradMode::is_enabled());
    const AutoGradMode on(true);
    const Tensor z = leaf({2});
    const Tensor g = autograd::grad({z.pow(3)}, {z}, {}, true, true)[0];
    g.backward();
    EXPECT_EQ(values(z.grad()), (std::vector<double>{12}));
  });
  y.backward();
  EXPECT_EQ(seen, (std::vector<bool>{false}));
  EXPECT_EQ(values(x.grad()), (std::vector<double>{6}));
}

}  // namespace
}  // namespace taper
