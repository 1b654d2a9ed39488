#include <cmath>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;

void add_comparisons(std::vector<Row>& rows) {
#define COMPARISON(name)                                                                      \
  rows.push_back(                                                                             \
      {#name,                                                                                 \
       kNoGradient,                                                                           \
       {two("row", integers({2, 3}, 0, 3), integers({3}, 0, 3),                               \
            [](const Tensor& a, const Tensor& b) { return T::name(a, b); }),                  \
        two("mixed", real({2, 3}), integers({3}, -1, 2),                                      \
            [](const Tensor& a, const Tensor& b) { return T::name(a, b); }),                  \
        one("number", integers({4}, 0, 3), [](const Tensor& a) { return T::name(a, 1); })}}); \
  rows.push_back(                                                                             \
      {#name "_",                                                                             \
       kZeroGradient | kInPlace,                                                              \
       {two("row", integers({2, 3}, 0, 3), integers({3}, 0, 3),                               \
            [](const Tensor& a, const Tensor& b) { return a.clone().name##_(b); }),           \
        two("real", real({2, 3}), real({3}),                                                  \
            [](const Tensor& a, const Tensor& b) { return a.clone().name##_(b); }),           \
        one("number", real({4}), [](const Tensor& a) { return a.clone().name##_(0.5); })}})
  COMPARISON(eq);
  COMPARISON(ne);
  COMPARISON(lt);
  COMPARISON(le);
  COMPARISON(gt);
  COMPARISON(ge);
#undef COMPARISON
#define LOGICAL(name)                                                                      \
  rows.push_back({#name,                                                                   \
                  kNoGradient,                                                             \
                  {two("masks", mask({2, 3}), mask({3}),                                   \
                       [](const Tensor& a, const Tensor& b) { return T::name(a, b); }),    \
                   two("integers", integers({2, 3}, 0, 7), integers({3}, 0, 7),            \
                       [](const Tensor& a, const Tensor& b) { return T::name(a, b); })}}); \
  rows.push_back({#name "_",                                                               \
                  kNoGradient | kInPlace,                                                  \
                  {two("integers", integers({2, 3}, 0, 7), integers({3}, 0, 7),            \
                       [](const Tensor& a, const Tensor& b) { return a.clone().name##_(b); })}})
  LOGICAL(logical_and);
  LOGICAL(logical_or);
  LOGICAL(logical_xor);
#undef LOGICAL
  rows.push_back({"logical_not", kNoGradient, {one("mask", mask({4}), [](const Tensor& a) {
                    return T::logical_not(a);
                  })}});
  rows.push_back({"logical_not_",
                  kNoGradient | kInPlace,
                  {one("integers", integers({4}, 0, 3),
                       [](const Tensor& a) { return a.clone().logical_not_(); })}});
  Tensor special = T::tensor({1.0, std::nan(""), HUGE_VAL, -HUGE_VAL, 0.0}, T::kFloat64);
  rows.push_back({"isnan", kNoGradient, {one("special", special, [](const Tensor& a) {
                    return T::isnan(a);
                  })}});
  rows.push_back({"isinf", kNoGradient, {one("special", special, [](const Tensor& a) {
                    return T::isinf(a);
                  })}});
  rows.push_back({"isfinite", kNoGradient, {one("special", special, [](const Tensor& a) {
                    return T::isfinite(a);
                  })}});
  for (const auto& [name, f] :
       {std::pair<const char*, Tensor (*)(const Tensor&)>{"isposinf", &T::isposinf},
        {"isneginf", &T::isneginf},
        {"isreal", &T::isreal},
        {"signbit", &T::signbit}}) {
    rows.push_back({name,
                    kNoGradient,
                    {one("special", special, f), one("integers", integers({4}, -2, 3), f)}});
  }
  rows.push_back({"isclose", kNoGradient, {one("special", special, [](const Tensor& a) {
                    return T::isclose(a, a + 1e-9, 1e-5, 1e-8, true);
                  })}});
}

template <class Function, class InPlace>
void add_bitwise(std::vector<Row>& rows, const std::string& name, int64_t limit, Function f,
                 InPlace in_place) {
  rows.push_back({name,
                  kNoGradient,
                  {two("integers", integers({2, 3}, 0, limit), integers({3}, 0, limit),
                       [f](const Tensor& a, const Tensor& b) { return f(a, b); }),
                   one("number", integers({4}, 0, limit), [f](const Tensor& a) { return f(a, 3); }),
                   one("number_first", integers({4}, 0, limit),
                       [f](const Tensor& a) { return f(T::Scalar(5), a); })}});
  rows.push_back({name + "_",
                  kNoGradient | kInPlace,
                  {two("integers", integers({2, 3}, 0, limit), integers({3}, 0, limit),
                       [in_place](const Tensor& a, const Tensor& b) {
                         Tensor y = a.clone();
                         in_place(y, b);
                         return y;
                       }),
                   one("number", integers({4}, 0, limit), [in_place](const Tensor& a) {
                     Tensor y = a.clone();
                     in_place(y, 3);
                     return y;
                   })}});
}

void add_bits(std::vector<Row>& rows) {
#define BITWISE(name, limit)                                                          \
  add_bitwise(                                                                        \
      rows, #name, limit, [](const auto& a, const auto& b) { return T::name(a, b); }, \
      [](Tensor& a, const auto& b) { a.name##_(b); })
  BITWISE(bitwise_and, 9);
  BITWISE(bitwise_or, 9);
  BITWISE(bitwise_xor, 9);
  BITWISE(bitwise_left_shift, 6);
  BITWISE(bitwise_right_shift, 6);
#undef BITWISE
  rows.push_back({"bitwise_not",
                  kNoGradient,
                  {one("integers", integers({4}, 0, 9), [](const Tensor& a) { return ~a; }),
                   one("mask", mask({4}), [](const Tensor& a) { return T::bitwise_not(a); })}});
  rows.push_back({"bitwise_not_",
                  kNoGradient | kInPlace,
                  {one("integers", integers({4}, 0, 9),
                       [](const Tensor& a) { return a.clone().bitwise_not_(); })}});
#define DIVISOR(name, low)                                                                 \
  rows.push_back({#name,                                                                   \
                  kNoGradient,                                                             \
                  {two("integers", integers({2, 3}, low, 9), integers({3}, low, 9),        \
                       [](const Tensor& a, const Tensor& b) { return T::name(a, b); })}}); \
  rows.push_back({#name "_",                                                               \
                  kNoGradient | kInPlace,                                                  \
                  {two("integers", integers({2, 3}, low, 9), integers({3}, low, 9),        \
                       [](const Tensor& a, const Tensor& b) { return a.clone().name##_(b); })}})
  DIVISOR(gcd, -9);
  DIVISOR(lcm, 1);
#undef DIVISOR
  rows.push_back({"assigning_bits",
                  kNoGradient | kInPlace,
                  {two("integers", integers({2, 3}, 0, 9), integers({3}, 0, 9),
                       [](const Tensor& a, const Tensor& b) {
                         Tensor y = a.clone();
                         y &= b;
                         y |= b ^ 6;
                         y ^= 3 & b;
                         y.__iand__(7).__ior__(b).__ixor__(1).__ilshift__(2).__irshift__(b);
                         y = y.__and__(b).__or__(2).__xor__(a);
                         y = T::__and__(y, 15) + T::__or__(y, b) + T::__xor__(y, 1);
                         return y | (2 ^ b.__lshift__(1)) | b.__rshift__(b);
                       })}});
}

}  // namespace

std::vector<Row> logic_rows() {
  std::vector<Row> rows;
  add_comparisons(rows);
  add_bits(rows);
  return rows;
}

}  // namespace op_table
