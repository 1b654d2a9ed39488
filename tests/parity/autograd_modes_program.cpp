// Grad mode: nested, unwound by exceptions, per thread. Backward within backward, forward within
// backward and backward within forward, thousands deep; backward from several threads.
#include <future>
#include <stdexcept>
#include <thread>

#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::AutogradContext;
using torch::autograd::backward;
using torch::autograd::Function;
using torch::autograd::grad;
namespace {

std::string mode() { return torch::GradMode::is_enabled() ? "on" : "off"; }

// Its backward runs a backward of its own, `depth` deep.
struct Deep : Function<Deep> {
  static Tensor forward(AutogradContext* ctx, Tensor x, int64_t depth) {
    ctx->saved_data["depth"] = depth;
    return x.clone();
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth > 0) {
      torch::AutoGradMode on(true);
      const Tensor x = torch::ones({2}, torch::kFloat64).requires_grad_();
      Deep::apply(x, depth - 1).sum().backward();
      return {g[0] * x.grad() + 1, Tensor()};
    }
    return {g[0], Tensor()};
  }
};

// The gradient of a checkpointed function: its forward is run again in backward.
struct Again : Function<Again> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x.sin() * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    torch::AutoGradMode on(true);
    const Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
    return {grad({x.sin() * x}, {x}, {g[0]})[0]};
  }
};

// Its forward runs a backward.
struct Inside : Function<Inside> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    torch::AutoGradMode on(true);
    const Tensor own = x.detach().requires_grad_();
    Tensor g = grad({(own * own * own).sum()}, {own})[0];
    ctx->save_for_backward({x});
    return g;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * 6 * ctx->get_saved_variables()[0]};
  }
};

// A hook whose backward has a hook, and so on.
void hooked(const Tensor& x, int64_t depth, int64_t& reached) {
  x.register_hook([depth, &reached](Tensor) {
    ++reached;
    if (depth == 0) return;
    torch::AutoGradMode on(true);
    const Tensor y = torch::ones({2}, torch::kFloat64).requires_grad_();
    hooked(y, depth - 1, reached);
    (y * 2).sum().backward();
  });
}

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_grad_modes) {
  using namespace parity::autograd_cases;
  BLOCK(
      "nested", std::string said = mode(); {
        torch::NoGradGuard a;
        said += mode();
        {
          torch::NoGradGuard b;
          said += mode();
        }
        said += mode();
        {
          torch::AutoGradMode c(true);
          said += mode();
          {
            torch::AutoGradMode d(false);
            said += mode();
          }
          said += mode();
          {
            torch::NoGradGuard e;
            said += mode();
          }
          said += mode();
        }
        said += mode();
      } return said + mode(););
  BLOCK(
      "set by hand", std::string said; {
        torch::NoGradGuard a;
        torch::GradMode::set_enabled(true);
        said += mode();
      } said += mode();
      torch::GradMode::set_enabled(false); said += mode(); {
        torch::AutoGradMode on(true);
        said += mode();
      } said += mode();
      torch::GradMode::set_enabled(true); return said;);
  BLOCK(
      "exceptions", std::string said; try {
        torch::NoGradGuard a;
        try {
          torch::AutoGradMode on(true);
          said += mode();
          throw std::runtime_error("x");
        } catch (const std::runtime_error&) {
          said += mode();
          throw;
        }
      } catch (const std::runtime_error&) { said += mode(); } return said;);
  BLOCK(
      "errors of operations", std::string said; try {
        torch::NoGradGuard a;
        numbers({2}).mm(numbers({2}));
      } catch (const c10::Error&) { said += mode(); } return said;);
  BLOCK(
      "errors of backward", Tensor x = leaf({2}); std::string said; try {
        torch::NoGradGuard a;
        (x * 2).backward();
      } catch (const c10::Error&) { said += mode(); } return said;);
  BLOCK(
      "what is recorded", Tensor x = leaf({2}); Tensor a, b, c; {
        torch::NoGradGuard guard;
        a = x * 2;
        {
          torch::AutoGradMode on(true);
          b = x * 2;
          c = a * x;
        }
      } return say(state(a), state(b), state(c)););
  BLOCK("leaves under no_grad", torch::NoGradGuard guard; Tensor x = leaf({2}); Tensor y = x * 2;
        return say(state(x), state(y)););
  BLOCK(
      "a leaf made under no_grad", Tensor x; {
        torch::NoGradGuard guard;
        x = leaf({2});
      }(x * x)
                                                 .sum()
                                                 .backward();
      return say(x.grad()););
  BLOCK(
      "requires_grad_ on a result of no_grad", Tensor x = leaf({2}); Tensor y; {
        torch::NoGradGuard guard;
        y = x * 2;
      } y.requires_grad_();
      (y * y).sum().backward(); return say(x.grad(), y.grad()););
  BLOCK("another thread's mode", std::string said; torch::NoGradGuard guard;
        std::thread([&] {
          said = mode();
          torch::GradMode::set_enabled(false);
        }).join();
        return said + mode(););
  BLOCK("a thread's guard", std::string said; std::thread([&] {
                                                torch::NoGradGuard guard;
                                                said = mode();
                                              }).join();
        return said + mode(););
  BLOCK("threads at once", Tensor x = leaf({3}); std::promise<void> entered, left; std::string said;
        std::thread other([&] {
          torch::NoGradGuard guard;
          entered.set_value();
          left.get_future().wait();
          said = mode() + say(state(x * 2));
        });
        entered.get_future().wait(); std::string mine = mode() + say(state(x * 2));
        left.set_value(); other.join(); return say(mine, said););
  BLOCK("detached in a thread", Tensor x = leaf({3}); Tensor y;
        std::thread([&] { y = x * x; }).join(); y.sum().backward();
        return say(state(y), x.grad()););
  BLOCK(
      "mode in backward from no_grad", Tensor x = leaf({2}); std::string said;
      x.register_hook([&](Tensor) { said += mode(); }); Tensor y = (x * x).sum(); {
        torch::NoGradGuard guard;
        y.backward({}, true);
        y.backward({}, true, true);
      } y.backward({}, true);
      let_go(x); return said + mode(););
}

