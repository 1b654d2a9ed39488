#pragma once

#include <cstdint>
#include <cstdlib>
#include <utility>

#include "taper/tensor/kernels/scalar_type.h"

/// Turns a run-time ScalarType into a compile-time type:
///     dispatch_all(t, [&](auto tag) { using T = typename decltype(tag)::type; ... });
/// The callers have refused other dtypes with a proper message, so what falls through is a bug of
/// ours and ends the program.
namespace taper::kernels {

template <class T>
struct TypeTag {
  using type = T;
};

template <class Fn>
decltype(auto) dispatch_floating(ScalarType type, Fn&& fn) {
  switch (type) {
    case ScalarType::Float:
      return std::forward<Fn>(fn)(TypeTag<float>{});
    case ScalarType::Double:
      return std::forward<Fn>(fn)(TypeTag<double>{});
    default:
      std::abort();
  }
}

/// Byte, Int and Long.
template <class Fn>
decltype(auto) dispatch_integral(ScalarType type, Fn&& fn) {
  switch (type) {
    case ScalarType::Byte:
      return std::forward<Fn>(fn)(TypeTag<std::uint8_t>{});
    case ScalarType::Int:
      return std::forward<Fn>(fn)(TypeTag<std::int32_t>{});
    case ScalarType::Long:
      return std::forward<Fn>(fn)(TypeTag<std::int64_t>{});
    default:
      std::abort();
  }
}

/// Every dtype but Bool.
template <class Fn>
decltype(auto) dispatch_numbers(ScalarType type, Fn&& fn) {
  if (is_floating_point(type)) return dispatch_floating(type, std::forward<Fn>(fn));
  return dispatch_integral(type, std::forward<Fn>(fn));
}

/// Every dtype.
template <class Fn>
decltype(auto) dispatch_all(ScalarType type, Fn&& fn) {
  if (type == ScalarType::Bool) return std::forward<Fn>(fn)(TypeTag<bool>{});
  return dispatch_numbers(type, std::forward<Fn>(fn));
}

}  // namespace taper::kernels
