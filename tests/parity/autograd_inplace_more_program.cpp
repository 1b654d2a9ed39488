// In-place operations on leaves, on outputs of operations with several views, on detached tensors,
// .data() and set_data, into slices by index; what they do to versions and names.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::backward;
using torch::autograd::grad;
using torch::indexing::Slice;
namespace {

struct Parts {
  const char* name;
  variable_list (*of)(const Tensor&);
};
// Of a [4, 3].
const Parts kParts[] = {
    {"split", [](const Tensor& x) -> variable_list { return x.split(2); }},
    {"split_with_sizes",
     [](const Tensor& x) -> variable_list {
       return x.split_with_sizes({1, 3});
     }},
    {"chunk", [](const Tensor& x) -> variable_list { return x.chunk(2); }},
    {"unbind", [](const Tensor& x) -> variable_list { return x.unbind(); }},
    {"tensor_split", [](const Tensor& x) -> variable_list { return x.tensor_split(2); }},
    {"vsplit", [](const Tensor& x) -> variable_list { return x.vsplit(2); }},
};

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_inplace_parts) {
  using namespace parity::autograd_cases;
  for (const Parts& parts : kParts) {
    const std::string label = std::string(parts.name) + ", ";
    NAMED(label + "states", Tensor x = leaf({4, 3}); auto p = parts.of(x * 1); auto q = parts.of(x);
          auto c = parts.of(numbers({4, 3})); return states(p[0], p[1], q[1], c[1]););
    NAMED(label + "part changed", Tensor x = leaf({4, 3}); Tensor y = x * 1; auto p = parts.of(y);
          p[1].mul_(2); (y * y).sum().backward(); return say(states(y, p[0], p[1]), x.grad()););
    NAMED(label + "part of a leaf changed", Tensor x = leaf({4, 3}); parts.of(x)[1].mul_(2);
          return "passes";);
    NAMED(label + "part of a constant changed", Tensor y = numbers({4, 3}); auto p = parts.of(y);
          p[1].mul_(2); return say(states(y, p[0], p[1]), y););
    NAMED(label + "part of a constant changed by a value with grad", Tensor w = leaf({}, 3);
          Tensor y = numbers({4, 3}); auto p = parts.of(y); p[1].mul_(w); (y * y).sum().backward();
          return say(states(y, p[0], p[1]), w.grad()););
    NAMED(label + "part of a part changed", Tensor x = leaf({4, 3}); auto p = parts.of(x * 1);
          p[1].select(0, 0).mul_(2); return "passes";);
    NAMED(label + "base changed", Tensor x = leaf({4, 3}); Tensor y = x * 1; auto p = parts.of(y);
          y.mul_(2); return say(states(y, p[0], p[1])););
    NAMED(label + "base changed, part used", Tensor x = leaf({4, 3}); Tensor y = x * 1;
          auto p = parts.of(y); y.mul_(2); (p[1] * 2).sum().backward(); return say(x.grad()););
    NAMED(label + "base changed, part not used", Tensor x = leaf({4, 3}); Tensor y = x * 1;
          auto p = parts.of(y); y.mul_(2); (y * y).sum().backward(); return say(x.grad()););
    NAMED(label + "base of constants changed", Tensor w = leaf({}, 3); Tensor y = numbers({4, 3});
          auto p = parts.of(y); y.mul_(w); return say(states(y, p[0], p[1])););
    NAMED(
        label + "changed under no_grad", Tensor x = leaf({4, 3}); Tensor y = x * 1;
        auto p = parts.of(y); {
          torch::NoGradGuard guard;
          p[1].mul_(2);
        }(y * y)
                                  .sum()
                                  .backward();
        return say(state(y), y, x.grad()););
    NAMED(
        label + "made and changed under no_grad", Tensor x = leaf({4, 3}); Tensor y = x * 1;
        {
          torch::NoGradGuard guard;
          parts.of(y)[1].mul_(2);
        }(y * y)
            .sum()
            .backward();
        return say(state(y), y, x.grad()););
    NAMED(
        label + "made under no_grad, changed", Tensor x = leaf({4, 3}); Tensor y = x * 1;
        variable_list p; {
          torch::NoGradGuard guard;
          p = parts.of(y);
        } p[1]
                             .mul_(2);
        return "passes";);
    NAMED(
        label + "of a leaf changed under no_grad", Tensor x = leaf({4, 3}); {
          torch::NoGradGuard guard;
          parts.of(x)[1].mul_(2);
        }(x * x)
                                                                                .sum()
                                                                                .backward();
        return say(state(x), x, x.grad()););
    NAMED(label + "detached part changed", Tensor x = leaf({4, 3}); Tensor y = x * 1;
          auto p = parts.of(y); p[1].detach().mul_(2); (y * 2).sum().backward();
          return say(y._version(), y, x.grad()););
    NAMED(label + "clone changed", Tensor x = leaf({4, 3}); Tensor y = x * 1; auto p = parts.of(y);
          Tensor c = p[1].clone(); c.mul_(2); (c * c).sum().backward();
          return say(state(c), x.grad()););
  }
}

