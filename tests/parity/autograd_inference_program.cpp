// InferenceMode: what is made in it, what may be done with that outside, and with others inside.
#include <stdexcept>
#include <thread>

#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::grad;
namespace {

// As state(), without the version, which may not be read of all.
std::string traits(const Tensor& x) {
  std::ostringstream out;
  out << (x.is_inference() ? "inference " : "") << grad_fn_name(x) << (x.is_leaf() ? " leaf" : "")
      << (x.requires_grad() ? " requires grad" : "") << (x.is_view() ? " view" : "");
  return out.str();
}

std::string modes() {
  return std::string(torch::InferenceMode::is_enabled() ? "inference" : "normal") +
         (torch::GradMode::is_enabled() ? " grad" : " no grad");
}

// Made in inference mode.
Tensor inferred(torch::IntArrayRef sizes = {2, 2}) {
  torch::InferenceMode guard;
  return numbers(sizes);
}

struct Double : Function<Double> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * 2;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2}; }
};

struct InferenceUse {
  const char* name;
  Tensor (*of)(const Tensor& x, const Tensor& w);
};
const InferenceUse kInferenceUses[] = {
    {"add", [](const Tensor& x, const Tensor& w) { return x + w; }},
    {"mul", [](const Tensor& x, const Tensor& w) { return x * w; }},
    {"mul number", [](const Tensor& x, const Tensor&) { return x * 2; }},
    {"mm", [](const Tensor& x, const Tensor& w) { return x.mm(w); }},
    {"mm turned", [](const Tensor& x, const Tensor& w) { return w.mm(x); }},
    {"view", [](const Tensor& x, const Tensor&) { return x.view({4}); }},
    {"select", [](const Tensor& x, const Tensor&) { return x[0]; }},
    {"t", [](const Tensor& x, const Tensor&) { return x.t(); }},
    {"part", [](const Tensor& x, const Tensor&) { return x.split(1)[1]; }},
    {"clone", [](const Tensor& x, const Tensor&) { return x.clone(); }},
    {"detach", [](const Tensor& x, const Tensor&) { return x.detach(); }},
    {"data", [](const Tensor& x, const Tensor&) { return x.data(); }},
    {"contiguous", [](const Tensor& x, const Tensor&) { return x.contiguous(); }},
    {"to", [](const Tensor& x, const Tensor&) { return x.to(torch::kFloat64); }},
    {"to float", [](const Tensor& x, const Tensor&) { return x.to(torch::kFloat32); }},
    {"sum", [](const Tensor& x, const Tensor&) { return x.sum(); }},
    {"exp", [](const Tensor& x, const Tensor&) { return (x * 0).exp(); }},
    {"cat",
     [](const Tensor& x, const Tensor& w) {
       return torch::cat({x, w});
     }},
    {"where", [](const Tensor& x, const Tensor& w) { return torch::where(x > 2, x, w); }},
    {"index_select",
     [](const Tensor& x, const Tensor& w) { return w.index_select(0, x[0].to(torch::kLong) - 1); }},
    {"embedding", [](const Tensor& x,
                     const Tensor& w) { return torch::embedding(w, x[0].to(torch::kLong) - 1); }},
    {"layer_norm",
     [](const Tensor& x, const Tensor& w) { return torch::layer_norm(w, {2}, x[0], x[1]); }},
    {"zeros_like", [](const Tensor& x, const Tensor&) { return torch::zeros_like(x); }},
};

