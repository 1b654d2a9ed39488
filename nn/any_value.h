#pragma once

#include <any>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "taper/tensor/error.h"

namespace taper::nn {

namespace detail {
// A type's name in the words of a program for libtorch: "at::Tensor", "torch::nn::LinearImpl".
std::string type_name(const std::type_info& type);
}  // namespace detail

// A value of any copyable type, as it travels between modules whose types are known only when the
// program runs (torch::nn::AnyValue).
class AnyValue {
 public:
  AnyValue() = default;
  template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, AnyValue>>>
  explicit AnyValue(T&& value)
      : content_(std::in_place_type<std::decay_t<T>>, std::forward<T>(value)) {}

  // The value, if it is exactly a T; throws taper::Error if not.
  template <class T>
  T get() {
    T* value = try_get<T>();
    TAPER_CHECK(value != nullptr, "Attempted to cast AnyValue to ", detail::type_name(typeid(T)),
                ", but its actual type is ", detail::type_name(type_info()));
    return *value;
  }
  // Null if it is not exactly a T.
  template <class T>
  T* try_get() {
    return std::any_cast<T>(&content_);
  }
  const std::type_info& type_info() const noexcept { return content_.type(); }

 private:
  std::any content_;
};

}  // namespace taper::nn
