// Elementwise operations in every combination of dtypes, with tensors of no dimension and numbers
// on either side, in place, on the values where they are hard, and where they refuse.
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "parity/elementwise.h"

namespace {

using namespace parity::elementwise;
using parity::Recorder;
using torch::Scalar;
using torch::Tensor;

struct OfOne {
  std::string name;
  std::function<Tensor(const Tensor&)> f;
  std::function<Tensor(Tensor&)> in_place;
};

std::vector<OfOne> operations_of_one() {
  std::vector<OfOne> all;
#define BOTH(name)                                                  \
  all.push_back({#name, [](const Tensor& x) { return T::name(x); }, \
                 [](Tensor& x) -> Tensor { return x.name##_(); }})
#define ALONE(name) all.push_back({#name, [](const Tensor& x) { return T::name(x); }, nullptr})
  namespace T = torch;
  BOTH(neg);
  BOTH(abs);
  BOTH(sign);
  BOTH(sgn);
  BOTH(square);
  BOTH(reciprocal);
  BOTH(sqrt);
  BOTH(rsqrt);
  BOTH(exp);
  BOTH(expm1);
  BOTH(exp2);
  BOTH(log);
  BOTH(log1p);
  BOTH(log2);
  BOTH(log10);
  BOTH(sin);
  BOTH(cos);
  BOTH(tan);
  BOTH(asin);
  BOTH(acos);
  BOTH(atan);
  BOTH(sinh);
  BOTH(cosh);
  BOTH(tanh);
  BOTH(asinh);
  BOTH(acosh);
  BOTH(atanh);
  BOTH(sigmoid);
  BOTH(relu);
  BOTH(erf);
  BOTH(erfc);
  BOTH(erfinv);
  BOTH(lgamma);
  BOTH(digamma);
  BOTH(sinc);
  BOTH(logit);
  BOTH(deg2rad);
  BOTH(rad2deg);
  BOTH(floor);
  BOTH(ceil);
  BOTH(round);
  BOTH(trunc);
  BOTH(frac);
  BOTH(nan_to_num);
  BOTH(bitwise_not);
  BOTH(logical_not);
  BOTH(absolute);
  BOTH(negative);
  BOTH(fix);
  BOTH(arcsin);
  BOTH(arccos);
  BOTH(arctan);
  BOTH(arcsinh);
  BOTH(arccosh);
  BOTH(arctanh);
  ALONE(positive);
  ALONE(signbit);
  ALONE(isneginf);
  ALONE(isposinf);
  ALONE(isreal);
  ALONE(isnan);
  ALONE(isinf);
  ALONE(isfinite);
#undef BOTH
#undef ALONE
  return all;
}

}  // namespace

PARITY_PROGRAM(elementwise_of_one) {
  for (const OfOne& op : operations_of_one()) {
    for (const auto& [dtype_name, dtype] : kDtypes) {
      const Tensor x = first_of(dtype);
      outcome(r, op.name + " " + dtype_name, [&] { return op.f(x); });
      outcome(r, op.name + " 0-dim " + dtype_name, [&] { return op.f(x[0]); });
      if (!op.in_place) continue;
      outcome(r, op.name + "_ " + dtype_name, [&] {
        Tensor y = x.clone();
        return op.in_place(y);
      });
    }
    const Tensor hard = torch::tensor(
        {0.0,  -0.0,  1.0, -1.0, kInf,  -kInf, kNaN, 0.5,  -0.5,  1.5,   2.5,    -2.5,  1e-30,
         1e30, -1e30, 0.3, 0.99, -0.99, 3.7,   -3.7, 20.0, -20.0, 100.0, -100.0, 1000.0},
        torch::kDouble);
    for (const auto dtype : {torch::kDouble, torch::kFloat}) {
      const char* precision = dtype == torch::kDouble ? " hard double" : " hard float";
      gradients(r, op.name + precision, {hard.to(dtype)},
                [&](const std::vector<Tensor>& in) { return op.f(in[0]); });
    }
    if (!op.in_place) continue;
    gradients(r, op.name + "_ gradient", {torch::tensor({0.3, 0.6, -0.2}, torch::kDouble)},
              [&](const std::vector<Tensor>& in) {
                Tensor y = in[0] * 1;
                return op.in_place(y);
              });
  }
}

namespace {

struct OfTwo {
  std::string name;
  std::function<Tensor(const Tensor&, const Tensor&)> f;
  std::function<Tensor(Tensor&, const Tensor&)> in_place;
  std::function<Tensor(const Tensor&, const Scalar&)> number;
  std::function<Tensor(Tensor&, const Scalar&)> number_in_place;
};

std::vector<OfTwo> operations_of_two() {
  std::vector<OfTwo> all;
  namespace T = torch;
#define FUNCTION(name) [](const Tensor& a, const auto& b) -> Tensor { return T::name(a, b); }
#define METHOD(name) [](const Tensor& a, const auto& b) -> Tensor { return a.name(b); }
#define CHANGE(name) [](Tensor& a, const auto& b) -> Tensor { return a.name(b); }
#define CHANGE_COPY(name) [](const Tensor& a, const auto& b) -> Tensor { return a.clone().name(b); }
#define ALL(name) \
  all.push_back({#name, FUNCTION(name), CHANGE(name##_), FUNCTION(name), CHANGE(name##_)})
#define WITH_TENSORS(name) all.push_back({#name, FUNCTION(name), CHANGE(name##_), nullptr, nullptr})
#define ALONE(name) all.push_back({#name, FUNCTION(name), nullptr, nullptr, nullptr})
#define METHODS(name) all.push_back({#name, METHOD(name), nullptr, METHOD(name), nullptr})
#define METHODS_IN_PLACE(name) \
  all.push_back({#name, CHANGE_COPY(name), CHANGE(name), CHANGE_COPY(name), CHANGE(name)})
  ALL(add);
  ALL(sub);
  ALL(mul);
  ALL(div);
  ALL(floor_divide);
  ALL(remainder);
  ALL(fmod);
  ALL(pow);
  ALL(float_power);
  ALL(xlogy);
  ALL(copysign);
  ALL(bitwise_and);
  ALL(bitwise_or);
  ALL(bitwise_xor);
  ALL(bitwise_left_shift);
  ALL(bitwise_right_shift);
  ALL(eq);
  ALL(ne);
  ALL(lt);
  ALL(le);
  ALL(gt);
  ALL(ge);
  ALL(subtract);
  ALL(multiply);
  ALL(divide);
  ALL(true_divide);
  ALL(not_equal);
  ALL(less);
  ALL(less_equal);
  ALL(greater);
  ALL(greater_equal);
  WITH_TENSORS(atan2);
  WITH_TENSORS(arctan2);
  WITH_TENSORS(hypot);
  WITH_TENSORS(heaviside);
  WITH_TENSORS(nextafter);
  WITH_TENSORS(ldexp);
  WITH_TENSORS(gcd);  // not lcm: libtorch traps where both are 0
  WITH_TENSORS(logical_and);
  WITH_TENSORS(logical_or);
  WITH_TENSORS(logical_xor);
  ALONE(logaddexp);
  ALONE(logaddexp2);
  ALONE(maximum);
  ALONE(minimum);
  ALONE(fmax);
  ALONE(fmin);
  METHODS(__and__);
  METHODS(__or__);
  METHODS(__xor__);
  METHODS(__lshift__);
  METHODS(__rshift__);
  METHODS_IN_PLACE(__iand__);
  METHODS_IN_PLACE(__ior__);
  METHODS_IN_PLACE(__ixor__);
  METHODS_IN_PLACE(__ilshift__);
  METHODS_IN_PLACE(__irshift__);
  all.push_back({"rsub", FUNCTION(rsub), nullptr, FUNCTION(rsub), nullptr});
  for (const char* mode : {"trunc", "floor"}) {
    const std::string m = mode;
    all.push_back({"div " + m, [m](const Tensor& a, const Tensor& b) { return T::div(a, b, m); },
                   [m](Tensor& a, const Tensor& b) -> Tensor { return a.div_(b, m); },
                   [m](const Tensor& a, const Scalar& b) { return a.divide(b, m); },
                   [m](Tensor& a, const Scalar& b) -> Tensor { return a.divide_(b, m); }});
  }
#undef METHODS_IN_PLACE
#undef METHODS
#undef ALONE
#undef WITH_TENSORS
#undef ALL
#undef CHANGE_COPY
#undef CHANGE
#undef METHOD
#undef FUNCTION
  return all;
}

// Every pair of the dtypes: tensors, tensors without dimensions, numbers, in place.
void dtype_pairs(Recorder& r, const OfTwo& op) {
  for (const auto& [a_name, a_dtype] : kDtypes) {
    const Tensor a = first_of(a_dtype);
    const auto in_place = [&a](const auto& f, const auto& b) {
      Tensor y = a.clone();
      return f(y, b);
    };
    for (const auto& [b_name, b_dtype] : kDtypes) {
      const Tensor b = second_of(b_dtype);
      const std::string name = op.name + " " + a_name + " " + b_name;
      outcome(r, name, [&] { return op.f(a, b); });
      outcome(r, name + " second 0-dim", [&] { return op.f(a, b[0]); });
      outcome(r, name + " first 0-dim", [&] { return op.f(a[0], b); });
      outcome(r, name + " both 0-dim", [&] { return op.f(a[0], b[0]); });
      if (!op.in_place) continue;
      outcome(r, name + " in place", [&] { return in_place(op.in_place, b); });
      outcome(r, name + " 0-dim in place", [&] { return in_place(op.in_place, b[0]); });
    }
    for (const auto& [b_name, b] : kNumbers) {
      const Scalar number = b;
      const std::string name = op.name + " " + a_name + " number " + b_name;
      if (op.number) {
        outcome(r, name, [&] { return op.number(a, number); });
        outcome(r, name + " first 0-dim", [&] { return op.number(a[0], number); });
      }
      if (op.number_in_place) {
        outcome(r, name + " in place", [&] { return in_place(op.number_in_place, number); });
      }
    }
  }
}

// Whole numbers where division and shifting are hard; libtorch traps at the least one divided by
// -1.
void integer_pairs(Recorder& r, const OfTwo& op) {
  const int64_t least = std::numeric_limits<int64_t>::min();
  std::vector<int64_t> a;
  std::vector<int64_t> b;
  for (int64_t x : {least, -(least + 1), int64_t{-1}, int64_t{0}, int64_t{1}, int64_t{-7},
                    int64_t{7}, int64_t{2}, int64_t{-2}, int64_t{31}, int64_t{33}, int64_t{64}}) {
    for (int64_t y :
         {least, -(least + 1), int64_t{-1}, int64_t{1}, int64_t{-7}, int64_t{7}, int64_t{2},
          int64_t{-2}, int64_t{31}, int64_t{33}, int64_t{64}, int64_t{100}}) {
      if (x == least && (y == -1 || y == least)) continue;
      a.push_back(x);
      b.push_back(y);
    }
  }
  const Tensor long_a = torch::tensor(a);
  const Tensor long_b = torch::tensor(b);
  outcome(r, op.name + " long edges", [&] { return op.f(long_a, long_b); });
  const Tensor int_a = long_a.clamp(-2147483647, 2147483647).to(torch::kInt);
  const Tensor int_b = long_b.clamp(-2147483647, 2147483647).to(torch::kInt);
  outcome(r, op.name + " int edges", [&] { return op.f(int_a, int_b); });
  outcome(r, op.name + " zero divisor", [&] {
    return op.f(torch::tensor({1, 2}), torch::tensor({0, 1}));
  });
}

void hard_pairs(Recorder& r, const OfTwo& op) {
  const std::vector<double> values = {0.0,  -0.0, 1.0,  -1.0, kInf, -kInf,
                                      kNaN, 0.5,  -2.5, 3.0,  7.0,  1e300};
  std::vector<double> a;
  std::vector<double> b;
  for (double x : values) {
    for (double y : values) {
      a.push_back(x);
      b.push_back(y);
    }
  }
  for (const auto dtype : {torch::kDouble, torch::kFloat}) {
    gradients(
        r, op.name + (dtype == torch::kDouble ? " hard double" : " hard float"),
        {torch::tensor(a, torch::kDouble).to(dtype), torch::tensor(b, torch::kDouble).to(dtype)},
        [&](const std::vector<Tensor>& in) { return op.f(in[0], in[1]); });
  }
}

void shapes_and_gradients(Recorder& r, const OfTwo& op) {
  outcome(r, op.name + " unfit", [&] { return op.f(torch::ones({2, 3}), torch::ones({2})); });
  const Tensor a = torch::tensor({{1.3, 0.4}, {2.2, 0.7}}, torch::kDouble);
  const Tensor b = torch::tensor({0.6, 1.7}, torch::kDouble);
  gradients(r, op.name + " broadcast", {a, b},
            [&](const std::vector<Tensor>& in) { return op.f(in[0], in[1]); });
  gradients(r, op.name + " mixed", {a.to(torch::kFloat), b},
            [&](const std::vector<Tensor>& in) { return op.f(in[0], in[1]); });
  if (op.number) {
    gradients(r, op.name + " number", {a},
              [&](const std::vector<Tensor>& in) { return op.number(in[0], 1.5); });
  }
  if (op.number_in_place) {
    gradients(r, op.name + " number in place", {a}, [&](const std::vector<Tensor>& in) {
      Tensor y = in[0] * 1;
      return op.number_in_place(y, 1.5);
    });
  }
  if (!op.in_place) return;
  gradients(r, op.name + " in place", {a, b}, [&](const std::vector<Tensor>& in) {
    Tensor y = in[0] * 1;
    return op.in_place(y, in[1]);
  });
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{3}, {1, 3}}) {
    outcome(r, op.name + " unfit in place " + std::to_string(sizes.size()), [&] {
      Tensor x = torch::ones(sizes);
      return op.in_place(x, torch::ones({2, 3}));
    });
  }
  outcome(r, op.name + " leaf in place", [&] {
    Tensor x = torch::ones({2}).requires_grad_();
    return op.in_place(x, torch::ones({2}));
  });
}

}  // namespace

PARITY_PROGRAM(elementwise_of_two) {
  for (const OfTwo& op : operations_of_two()) {
    dtype_pairs(r, op);
    integer_pairs(r, op);
    hard_pairs(r, op);
    shapes_and_gradients(r, op);
  }
}
