#include <cmath>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;
using Unary = Tensor (*)(const Tensor&);
using UnaryInPlace = Tensor& (Tensor::*)() const;
using Maker = Tensor (*)(T::IntArrayRef);
using Binary = std::function<Tensor(const Tensor&, const Tensor&)>;

// Shapes that an elementwise operation meets: a matrix, an odd length, one element, none at all.
std::vector<Case> unary_cases(Maker make, const std::function<Tensor(const Tensor&)>& f) {
  return {one("matrix", make({2, 3}), f), one("odd", make({7}), f), one("zero_dim", make({}), f),
          one("empty", make({0, 3}), f)};
}

void add_unary(std::vector<Row>& rows, const std::string& name, Unary f, UnaryInPlace in_place,
               Maker make, unsigned traits = kNone) {
  rows.push_back({name, traits, unary_cases(make, f)});
  auto changed = [in_place](const Tensor& x) {
    Tensor y = x.clone();
    (y.*in_place)();
    return y;
  };
  rows.push_back({name + "_", traits | kInPlace, unary_cases(make, changed)});
}

// Pairs that broadcast in every way.
std::vector<Case> binary_cases(Maker make_a, Maker make_b, const Binary& f) {
  return {two("same", make_a({2, 3}), make_b({2, 3}), f),
          two("row", make_a({2, 3}), make_b({3}), f),
          two("column", make_a({2, 1}), make_b({1, 3}), f),
          two("zero_dim", make_a({}), make_b({2, 2}), f),
          two("scalars", make_a({}), make_b({}), f),
          two("empty", make_a({0, 3}), make_b({3}), f),
          two("longer", make_a({1, 3}), make_b({2, 2, 1}), f)};
}

// In place the first operand has the shape of the result.
std::vector<Case> in_place_cases(Maker make_a, Maker make_b,
                                 const std::function<void(Tensor&, const Tensor&)>& f) {
  auto changed = [f](const Tensor& a, const Tensor& b) {
    Tensor y = a.clone();
    f(y, b);
    return y;
  };
  return {two("same", make_a({2, 3}), make_b({2, 3}), changed),
          two("row", make_a({2, 3}), make_b({3}), changed),
          two("zero_dim", make_a({2, 3}), make_b({}), changed),
          two("empty", make_a({0, 3}), make_b({3}), changed)};
}