PARITY_PROGRAM(autograd_reentrant) {
  using namespace parity::autograd_cases;
  BLOCK("forward again", Tensor x = leaf({3}); Again::apply(x * 2).sum().backward();
        return say(torch::allclose(x.grad(), 2 * ((2 * x).sin() + 2 * x * (2 * x).cos()))););
  BLOCK("forward again of itself", Tensor x = numbers({3}, 0).mul(0.0).requires_grad_();
        Again::apply(Again::apply(x) + 1).sum().backward(); return say(x.grad()););
  BLOCK("backward in forward", Tensor x = leaf({3}); Tensor y = Inside::apply(x);
        y.sum().backward(); return say(y, x.grad()););
  BLOCK("backward in a hook", Tensor x = leaf({3}), w = leaf({3}, 5);
        x.register_hook([&](Tensor g) {
          torch::AutoGradMode on(true);
          (w * w).sum().backward();
          return g * 2;
        });
        (x * x).sum().backward(); return say(x.grad(), w.grad()););
  BLOCK("grad of the same graph in a hook", Tensor x = leaf({3}); Tensor y = x * x;
        Tensor z = y.sum(); std::vector<Tensor> seen; y.register_hook([&](Tensor) {
          if (seen.empty()) {
            seen.emplace_back();
            seen[0] = grad({z}, {x}, {}, true)[0];
          }
        });
        z.backward({}, true); return say(seen, x.grad()););
  BLOCK("backward of the same leaf in a hook", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([&](Tensor) {
          torch::AutoGradMode on(true);
          (x * 10).sum().backward();
        });
        y.sum().backward(); return say(x.grad()););
  BLOCK("another graph kept outside", Tensor x = leaf({3}), w = leaf({3}, 5);
        Tensor v = (w * w * x).sum(); Tensor y = x * 2;
        y.register_hook([&](Tensor) { v.backward(); }); y.sum().backward();
        return say(x.grad(), w.grad()););
  BLOCK("an error inside", Tensor x = leaf({3}); x.register_hook([&](Tensor) {
    torch::AutoGradMode on(true);
    Tensor y = leaf({2});
    (y * 2).backward();
  });
        x.sum().backward(); return say(x.grad()););
  BLOCK("after an error inside", Tensor x = leaf({3}); unsigned id = x.register_hook([&](Tensor) {
    torch::AutoGradMode on(true);
    Tensor y = leaf({2});
    (y * 2).backward();
  });
        std::string t = attempt([&] { x.sum().backward(); }); x.remove_hook(id); x.sum().backward();
        return say(t, mode(), x.grad()););
  for (int64_t depth : {1, 2, 50, 70, 500, 3000}) {
    BLOCK("a function, deep " + std::to_string(depth), Tensor x = leaf({2});
          Deep::apply(x, depth).sum().backward(); return say(x.grad()););
  }
  for (int64_t depth : {1, 70, 3000}) {
    BLOCK("hooks, deep " + std::to_string(depth), Tensor x = leaf({2}); int64_t reached = 0;
          hooked(x, depth, reached); (x * 3).sum().backward(); return say(x.grad(), reached););
  }
  BLOCK("a long chain", Tensor x = leaf({2}); Tensor y = x;
        for (int i = 0; i < 20000; ++i) y = y + 1; y.sum().backward(); return say(x.grad()););
  BLOCK("a long chain of functions", Tensor x = leaf({2}); Tensor y = x;
        for (int i = 0; i < 2000; ++i) y = Deep::apply(y, 0); y.sum().backward();
        return say(x.grad()););
}

