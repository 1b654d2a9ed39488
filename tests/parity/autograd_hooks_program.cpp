// Hooks that replace or observe gradients, and retain_grad.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::backward;
using torch::autograd::grad;
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_hooks) {
  using namespace parity::autograd_cases;
  // One hook
  BLOCK("observes", Tensor x = leaf({3}); Tensor seen; x.register_hook([&](Tensor g) { seen = g; });
        (x * x).sum().backward(); return say(seen, x.grad()););
  BLOCK("replaces", Tensor x = leaf({3}); x.register_hook([](Tensor g) { return g * 10; });
        (x * x).sum().backward(); return say(x.grad()););
  BLOCK("returns undefined", Tensor x = leaf({3}); x.register_hook([](Tensor) { return Tensor(); });
        (x * x).sum().backward(); return say(x.grad()););
  BLOCK("takes a reference", Tensor x = leaf({3});
        x.register_hook([](const Tensor& g) { return g * 10; }); x.sum().backward();
        return say(x.grad()););
  BLOCK("once for all uses", Tensor x = leaf({3}); int calls = 0;
        x.register_hook([&](Tensor) { ++calls; }); (x * x + x).sum().backward();
        return say(calls););
  BLOCK("each backward", Tensor x = leaf({3}); int calls = 0;
        x.register_hook([&](Tensor) { ++calls; }); for (int i = 0; i < 3; ++i) x.sum().backward();
        return say(calls, x.grad()););
  BLOCK("sees what arrives, not what is there", Tensor x = leaf({3}); x.sum().backward();
        Tensor seen; x.register_hook([&](Tensor g) { seen = g; }); (x * 2).sum().backward();
        return say(seen, x.grad()););
  BLOCK("inner", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { return g * 10; }); (y * y).sum().backward();
        return say(x.grad()););
  BLOCK("inner observes once", Tensor x = leaf({3}); Tensor y = x * 2; std::string said;
        y.register_hook([&](Tensor g) { said += say(g); }); (y * y + y).sum().backward();
        return said;);
  BLOCK("root", Tensor x = leaf({3}); Tensor y = x.sum();
        y.register_hook([](Tensor g) { return g * 10; }); y.backward(); return say(x.grad()););
  BLOCK("leaf that is the root", Tensor x = leaf({});
        x.register_hook([](Tensor g) { return g * 10; }); x.backward(); return say(x.grad()););
  BLOCK("with grad", Tensor x = leaf({3}); x.register_hook([](Tensor g) { return g * 10; });
        return say(grad({(x * x).sum()}, {x})););
  BLOCK("inner with grad", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { return g * 10; });
        return say(grad({(y * y).sum()}, {y, x})););
  BLOCK("of an output with grad", Tensor x = leaf({}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { return g * 10; }); return say(grad({y}, {y, x})););
  BLOCK("not on the way of grad", Tensor x = leaf({3}), w = leaf({3}); int calls = 0;
        w.register_hook([&](Tensor) { ++calls; }); grad({(x * w).sum()}, {x}); return say(calls););
  BLOCK("not reached", Tensor x = leaf({4}); auto p = x.split(2); int calls = 0;
        p[1].register_hook([&](Tensor) { ++calls; }); p[0].sum().backward(); return say(calls););
  BLOCK("on one of several outputs", Tensor x = leaf({4}); auto p = x.split(2);
        p[1].register_hook([](Tensor g) { return g * 10; }); (p[0] * p[1]).sum().backward();
        return say(x.grad()););
  BLOCK("on a view", Tensor x = leaf({4}); Tensor y = x * 1; Tensor v = y.view({2, 2});
        v.register_hook([](Tensor g) { return g * 10; }); (v * v).sum().backward();
        return say(x.grad()););
  BLOCK("on a view that is not used", Tensor x = leaf({4}); Tensor y = x * 1;
        Tensor v = y.view({2, 2}); int calls = 0; v.register_hook([&](Tensor) { ++calls; });
        (y * y).sum().backward(); return say(x.grad(), calls););
  BLOCK("on a view of a leaf", Tensor x = leaf({4}); Tensor v = x.view({2, 2});
        v.register_hook([](Tensor g) { return g * 10; }); (v * v).sum().backward();
        return say(x.grad()););
  BLOCK("on a detached one", Tensor x = leaf({3});
        x.detach().register_hook([](Tensor g) { return g; }); return "passes";);
  BLOCK("on a constant", numbers({3}).register_hook([](Tensor g) { return g; }); return "passes";);
  BLOCK("on an undefined one", Tensor().register_hook([](Tensor g) { return g; });
        return "passes";);
  BLOCK(
      "under no_grad", Tensor x = leaf({3}); {
        torch::NoGradGuard guard;
        x.register_hook([](Tensor g) { return g * 10; });
      } x.sum()
                                                 .backward();
      return say(x.grad()););
  BLOCK("another shape", Tensor x = leaf({3}); x.register_hook([](Tensor) { return numbers({2}); });
        x.sum().backward(); return say(x.grad()););
  BLOCK("a broadcast shape", Tensor x = leaf({3});
        x.register_hook([](Tensor) { return numbers({1}); }); x.sum().backward();
        return say(x.grad()););
  BLOCK("another dtype", Tensor x = leaf({3});
        x.register_hook([](Tensor g) { return g.to(torch::kFloat32); }); x.sum().backward();
        return say(x.grad()););
  BLOCK("throws", Tensor x = leaf({3});
        x.register_hook([](Tensor) -> Tensor { throw std::runtime_error("no such hook"); });
        x.sum().backward(); return say(x.grad()););
  BLOCK("after it threw", Tensor x = leaf({3}), y = leaf({3}); bool throws = true;
        y.register_hook([&](Tensor) {
          if (throws) throw std::runtime_error("no such hook");
        });
        std::string t = attempt([&] { (x * y).sum().backward(); }); throws = false;
        (x * y).sum().backward(); return say(t, torch::GradMode::is_enabled(), y.grad()););
  BLOCK("changes the gradient in place", Tensor x = leaf({3});
        x.register_hook([](Tensor g) { g.mul_(10); }); (x * x).sum().backward();
        return say(x.grad()););
  BLOCK("changes an inner gradient in place", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { g.mul_(10); }); (y * y).sum().backward();
        return say(x.grad()););
  BLOCK("keeps the gradient", Tensor x = leaf({3}); Tensor kept;
        x.register_hook([&](Tensor g) { kept = g; }); (x * x).sum().backward(); x.grad().zero_();
        return say(kept, x.grad()););
  BLOCK("its own mode", Tensor x = leaf({3}); std::string said; x.register_hook(
      [&](Tensor g) { said += say(torch::GradMode::is_enabled(), g.requires_grad()) + " "; });
        (x * x).sum().backward({}, true); (x * x).sum().backward({}, {}, true); let_go(x);
        return said;);
  BLOCK("result that requires grad", Tensor x = leaf({3}), w = leaf({3}, 5);
        x.register_hook([&](Tensor g) {
          torch::AutoGradMode on(true);
          return g * w;
        });
        x.sum().backward(); Tensor g = x.grad(); return say(g););

  // Several
  BLOCK("order", Tensor x = leaf({3}); x.register_hook([](Tensor g) { return g + 1; });
        x.register_hook([](Tensor g) { return g * 10; }); x.sum().backward();
        return say(x.grad()););
  BLOCK(
      "numbers", Tensor x = leaf({3}); auto h = [](Tensor g) { return g; };
      unsigned a = x.register_hook(h), b = x.register_hook(h); x.remove_hook(a);
      unsigned c = x.register_hook(h); return say(a, b, c););
  BLOCK("removed", Tensor x = leaf({3});
        unsigned a = x.register_hook([](Tensor g) { return g + 1; });
        x.register_hook([](Tensor g) { return g * 10; }); x.remove_hook(a); x.sum().backward();
        return say(x.grad()););
  BLOCK("removed inner", Tensor x = leaf({3}); Tensor y = x * 2;
        unsigned a = y.register_hook([](Tensor g) { return g + 1; });
        y.register_hook([](Tensor g) { return g * 10; }); Tensor z = y.sum(); y.remove_hook(a);
        z.backward(); return say(x.grad()););
  BLOCK("removed twice", Tensor x = leaf({3});
        unsigned a = x.register_hook([](Tensor g) { return g + 1; }); x.remove_hook(a);
        x.remove_hook(a); x.sum().backward(); return say(x.grad()););
  BLOCK("removed what is not there", Tensor x = leaf({3});
        x.register_hook([](Tensor g) { return g; }); x.remove_hook(3); return "passes";);
  BLOCK("removed from none", Tensor x = leaf({3}); x.remove_hook(0); return "passes";);
  BLOCK("removed from a constant", Tensor x = numbers({3}); x.remove_hook(0); return "passes";);
  BLOCK("removes itself", Tensor x = leaf({3}); int calls = 0; unsigned id = 0;
        id = x.register_hook([&](Tensor) {
          ++calls;
          x.remove_hook(id);
        });
        for (int i = 0; i < 3; ++i) x.sum().backward(); return say(calls, x.grad()););
  BLOCK("removes the next", Tensor x = leaf({3}); int calls = 0; unsigned id = 0;
        x.register_hook([&](Tensor) { x.remove_hook(id); });
        id = x.register_hook([&](Tensor) { ++calls; }); x.sum().backward(); return say(calls););
  BLOCK("removes another's", Tensor x = leaf({3}); Tensor y = x * 2; int calls = 0;
        unsigned id = x.register_hook([&](Tensor) { ++calls; });
        y.register_hook([&](Tensor) { x.remove_hook(id); }); y.sum().backward();
        return say(calls););
  BLOCK("adds another's", Tensor x = leaf({3}); Tensor y = x * 2; int calls = 0;
        y.register_hook([&](Tensor) { x.register_hook([&](Tensor) { ++calls; }); });
        y.sum().backward({}, true); y.sum().backward(); return say(calls););
  BLOCK(
      "handle gone", Tensor x = leaf({3}); Tensor z; int calls = 0; {
        Tensor y = x * 2;
        y.register_hook([&](Tensor) { ++calls; });
        z = y.sum();
      } z.backward();
      return say(calls, x.grad()););
  BLOCK(
      "leaf handle gone", Tensor z; int calls = 0; {
        Tensor x = leaf({3});
        x.register_hook([&](Tensor) { ++calls; });
        z = (x * 2).sum();
      } z.backward();
      return say(calls););
  BLOCK("after the graph was made", Tensor x = leaf({3}); Tensor y = x * 2;
        Tensor z = (y * y).sum(); y.register_hook([](Tensor g) { return g * 10; });
        x.register_hook([](Tensor g) { return g + 1; }); z.backward(); return say(x.grad()););
  BLOCK("stays with set_requires_grad", Tensor x = leaf({3}); int calls = 0;
        x.register_hook([&](Tensor) { ++calls; }); x.set_requires_grad(false);
        x.set_requires_grad(true); x.sum().backward(); return say(calls););
  BLOCK("stays with set_data", Tensor x = leaf({3}); int calls = 0;
        x.register_hook([&](Tensor) { ++calls; }); x.set_data(numbers({3}, 7)); x.sum().backward();
        return say(calls, x.grad()););

  // In place
  BLOCK("before in place", Tensor x = leaf({3}); Tensor y = x * 2; std::string said;
        y.register_hook([&](Tensor g) { said += say(g); }); y.mul_(3); (y * y).sum().backward();
        return said;);
  BLOCK("after in place", Tensor x = leaf({3}); Tensor y = x * 2; std::string said; y.mul_(3);
        y.register_hook([&](Tensor g) { said += say(g); }); (y * y).sum().backward(); return said;);
  BLOCK("before and after in place", Tensor x = leaf({3}); Tensor y = x * 2; std::string said;
        y.register_hook([&](Tensor g) { said += "before " + say(g) + ' '; }); y.mul_(3);
        y.register_hook([&](Tensor g) { said += "after " + say(g) + ' '; });
        (y * y).sum().backward(); return said;);
  BLOCK("view before in place", Tensor x = leaf({4}); Tensor y = x * 2; std::string said;
        Tensor v = y.slice(0, 0, 2); v.register_hook([&](Tensor g) { said += say(g); }); v.mul_(3);
        (y * y).sum().backward(); return say(said, x.grad()););
  BLOCK("view after in place", Tensor x = leaf({4}); Tensor y = x * 2; std::string said;
        Tensor v = y.slice(0, 0, 2); v.mul_(3); v.register_hook([&](Tensor g) { said += say(g); });
        (v * v).sum().backward(); return say(said, x.grad()););
  BLOCK("base before in place on a view", Tensor x = leaf({4}); Tensor y = x * 2; std::string said;
        y.register_hook([&](Tensor g) { said += say(g); }); y.slice(0, 0, 2).mul_(3);
        (y * y).sum().backward(); return say(said, x.grad()););
  BLOCK("base after in place on a view", Tensor x = leaf({4}); Tensor y = x * 2; std::string said;
        y.slice(0, 0, 2).mul_(3); y.register_hook([&](Tensor g) { said += say(g); });
        (y * y).sum().backward(); return say(said, x.grad()););
  BLOCK("base before and after in place on a view", Tensor x = leaf({4}); Tensor y = x * 2;
        std::string said; y.register_hook([&](Tensor g) { said += "before " + say(g) + ' '; });
        y.slice(0, 0, 2).mul_(3);
        y.register_hook([&](Tensor g) { said += "after " + say(g) + ' '; });
        (y * y).sum().backward(); return say(said, x.grad()););
  BLOCK("leaf that becomes an inner tensor", Tensor x = leaf({3}); Tensor y = numbers({3});
        y.mul_(x); std::string said; y.register_hook([&](Tensor g) { said += say(g); });
        (y * y).sum().backward(); return say(said, x.grad()););

  // With a graph
  BLOCK(
      "graph through a hook", Tensor x = leaf({3}); x.register_hook([](Tensor g) { return g * g; });
      Tensor g = grad({(x * x).sum()}, {x}, {}, {}, true)[0]; return say(g, grad({g.sum()}, {x})););
  BLOCK("graph through an inner hook", Tensor x = leaf({3}); Tensor y = x * x;
        y.register_hook([](Tensor g) { return g * g; });
        Tensor g = grad({(y * y).sum()}, {x}, {}, {}, true)[0];
        return say(g, grad({g.sum()}, {x})););
  BLOCK("a hook that reads the tensor", Tensor x = leaf({3}); Tensor y = x * x;
        y.register_hook([&](Tensor g) { return g * x; });
        Tensor g = grad({y.sum()}, {x}, {}, {}, true)[0]; return say(g, grad({g.sum()}, {x})););
  BLOCK("a hook that detaches", Tensor x = leaf({3}); Tensor y = x * x;
        y.register_hook([](Tensor g) { return g.detach(); });
        Tensor g = grad({(y * y).sum()}, {x}, {}, {}, true)[0];
        return say(g, grad({g.sum()}, {x})););
  BLOCK("a hook of the gradient", Tensor x = leaf({3});
        Tensor g = grad({(x * x * x).sum()}, {x}, {}, {}, true)[0];
        g.register_hook([](Tensor h) { return h * 10; }); return say(grad({g.sum()}, {x})););
  BLOCK("backward with a graph and a hook", Tensor x = leaf({3});
        x.register_hook([](Tensor g) { return g * 2; }); (x * x * x).sum().backward({}, {}, true);
        Tensor g = x.grad(); x.mutable_grad() = Tensor(); g.sum().backward();
        return say(g, x.grad()););
}

