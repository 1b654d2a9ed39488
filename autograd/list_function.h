#pragma once

#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/autograd/node.h"

// Functions of a Tensor or of a list, to a Tensor or a list, seen as functions of lists.
namespace taper::autograd::internal {

using ListFunction = std::function<variable_list(const variable_list&)>;

template <class Fn>
inline constexpr bool takes_tensor = std::is_invocable_v<Fn&, const Tensor&>;

// Tensor or variable_list.
template <class Fn>
using InputOf = std::conditional_t<takes_tensor<Fn>, Tensor, variable_list>;
template <class Fn>
using OutputOf =
    std::conditional_t<std::is_convertible_v<std::invoke_result_t<Fn&, const InputOf<Fn>&>, Tensor>,
                       Tensor, variable_list>;

// Nothing for a tensor that was not given.
inline variable_list as_list(const Tensor& x) {
  return x.defined() ? variable_list{x} : variable_list();
}
inline const variable_list& as_list(const variable_list& list) { return list; }

template <class T>
T from_list(variable_list list) {
  if constexpr (std::is_same_v<T, Tensor>) {
    return std::move(list[0]);
  } else {
    return list;
  }
}

template <class Fn>
variable_list call_with_list(Fn& fn, const variable_list& inputs) {
  // The second is not asked of a module that takes a Tensor: it would not compile.
  static_assert(std::disjunction_v<std::is_invocable<Fn&, const Tensor&>,
                                   std::is_invocable<Fn&, const variable_list&>>,
                "the function must be callable with a Tensor or with a variable_list");
  const auto call = [&]() -> decltype(auto) {
    if constexpr (takes_tensor<Fn>) {
      return fn(inputs[0]);
    } else {
      return fn(inputs);
    }
  };
  if constexpr (std::is_same_v<OutputOf<Fn>, Tensor>) {
    return {call()};
  } else {
    return call();
  }
}

}  // namespace taper::autograd::internal
