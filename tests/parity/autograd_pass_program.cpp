// autograd::grad and backward: what is asked for, where it starts, how often.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::backward;
using torch::autograd::grad;
namespace {

// The gradients' texts.
std::string all(const variable_list& grads) {
  std::ostringstream out;
  show(out, grads);
  return out.str();
}

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_grad) {
  using namespace parity::autograd_cases;
  BLOCK("one", Tensor x = leaf({3}); return all(grad({(x * x).sum()}, {x})););
  BLOCK("leaves untouched", Tensor x = leaf({3}); Tensor g = grad({(x * x).sum()}, {x})[0];
        return say(g, x.grad()););
  BLOCK("two inputs", Tensor x = leaf({3}), y = leaf({3}, 5);
        return all(grad({(x * y).sum()}, {y, x})););
  BLOCK("an input twice", Tensor x = leaf({3}); return all(grad({(x * x).sum()}, {x, x})););
  BLOCK("an input twice is one tensor", Tensor x = leaf({3});
        variable_list g = grad({(x * x).sum()}, {x, x}); return g[0].is_same(g[1]););
  BLOCK("a leaf that is the output", Tensor x = leaf({}); return all(grad({x}, {x})););
  BLOCK("an inner tensor that is the output", Tensor x = leaf({}); Tensor y = x * 2;
        return all(grad({y}, {y})););
  BLOCK("the output and a leaf", Tensor x = leaf({}); Tensor y = x * 2;
        return all(grad({y}, {y, x})););
  BLOCK("the output with its gradient", Tensor x = leaf({3}); Tensor y = x * 2;
        return all(grad({y}, {y}, {numbers({3}, 4)})););
  BLOCK("the output's gradient is the one given", Tensor x = leaf({3}); Tensor y = x * 2;
        Tensor g = numbers({3}); return grad({y}, {y}, {g})[0].is_same(g););
  BLOCK("inside the graph", Tensor x = leaf({3}); Tensor y = x * 2; Tensor z = (y * y).sum();
        return all(grad({z}, {y})););
  BLOCK("inside and behind", Tensor x = leaf({3}); Tensor y = x * 2; Tensor z = (y * y * x).sum();
        return all(grad({z}, {y, x})););
  BLOCK("an inner one under another", Tensor x = leaf({3}); Tensor y = x * 2; Tensor z = y * y;
        return all(grad({(z * y).sum()}, {z, y, x})););
  BLOCK("several outputs", Tensor x = leaf({3}); return all(grad({x.sum(), (x * x).sum()}, {x})););
  BLOCK("an output twice", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        return all(grad({y, y}, {x})););
  BLOCK("an output that the other contains", Tensor x = leaf({}); Tensor y = x * 3;
        Tensor z = y * y; return all(grad({y, z}, {x, y, z})););
  BLOCK("an output that the other contains, turned", Tensor x = leaf({}); Tensor y = x * 3;
        Tensor z = y * y; return all(grad({z, y}, {x, y, z})););
  BLOCK("outputs of another dtype", Tensor x = leaf({3}); Tensor y = x.to(torch::kFloat32);
        return all(grad({y.sum(), x.sum()}, {x})););

  // Unused inputs
  BLOCK("unused", Tensor x = leaf({3}), y = leaf({2}); return all(grad({x.sum()}, {x, y})););
  BLOCK("unused allowed", Tensor x = leaf({3}), y = leaf({2});
        return all(grad({x.sum()}, {y, x}, {}, {}, false, true)););
  BLOCK("all unused", Tensor x = leaf({3}), y = leaf({2});
        return all(grad({x.sum()}, {y}, {}, {}, false, true)););
  BLOCK("unused inner", Tensor x = leaf({3}); Tensor y = x * 2;
        return all(grad({x.sum()}, {y}, {}, {}, false, true)););
  BLOCK("younger than the output", Tensor x = leaf({3}); Tensor y = x.sum(); Tensor z = y * 2;
        return all(grad({y}, {z, x}, {}, {}, false, true)););
  BLOCK("an unused part", Tensor x = leaf({4}); auto parts = x.split(2);
        return all(grad({parts[0].sum()}, {parts[1]}, {}, {}, false, true)););
  BLOCK("used parts", Tensor x = leaf({4}); auto parts = x.split(2);
        return all(grad({(parts[0] * parts[1]).sum()}, {parts[1], parts[0], x})););
  BLOCK("the path ends at what has no gradient", Tensor x = leaf({3});
        return all(grad({x.detach().sum() + x.sum() * 0}, {x})););
  BLOCK("grad of a constant", Tensor x = leaf({3}); return all(grad({x.detach().sum()}, {x})););
  BLOCK("input without grad", Tensor x = leaf({3}), c = numbers({3});
        return all(grad({(x * c).sum()}, {c})););
  BLOCK("input without grad, unused allowed", Tensor x = leaf({3}), c = numbers({3});
        return all(grad({(x * c).sum()}, {c}, {}, {}, false, true)););
  BLOCK("a detached input", Tensor x = leaf({3}); return all(grad({x.sum()}, {x.detach()})););
  BLOCK("no inputs", Tensor x = leaf({3}); return all(grad({x.sum()}, {})););
  BLOCK("no outputs", Tensor x = leaf({3}); return all(grad({}, {x})););
  BLOCK("no outputs, unused allowed", Tensor x = leaf({3});
        return all(grad({}, {x}, {}, {}, false, true)););
  BLOCK("not a scalar", Tensor x = leaf({3}); return all(grad({x * 2}, {x})););
  BLOCK("one element", Tensor x = leaf({1, 1}); return all(grad({x * 2}, {x})););
  BLOCK("no elements", Tensor x = leaf({0}); return all(grad({x * 2}, {x})););
  BLOCK("a view of a leaf", Tensor x = leaf({3}); Tensor v = x.view({3, 1});
        return all(grad({(x * x).sum()}, {v}, {}, {}, false, true)););
  BLOCK("through a view of a leaf", Tensor x = leaf({3}); Tensor v = x.view({3, 1});
        return all(grad({(v * v).sum()}, {v, x})););

  // Gradients of the outputs
  BLOCK("given", Tensor x = leaf({3}); return all(grad({x * x}, {x}, {numbers({3}, 2)})););
  BLOCK("given for a scalar", Tensor x = leaf({3});
        return all(grad({x.sum()}, {x}, {torch::full({}, 3, torch::kFloat64)})););
  BLOCK("undefined", Tensor x = leaf({3}); return all(grad({x.sum()}, {x}, {Tensor()})););
  BLOCK("undefined, not a scalar", Tensor x = leaf({3});
        return all(grad({x * 2}, {x}, {Tensor()})););
  BLOCK("undefined and given", Tensor x = leaf({3});
        return all(grad({x.sum(), x * x}, {x}, {Tensor(), numbers({3})})););
  BLOCK("too few", Tensor x = leaf({3}); return all(grad({x.sum(), x * x}, {x}, {numbers({3})})););
  BLOCK("too many", Tensor x = leaf({3});
        return all(grad({x.sum()}, {x}, {Tensor(), numbers({3})})););
  BLOCK("another shape", Tensor x = leaf({3}); return all(grad({x * x}, {x}, {numbers({2})})););
  BLOCK("a broadcast shape", Tensor x = leaf({3}); return all(grad({x * x}, {x}, {numbers({1})})););
  BLOCK("a scalar's gradient", Tensor x = leaf({3});
        return all(grad({x * x}, {x}, {torch::ones({}, torch::kFloat64)})););
  BLOCK("a bigger shape", Tensor x = leaf({3}); return all(grad({x * x}, {x}, {numbers({2, 3})})););
  BLOCK("one element of another shape", Tensor x = leaf({3});
        return all(grad({x.sum()}, {x}, {numbers({1})})););
  BLOCK("second of another shape", Tensor x = leaf({3});
        return all(grad({x.sum(), x * x}, {x}, {Tensor(), numbers({4})})););
  BLOCK("another dtype", Tensor x = leaf({3});
        return all(grad({x * x}, {x}, {torch::ones({3}, torch::kFloat32)})););
  BLOCK("integers", Tensor x = leaf({3}); return all(grad({x * x}, {x}, {torch::arange(3)})););
  BLOCK("bools", Tensor x = leaf({3});
        return all(grad({x * x}, {x}, {torch::ones({3}, torch::kBool)})););
  BLOCK("a gradient that requires grad", Tensor x = leaf({3}), v = leaf({3}, 2);
        Tensor g = grad({x * x}, {x}, {v})[0]; return say(g, v.grad()););
  BLOCK("double backward trick", Tensor x = leaf({3}), v = leaf({3}, 2);
        Tensor g = grad({x * x}, {x}, {v}, true, true)[0];
        return all(grad({g}, {v, x}, {numbers({3})})););
  BLOCK("an expanded gradient", Tensor x = leaf({3});
        return all(grad({x * x}, {x}, {torch::full({}, 2, torch::kFloat64).expand({3})})););

  // Keeping the graph
  BLOCK("twice", Tensor x = leaf({3}); Tensor y = (x * x).sum(); grad({y}, {x});
        return all(grad({y}, {x})););
  BLOCK("twice, kept", Tensor x = leaf({3}); Tensor y = (x * x).sum(); grad({y}, {x}, {}, true);
        return all(grad({y}, {x})););
  BLOCK("thrice, kept once", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        grad({y}, {x}, {}, true); grad({y}, {x}); return all(grad({y}, {x})););
  BLOCK("twice, nothing saved", Tensor x = leaf({3}); Tensor y = (x * 2 + 1).sum(); grad({y}, {x});
        return all(grad({y}, {x})););
  BLOCK("create_graph keeps", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        grad({y}, {x}, {}, {}, true); return all(grad({y}, {x})););
  BLOCK("create_graph does not keep if told so", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        grad({y}, {x}, {}, false, true); return all(grad({y}, {x})););
  BLOCK("retain without create", Tensor x = leaf({3});
        return say(grad({(x * x).sum()}, {x}, {}, true)[0].requires_grad()););
  BLOCK("create without retain", Tensor x = leaf({3});
        Tensor g = grad({(x * x * x).sum()}, {x}, {}, false, true)[0];
        return say(g, grad({g.sum()}, {x})[0]););
  BLOCK("the part that was not visited is kept", Tensor x = leaf({3}), w = leaf({3}, 4);
        Tensor y = x * x; Tensor z = (y * w).sum(); grad({z}, {y});
        return all(grad({y.sum()}, {x})););
  BLOCK("the part that was visited is gone", Tensor x = leaf({3}), w = leaf({3}, 4);
        Tensor y = x * x; Tensor z = (y * w).sum(); grad({z}, {y}); return all(grad({z}, {w})););
  BLOCK("shared parts are gone", Tensor x = leaf({3}); Tensor y = x * x; Tensor a = y.sum();
        Tensor b = (y * 2).sum(); grad({a}, {x}); return all(grad({b}, {x})););
  BLOCK("fourth derivative", Tensor x = leaf({3}); Tensor y = x * x * x * x * x;
        for (int i = 0; i < 4; ++i) y = grad({y.sum()}, {x}, {}, true, true)[0]; return say(y););
  BLOCK("sixth derivative", Tensor x = leaf({3}); Tensor y = x * x * x;
        for (int i = 0; i < 4; ++i) y = grad({y.sum()}, {x}, {}, true, true)[0]; return say(y););
  BLOCK("under no_grad", Tensor x = leaf({3}); Tensor y = (x * x).sum(); torch::NoGradGuard guard;
        Tensor g = grad({y}, {x}, {}, true)[0]; Tensor h = grad({y}, {x}, {}, true, true)[0];
        return say(g, h););
  BLOCK(
      "mode afterwards", Tensor x = leaf({3}); torch::NoGradGuard guard; {
        torch::AutoGradMode on(true);
        grad({(x * x).sum()}, {x});
      } return torch::GradMode::is_enabled(););
  BLOCK("mode after an error", Tensor x = leaf({3});
        std::string first = attempt([&] { grad({x * 2}, {x}, {numbers({5})}); });
        return say(first, torch::GradMode::is_enabled()););
}

