// In-place operations: on leaves, on views and their bases, on chains of views, on what views made
// under no_grad or by several-output operations show, and on detached ones.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::grad;
namespace {

struct View {
  const char* name;
  Tensor (*of)(const Tensor&);
};
// Of a [3, 4].
const View kViews[] = {
    {"view",
     [](const Tensor& x) {
       return x.view({4, 3});
     }},
    {"reshape",
     [](const Tensor& x) {
       return x.reshape({2, 6});
     }},
    {"flatten", [](const Tensor& x) { return x.flatten(); }},
    {"t", [](const Tensor& x) { return x.t(); }},
    {"transpose", [](const Tensor& x) { return x.transpose(0, 1); }},
    {"permute",
     [](const Tensor& x) {
       return x.permute({1, 0});
     }},
    {"select", [](const Tensor& x) { return x.select(1, 2); }},
    {"index", [](const Tensor& x) { return x[1]; }},
    {"slice", [](const Tensor& x) { return x.slice(1, 0, 4, 2); }},
    {"narrow", [](const Tensor& x) { return x.narrow(0, 1, 2); }},
    {"unsqueeze", [](const Tensor& x) { return x.unsqueeze(1); }},
    {"squeeze", [](const Tensor& x) { return x.squeeze(); }},
    {"diagonal", [](const Tensor& x) { return x.diagonal(); }},
    {"as_strided",
     [](const Tensor& x) {
       return x.as_strided({2, 2}, {4, 1}, 1);
     }},
    {"expand_as",
     [](const Tensor& x) {
       return x.expand({3, 4});
     }},
    {"view_as", [](const Tensor& x) { return x.view_as(x); }},
    {"select of narrow", [](const Tensor& x) { return x.narrow(0, 1, 2).select(1, 0); }},
    {"slice of t", [](const Tensor& x) { return x.t().slice(0, 1, 3); }},
    {"t of slice of view",
     [](const Tensor& x) {
       return x.view({4, 3}).slice(0, 1, 3).t();
     }},
    {"diagonal of permute",
     [](const Tensor& x) {
       return x.permute({1, 0}).diagonal(1);
     }},
    {"unsqueeze of select",
     [](const Tensor& x) { return x.select(0, 0).unsqueeze(0).unsqueeze(-1); }},
};

struct ViewChange {
  const char* name;
  void (*in)(const Tensor& view, const Tensor& other);
};
const ViewChange kViewChanges[] = {
    {"mul_", [](const Tensor& v, const Tensor& w) { v.mul_(w); }},
    {"add_ number", [](const Tensor& v, const Tensor&) { v.add_(1); }},
    {"copy_", [](const Tensor& v, const Tensor& w) { v.copy_(w * w); }},
    {"fill_", [](const Tensor& v, const Tensor&) { v.fill_(5); }},
    {"zero_", [](const Tensor& v, const Tensor&) { v.zero_(); }},
};

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_inplace_views) {
  using namespace parity::autograd_cases;
  for (const View& view : kViews) {
    for (const ViewChange& change : kViewChanges) {
      const std::string label = std::string(change.name) + " in " + view.name + ", ";
      BLOCK(label + "through the base", Tensor x = leaf({3, 4}), w = leaf({}, 3); Tensor y = x * 1;
            Tensor v = view.of(y); change.in(v, w); (y * y).sum().backward();
            return say(state(y), y, x.grad(), w.grad()););
      BLOCK(label + "through the view", Tensor x = leaf({3, 4}), w = leaf({}, 3); Tensor y = x * 1;
            Tensor v = view.of(y); change.in(v, w); std::string was = state(v);
            (v * v).sum().backward(); return say(was, v, x.grad(), w.grad()););
    }
    const std::string label = std::string(view.name) + ", ";
    BLOCK(label + "base changed", Tensor x = leaf({3, 4}); Tensor y = x * 1; Tensor v = view.of(y);
          std::string was = state(v); y.mul_(2); std::string is = state(v);
          (v * v).sum().backward(); return say(was, is, x.grad()););
    BLOCK(label + "another view changed", Tensor x = leaf({3, 4}); Tensor y = x * 1;
          Tensor v = view.of(y); y.select(0, 1).mul_(2); std::string is = state(v);
          (v * v).sum().backward(); return say(is, x.grad()););
    BLOCK(label + "changed, then the base, then again", Tensor x = leaf({3, 4}); Tensor y = x * 1;
          Tensor v = view.of(y); v.mul_(2); y.mul_(y.detach().clone()); v.add_(1);
          (y * y).sum().backward(); return say(states(y, v), x.grad()););
    BLOCK(label + "double backward", Tensor x = leaf({3, 4}); Tensor y = x * 1;
          Tensor v = view.of(y); v.mul_(x.sum());
          Tensor g = grad({(y * y).sum()}, {x}, {}, {}, true)[0];
          return say(g, grad({g.sum()}, {x})););
    BLOCK(label + "of a constant", Tensor x = leaf({}, 3); Tensor y = numbers({3, 4});
          Tensor v = view.of(y); std::string was = states(y, v); v.mul_(x);
          (y * y).sum().backward(); return say(was, states(y, v), x.grad()););
    BLOCK(label + "of a constant's base", Tensor x = leaf({}, 3); Tensor y = numbers({3, 4});
          Tensor v = view.of(y); y.mul_(x); std::string is = states(y, v); (v * v).sum().backward();
          return say(is, x.grad()););
    BLOCK(label + "of a leaf", Tensor x = leaf({3, 4}); view.of(x).mul_(2); return "passes";);
    BLOCK(
        label + "of a leaf under no_grad", Tensor x = leaf({3, 4}); {
          torch::NoGradGuard guard;
          view.of(x).mul_(2);
        }(x * x)
                                                                        .sum()
                                                                        .backward();
        return say(x, state(x), x.grad()););
    BLOCK(
        label + "of a leaf, changed under no_grad", Tensor x = leaf({3, 4}); Tensor v = view.of(x);
        {
          torch::NoGradGuard guard;
          v.mul_(2);
        }(v * v)
            .sum()
            .backward();
        return say(states(x, v), x.grad()););
    BLOCK(
        label + "made under no_grad", Tensor x = leaf({3, 4}); Tensor y = x * 1; Tensor v; {
          torch::NoGradGuard guard;
          v = view.of(y);
        } std::string was = state(v);
        v.mul_(2); return say(was, state(v)););
    BLOCK(
        label + "made under no_grad, used", Tensor x = leaf({3, 4}); Tensor y = x * 1; Tensor v; {
          torch::NoGradGuard guard;
          v = view.of(y);
        } std::string was = state(v);
        Tensor z = (v * v).sum() + y.sum(); z.backward(); return say(was, x.grad()););
    BLOCK(label + "requires_grad asked first", Tensor x = leaf({}, 3); Tensor y = numbers({3, 4});
          Tensor v = view.of(y); y.mul_(x); return v.requires_grad(););
    BLOCK(label + "used without asking", Tensor x = leaf({}, 3); Tensor y = numbers({3, 4});
          Tensor v = view.of(y); y.mul_(x); (v * v).sum().backward(); return say(x.grad()););
    BLOCK(
        label + "made and changed under no_grad", Tensor x = leaf({3, 4}); Tensor y = x * 1;
        Tensor v; {
          torch::NoGradGuard guard;
          v = view.of(y);
          v.mul_(2);
        } std::string is = states(y, v);
        (y * y).sum().backward(); return say(is, x.grad()););
    BLOCK(
        label + "made under no_grad of a constant", Tensor w = leaf({}, 3);
        Tensor y = numbers({3, 4}); Tensor v; {
          torch::NoGradGuard guard;
          v = view.of(y);
        } v.mul_(w);
        return say(states(y, v)););
    BLOCK(
        label + "made under no_grad of a constant, a number", Tensor y = numbers({3, 4}); Tensor v;
        {
          torch::NoGradGuard guard;
          v = view.of(y);
        } v.mul_(2);
        return say(states(y, v), y););
    BLOCK(
        label + "made under no_grad, base changed", Tensor x = leaf({3, 4}); Tensor y = x * 1;
        Tensor v; {
          torch::NoGradGuard guard;
          v = view.of(y);
        } y.mul_(2);
        return say(states(y, v)););
    BLOCK(label + "detached", Tensor x = leaf({3, 4}); Tensor y = x * 1;
          Tensor v = view.of(y.detach()); v.mul_(2); (y * 2).sum().backward();
          return say(states(y, v), y, x.grad()););
    BLOCK(label + "and detached", Tensor x = leaf({3, 4}); Tensor y = x * 1;
          Tensor v = view.of(y).detach(); v.mul_(2); (y * 2).sum().backward();
          return say(states(y, v), y, x.grad()););
  }
}
