#include <cmath>

#include "op_table/elementwise_cases.h"

namespace op_table {
namespace {

using T::Tensor;

void add_arithmetic(std::vector<Row>& rows) {
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
  std::vector<Case> rsub =
      binary_cases(real, real, [](const Tensor& a, const Tensor& b) { return T::rsub(a, b, 2); });
  rsub.push_back(
      one("number", real({2, 3}), [](const Tensor& x) { return T::rsub(x, 2.5) + (1 - x) * 2; }));
  rows.push_back({"rsub", kNone, rsub});
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
  rows.push_back(
      {"div_rounded_",
       kZeroGradient | kInPlace,
       {two("trunc", real({2, 3}), positive({3}),
            [](const Tensor& a, const Tensor& b) { return a.clone().div_(b, "trunc"); }),
        one("floor", real({2, 3}), [](const Tensor& a) { return a.clone().div_(0.7, "floor"); }),
        one("trunc_number", real({2, 3}), [](const Tensor& a) { return a.div(0.7, "trunc"); })}});
  std::vector<Case> floor_divide =
      binary_cases(plain<real>, plain<positive>,
                   [](const Tensor& a, const Tensor& b) { return T::floor_divide(a, b); });
  floor_divide.push_back(one("number", plain<real>({3}), [](const Tensor& a) {
    return T::floor_divide(a, 0.7) + a.floor_divide(-0.7);
  }));
  rows.push_back({"floor_divide", kNoGradient, floor_divide});
  rows.push_back({"floor_divide_", kNoGradient | kInPlace,
                  in_place_cases(plain<real>, plain<positive>, [](Tensor& a, const Tensor& b) {
                    a.floor_divide_(b).floor_divide_(0.7);
                  })});
  rows.push_back(
      {"remainder",
       kNone,
       {two("row", real({2, 3}), T::tensor({3.3, 2.7, 5.9}, T::kFloat64).requires_grad_(),
            [](const Tensor& a, const Tensor& b) { return T::remainder(a, b); }),
        one("number", real({3}), [](const Tensor& a) { return T::remainder(a, 3.3); }),
        one("number_first", positive({4}),
            [](const Tensor& b) { return T::remainder(0.4, b) + 0.3 % b; })}});
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
  std::vector<Case> float_power = binary_cases(
      positive, real, [](const Tensor& a, const Tensor& b) { return T::float_power(a, b); });
  float_power.push_back(one("number", positive({3}), [](const Tensor& a) {
    return T::float_power(a, 1.5) + T::float_power(2, a) + a.float_power(-1);
  }));
  rows.push_back({"float_power", kNone, float_power});
  rows.push_back({"ldexp", kNone, binary_cases(real, real, [](const Tensor& a, const Tensor& b) {
                    return T::ldexp(a, b);
                  })});
  rows.push_back(
      {"ldexp_", kNoGradient | kInPlace,
       in_place_cases(plain<real>, plain<real>, [](Tensor& a, const Tensor& b) { a.ldexp_(b); })});
  std::vector<Case> xlogy =
      binary_cases(real, positive, [](const Tensor& a, const Tensor& b) { return T::xlogy(a, b); });
  xlogy.push_back(one("number", positive({3}), [](const Tensor& a) {
    return T::xlogy(a, 1.5) + T::xlogy(2, a) + a.xlogy(0.3);
  }));
  rows.push_back({"xlogy", kNone, xlogy});
  std::vector<Case> copysign =
      binary_cases(real, real, [](const Tensor& a, const Tensor& b) { return T::copysign(a, b); });
  copysign.push_back(one("number", real({5}), [](const Tensor& a) { return a.copysign(-0.0); }));
  rows.push_back({"copysign", kNone, copysign});
#define BINARY(name, make_a, make_b)           \
  rows.push_back({#name, kNone,                \
                  binary_cases(make_a, make_b, \
                               [](const Tensor& a, const Tensor& b) { return T::name(a, b); })})
  BINARY(hypot, real, real);
  BINARY(logaddexp, real, real);
  BINARY(logaddexp2, real, real);
  BINARY(fmax, real, real);
  BINARY(fmin, real, real);
#undef BINARY
#define STEP(name)                                                                                \
  rows.push_back({#name, kNoGradient,                                                             \
                  binary_cases(plain<real>, plain<real>,                                          \
                               [](const Tensor& a, const Tensor& b) { return T::name(a, b); })}); \
  rows.push_back({#name "_", kNoGradient | kInPlace,                                              \
                  in_place_cases(plain<real>, plain<real>,                                        \
                                 [](Tensor& a, const Tensor& b) { a.name##_(b); })})
  STEP(heaviside);
  STEP(nextafter);
#undef STEP
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
  IN_PLACE(hypot_, real, real);
  IN_PLACE(xlogy_, real, positive);
  IN_PLACE(copysign_, real, real);
  // Its result is float64, which a float32 tensor cannot take.
  rows.push_back(
      {"float_power_", kInPlace | kOnlyFloat64,
       in_place_cases(positive, real, [](Tensor& a, const Tensor& b) { a.float_power_(b); })});
#undef IN_PLACE
#define IN_PLACE(name)                                                                     \
  rows.push_back(                                                                          \
      {#name,                                                                              \
       kInPlace,                                                                           \
       {two("row", real({2, 3}), T::tensor({3.3, 2.7, 5.9}, T::kFloat64).requires_grad_(), \
            [](const Tensor& a, const Tensor& b) { return a.clone().name(b); }),           \
        one("number", real({3}), [](const Tensor& a) { return a.clone().name(3.3); })}})
  IN_PLACE(remainder_);
  IN_PLACE(fmod_);
#undef IN_PLACE
  // A number in the second place has a node of its own.
  rows.push_back({"numbers_in_place", kInPlace, {one("all", positive({2, 3}), [](const Tensor& a) {
                    return a.clone()
                        .add_(1.5, 2)
                        .sub_(0.5)
                        .mul_(1.5)
                        .div_(0.7)
                        .pow_(1.5)
                        .xlogy_(2.5)
                        .copysign_(-1);
                  })}});
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

void add_other_names_of_two(std::vector<Row>& rows) {
  rows.push_back({"other_names_of_two_operands",
                  kNone,
                  {{"functions",
                    {real({2, 3}), positive({3})},
                    [](const Tensors& in) -> Tensors {
                      const Tensor& a = in[0];
                      const Tensor& b = in[1];
                      return {T::subtract(a, b, 2),     T::multiply(a, b),   T::divide(a, b),
                              T::true_divide(a, b),     T::arctan2(a, b),    T::subtract(a, 1.5),
                              T::multiply(a, 1.5),      T::divide(a, 1.5),   T::true_divide(a, 1.5),
                              T::divide(a, b, "floor"), T::greater(a, b),    T::less(a, 0.5),
                              T::greater_equal(a, b),   T::less_equal(a, b), T::not_equal(a, b)};
                    }},
                   {"methods", {real({2, 3}), positive({3})}, [](const Tensors& in) -> Tensors {
                      const Tensor& a = in[0];
                      const Tensor& b = in[1];
                      return {a.subtract(b, 2), a.multiply(b),        a.divide(b),
                              a.true_divide(b), a.arctan2(b),         a.greater(b),
                              a.less(b),        a.greater_equal(0.5), a.less_equal(b),
                              a.not_equal(b),   a.divide(b, "trunc")};
                    }}}});
  rows.push_back(
      {"other_names_of_two_in_place",
       kInPlace,
       {two("methods", real({2, 3}), positive({3}), [](const Tensor& a, const Tensor& b) {
         return a.clone().subtract_(b).multiply_(b).divide_(b).true_divide_(1.5).arctan2_(b);
       })}});
}

}  // namespace

std::vector<Row> arithmetic_rows() {
  std::vector<Row> rows;
  add_arithmetic(rows);
  add_three_operands(rows);
  add_other_names_of_two(rows);
  return rows;
}

}  // namespace op_table
