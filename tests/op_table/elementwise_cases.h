#pragma once

#include <functional>
#include <string>
#include <vector>

#include "op_table/table.h"

// The cases of elementwise operations, and rows made of them.
namespace op_table {

using Maker = T::Tensor (*)(T::IntArrayRef);
using UnaryFunction = std::function<T::Tensor(const T::Tensor&)>;
using BinaryFunction = std::function<T::Tensor(const T::Tensor&, const T::Tensor&)>;

// Float64 values in about [-0.86, 0.86].
inline T::Tensor unit(T::IntArrayRef sizes) {
  return (real(sizes).detach() * 0.45).requires_grad_();
}

// Those of `make`, which ask for no gradient.
template <T::Tensor (*make)(T::IntArrayRef)>
T::Tensor plain(T::IntArrayRef sizes) {
  return make(sizes).detach();
}

// Shapes that an elementwise operation meets: a matrix, an odd length, one element, none at all.
inline std::vector<Case> unary_cases(Maker make, const UnaryFunction& f) {
  return {one("matrix", make({2, 3}), f), one("odd", make({7}), f), one("zero_dim", make({}), f),
          one("empty", make({0, 3}), f)};
}

// A row for the function and one for the in-place method.
inline void add_unary(std::vector<Row>& rows, const std::string& name,
                      T::Tensor (*f)(const T::Tensor&), T::Tensor& (T::Tensor::*in_place)() const,
                      Maker make, unsigned traits = kNone) {
  rows.push_back({name, traits, unary_cases(make, f)});
  auto changed = [in_place](const T::Tensor& x) {
    T::Tensor y = x.clone();
    (y.*in_place)();
    return y;
  };
  rows.push_back({name + "_", traits | kInPlace, unary_cases(make, changed)});
}

// Pairs that broadcast in every way.
inline std::vector<Case> binary_cases(Maker make_a, Maker make_b, const BinaryFunction& f) {
  return {two("same", make_a({2, 3}), make_b({2, 3}), f),
          two("row", make_a({2, 3}), make_b({3}), f),
          two("column", make_a({2, 1}), make_b({1, 3}), f),
          two("zero_dim", make_a({}), make_b({2, 2}), f),
          two("scalars", make_a({}), make_b({}), f),
          two("empty", make_a({0, 3}), make_b({3}), f),
          two("longer", make_a({1, 3}), make_b({2, 2, 1}), f)};
}

// In place the first operand has the shape of the result.
inline std::vector<Case> in_place_cases(
    Maker make_a, Maker make_b, const std::function<void(T::Tensor&, const T::Tensor&)>& f) {
  auto changed = [f](const T::Tensor& a, const T::Tensor& b) {
    T::Tensor y = a.clone();
    f(y, b);
    return y;
  };
  return {two("same", make_a({2, 3}), make_b({2, 3}), changed),
          two("row", make_a({2, 3}), make_b({3}), changed),
          two("zero_dim", make_a({2, 3}), make_b({}), changed),
          two("empty", make_a({0, 3}), make_b({3}), changed)};
}

}  // namespace op_table