PARITY_PROGRAM(autograd_backward) {
  using namespace parity::autograd_cases;
  BLOCK("accumulates", Tensor x = leaf({3}); (x * x).sum().backward(); (x * 2).sum().backward();
        return say(x.grad()););
  BLOCK("accumulates in place", Tensor x = leaf({3}); x.sum().backward(); Tensor g = x.grad();
        (x * 2).sum().backward(); return say(g, g.is_same(x.grad())););
  BLOCK("accumulates out of place with a graph", Tensor x = leaf({3}); x.sum().backward();
        Tensor g = x.grad(); (x * x).sum().backward({}, true, true);
        std::string said = say(g, g.is_same(x.grad()), x.grad().requires_grad()); let_go(x);
        return said;);
  BLOCK("a gradient set before", Tensor x = leaf({3}); x.mutable_grad() = numbers({3}, 10);
        Tensor g = x.grad(); x.sum().backward(); return say(g, g._version()););
  BLOCK("a gradient undefined again", Tensor x = leaf({3}); x.sum().backward();
        x.mutable_grad() = Tensor(); x.sum().backward(); return say(x.grad()););
  BLOCK("a leaf itself", Tensor x = leaf({}); x.backward(); return say(x.grad()););
  BLOCK("a leaf itself, given", Tensor x = leaf({3}); x.backward(numbers({3}, 7));
        return say(x.grad()););
  BLOCK("what was given is not the gradient", Tensor x = leaf({3}); Tensor g = numbers({3});
        x.backward(g); return x.grad().is_same(g) || x.grad().is_alias_of(g););
  BLOCK("two leaves share no gradient", Tensor x = leaf({3}), y = leaf({3});
        (x + y).sum().backward(); return x.grad().is_alias_of(y.grad()););
  BLOCK("inner tensors have none", Tensor x = leaf({3}); Tensor y = x * 2; y.sum().backward();
        return say(y.grad()););

  // Several roots
  BLOCK("two roots", Tensor x = leaf({3}); backward({x.sum(), (x * x).sum()});
        return say(x.grad()););
  BLOCK("a root twice", Tensor x = leaf({3}); Tensor y = (x * x).sum(); backward({y, y});
        return say(x.grad()););
  BLOCK("a root twice with gradients", Tensor x = leaf({3}); Tensor y = x * x;
        backward({y, y}, {numbers({3}), numbers({3}, 5)}); return say(x.grad()););
  BLOCK("roots that depend", Tensor x = leaf({}); Tensor y = x * 3; Tensor z = y * y;
        backward({y, z}); return say(x.grad()););
  BLOCK("roots that depend, turned", Tensor x = leaf({}); Tensor y = x * 3; Tensor z = y * y;
        backward({z, y}); return say(x.grad()););
  BLOCK("roots that depend, retained", Tensor x = leaf({}); Tensor y = x * 3; y.retain_grad();
        Tensor z = y * y; backward({z, y}); return say(x.grad(), y.grad()););
  BLOCK("a leaf among the roots", Tensor x = leaf({}); backward({x * x, x}); return say(x.grad()););
  BLOCK("outputs of one split", Tensor x = leaf({4}); auto p = x.split(2);
        backward({p[1], p[0]}, {numbers({2}), numbers({2}, 8)}); return say(x.grad()););
  BLOCK("one output of a split twice", Tensor x = leaf({4}); auto p = x.split(2);
        backward({p[1], p[1]}, {numbers({2}), numbers({2}, 8)}); return say(x.grad()););
  BLOCK("roots of two graphs", Tensor x = leaf({3}), y = leaf({3});
        backward({x.sum(), (y * y).sum()}); return say(x.grad(), y.grad()););
  BLOCK("undefined gradients", Tensor x = leaf({3});
        backward({x.sum(), x * x}, {Tensor(), numbers({3})}); return say(x.grad()););
  BLOCK("a root without grad", Tensor x = leaf({3}); backward({x.sum(), numbers({})});
        return say(x.grad()););
  BLOCK("after an error nothing arrived", Tensor x = leaf({3}); std::string t = attempt([&] {
                                                                  backward({x.sum(), numbers({})});
                                                                });
        return say(t, x.grad()););
  BLOCK("no roots", backward({}); return "passes";);
  BLOCK("gradients missing", Tensor x = leaf({3}); backward({x.sum(), x * x}, {Tensor()});
        return say(x.grad()););
  BLOCK("an undefined root", backward({Tensor()}); return "passes";);
  BLOCK("an undefined tensor", Tensor().backward(); return "passes";);
  BLOCK("integers", torch::ones({}, torch::kLong).backward(); return "passes";);
  BLOCK("root of another dtype", Tensor x = leaf({3}); x.to(torch::kFloat32).sum().backward();
        return say(x.grad()););
  BLOCK("gradient of another dtype", Tensor x = leaf({3});
        (x * x).backward(torch::ones({3}, torch::kFloat32)); return say(x.grad()););
  BLOCK("gradient of another shape", Tensor x = leaf({3}); (x * x).backward(numbers({3, 1}));
        return say(x.grad()););
  BLOCK("gradient of a leaf of another shape", Tensor x = leaf({3}); x.backward(numbers({1}));
        return say(x.grad()););
  BLOCK("gradient of a 0-dim root", Tensor x = leaf({}); (x * x).backward(numbers({1}));
        return say(x.grad()););

  // inputs=
  BLOCK("inputs", Tensor x = leaf({3}), y = leaf({3}); (x * y).sum().backward({}, {}, false, {{x}});
        return say(x.grad(), y.grad()););
  BLOCK("inputs of backward()", Tensor x = leaf({3}), y = leaf({3});
        backward({(x * y).sum()}, {}, {}, false, {y}); return say(x.grad(), y.grad()););
  BLOCK("inputs accumulate", Tensor x = leaf({3}), y = leaf({3}); (x * y).sum().backward();
        (x * y).sum().backward({}, {}, false, {{x}}); return say(x.grad(), y.grad()););
  BLOCK("an input twice", Tensor x = leaf({3}); backward({(x * x).sum()}, {}, {}, false, {x, x});
        return say(x.grad()););
  BLOCK("no inputs given", Tensor x = leaf({3}); backward({(x * x).sum()}, {}, {}, false, {});
        return say(x.grad()););
  BLOCK("an unused input", Tensor x = leaf({3}), y = leaf({3});
        backward({(x * x).sum()}, {}, {}, false, {y}); return say(x.grad(), y.grad()););
  BLOCK("an input without grad", Tensor x = leaf({3}), y = numbers({3});
        backward({(x * y).sum()}, {}, {}, false, {y}); return say(x.grad(), y.grad()););
  BLOCK("an inner input", Tensor x = leaf({3}); Tensor y = x * 2;
        backward({(y * y).sum()}, {}, {}, false, {y}); return say(x.grad(), y.grad()););
  BLOCK("an inner input beside a leaf", Tensor x = leaf({3}); Tensor y = x * 2;
        backward({(y * y).sum()}, {}, {}, false, {x, y}); return say(x.grad(), y.grad()););
  BLOCK("inputs and hooks elsewhere", Tensor x = leaf({3}), y = leaf({3}); int calls = 0;
        y.register_hook([&](Tensor) { ++calls; }); Tensor z = y * 2;
        z.register_hook([&](Tensor) { calls += 10; }); (x * z).sum().backward({}, {}, false, {{x}});
        return say(x.grad(), calls););
  BLOCK("inputs and hooks there", Tensor x = leaf({3}), y = leaf({3}); int calls = 0;
        x.register_hook([&](Tensor g) {
          ++calls;
          return g * 2;
        });
        (x * y).sum().backward({}, {}, false, {{x}}); return say(x.grad(), calls););
  BLOCK("inputs and retained ones on the way", Tensor x = leaf({3}); Tensor y = x * 2;
        y.retain_grad(); (y * y).sum().backward({}, {}, false, {{x}});
        return say(x.grad(), y.grad()););
  BLOCK("inputs and retained ones elsewhere", Tensor x = leaf({3}), w = leaf({3}); Tensor y = w * 2;
        y.retain_grad(); (y * x).sum().backward({}, {}, false, {{x}});
        return say(x.grad(), y.grad(), w.grad()););
  BLOCK("inputs with a graph", Tensor x = leaf({3}), y = leaf({3});
        (x * x * y).sum().backward({}, {}, true, {{x}}); Tensor g = x.grad();
        x.mutable_grad() = Tensor(); g.sum().backward(); return say(g, x.grad(), y.grad()););

  // Keeping the graph
  BLOCK("twice", Tensor x = leaf({3}); Tensor y = (x * x).sum(); y.backward(); y.backward();
        return say(x.grad()););
  BLOCK("twice, kept", Tensor x = leaf({3}); Tensor y = (x * x).sum(); y.backward({}, true);
        y.backward(); return say(x.grad()););
  BLOCK("twice, with a graph", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        y.backward({}, {}, true); y.backward(); std::string said = say(x.grad()); let_go(x);
        return said;);
  BLOCK("the gradient's own graph", Tensor x = leaf({3}); (x * x * x).sum().backward({}, {}, true);
        Tensor g = x.grad(); std::string was = grad_fn_name(g); x.mutable_grad() = Tensor();
        g.sum().backward(); return say(was, g, x.grad()););
  BLOCK("the gradient's own graph, accumulated", Tensor x = leaf({3});
        (x * x).sum().backward({}, {}, true); (x * x * x).sum().backward({}, {}, true);
        Tensor g = x.grad(); std::string was = grad_fn_name(g); x.mutable_grad() = Tensor();
        g.sum().backward(); return say(was, g, x.grad()););
  BLOCK(
      "backward under no_grad", Tensor x = leaf({3}); Tensor y = (x * x).sum(); {
        torch::NoGradGuard guard;
        y.backward();
      } return say(x.grad()););
  BLOCK("layout of a gradient", Tensor x = numbers({2, 3}).t().requires_grad_();
        (x * x).sum().backward(); return say(x.grad()););
  BLOCK("layout of a gradient of an expanded leaf", Tensor x = numbers({3}).expand({2, 3});
        x.requires_grad_(); (x * x).sum().backward(); return say(x.grad()););
}