void add_one_operand(std::vector<Row>& rows) {
#define UNARY(name, make, ...)                                           \
  add_unary(rows, #name, static_cast<Unary>(&T::name), &Tensor::name##_, \
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
#undef UNARY
  rows.push_back({"leaky_relu", kNone,
                  unary_cases(real, [](const Tensor& x) { return T::leaky_relu(x, 0.2); })});
  std::vector<Case> clamp =
      unary_cases(real, [](const Tensor& x) { return T::clamp(x, -1.0, 1.0); });
  clamp.push_back(one("min_only", real({5}), [](const Tensor& x) { return T::clamp(x, 0.5); }));
  clamp.push_back(one("max_only", real({5}), [](const Tensor& x) { return x.clamp({}, 0.5); }));
  rows.push_back({"clamp", kNone, clamp});
  rows.push_back({"clamp_min", kNone,
                  unary_cases(real, [](const Tensor& x) { return T::clamp_min(x, -0.5); })});
  rows.push_back({"clamp_max", kNone,
                  unary_cases(real, [](const Tensor& x) { return T::clamp_max(x, 0.5); })});
  rows.push_back({"clamp_", kInPlace,
                  unary_cases(real, [](const Tensor& x) { return x.clone().clamp_(-1.0, 1.0); })});
}

void add_two_operands(std::vector<Row>& rows) {
  std::vector<Case> add =
      binary_cases(real, real, [](const Tensor& a, const Tensor& b) { return T::add(a, b); });
  add.push_back(two("alpha", real({2, 3}), real({3}),
                    [](const Tensor& a, const Tensor& b) { return a.add(b, -1.5); }));
  add.push_back(one("number", real({3}), [](const Tensor& a) { return 2.5 + T::add(a, 1.5, 2); }));
  rows.push_back({"add", kNone, add});
  std::vector<Case> sub =
      binary_cases(real, real, [](const Tensor& a, const Tensor& b) { return T::sub(a, b); });
  sub.push_back(two("alpha", real({2, 3}), real({3}),
                    [](const Tensor& a, const Tensor& b) { return a.sub(b, 0.5); }));
  sub.push_back(one("number", real({3}), [](const Tensor& a) { return T::sub(a, 1.5, 2); }));
  rows.push_back({"sub", kNone, sub});
  rows.push_back({"rsub", kNone, unary_cases(real, [](const Tensor& x) {
                    return T::rsub(x, 2.5) + (1 - x) * 2;
                  })});
  std::vector<Case> mul =
      binary_cases(real, real, [](const Tensor& a, const Tensor& b) { return T::mul(a, b); });
  mul.push_back(one("number", real({3}), [](const Tensor& a) { return 2.5 * T::mul(a, -1.5); }));
  rows.push_back({"mul", kNone, mul});
  std::vector<Case> div =
      binary_cases(real, positive, [](const Tensor& a, const Tensor& b) { return T::div(a, b); });
  div.push_back(
      one("number", positive({3}), [](const Tensor& a) { return 2.5 / T::div(a, -1.5); }));
  rows.push_back({"div", kNone, div});
  rows.push_back({"div_rounded",
                  kZeroGradient,
                  {two("trunc", real({2, 3}), positive({3}),
                       [](const Tensor& a, const Tensor& b) { return T::div(a, b, "trunc"); }),
                   two("floor", real({2, 3}), positive({3}),
                       [](const Tensor& a, const Tensor& b) { return T::div(a, b, "floor"); })}});
  rows.push_back({"floor_divide", kZeroGradient,
                  binary_cases(real, positive, [](const Tensor& a, const Tensor& b) {
                    return T::floor_divide(a, b);
                  })});
  rows.push_back(
      {"remainder",
       kNone,
       {two("row", real({2, 3}), T::tensor({3.3, 2.7, 5.9}, T::kFloat64).requires_grad_(),
            [](const Tensor& a, const Tensor& b) { return T::remainder(a, b); }),
        one("number", real({3}), [](const Tensor& a) { return T::remainder(a, 3.3); })}});
  rows.push_back(
      {"fmod",
       kNone,
       {two("row", positive({2, 3}) * 2, T::tensor({1.3, 0.7, 0.9}, T::kFloat64).requires_grad_(),
            [](const Tensor& a, const Tensor& b) { return T::fmod(a, b); }),
        one("number", real({3}), [](const Tensor& a) { return T::fmod(a, 3.3); })}});
  std::vector<Case> pow =
      binary_cases(positive, real, [](const Tensor& a, const Tensor& b) { return T::pow(a, b); });
  for (double exponent : {2.0, 3.0, -1.0, 0.5, 0.0, 1.0}) {
    pow.push_back(
        one("number", positive({3}), [exponent](const Tensor& a) { return T::pow(a, exponent); }));
  }
  pow.push_back(one("negative_base", real({4}), [](const Tensor& a) { return T::pow(a, 3); }));
  pow.push_back(one("number_base", real({4}), [](const Tensor& b) { return T::pow(2.5, b); }));
  rows.push_back({"pow", kNone, pow});
  rows.push_back({"atan2", kNone, binary_cases(real, real, [](const Tensor& a, const Tensor& b) {
                    return T::atan2(a, b);
                  })});
  rows.push_back({"maximum", kNone, binary_cases(real, real, [](const Tensor& a, const Tensor& b) {
                    return T::maximum(a, b);
                  })});
  rows.push_back({"minimum", kNone, binary_cases(real, real, [](const Tensor& a, const Tensor& b) {
                    return T::minimum(a, b);
                  })});

#define IN_PLACE(name, make_a, make_b) \
  rows.push_back({#name, kInPlace,     \
                  in_place_cases(make_a, make_b, [](Tensor& a, const Tensor& b) { a.name(b); })})
  IN_PLACE(add_, real, real);
  IN_PLACE(sub_, real, real);
  IN_PLACE(mul_, real, real);
  IN_PLACE(div_, real, positive);
  IN_PLACE(pow_, positive, real);
  IN_PLACE(atan2_, real, real);
#undef IN_PLACE
  rows.push_back(
      {"operators",
       kInPlace,
       {two("assigning", real({2, 3}), positive({3}), [](const Tensor& a, const Tensor& b) {
         Tensor y = a.clone();
         y += b;
         y -= 0.5 * b;
         y *= b;
         y /= b + 1;
         return -y;
       })}});
}

void add_three_operands(std::vector<Row>& rows) {
  auto number = [](const Tensor& a, const Tensor& b) {
    return T::lerp(a, b, 0.3) + T::lerp(a, b, 0.7);
  };
  auto tensor = [](const Tensor& a, const Tensor& b, const Tensor& w) { return T::lerp(a, b, w); };
  rows.push_back({"lerp",
                  kNone,
                  {two("number", real({2, 3}), real({3}), number),
                   three("tensor", real({2, 3}), real({3}), real({2, 1}), tensor),
                   three("zero_dim", real({}), real({}), real({}), tensor)}});
  rows.push_back({"lerp_",
                  kInPlace,
                  {two("number", real({2, 3}), real({3}),
                       [](const Tensor& a, const Tensor& b) { return a.clone().lerp_(b, 0.3); }),
                   three("tensor", real({2, 3}), real({3}), real({2, 1}),
                         [](const Tensor& a, const Tensor& b, const Tensor& w) {
                           return a.clone().lerp_(b, w);
                         })}});
  rows.push_back({"addcmul",
                  kNone,
                  {three("row", real({2, 3}), real({3}), real({2, 1}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return T::addcmul(x, a, b, 1.5);
                         })}});
  rows.push_back({"addcdiv",
                  kNone,
                  {three("row", real({2, 3}), real({3}), positive({2, 1}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return T::addcdiv(x, a, b, 1.5);
                         })}});
  rows.push_back({"addcmul_",
                  kInPlace,
                  {three("row", real({2, 3}), real({3}), real({2, 1}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return x.clone().addcmul_(a, b, 1.5);
                         })}});
  rows.push_back({"addcdiv_",
                  kInPlace,
                  {three("row", real({2, 3}), real({3}), positive({2, 1}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return x.clone().addcdiv_(a, b, 1.5);
                         })}});
  rows.push_back(
      {"where",
       kNone,
       {three("tensors", mask({2, 3}), real({2, 3}), real({3}),
              [](const Tensor& c, const Tensor& a, const Tensor& b) { return T::where(c, a, b); }),
        two("number", mask({3}), real({2, 3}),
            [](const Tensor& c, const Tensor& a) {
              return T::where(c, a, 1.5) * T::where(c, 2.5, a);
            }),
        three("method", mask({2, 1}), real({2, 3}), real({}),
              [](const Tensor& c, const Tensor& a, const Tensor& b) { return a.where(c, b); })}});
}

}  // namespace

std::vector<Row> elementwise_rows() {
  std::vector<Row> rows;
  add_one_operand(rows);
  add_two_operands(rows);
  add_three_operands(rows);
  return rows;
}

}  // namespace op_table
