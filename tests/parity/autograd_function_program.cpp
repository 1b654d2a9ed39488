// autograd::Function and its context: what forward takes, saves, marks and returns; what backward
// gets and gives.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::AutogradContext;
using torch::autograd::backward;
using torch::autograd::Function;
using torch::autograd::grad;
namespace {

// x * y * n, with all kinds of saved data.
struct Scaled : Function<Scaled> {
  static Tensor forward(AutogradContext* ctx, Tensor x, Tensor y, double factor) {
    ctx->save_for_backward({x, y});
    ctx->saved_data["factor"] = factor;
    ctx->saved_data["int"] = 3;
    ctx->saved_data["long"] = int64_t{1} << 40;
    ctx->saved_data["bool"] = true;
    ctx->saved_data["text"] = "some";
    ctx->saved_data["string"] = std::string("more");
    ctx->saved_data["list"] = std::vector<int64_t>{1, 2};
    ctx->saved_data["tensor"] = x.detach();
    return x * y * factor;
  }
  static std::string said;
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const variable_list saved = ctx->get_saved_variables();
    const double factor = ctx->saved_data["factor"].toDouble();
    said = say(ctx->saved_data["int"].toInt(), ctx->saved_data["long"].toInt(),
               ctx->saved_data["bool"].toBool(), ctx->saved_data["text"].toStringRef(),
               ctx->saved_data["string"].toStringRef(), ctx->saved_data["list"].toIntVector(),
               ctx->saved_data["tensor"].toTensor(), ctx->saved_data["absent"].isNone(),
               saved[0].requires_grad(), ctx->needs_input_grad(0), ctx->needs_input_grad(1));
    return {g[0] * saved[1] * factor, g[0] * saved[0] * factor, Tensor()};
  }
};
std::string Scaled::said;

// exp, which saves its output.
struct Exp : Function<Exp> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    Tensor y = x.exp();
    ctx->save_for_backward({y});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * ctx->get_saved_variables()[0]};
  }
};

// x * x * x, which saves what is neither an input nor an output.
struct Cube : Function<Cube> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    Tensor square = x * x;
    ctx->save_for_backward({x, square, Tensor()});
    return square * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const variable_list saved = ctx->get_saved_variables();
    return {g[0] * saved[1] * (saved[2].defined() ? 0 : 3)};
  }
};

// Doubles its input in place.
struct Twice : Function<Twice> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2}; }
};

// Doubles its input in place and says so, or not.
struct Secretly : Function<Secretly> {
  static Tensor forward(AutogradContext* ctx, Tensor x, bool marks, bool returns) {
    x.mul_(2);
    if (marks) ctx->mark_dirty({x});
    return returns ? x : x * 1;
  }
  static variable_list backward(AutogradContext*, variable_list g) {
    return {g[0] * 2, Tensor(), Tensor()};
  }
};

// The input and its double.
struct Both : Function<Both> {
  static variable_list forward(AutogradContext* ctx, Tensor x, int how) {
    variable_list outputs = {x + 0, x * 2};
    if (how % 2 == 1) ctx->mark_non_differentiable({outputs[1]});
    if (how >= 2) ctx->set_materialize_grads(false);
    return outputs;
  }
  static std::string said;
  static variable_list backward(AutogradContext*, variable_list g) {
    said = say(g);
    Tensor sum;
    if (g[0].defined()) sum = g[0];
    if (g[1].defined()) sum = sum.defined() ? sum + g[1] * 2 : g[1] * 2;
    return {sum, Tensor()};
  }
};
std::string Both::said;

// Returns what `how` says, passes the gradient on.
struct Returns : Function<Returns> {
  static Tensor forward(AutogradContext*, Tensor x, const std::string& how) {
    if (how == "input") return x;
    if (how == "view") return x.view({-1});
    if (how == "slice") return x.slice(0, 0, 2);
    if (how == "detached") return x.detach();
    if (how == "clone") return x.clone();
    if (how == "constant") return torch::full(x.sizes(), 3, torch::kFloat64);
    if (how == "integers") return x.to(torch::kLong);
    return Tensor();
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 3, Tensor()}; }
};