PARITY_PROGRAM(autograd_retain_grad) {
  using namespace parity::autograd_cases;
  BLOCK("inner", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad(); (y * y).sum().backward();
        return say(y.retains_grad(), y.grad(), x.grad()););
  BLOCK("not retained", Tensor x = leaf({3}); Tensor y = x * 2; (y * y).sum().backward();
        return say(y.retains_grad(), y.grad()););
  BLOCK("leaf", Tensor x = leaf({3}); x.retain_grad(); x.sum().backward();
        return say(x.retains_grad(), x.grad()););
  BLOCK("constant", Tensor x = numbers({3}); x.retain_grad(); return say(x.retains_grad()););
  BLOCK("constant retains nothing", return numbers({3}).retains_grad(););
  BLOCK("undefined", Tensor().retain_grad(); return "passes";);
  BLOCK("undefined retains nothing", return Tensor().retains_grad(););
  BLOCK("twice", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad(); y.retain_grad();
        (y * y).sum().backward(); return say(y.grad()););
  BLOCK("accumulates", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        Tensor z = (y * y).sum(); z.backward({}, true); z.backward();
        return say(y.grad(), x.grad()););
  BLOCK("after the graph was made", Tensor x = leaf({3}); Tensor y = x * 2;
        Tensor z = (y * y).sum(); y.retain_grad(); z.backward(); return say(y.grad()););
  BLOCK("root", Tensor x = leaf({3}); Tensor y = x.sum(); y.retain_grad(); y.backward();
        return say(y.grad()););
  BLOCK("with grad", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        Tensor g = grad({(y * y).sum()}, {x})[0]; return say(g, y.grad()););
  BLOCK("with grad of it", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        Tensor g = grad({(y * y).sum()}, {y})[0]; return say(g, y.grad()););
  BLOCK("hook before", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { return g * 10; }); y.retain_grad(); y.sum().backward();
        return say(y.grad(), x.grad()););
  BLOCK("hook after", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        y.register_hook([](Tensor g) { return g * 10; }); y.sum().backward();
        return say(y.grad(), x.grad()););
  BLOCK("hooks before and after", Tensor x = leaf({3}); Tensor y = x * 2;
        y.register_hook([](Tensor g) { return g + 1; }); y.retain_grad();
        y.register_hook([](Tensor g) { return g * 10; }); y.sum().backward();
        return say(y.grad(), x.grad()););
  BLOCK("with a graph", Tensor x = leaf({3}); Tensor y = x * x; y.retain_grad();
        (y * y).sum().backward({}, {}, true); Tensor g = y.grad(); x.mutable_grad() = Tensor();
        std::string was = say(g.requires_grad()); g.sum().backward(); return say(was, x.grad()););
  BLOCK("is a copy", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad(); y.sum().backward();
        y.grad().zero_(); return say(y.grad(), x.grad()););
  BLOCK("one of several outputs", Tensor x = leaf({4}); auto p = x.split(2); p[1].retain_grad();
        (p[0] * p[1]).sum().backward(); return say(p[0].grad(), p[1].grad()););
  BLOCK("an output that was not used", Tensor x = leaf({4}); auto p = x.split(2);
        p[1].retain_grad(); p[0].sum().backward(); return say(p[1].grad(), x.grad()););
  BLOCK("a view", Tensor x = leaf({4}); Tensor v = (x * 1).view({2, 2}); v.retain_grad();
        (v * v).sum().backward(); return say(v.grad(), x.grad()););
  BLOCK("a view of a leaf", Tensor x = leaf({4}); Tensor v = x.view({2, 2}); v.retain_grad();
        (v * v).sum().backward(); return say(v.grad(), x.grad()););
  BLOCK("before in place", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad(); y.mul_(3);
        (y * y).sum().backward(); return say(y.retains_grad(), y.grad(), x.grad()););
  BLOCK("before in place twice", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad(); y.mul_(3);
        y.retain_grad(); y.add_(1); (y * y).sum().backward(); return say(y.grad(), x.grad()););
  BLOCK("after in place", Tensor x = leaf({3}); Tensor y = x * 2; y.mul_(3); y.retain_grad();
        (y * y).sum().backward(); return say(y.grad(), x.grad()););
  BLOCK("before and after in place", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        y.mul_(3); y.retain_grad(); (y * y).sum().backward(); return say(y.grad(), x.grad()););
  BLOCK("base before in place on a view", Tensor x = leaf({4}); Tensor y = x * 2; y.retain_grad();
        y.slice(0, 0, 2).mul_(3); (y * y).sum().backward(); return say(y.grad(), x.grad()););
  BLOCK("base after in place on a view", Tensor x = leaf({4}); Tensor y = x * 2;
        y.slice(0, 0, 2).mul_(3); y.retain_grad(); (y * y).sum().backward();
        return say(y.grad(), x.grad()););
  BLOCK("view before in place", Tensor x = leaf({4}); Tensor y = x * 2; Tensor v = y.slice(0, 0, 2);
        v.retain_grad(); v.mul_(3); (v * v).sum().backward(); return say(v.grad(), x.grad()););
  BLOCK("view after in place", Tensor x = leaf({4}); Tensor y = x * 2; Tensor v = y.slice(0, 0, 2);
        v.mul_(3); v.retain_grad(); (v * v).sum().backward(); return say(v.grad(), x.grad()););
  BLOCK(
      "handle gone", Tensor x = leaf({3}); Tensor z; {
        Tensor y = x * 2;
        y.retain_grad();
        z = (y * y).sum();
      } z.backward();
      return say(x.grad()););
  BLOCK(
      "under no_grad", Tensor x = leaf({3}); Tensor y = x * 2; {
        torch::NoGradGuard guard;
        y.retain_grad();
      } y.sum()
                                                                   .backward();
      return say(y.grad()););
  BLOCK("detached in place", Tensor x = leaf({3}); Tensor y = x * 2; y.retain_grad();
        Tensor z = y.sum(); y.detach_(); z.backward();
        return say(y.retains_grad(), y.grad(), x.grad()););
  BLOCK("a gradient of another dtype", Tensor x = leaf({3}); Tensor y = x.to(torch::kFloat32);
        y.retain_grad(); (y * numbers({3})).sum().backward(); return say(y.grad(), x.grad()););
}
