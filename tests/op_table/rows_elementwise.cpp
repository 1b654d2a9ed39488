#include <cmath>
#include <tuple>

#include "op_table/elementwise_cases.h"

namespace op_table {
namespace {

using T::Tensor;
using Function = Tensor (*)(const Tensor&);
using InPlace = Tensor& (Tensor::*)() const;

Tensor above_one(T::IntArrayRef sizes) { return (positive(sizes).detach() + 0.6).requires_grad_(); }

// Between 0 and 1.
Tensor fraction(T::IntArrayRef sizes) { return (positive(sizes).detach() * 0.4).requires_grad_(); }

void add_one_operand(std::vector<Row>& rows) {
#define UNARY(name, make, ...)                                                                    \
  add_unary(rows, #name, static_cast<Function>(&T::name), static_cast<InPlace>(&Tensor::name##_), \
            make __VA_OPT__(, ) __VA_ARGS__)
  UNARY(neg, real);
  UNARY(abs, real);
  UNARY(sign, real, kZeroGradient);
  UNARY(square, real);
  UNARY(reciprocal, real);
  UNARY(sqrt, positive);
  UNARY(rsqrt, positive);
  UNARY(exp, real);
  UNARY(expm1, real);
  UNARY(log, positive);
  UNARY(log1p, positive);
  UNARY(sin, real);
  UNARY(cos, real);
  UNARY(tanh, real);
  UNARY(sigmoid, real);
  UNARY(relu, real);
  UNARY(erf, real);
  UNARY(floor, real, kZeroGradient);
  UNARY(ceil, real, kZeroGradient);
  UNARY(round, real, kZeroGradient);
  UNARY(trunc, real, kZeroGradient);
  UNARY(frac, real);
  UNARY(sgn, real, kZeroGradient);
  UNARY(deg2rad, real);
  UNARY(rad2deg, real);
  UNARY(exp2, real);
  UNARY(log2, positive);
  UNARY(log10, positive);
  UNARY(tan, unit);
  UNARY(asin, unit);
  UNARY(acos, unit);
  UNARY(atan, real);
  UNARY(sinh, real);
  UNARY(cosh, real);
  UNARY(erfc, real);
  UNARY(erfinv, unit);
  UNARY(sinc, real);
#undef UNARY
  // In place PyTorch has no derivative for these.
  for (const auto& [name, f, in_place, make] : {std::tuple<std::string, Function, InPlace, Maker>{
                                                    "asinh", &T::asinh, &Tensor::asinh_, real},
                                                {"acosh", &T::acosh, &Tensor::acosh_, above_one},
                                                {"atanh", &T::atanh, &Tensor::atanh_, unit}}) {
    rows.push_back({name, kNone, unary_cases(make, f)});
    rows.push_back({name + "_", kNoGradient | kInPlace,
                    unary_cases(make, [in_place = in_place](const Tensor& x) {
                      Tensor y = x.detach().clone();
                      (y.*in_place)();
                      return y;
                    })});
  }
  rows.push_back({"leaky_relu", kNone,
                  unary_cases(real, [](const Tensor& x) { return T::leaky_relu(x, 0.2); })});
  std::vector<Case> clamp =
      unary_cases(real, [](const Tensor& x) { return T::clamp(x, -1.0, 1.0); });
  clamp.push_back(one("min_only", real({5}), [](const Tensor& x) { return T::clamp(x, 0.5); }));
  clamp.push_back(one("max_only", real({5}), [](const Tensor& x) { return x.clamp({}, 0.5); }));
  const Tensor low = T::tensor({-1.0, 0.4, 0.6}, T::kFloat64).requires_grad_();
  const Tensor high = T::tensor({{0.2}, {1.1}}, T::kFloat64).requires_grad_();
  clamp.push_back(three(
      "tensors", real({2, 3}), low, high,
      [](const Tensor& x, const Tensor& min, const Tensor& max) { return T::clamp(x, min, max); }));
  clamp.push_back(two("min_tensor", real({2, 3}), low,
                      [](const Tensor& x, const Tensor& min) { return T::clamp(x, min); }));
  clamp.push_back(two("max_tensor", real({2, 3}), high,
                      [](const Tensor& x, const Tensor& max) { return x.clip({}, max); }));
  rows.push_back({"clamp", kNone, clamp});
#define CLAMP(name, bound)                                                                         \
  rows.push_back({#name,                                                                           \
                  kNone,                                                                           \
                  {one("number", real({2, 3}), [](const Tensor& x) { return T::name(x, bound); }), \
                   two("tensor", real({2, 3}), real({3}),                                          \
                       [](const Tensor& x, const Tensor& limit) { return x.name(limit); })}});     \
  rows.push_back(                                                                                  \
      {#name "_",                                                                                  \
       kInPlace,                                                                                   \
       {one("number", real({2, 3}), [](const Tensor& x) { return x.clone().name##_(bound); }),     \
        two("tensor", real({2, 3}), real({3}), [](const Tensor& x, const Tensor& limit) {          \
          Tensor y = x.clone();                                                                    \
          return T::name##_(y, limit);                                                             \
        })}})
  CLAMP(clamp_min, -0.5);
  CLAMP(clamp_max, 0.5);
#undef CLAMP
  rows.push_back(
      {"clamp_",
       kInPlace,
       {one("numbers", real({2, 3}), [](const Tensor& x) { return x.clone().clamp_(-1.0, 1.0); }),
        three("tensors", real({2, 3}), low, high,
              [](const Tensor& x, const Tensor& min, const Tensor& max) {
                return x.clone().clamp_(min, max);
              }),
        two("max_tensor", real({2, 3}), high,
            [](const Tensor& x, const Tensor& max) { return x.clone().clip_({}, max); })}});
}

void add_with_parameters(std::vector<Row>& rows) {
  auto row = [&](const char* name, unsigned traits, Maker make, UnaryFunction f) {
    rows.push_back({name, traits, unary_cases(make, f)});
  };
  row("leaky_relu_", kInPlace, real, [](const Tensor& x) {
    Tensor y = x.clone();
    return T::leaky_relu_(y, 0.2);
  });
  row("positive", kNone, real, [](const Tensor& x) { return T::positive(x) * x.positive(); });
  row("round_decimals", kZeroGradient, real,
      [](const Tensor& x) { return T::round(x, 2) + (x * 100).round(-1); });
  row("round_decimals_", kZeroGradient | kInPlace, real,
      [](const Tensor& x) { return x.clone().round_(1); });
  row("logit", kNone, fraction, [](const Tensor& x) { return T::logit(x) + x.logit(0.3); });
  row("logit_", kInPlace, fraction, [](const Tensor& x) { return x.clone().logit_(1e-3); });
  row("lgamma", kNone, positive, [](const Tensor& x) { return T::lgamma(x); });
  row("lgamma_", kInPlace, positive, [](const Tensor& x) { return x.clone().lgamma_(); });
  row("digamma", kNone, positive, [](const Tensor& x) { return T::digamma(x); });
  row("digamma_", kInPlace, positive, [](const Tensor& x) { return x.clone().digamma_(); });
  row("polygamma", kNone, positive,
      [](const Tensor& x) { return T::polygamma(2, x) + x.polygamma(3); });
  row("polygamma_", kInPlace, positive, [](const Tensor& x) { return x.clone().polygamma_(2); });
  const Tensor odd =
      T::tensor({1.5, std::nan(""), HUGE_VAL, -HUGE_VAL}, T::kFloat64).requires_grad_();
  rows.push_back({"nan_to_num", kNone, {one("all_numbers", real({2, 3}), [](const Tensor& x) {
                    return T::nan_to_num(x);
                  })}});
  rows.push_back({"nan_to_num_", kInPlace, {one("all_numbers", real({2, 3}), [](const Tensor& x) {
                    return x.clone().nan_to_num_(0.5);
                  })}});
  rows.push_back(
      {"nan_to_num_of_odd", kNoGradient | kOnlyFloat64, {one("odd", odd, [](const Tensor& x) {
         return T::nan_to_num(x.detach(), 0.5, 2.0) + x.detach().nan_to_num(1.0, 2.0, 3.0);
       })}});
}

void add_other_names(std::vector<Row>& rows) {
  rows.push_back({"other_names_of_one_operand",
                  kNone,
                  {{"functions",
                    {unit({2, 3})},
                    [](const Tensors& in) -> Tensors {
                      const Tensor& x = in[0];
                      return {T::absolute(x),    T::negative(x),       T::fix(x),     T::arcsin(x),
                              T::arccos(x),      T::arctan(x),         T::arcsinh(x), T::arctanh(x),
                              T::arccosh(x + 2), T::clip(x, -0.4, 0.4)};
                    }},
                   {"methods", {unit({2, 3})}, [](const Tensors& in) -> Tensors {
                      const Tensor& x = in[0];
                      return {x.absolute(),      x.negative(),     x.fix(),     x.arcsin(),
                              x.arccos(),        x.arctan(),       x.arcsinh(), x.arctanh(),
                              (x + 2).arccosh(), x.clip(-0.4, 0.4)};
                    }}}});
  rows.push_back({"other_names_in_place",
                  kInPlace,
                  {{"methods",
                    {unit({2, 3})},
                    [](const Tensors& in) -> Tensors {
                      const Tensor& x = in[0];
                      return {x.clone().absolute_(),     x.clone().negative_(), x.clone().fix_(),
                              x.clone().arcsin_(),       x.clone().arccos_(),   x.clone().arctan_(),
                              x.clone().clip_(-0.4, 0.4)};
                    }},
                   {"functions", {unit({2, 3})}, [](const Tensors& in) -> Tensors {
                      Tensors y;
                      for (int i = 0; i < 7; ++i) y.push_back(in[0].clone());
                      T::negative_(y[0]);
                      T::sin_(y[1]);
                      T::fix_(y[2]);
                      T::arctan_(y[3]);
                      T::clip_(y[4], -0.4);
                      T::round_(y[5], 1);
                      T::nan_to_num_(y[6]);
                      return y;
                    }}}});
}

}  // namespace

std::vector<Row> elementwise_rows() {
  std::vector<Row> rows;
  add_one_operand(rows);
  add_with_parameters(rows);
  add_other_names(rows);
  return rows;
}

}  // namespace op_table