// Gives gradients as `how` says.
struct Gives : Function<Gives> {
  static Tensor forward(AutogradContext* ctx, Tensor x, Tensor y, const std::string& how) {
    ctx->saved_data["how"] = how;
    return x + y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const std::string how = ctx->saved_data["how"].toStringRef();
    const Tensor none;
    if (how == "few") return {g[0], g[0]};
    if (how == "none at all") return {};
    if (how == "many") return {g[0], g[0], none, g[0]};
    if (how == "undefined past the end") return {g[0], g[0], none, none, none};
    if (how == "for a number") return {g[0], g[0], g[0]};
    if (how == "shape") return {torch::ones({5}, torch::kFloat64), g[0], none};
    if (how == "broadcast") return {torch::ones({2, 3}, torch::kFloat64), g[0], none};
    if (how == "smaller") return {torch::ones({1}, torch::kFloat64), g[0], none};
    if (how == "dtype") return {g[0].to(torch::kFloat32), g[0], none};
    if (how == "integers") return {torch::ones({3}, torch::kLong), g[0], none};
    if (how == "undefined") return {none, g[0], none};
    if (how == "all undefined") return {none, none, none};
    throw std::runtime_error("backward has no such way");
  }
};

struct Throws : Function<Throws> {
  static Tensor forward(AutogradContext*, Tensor) { throw std::logic_error("forward fails"); }
  static variable_list backward(AutogradContext*, variable_list g) { return g; }
};

// The sum of a list, an optional tensor and one more.
struct Lists : Function<Lists> {
  static Tensor forward(AutogradContext* ctx, at::TensorList list, c10::optional<Tensor> maybe,
                        Tensor last) {
    ctx->saved_data["count"] = static_cast<int64_t>(list.size());
    Tensor sum = last * 2;
    for (const Tensor& x : list) sum = sum + x;
    if (maybe.has_value()) sum = sum + *maybe;
    return sum;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    variable_list grads;
    for (int64_t i = 0; i < ctx->saved_data["count"].toInt(); ++i) {
      grads.push_back(g[0] * static_cast<double>(i + 1));
    }
    grads.push_back(ctx->needs_input_grad(0) ? g[0] * 10 : Tensor());
    grads.push_back(g[0] * 20);
    return grads;
  }
};

// A vector of tensors is one argument without a gradient.
struct Vector : Function<Vector> {
  static Tensor forward(AutogradContext*, variable_list list, Tensor x) { return x * list[0]; }
  static variable_list backward(AutogradContext*, variable_list g) { return {Tensor(), g[0] * 5}; }
};