struct InferenceChange {
  const char* name;
  void (*in)(Tensor& x, const Tensor& w);
};
const InferenceChange kInferenceChanges[] = {
    {"add_ number", [](Tensor& x, const Tensor&) { x.add_(1); }},
    {"mul_", [](Tensor& x, const Tensor& w) { x.mul_(w); }},
    {"copy_", [](Tensor& x, const Tensor& w) { x.copy_(w); }},
    {"zero_", [](Tensor& x, const Tensor&) { x.zero_(); }},
    {"select", [](Tensor& x, const Tensor&) { x[0].add_(1); }},
    {"index_put_", [](Tensor& x, const Tensor& w) { x.index_put_({0}, w[0]); }},
    {"t_", [](Tensor& x, const Tensor&) { x.t_(); }},
    {"requires_grad_(false)", [](Tensor& x, const Tensor&) { x.requires_grad_(false); }},
    {"out", [](Tensor& x, const Tensor& w) { torch::add_out(x, w.detach(), w.detach()); }},
    {"normal_", [](Tensor& x, const Tensor&) { x.normal_().fill_(1); }},
    {"data", [](Tensor& x, const Tensor&) { x.data().add_(1); }},
    {"detach", [](Tensor& x, const Tensor&) { x.detach().add_(1); }},
};

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_inference) {
  using namespace parity::autograd_cases;
  // The mode
  BLOCK(
      "modes", std::string said = modes(); {
        torch::InferenceMode a;
        said += ", " + modes();
        {
          torch::InferenceMode b(false);
          said += ", " + modes();
          {
            torch::InferenceMode c;
            said += ", " + modes();
          }
          said += ", " + modes();
          {
            torch::NoGradGuard d;
            said += ", " + modes();
          }
          said += ", " + modes();
        }
        {
          torch::AutoGradMode e(true);
          said += ", " + modes();
        }
        said += ", " + modes();
      } return said + ", " + modes(););
  BLOCK("false by itself", torch::InferenceMode a(false); return modes(););
  BLOCK("false within no_grad", torch::NoGradGuard g; torch::InferenceMode a(false);
        return modes(););
  BLOCK(
      "within no_grad", torch::NoGradGuard g; std::string said; {
        torch::InferenceMode a;
        said = modes();
      } return said + ", " + modes(););
  BLOCK(
      "unwound", std::string said; try {
        torch::InferenceMode a;
        throw std::runtime_error("x");
      } catch (const std::runtime_error&) { said = modes(); } return said;);
  BLOCK("another thread", std::string said; torch::InferenceMode a;
        std::thread([&] { said = modes(); }).join(); return said + ", " + modes(););

  // What is made
  BLOCK("made inside", torch::InferenceMode a; Tensor x = numbers({2}); return traits(x););
  BLOCK("made outside", return traits(numbers({2})););
  BLOCK("made in inference(false)", torch::InferenceMode a; torch::InferenceMode b(false);
        return traits(numbers({2})););
  BLOCK("seen outside", return traits(inferred()););
  BLOCK("a leaf made inside", torch::InferenceMode a; Tensor x = leaf({2}); return traits(x););
  BLOCK("a leaf made inside, options", torch::InferenceMode a;
        Tensor x = torch::ones({2}, torch::requires_grad()); return traits(x););
  BLOCK("version of it", return inferred()._version(););
  BLOCK("version inside", torch::InferenceMode a; return numbers({2})._version(););
  BLOCK("version of a normal one inside", Tensor x = numbers({2}); torch::InferenceMode a;
        x.add_(1); return x._version(););
  BLOCK("backward inside", Tensor x = leaf({2}); Tensor y = (x * x).sum(); torch::InferenceMode a;
        y.backward(); return say(traits(x.grad()), x.grad()););
  BLOCK("backward of what is made inside", Tensor x = leaf({2}); torch::InferenceMode a;
        (x * x).sum().backward(); return "passes";);
  BLOCK("grad inside", Tensor x = leaf({2}); Tensor y = (x * x).sum(); torch::InferenceMode a;
        Tensor g = grad({y}, {x})[0]; return say(traits(g), g););
  BLOCK("hook inside", Tensor x = leaf({2}); torch::InferenceMode a;
        x.register_hook([](Tensor g) { return g * 2; }); return "passes";);
  BLOCK("Function inside", Tensor x = leaf({2}); torch::InferenceMode a;
        return traits(Double::apply(x)););
  BLOCK("Function of it outside", return traits(Double::apply(inferred())););
  BLOCK("Function of it inside inference(false)", torch::InferenceMode a; Tensor x = numbers({2});
        torch::InferenceMode b(false); return traits(Double::apply(x)););
  BLOCK(
      "Function that saves it", Tensor x; {
        torch::InferenceMode a;
        x = leaf({2});
      } return traits(Double::apply(x)););
  BLOCK(
      "accumulates into what is made inside", Tensor x = leaf({2}); {
        torch::InferenceMode a;
        x.mutable_grad() = numbers({2});
      } x.sum()
                                                                        .backward();
      return say(x.grad(), traits(x.grad())););
  BLOCK("layer inside", torch::nn::Linear layer(2, 2); torch::InferenceMode a;
        return traits(layer(torch::ones({1, 2}))););
  BLOCK(
      "layer made inside, used outside", std::shared_ptr<torch::nn::LinearImpl> layer; {
        torch::InferenceMode a;
        layer = std::make_shared<torch::nn::LinearImpl>(2, 2);
      } return traits(layer->forward(torch::ones({1, 2}))););
  BLOCK(
      "result of a layer into a loss outside", torch::nn::Linear layer(2, 2); Tensor y; {
        torch::InferenceMode a;
        y = layer(torch::ones({1, 2}));
      } return traits(y * layer->weight););

  for (const InferenceUse& use : kInferenceUses) {
    const std::string name = use.name;
    BLOCK(name + " of one made inside, inside", torch::InferenceMode a; Tensor x = numbers({2, 2});
          return traits(use.of(x, x)););
    BLOCK(name + " of a normal one, inside", Tensor x = numbers({2, 2}); torch::InferenceMode a;
          return traits(use.of(x, x)););
    BLOCK(name + " of a leaf, inside", Tensor x = leaf({2, 2}); torch::InferenceMode a;
          return traits(use.of(x, x)););
    BLOCK(name + " of a normal one, inside inference(false)", Tensor x = leaf({2, 2});
          torch::InferenceMode a; torch::InferenceMode b(false); return traits(use.of(x, x)););
    BLOCK(name + " of one made inside, outside", Tensor x = inferred();
          return traits(use.of(x, x)););
    BLOCK(name + " of one made inside, under no_grad", Tensor x = inferred();
          torch::NoGradGuard guard; return traits(use.of(x, x)););
    BLOCK(name + " of one made inside with a leaf", Tensor x = inferred(), w = leaf({2, 2}, 4);
          Tensor y = use.of(x, w); std::string is = traits(y);
          if (y.requires_grad()) y.sum().backward(); return say(is, w.grad()););
    BLOCK(name + " of a leaf with one made inside", Tensor w = inferred(), x = leaf({2, 2});
          Tensor y = use.of(x, w); std::string is = traits(y);
          if (y.requires_grad()) y.sum().backward(); return say(is, x.grad()););
  }

  for (const InferenceChange& change : kInferenceChanges) {
    const std::string name = change.name;
    BLOCK(name + " in one made inside, inside", torch::InferenceMode a; Tensor x = numbers({2, 2});
          change.in(x, x); return say(traits(x), x););
    BLOCK(name + " in one made inside, outside", Tensor x = inferred();
          change.in(x, numbers({2, 2})); return say(traits(x), x););
    BLOCK(name + " in one made inside, under no_grad", Tensor x = inferred();
          torch::NoGradGuard guard; change.in(x, numbers({2, 2})); return say(traits(x), x););
    BLOCK(name + " in one made inside by a leaf", Tensor x = inferred(), w = leaf({2, 2}, 4);
          change.in(x, w); return say(traits(x), x););
    BLOCK(name + " in a normal one, inside", Tensor x = numbers({2, 2}); torch::InferenceMode a;
          change.in(x, numbers({2, 2})); return say(traits(x), x););
    BLOCK(name + " in a normal one by one made inside", Tensor x = numbers({2, 2});
          change.in(x, inferred()); return say(traits(x), x););
    BLOCK(name + " in an inner one by one made inside", Tensor x = leaf({2, 2}); Tensor y = x * 1;
          change.in(y, inferred()); y.sum().backward(); return say(traits(y), x.grad()););
    BLOCK(name + " in a leaf, inside", Tensor x = leaf({2, 2}); torch::InferenceMode a;
          change.in(x, numbers({2, 2})); return say(traits(x), x););
    BLOCK(
        name + " in an inner one, inside", Tensor x = leaf({2, 2}); Tensor y = x * 1;
        std::string is; {
          torch::InferenceMode a;
          change.in(y, numbers({2, 2}));
          is = traits(y);
        } y.sum()
                            .backward();
        return say(is, y, x.grad()););
    BLOCK(
        name + " in a saved one, inside", Tensor x = leaf({2, 2}); Tensor y = x * 1;
        Tensor z = (y * y).sum(); {
          torch::InferenceMode a;
          change.in(y, numbers({2, 2}));
        } z.backward();
        return say(x.grad()););
    BLOCK(
        name + " in a view made inside of a normal one, outside", Tensor x = numbers({2, 2});
        Tensor v; {
          torch::InferenceMode a;
          v = x.view({2, 2});
        } change.in(v, numbers({2, 2}));
        return say(traits(v), x););
    BLOCK(
        name + " in a view made inside of an inner one, outside", Tensor x = leaf({2, 2});
        Tensor y = x * 1; Tensor v; {
          torch::InferenceMode a;
          v = y.view({2, 2});
        } change.in(v, numbers({2, 2}));
        return say(traits(v), traits(y), y););
    BLOCK(name + " in a view made inside of a leaf, inside", Tensor x = leaf({2, 2});
          torch::InferenceMode a; Tensor v = x.view({2, 2}); change.in(v, numbers({2, 2}));
          return say(traits(v), traits(x), x););
    BLOCK(name + " in a view made outside of one made inside", Tensor x = inferred();
          Tensor v = x.view({2, 2}); change.in(v, numbers({2, 2}));
          return say(traits(v), traits(x), x););
    BLOCK(name + " in a clone of one made inside", Tensor x = inferred().clone();
          change.in(x, numbers({2, 2})); return say(traits(x), x););
  }
  BLOCK(
      "view made inside, base changed", Tensor x = leaf({2, 2}); Tensor y = x * 1; Tensor v; {
        torch::InferenceMode a;
        v = y.view({4});
      } y.mul_(2);
      return traits(v););
  BLOCK(
      "view of a view made inside", Tensor x = leaf({2, 2}); Tensor y = x * 1; Tensor v; {
        torch::InferenceMode a;
        v = y.view({4});
      } Tensor w = v.view({2, 2});
      w.mul_(2); return traits(w););
  BLOCK(
      "view made inside, used in the graph", Tensor x = leaf({2, 2}); Tensor y = x * 1; Tensor v; {
        torch::InferenceMode a;
        v = y.view({4});
      } Tensor z = (v * v).sum();
      return traits(z););
}