PARITY_PROGRAM(autograd_inplace_rest) {
  using namespace parity::autograd_cases;
  // Leaves
  NAMED("leaf", Tensor x = leaf({3}); x.mul_(2); return "passes";);
  NAMED("leaf by a value with grad", Tensor x = leaf({3}), w = leaf({3}); x.mul_(w);
        return "passes";);
  NAMED("leaf, unchanged after", Tensor x = leaf({3}); std::string t = attempt([&] { x.mul_(2); });
        return say(t, x, x._version()););
  NAMED("leaf zero_", leaf({3}).zero_(); return "passes";);
  NAMED("leaf copy_", leaf({3}).copy_(numbers({3})); return "passes";);
  NAMED("leaf uniform_", leaf({3}).uniform_(); return "passes";);
  NAMED(
      "leaf under no_grad", Tensor x = leaf({3}); {
        torch::NoGradGuard guard;
        x.mul_(2);
      }(x * x)
                                                      .sum()
                                                      .backward();
      return say(states(x), x, x.grad()););
  NAMED(
      "leaf by a value with grad under no_grad", Tensor x = leaf({3}), w = leaf({3});
      {
        torch::NoGradGuard guard;
        x.mul_(w);
      }(x * x)
          .sum()
          .backward();
      return say(states(x), x, x.grad(), w.grad()););
  NAMED("leaf through data", Tensor x = leaf({3}); x.data().mul_(2); (x * x).sum().backward();
        return say(states(x), x, x.grad()););
  NAMED("leaf through detach", Tensor x = leaf({3}); x.detach().mul_(2); (x * x).sum().backward();
        return say(states(x), x, x.grad()););
  NAMED(
      "leaf by index under no_grad", Tensor x = leaf({3}); {
        torch::NoGradGuard guard;
        x[1] = 7;
      } return say(states(x), x););
  NAMED("leaf by index", Tensor x = leaf({3}); x[1] = 7; return "passes";);
  NAMED("leaf by index_put_", Tensor x = leaf({3}); x.index_put_({0}, 7); return "passes";);
  NAMED("constant by a constant", Tensor x = numbers({3}); x.mul_(2); return states(x););
  NAMED("constant by a value with grad", Tensor x = numbers({3}), w = leaf({3}, 4); x.mul_(w);
        x.sum().backward(); return say(states(x), w.grad()););
  NAMED("constant turned into a leaf after", Tensor x = numbers({3}); x.mul_(2); x.requires_grad_();
        (x * x).sum().backward(); return say(states(x), x.grad()););
  NAMED("integers by a value with grad", Tensor x = torch::arange(3), w = leaf({3}, 4); x.copy_(w);
        return say(states(x), x););
  NAMED("floats by doubles with grad", Tensor x = torch::ones({3}), w = leaf({3}, 4); x.mul_(w);
        x.sum().backward(); return say(states(x), x, w.grad()););
  NAMED("requires_grad_ off an inner one", Tensor x = leaf({3}) * 2; x.requires_grad_(false);
        return "passes";);
  NAMED("requires_grad_ on an inner one", Tensor x = leaf({3}) * 2; x.requires_grad_();
        return states(x););
  NAMED("requires_grad_ on a view of a constant", Tensor x = numbers({4});
        Tensor v = x.view({2, 2}); v.requires_grad_(); std::string is = states(x, v);
        (v * v).sum().backward(); return say(is, v.grad()););
  NAMED("in place on such a view", Tensor x = numbers({4}); Tensor v = x.view({2, 2});
        v.requires_grad_(); v.mul_(2); return states(x, v););
  NAMED("in place on the base of such a view", Tensor x = numbers({4}); Tensor v = x.view({2, 2});
        v.requires_grad_(); x.mul_(2); return states(x, v););
  NAMED("a base made to require grad after its view", Tensor x = numbers({4});
        Tensor v = x.view({2, 2}); x.requires_grad_(); return states(x, v););
  NAMED("in place on that view", Tensor x = numbers({4}); Tensor v = x.view({2, 2});
        x.requires_grad_(); v.mul_(2); return states(x, v););

  // Names and numbers
#define AFTER(operation)                                                                     \
  NAMED("after " #operation, Tensor x = leaf({2, 2}), w = leaf({2, 2}, 3); Tensor y = x * 1; \
        y.operation; std::string is = states(y); y.sum().backward();                         \
        return say(is, y, x.grad(), w.grad());)
  AFTER(add_(1));
  AFTER(add_(w));
  AFTER(add_(w, 2));
  AFTER(sub_(w));
  AFTER(mul_(3));
  AFTER(mul_(w));
  AFTER(div_(2));
  AFTER(div_(w.detach() + 1));
  AFTER(pow_(2));
  AFTER(neg_());
  AFTER(abs_());
  AFTER(square_());
  AFTER(reciprocal_());
  AFTER(relu_());
  AFTER(clamp_(2, 3));
  AFTER(clamp_min_(2));
  AFTER(fill_(2));
  AFTER(fill_(w.sum()));
  AFTER(zero_());
  AFTER(copy_(w));
  AFTER(copy_(w[0]));
  AFTER(copy_(numbers({2, 2})));
  AFTER(masked_fill_(w.gt(4), 0));
  AFTER(index_fill_(0, torch::tensor({1}), 9));
  AFTER(index_add_(0, torch::tensor({1}), w.slice(0, 0, 1)));
  AFTER(scatter_(0, torch::tensor({{1, 0}, {0, 1}}), w));
  AFTER(scatter_add_(0, torch::tensor({{1, 0}, {0, 1}}), w));
  AFTER(addcmul_(w, w));
  AFTER(addmm_(w, w));
  AFTER(lerp_(w, 0.5));
  AFTER(cumsum_(0));
  AFTER(triu_());
  AFTER(t_());
  AFTER(transpose_(0, 1));
  AFTER(unsqueeze_(0));
  AFTER(squeeze_());
  AFTER(eq_(w));
  AFTER(floor_());
  AFTER(sign_());
  AFTER(round_());
  AFTER(uniform_().zero_());
  AFTER(set_data(numbers({2, 2}, 5)));
#undef AFTER

  // Slices by index
#define INTO(...)                                                                              \
  NAMED("into " #__VA_ARGS__, Tensor x = leaf({3, 4}), w = leaf({4}, 3); Tensor y = x * 1;     \
        __VA_ARGS__; std::string is = states(y); (y * y).sum().backward();                     \
        return say(is, y, x.grad(), w.grad()););                                               \
  NAMED("into a constant, " #__VA_ARGS__, Tensor w = leaf({4}, 3); Tensor y = numbers({3, 4}); \
        __VA_ARGS__; std::string is = states(y); (y * y).sum().backward();                     \
        return say(is, y, w.grad());)
  INTO(y[1] = w);
  INTO(y[1].copy_(w));
  INTO(y[1] += w);
  INTO(y[1][2] = w[0]);
  INTO(y.select(1, 0).copy_(w.slice(0, 0, 3)));
  INTO(y.slice(0, 1).mul_(w));
  INTO(y.t()[1].add_(w[1]));
  INTO(y.index_put_({1}, w));
  INTO(y.index_put_({Slice(), 1}, w[2]));
  INTO(y.index_put_({torch::tensor({0, 2})}, w));
  INTO(y.index_put_({torch::tensor({0, 0})}, w, true));
  INTO(y.index_put_({y > 5}, w[0]));
  INTO(y.index({1}).copy_(w));
  INTO(y.index({Slice(0, 2)}).fill_(w.sum()));
  INTO(y.diagonal().copy_(w.slice(0, 1)));
  INTO(for (int i = 0; i < 3; ++i) y[i].copy_(w * (i + 1)));
  INTO(for (int i = 1; i < 3; ++i) y[i].add_(y[i - 1].clone() * w));
  INTO(y.narrow(0, 0, 2).select(1, 3).t_().mul_(w[0]));
#undef INTO
  NAMED("a value from the same tensor", Tensor x = leaf({4}); Tensor y = x * 1;
        y.slice(0, 0, 2).copy_(y.slice(0, 2)); y.sum().backward(); return say(y, x.grad()););
  NAMED("a slice saved before", Tensor x = leaf({4}); Tensor y = x * 1; Tensor s = (y[0] * y[1]);
        y[2] = 5; s.backward(); return say(x.grad()););

  // Detached, data, set_data
  NAMED("detach", Tensor x = leaf({3}); Tensor y = x * 1; Tensor d = y.detach();
        std::string is = states(y, d); d.mul_(2); return say(is, states(y, d), d.is_alias_of(y)););
  NAMED("detach by a value with grad", Tensor x = leaf({3}), w = leaf({3}, 4); Tensor y = x * 1;
        Tensor d = y.detach(); d.mul_(w); std::string is = states(y, d); d.sum().backward();
        return say(is, x.grad(), w.grad()););
  NAMED("base of a detached one", Tensor x = leaf({3}), w = leaf({3}, 4); Tensor y = x * 1;
        Tensor d = y.detach(); y.mul_(w); return states(y, d););
  NAMED("view of a detached one", Tensor x = leaf({4}), w = leaf({}, 4); Tensor y = x * 1;
        Tensor d = y.detach(); d.view({2, 2}).mul_(w); return states(y, d););
  NAMED("data", Tensor x = leaf({3}); Tensor y = x * 1; Tensor d = y.data(); d.mul_(2);
        return say(states(y, d), d.is_alias_of(y), y););
  NAMED("data by a value with grad", Tensor x = leaf({3}), w = leaf({3}, 4); Tensor y = x * 1;
        Tensor d = y.data(); d.mul_(w); return states(y, d););
  NAMED("detach_", Tensor x = leaf({3}); Tensor y = x * 1; Tensor z = y.sum(); y.detach_();
        std::string is = states(y); z.backward(); return say(is, x.grad()););
  NAMED("detach_ a leaf", Tensor x = leaf({3}); x.detach_(); return states(x););
  NAMED("detach_ a constant", Tensor x = numbers({3}); x.detach_(); return states(x););
  NAMED("detach_ a view", Tensor x = leaf({4}); Tensor v = (x * 1).view({2, 2}); v.detach_();
        return states(v););
  NAMED("detach_ a view of a constant", Tensor v = numbers({4}).view({2, 2}); v.detach_();
        return states(v););
  NAMED("detach_ a part", Tensor x = leaf({4}); auto p = (x * 1).split(2); p[0].detach_();
        return "passes";);
  NAMED("detach_ what was changed", Tensor x = leaf({3}); Tensor y = x * 1; y.mul_(2); y.detach_();
        return states(y););
  NAMED("set_data of a leaf", Tensor x = leaf({3}); x.set_data(numbers({2, 2}, 5));
        (x * x).sum().backward(); return say(states(x), x, x.grad()););
  NAMED("set_data after use", Tensor x = leaf({3}); Tensor y = (x * x).sum();
        x.set_data(numbers({3}, 5)); y.backward(); return say(states(x), x, x.grad()););
  NAMED("set_data of an inner one", Tensor x = leaf({3}); Tensor y = x * 2;
        y.set_data(numbers({3}, 5)); std::string is = states(y); (y * y).sum().backward();
        return say(is, x.grad()););
  NAMED("set_data of another dtype", Tensor x = leaf({3}); x.set_data(torch::ones({3}));
        x.sum().backward(); return say(states(x), x.grad()););
  NAMED("set_data of integers", Tensor x = leaf({3}); x.set_data(torch::arange(3));
        return states(x););
  NAMED("set_data of integers to a constant", Tensor x = numbers({3}); x.set_data(torch::arange(3));
        return say(x););
  NAMED("set_data undefined", Tensor x = leaf({3}); x.set_data(Tensor()); return states(x););
  NAMED("set_data with one that requires grad", Tensor x = leaf({3}), w = leaf({3}, 4);
        x.set_data(w); return say(states(x, w), x.is_alias_of(w)););
  NAMED("set_data twice", Tensor x = leaf({3}); x.mutable_grad() = numbers({3});
        x.set_data(numbers({3}, 5)); x.set_data(numbers({3}, 6));
        return say(states(x), x, x.grad()););
  NAMED("grad of another shape", Tensor x = leaf({3}); x.mutable_grad() = numbers({2});
        x.sum().backward(); return say(x.grad()););
}
