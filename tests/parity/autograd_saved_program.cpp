// What was saved for backward, changed in place in every way: who notices, and in which words.
#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
using surface::add;
using torch::autograd::grad;
namespace {

struct SavedChange {
  const char* name;
  void (*in)(Tensor& y);
};
// Of a [2, 2].
const SavedChange kSavedChanges[] = {
    {"itself", [](Tensor& y) { y.add_(1); }},
    {"itself twice", [](Tensor& y) { y.add_(1).mul_(2); }},
    {"itself, no values", [](Tensor& y) { y.add_(0); }},
    {"fill", [](Tensor& y) { y.fill_(1); }},
    {"zero", [](Tensor& y) { y.zero_(); }},
    {"copy",
     [](Tensor& y) {
       y.copy_(numbers({2, 2}));
     }},
    {"a view", [](Tensor& y) { y.view({4}).add_(1); }},
    {"an element", [](Tensor& y) { y[0][0] = 7; }},
    {"index_put", [](Tensor& y) { y.index_put_({0}, 7); }},
    {"view of a view", [](Tensor& y) { y.t().slice(0, 0, 1).mul_(2); }},
    {"detach", [](Tensor& y) { y.detach().add_(1); }},
    {"view of detach", [](Tensor& y) { y.detach().view({4}).add_(1); }},
    {"data", [](Tensor& y) { y.data().add_(1); }},
    {"no_grad",
     [](Tensor& y) {
       torch::NoGradGuard guard;
       y.sub_(y, 0.1);
     }},
    {"no_grad through data",
     [](Tensor& y) {
       torch::NoGradGuard guard;
       y.data().add_(y, -0.1);
     }},
    {"optimizer",
     [](Tensor& y) {
       torch::NoGradGuard guard;
       y.add_(torch::ones_like(y), -0.1);
     }},
    {"out",
     [](Tensor& y) {
       torch::NoGradGuard guard;
       torch::add_out(y, numbers({2, 2}), numbers({2, 2}));
     }},
    {"out of detach",
     [](Tensor& y) {
       Tensor d = y.detach();
       torch::add_out(d, numbers({2, 2}), numbers({2, 2}));
     }},
    {"transposed in place", [](Tensor& y) { y.t_(); }},
    {"set_data",
     [](Tensor& y) {
       y.set_data(numbers({2, 2}, 9));
     }},
    {"set_data and change",
     [](Tensor& y) {
       y.set_data(numbers({2, 2}, 9));
       y.add_(1);
     }},
    {"normal",
     [](Tensor& y) {
       torch::NoGradGuard guard;
       y.normal_().fill_(2);
     }},
    {"resized",
     [](Tensor& y) {
       y.detach().resize_({2, 2});
     }},
    {"relu", [](Tensor& y) { y.relu_(); }},
    {"nothing", [](Tensor&) {}},
};

struct SavedUse {
  const char* name;
  Tensor (*of)(const Tensor& y, const Tensor& w);
};
const SavedUse kSavedUses[] = {
    {"mul", [](const Tensor& y, const Tensor& w) { return y * w; }},
    {"mul constant",
     [](const Tensor& y, const Tensor&) {
       return y * numbers({2, 2});
     }},
    {"square", [](const Tensor& y, const Tensor&) { return y * y; }},
    {"mm", [](const Tensor& y, const Tensor& w) { return y.mm(w); }},
    {"pow", [](const Tensor& y, const Tensor&) { return y.pow(2); }},
    {"div", [](const Tensor& y, const Tensor& w) { return w / y; }},
    {"divided", [](const Tensor& y, const Tensor& w) { return y / w; }},
    {"add", [](const Tensor& y, const Tensor& w) { return y + w; }},
    {"exp", [](const Tensor& y, const Tensor&) { return (y * 0).exp(); }},
    {"relu", [](const Tensor& y, const Tensor&) { return y.relu(); }},
    {"abs", [](const Tensor& y, const Tensor&) { return y.abs(); }},
    {"clamp", [](const Tensor& y, const Tensor&) { return y.clamp(2, 3); }},
    {"sum", [](const Tensor& y, const Tensor&) { return y.sum(0); }},
    {"prod", [](const Tensor& y, const Tensor&) { return y.prod(); }},
    {"max", [](const Tensor& y, const Tensor&) { return std::get<0>(y.max(0)); }},
    {"where", [](const Tensor& y, const Tensor& w) { return torch::where(y > 2, y, w); }},
    {"index", [](const Tensor& y, const Tensor&) { return y.index({torch::tensor({1})}); }},
    {"a view's square", [](const Tensor& y, const Tensor&) { return y.view({4}).square(); }},
    {"norm", [](const Tensor& y, const Tensor&) { return y.slice(0, 0, 1).slice(1, 0, 1).norm(); }},
    {"clone", [](const Tensor& y, const Tensor&) { return y.clone(); }},
    {"addcmul", [](const Tensor& y, const Tensor& w) { return torch::addcmul(w, y, w); }},
};

// An operation's output, changed: which operations read it in backward.
struct Unary {
  const char* name;
  Tensor (*of)(const Tensor&);
};
#define UNARY(op)                               \
  {                                             \
#op, [](const Tensor& x) { return x.op(); } \
  }
const Unary kUnary[] = {
    UNARY(exp),
    UNARY(exp2),
    UNARY(expm1),
    UNARY(log),
    UNARY(log2),
    UNARY(log10),
    UNARY(log1p),
    UNARY(sqrt),
    UNARY(rsqrt),
    UNARY(sin),
    UNARY(cos),
    UNARY(tan),
    UNARY(asin),
    UNARY(acos),
    UNARY(atan),
    UNARY(sinh),
    UNARY(cosh),
    UNARY(tanh),
    UNARY(asinh),
    UNARY(acosh),
    UNARY(atanh),
    UNARY(sigmoid),
    UNARY(reciprocal),
    UNARY(square),
    UNARY(relu),
    UNARY(abs),
    UNARY(neg),
    UNARY(erf),
    UNARY(erfc),
    UNARY(erfinv),
    UNARY(lgamma),
    UNARY(digamma),
    UNARY(floor),
    UNARY(sign),
    UNARY(frac),
    UNARY(sum),
    UNARY(mean),
    UNARY(prod),
    UNARY(norm),
    UNARY(std),
    UNARY(var),
    UNARY(max),
    UNARY(min),
    UNARY(clone),
    UNARY(logit),
    UNARY(trunc),
    {"softmax", [](const Tensor& x) { return x.softmax(0); }},
    {"log_softmax", [](const Tensor& x) { return x.log_softmax(0); }},
    {"logsumexp", [](const Tensor& x) { return x.logsumexp(0); }},
    {"cumsum", [](const Tensor& x) { return x.cumsum(0); }},
    {"cumprod", [](const Tensor& x) { return x.cumprod(0); }},
    {"leaky_relu", [](const Tensor& x) { return torch::leaky_relu(x, 0.1); }},
    {"clamp", [](const Tensor& x) { return x.clamp(0.3, 0.6); }},
    {"pow 3", [](const Tensor& x) { return x.pow(3); }},
    {"pow tensor", [](const Tensor& x) { return x.pow(x); }},
    {"dropout", [](const Tensor& x) { return torch::dropout(x, 0.5, true); }},
};
#undef UNARY

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_saved) {
  using namespace parity::autograd_cases;
  for (const SavedUse& use : kSavedUses) {
    for (const SavedChange& change : kSavedChanges) {
      NAMED(std::string(use.name) + ", changed " + change.name, Tensor x = leaf({2, 2}),
            w = leaf({2, 2}, 3);
            Tensor y = x * 2; Tensor z = use.of(y, w).sum(); change.in(y); z.backward();
            return say(x.grad(), w.grad()););
    }
    NAMED(std::string(use.name) + ", other changed", Tensor x = leaf({2, 2}), w = leaf({2, 2}, 3);
          Tensor v = w * 2; Tensor z = use.of(x, v).sum(); v.add_(1); z.backward();
          return say(x.grad(), w.grad()););
    NAMED(
        std::string(use.name) + ", leaf changed", Tensor x = leaf({2, 2}), w = leaf({2, 2}, 3);
        Tensor z = use.of(x, w).sum(); {
          torch::NoGradGuard guard;
          x.add_(1);
        } z.backward();
        return say(x.grad(), w.grad()););
    NAMED(std::string(use.name) + ", constant changed", Tensor x = leaf({2, 2}),
          w = numbers({2, 2}, 3);
          Tensor z = use.of(x, w).sum(); w.add_(1); z.backward(); return say(x.grad()););
    NAMED(std::string(use.name) + ", result changed", Tensor x = leaf({2, 2}), w = leaf({2, 2}, 3);
          Tensor z = use.of(x * 1, w); z.mul_(2); z.sum().backward();
          return say(x.grad(), w.grad()););
  }
}