PARITY_PROGRAM(autograd_threads) {
  using namespace parity::autograd_cases;
  const auto in_threads = [](int count, const std::function<void(int)>& run) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back(run, i);
    for (std::thread& thread : threads) thread.join();
  };
  BLOCK("graphs of their own, one leaf", Tensor w = leaf({5});
        in_threads(4,
                   [&](int i) {
                     for (int k = 0; k < 20; ++k) (w * (i + 1) * w).sum().backward();
                   });
        return say(w.grad()););
  BLOCK("one leaf with hooks", Tensor w = leaf({5});
        w.register_hook([](Tensor g) { return g * 2; });
        in_threads(4,
                   [&](int i) {
                     for (int k = 0; k < 20; ++k) (w * (i + 1)).sum().backward();
                   });
        return say(w.grad()););
  BLOCK("one shared graph, kept", Tensor w = leaf({5}); Tensor y = (w * w * w).sum();
        in_threads(4,
                   [&](int) {
                     for (int k = 0; k < 10; ++k) y.backward({}, true);
                   });
        return say(w.grad()););
  BLOCK("a shared trunk", Tensor w = leaf({5}); Tensor trunk = w * w;
        in_threads(4, [&](int i) { (trunk * (i + 1)).sum().backward({}, true); });
        return say(w.grad()););
  BLOCK("grad of a shared trunk", Tensor w = leaf({5}); Tensor trunk = w * w;
        std::vector<Tensor> g(4);
        in_threads(4,
                   [&](int i) {
                     g[static_cast<size_t>(i)] = grad({(trunk * (i + 1)).sum()}, {w}, {}, true)[0];
                   });
        return say(g, w.grad()););
  BLOCK("retained gradients", Tensor w = leaf({5}); Tensor trunk = w * 2; trunk.retain_grad();
        for (int i = 0; i < 3; ++i) std::thread([&] {
          (trunk * trunk).sum().backward({}, true);
        }).join();
        return say(trunk.grad(), w.grad()););
  BLOCK("a forward there, a backward here", Tensor w = leaf({5}); std::vector<Tensor> y(4);
        in_threads(4, [&](int i) { y[static_cast<size_t>(i)] = (w * w * i).sum(); }); backward(y);
        return say(w.grad()););
  BLOCK(
      "a layer", torch::manual_seed(3); torch::nn::Linear layer(3, 2); layer->to(torch::kFloat64); {
        torch::NoGradGuard guard;
        layer->weight.copy_(numbers({2, 3}));
        layer->bias.zero_();
      } in_threads(4,
                   [&](int i) {
                     for (int k = 0; k < 10; ++k) layer(numbers({4, 3}, i)).sum().backward();
                   });
      return say(layer->weight.grad(), layer->bias.grad()););
  BLOCK("errors stay where they are", Tensor w = leaf({5}); std::vector<std::string> said(4);
        in_threads(4,
                   [&](int i) {
                     said[static_cast<size_t>(i)] = attempt([&] {
                       if (i % 2 == 0)
                         (w * 2).backward();
                       else
                         (w * 2).sum().backward();
                     });
                   });
        return say(said, w.grad()););
  BLOCK("second order", Tensor w = leaf({5}); std::vector<Tensor> g(4);
        in_threads(4,
                   [&](int i) {
                     Tensor first = grad({(w * w * w).sum()}, {w}, {}, {}, true)[0];
                     g[static_cast<size_t>(i)] = grad({(first * i).sum()}, {w})[0];
                   });
        return say(g););
}