// What forward and backward see of the modes.
struct Modes : Function<Modes> {
  static std::string said;
  static Tensor forward(AutogradContext*, Tensor x) {
    Tensor y = x * 2;
    said = say(torch::GradMode::is_enabled(), y.requires_grad(), x.requires_grad());
    return y;
  }
  static variable_list backward(AutogradContext*, variable_list g) {
    said += " | " + say(torch::GradMode::is_enabled(), g[0].requires_grad());
    return {g[0] * 2};
  }
};
std::string Modes::said;

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_function) {
  using namespace parity::autograd_cases;
  NAMED("saved", Tensor x = leaf({3}), y = leaf({3}, 4); Tensor z = Scaled::apply(x, y, 2.0);
        z.sum().backward(); return say(state(z), x.grad(), y.grad(), Scaled::said););
  NAMED("saved, one wanted", Tensor x = leaf({3}), y = numbers({3}, 4);
        Scaled::apply(x, y, 2.0).sum().backward(); return say(x.grad(), y.grad(), Scaled::said););
  NAMED("saved, grad of one", Tensor x = leaf({3}), y = leaf({3}, 4);
        Tensor g = grad({Scaled::apply(x, y, 2.0).sum()}, {y})[0]; return say(g, Scaled::said););
  NAMED("nothing wanted", Tensor x = numbers({3}); Tensor z = Scaled::apply(x, x, 2.0);
        return say(state(z)););
  NAMED("under no_grad", Tensor x = leaf({3}); torch::NoGradGuard guard;
        Tensor z = Scaled::apply(x, x, 2.0); return say(state(z)););
  NAMED("one tensor twice", Tensor x = leaf({3}); Scaled::apply(x, x, 2.0).sum().backward();
        return say(x.grad()););
  NAMED("double backward", Tensor x = leaf({3}), y = leaf({3}, 4);
        Tensor g = grad({(Scaled::apply(x, y, 2.0) * x).sum()}, {x}, {}, {}, true)[0];
        return say(g, grad({g.sum()}, {x, y})););
  NAMED("output saved", Tensor x = torch::zeros({2}, torch::kFloat64).requires_grad_();
        Tensor y = Exp::apply(x); y.sum().backward(); return say(y, x.grad()););
  NAMED(
      "output saved, double", Tensor x = torch::zeros({2}, torch::kFloat64).requires_grad_();
      Tensor y = x; for (int i = 0; i < 3; ++i) {
        y = grad({(Exp::apply(x) * (i + 1)).sum()}, {x}, {}, {}, true)[0];
      } return say(y, grad({y.sum()}, {x})););
  NAMED("output saved, changed", Tensor x = leaf({2}); Tensor y = Exp::apply(x); y.add_(1);
        y.sum().backward(); return say(x.grad()););
  NAMED("input saved, changed", Tensor x = leaf({2}); Tensor y = x * 1; Tensor z = Cube::apply(y);
        y.add_(1); z.sum().backward(); return say(x.grad()););
  NAMED("intermediate saved", Tensor x = leaf({3}); Cube::apply(x).sum().backward();
        return say(x.grad()););
  NAMED("intermediate has no graph", Tensor x = leaf({3});
        Tensor g = grad({Cube::apply(x).sum()}, {x}, {}, {}, true)[0];
        return say(g, grad({g.sum()}, {x}, {}, {}, false, true)););
  NAMED("twice", Tensor x = leaf({3}); Tensor y = Cube::apply(x).sum(); y.backward(); y.backward();
        return say(x.grad()););
  NAMED("twice, nothing saved", Tensor x = leaf({3}); Tensor y = Returns::apply(x, "clone");
        y.backward(numbers({3})); y.backward(numbers({3})); return say(x.grad()););
  NAMED("twice, kept", Tensor x = leaf({3}); Tensor y = Cube::apply(x).sum(); y.backward({}, true);
        y.backward(); return say(x.grad()););
  NAMED("modes", Tensor x = leaf({3}); Tensor y = Modes::apply(x); y.sum().backward({}, true);
        std::string first = Modes::said; grad({(y * y).sum()}, {x}, {}, {}, true);
        return say(first, Modes::said););

  // In place
  NAMED("dirty", Tensor x = leaf({3}); Tensor y = x * 1; Tensor z = Twice::apply(y);
        (z * z).sum().backward(); return say(z.is_same(y), state(y), state(z), x.grad()););
  NAMED("dirty constant", Tensor x = numbers({3}); Tensor z = Twice::apply(x);
        return say(z.is_same(x), state(x), x););
  NAMED("dirty leaf", Tensor x = leaf({3}); return say(Twice::apply(x)););
  NAMED("dirty leaf under no_grad", Tensor x = leaf({3}); torch::NoGradGuard guard;
        Tensor z = Twice::apply(x); return say(x, z.is_same(x), x._version()););
  NAMED("dirty view", Tensor x = leaf({4}); Tensor y = x * 1; Tensor v = y.slice(0, 0, 2);
        Tensor z = Twice::apply(v); (y * y).sum().backward();
        return say(y, state(z), state(y), x.grad()););
  NAMED("dirty view of a leaf", Tensor x = leaf({4}); return say(Twice::apply(x.slice(0, 0, 2))););
  NAMED("dirty, saved before", Tensor x = leaf({3}); Tensor y = x * 1; Tensor w = y * y;
        Twice::apply(y); w.sum().backward(); return say(x.grad()););
  NAMED("marked, not returned", Tensor x = leaf({3}); Tensor y = x * 1;
        Tensor z = Secretly::apply(y, true, false); return say(state(y), state(z)););
  NAMED("returned, not marked", Tensor x = leaf({3}); Tensor y = x * 1;
        Tensor z = Secretly::apply(y, false, true);
        return say(z.is_same(y), z.is_alias_of(y), state(y), state(z)););
  NAMED("neither", Tensor x = leaf({3}); Tensor y = x * 1;
        Tensor z = Secretly::apply(y, false, false); z.sum().backward();
        return say(state(y), state(z), x.grad()););

  // Several outputs
  for (int how = 0; how < 4; ++how) {
    const std::string label = "how " + std::to_string(how) + ": ";
    NAMED(label + "states", Tensor x = leaf({2}); auto y = Both::apply(x, how);
          return say(state(y[0]), state(y[1])););
    NAMED(label + "first", Tensor x = leaf({2}); Both::apply(x, how)[0].sum().backward();
          return say(x.grad(), Both::said););
    NAMED(label + "second", Tensor x = leaf({2}); Both::apply(x, how)[1].sum().backward();
          return say(x.grad(), Both::said););
    NAMED(label + "both", Tensor x = leaf({2}); auto y = Both::apply(x, how);
          (y[0] * y[1]).sum().backward(); return say(x.grad(), Both::said););
    NAMED(label + "an undefined gradient arrives", Tensor x = leaf({2});
          auto y = Both::apply(x, how);
          (Gives::apply(y[0], y[0], "all undefined") + y[1] * 1).sum().backward();
          return say(x.grad(), Both::said););
    NAMED(label + "in place", Tensor x = leaf({2}); auto y = Both::apply(x, how); y[1].mul_(3);
          (y[0] * y[1]).sum().backward(); return say(state(y[1]), x.grad(), Both::said););
  }

  // Returning what exists
  for (const char* how : {"input", "view", "slice", "detached", "clone", "constant", "integers"}) {
    const std::string label = std::string("returns ") + how;
    NAMED(label + " of a leaf", Tensor x = leaf({3}); Tensor y = Returns::apply(x, how);
          return say(y.is_same(x), y.is_alias_of(x), state(x), state(y)););
    NAMED(label, Tensor x = leaf({3}); Tensor y = x * 1; Tensor z = Returns::apply(y, how);
          z.sum().backward(); return say(z.is_same(y), state(y), state(z), x.grad()););
    NAMED(label + " changed in place", Tensor x = leaf({3}); Tensor y = x * 1;
          Tensor z = Returns::apply(y, how); z.mul_(2); z.sum().backward();
          return say(state(y), state(z), x.grad()););
    NAMED(label + ", base changed in place", Tensor x = leaf({3}); Tensor y = x * 1;
          Tensor z = Returns::apply(y, how); y.mul_(2); z.sum().backward();
          return say(state(y), state(z), x.grad()););
    NAMED(label + " of a constant", Tensor x = numbers({3}); Tensor z = Returns::apply(x, how);
          return say(z.is_same(x), z.is_alias_of(x), state(x), state(z)););
    NAMED(label + " under no_grad", Tensor x = leaf({3}); torch::NoGradGuard guard;
          Tensor z = Returns::apply(x, how);
          return say(z.is_same(x), z.is_alias_of(x), state(x), state(z)););
  }

  // Giving gradients
  for (const char* how :
       {"few", "none at all", "many", "undefined past the end", "for a number", "shape",
        "broadcast", "smaller", "dtype", "integers", "undefined", "all undefined", "unknown"}) {
    NAMED(std::string("gives ") + how, Tensor x = leaf({3}), y = leaf({3});
          Gives::apply(x, y, how).sum().backward(); return say(x.grad(), y.grad()););
  }
  NAMED("gives undefined, inner", Tensor x = leaf({3}), y = leaf({3});
        Gives::apply(x * 2, y, "undefined").sum().backward(); return say(x.grad(), y.grad()););
  NAMED("gives undefined, asked for", Tensor x = leaf({3}), y = leaf({3});
        return say(grad({Gives::apply(x, y, "undefined").sum()}, {x})););
  NAMED("gives undefined, allowed", Tensor x = leaf({3}), y = leaf({3}); return say(
            grad({Gives::apply(x * 2, y, "undefined").sum()}, {x, y}, {}, {}, false, true)););
  NAMED("wrong shape for what is not wanted", Tensor x = numbers({3}), y = leaf({3});
        Gives::apply(x, y, "shape").sum().backward(); return say(x.grad(), y.grad()););
  NAMED("forward throws", return say(Throws::apply(leaf({3}))););
  NAMED("mode after forward threw", std::string t = attempt([] { Throws::apply(leaf({3})); });
        return say(t, torch::GradMode::is_enabled()););
  NAMED("mode after backward threw", Tensor x = leaf({3});
        std::string t = attempt([&] { Gives::apply(x, x, "unknown").sum().backward(); });
        return say(t, torch::GradMode::is_enabled(), x.grad()););
  NAMED("again after backward threw", Tensor x = leaf({3});
        Tensor y = Gives::apply(x, x, "unknown").sum(); attempt([&] { y.backward(); });
        y.backward(); return say(x.grad()););

  // Lists and what is not there
  NAMED("list", Tensor x = leaf({2}), y = leaf({2}), z = leaf({2}); variable_list list = {x, y};
        Lists::apply(at::TensorList(list), c10::optional<Tensor>(), z).sum().backward();
        return say(x.grad(), y.grad(), z.grad()););
  NAMED("list and optional", Tensor x = leaf({2}), y = leaf({2}), z = leaf({2});
        variable_list list = {x};
        Lists::apply(at::TensorList(list), c10::optional<Tensor>(y), z).sum().backward();
        return say(x.grad(), y.grad(), z.grad()););
  NAMED("list alone wants", Tensor x = leaf({2}), z = numbers({2}); variable_list list = {x, z};
        Tensor y = Lists::apply(at::TensorList(list), c10::optional<Tensor>(), z);
        y.sum().backward(); return say(x.grad(), z.grad()););
  NAMED("vector", Tensor x = leaf({2}), y = leaf({2});
        Vector::apply(variable_list{x}, y).sum().backward(); return say(x.grad(), y.grad()););
  NAMED("vector alone wants", Tensor x = leaf({2}), y = numbers({2});
        return say(state(Vector::apply(variable_list{x}, y))););
}