PARITY_PROGRAM(autograd_saved_outputs) {
  using namespace parity::autograd_cases;
  for (const Unary& op : kUnary) {
    const auto input = [] { return (numbers({3}) / 4).requires_grad_(); };
    NAMED(std::string(op.name) + ", output changed", Tensor x = input(); Tensor y = op.of(x);
          y.mul_(2); y.sum().backward(); return "passes";);
    NAMED(std::string(op.name) + ", output changed through a view", Tensor x = input();
          Tensor y = op.of(x); y.view({-1}).slice(0, 0, 1).mul_(2); y.sum().backward();
          return "passes";);
    NAMED(std::string(op.name) + ", output changed through detach", Tensor x = input();
          Tensor y = op.of(x); y.detach().zero_(); y.sum().backward(); return "passes";);
    NAMED(std::string(op.name) + ", input changed", Tensor x = input(); Tensor y = x * 1;
          Tensor z = op.of(y).sum(); y.mul_(2); z.backward(); return "passes";);
    NAMED(std::string(op.name) + ", its name", Tensor x = input(); Tensor y = op.of(x);
          return say(state(y)););
    NAMED(std::string(op.name) + ", twice", Tensor x = input(); Tensor y = op.of(x).sum();
          y.backward(); y.backward(); return "passes";);
  }
}
