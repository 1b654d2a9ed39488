#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "taper/tensor/array_ref.h"
#include "taper/tensor/scalar.h"
#include "taper/tensor/type_properties.h"

namespace taper::detail {

// What PyTorch calls by a second name: each method is another one of T, which is Tensor. A template
// only because Tensor is not complete when it derives from this.
template <class T>
class TensorAliases {
 public:
  // --- Elementwise ---
#define TAPER_ALIAS(alias, name)            \
  T alias() const { return self().name(); } \
  T& alias##_() const { return self().name##_(); }
  TAPER_ALIAS(absolute, abs)
  TAPER_ALIAS(negative, neg)
  TAPER_ALIAS(fix, trunc)
  TAPER_ALIAS(arcsin, asin)
  TAPER_ALIAS(arccos, acos)
  TAPER_ALIAS(arctan, atan)
  TAPER_ALIAS(arcsinh, asinh)
  TAPER_ALIAS(arccosh, acosh)
  TAPER_ALIAS(arctanh, atanh)
#undef TAPER_ALIAS
#define TAPER_ALIAS(alias, name)                                      \
  T alias(const T& other) const { return self().name(other); }        \
  T alias(const Scalar& other) const { return self().name(other); }   \
  T& alias##_(const T& other) const { return self().name##_(other); } \
  T& alias##_(const Scalar& other) const { return self().name##_(other); }
  TAPER_ALIAS(multiply, mul)
  TAPER_ALIAS(divide, div)
  TAPER_ALIAS(true_divide, div)
  TAPER_ALIAS(not_equal, ne)
  TAPER_ALIAS(less, lt)
  TAPER_ALIAS(less_equal, le)
  TAPER_ALIAS(greater, gt)
  TAPER_ALIAS(greater_equal, ge)
#undef TAPER_ALIAS
  T arctan2(const T& other) const { return self().atan2(other); }
  T& arctan2_(const T& other) const { return self().atan2_(other); }
  T subtract(const T& other, const Scalar& alpha = 1) const { return self().sub(other, alpha); }
  T subtract(const Scalar& other, const Scalar& alpha = 1) const {
    return self().sub(other, alpha);
  }
  T& subtract_(const T& other, const Scalar& alpha = 1) const { return self().sub_(other, alpha); }
  T& subtract_(const Scalar& other, const Scalar& alpha = 1) const {
    return self().sub_(other, alpha);
  }
  T divide(const T& other, std::optional<std::string_view> rounding_mode) const {
    return self().div(other, rounding_mode);
  }
  T divide(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
    return self().div(other, rounding_mode);
  }
  T& divide_(const T& other, std::optional<std::string_view> rounding_mode) const {
    return self().div_(other, rounding_mode);
  }
  T& divide_(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
    return self().div_(other, rounding_mode);
  }
  T clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const {
    return self().clamp(min, max);
  }
  T clip(const std::optional<T>& min = std::nullopt,
         const std::optional<T>& max = std::nullopt) const {
    return self().clamp(min, max);
  }
  T& clip_(const std::optional<Scalar>& min,
           const std::optional<Scalar>& max = std::nullopt) const {
    return self().clamp_(min, max);
  }
  T& clip_(const std::optional<T>& min = std::nullopt,
           const std::optional<T>& max = std::nullopt) const {
    return self().clamp_(min, max);
  }

  // --- Shapes, dtypes, the tape ---
  T expand_as(const T& other) const { return self().expand(other.sizes()); }
  T view_as(const T& other) const { return self().view(other.sizes()); }
  T reshape_as(const T& other) const { return self().reshape(other.sizes()); }
  std::vector<T> split_with_sizes(IntArrayRef split_sizes, int64_t dim = 0) const {
    return self().split(split_sizes, dim);
  }
  T swapaxes(int64_t axis0, int64_t axis1) const { return self().transpose(axis0, axis1); }
  T swapdims(int64_t dim0, int64_t dim1) const { return self().transpose(dim0, dim1); }
  T& swapaxes_(int64_t axis0, int64_t axis1) const { return self().transpose_(axis0, axis1); }
  T& swapdims_(int64_t dim0, int64_t dim1) const { return self().transpose_(dim0, dim1); }
  T moveaxis(int64_t source, int64_t destination) const {
    return self().movedim(source, destination);
  }
  T moveaxis(IntArrayRef source, IntArrayRef destination) const {
    return self().movedim(source, destination);
  }
  T type_as(const T& other) const { return self().to(other.scalar_type()); }
  T toType(ScalarType dtype) const { return self().to(dtype); }
  T toType(const DeprecatedTypeProperties& type) const { return self().to(type.scalarType()); }
  T cpu() const { return self(); }
  T cuda() const { return self().to(Device(kCUDA)); }
  T variable_data() const { return self().data(); }
  T tensor_data() const { return self().detach(); }

  // --- Operators ---
  // PyTorch's names for the operators, of which C++ keeps the shifts for streams.
#define TAPER_OPERATOR(op, op_, name)                            \
  T op(const T& other) const { return self().name(other); }      \
  T op(const Scalar& other) const { return self().name(other); } \
  T& op_(const T& other) const { return self().name##_(other); } \
  T& op_(const Scalar& other) const { return self().name##_(other); }
  TAPER_OPERATOR(__and__, __iand__, bitwise_and)
  TAPER_OPERATOR(__or__, __ior__, bitwise_or)
  TAPER_OPERATOR(__xor__, __ixor__, bitwise_xor)
  TAPER_OPERATOR(__lshift__, __ilshift__, bitwise_left_shift)
  TAPER_OPERATOR(__rshift__, __irshift__, bitwise_right_shift)
#undef TAPER_OPERATOR
  T& operator&=(const T& other) { return self().bitwise_and_(other); }
  T& operator&=(const Scalar& other) { return self().bitwise_and_(other); }
  T& operator|=(const T& other) { return self().bitwise_or_(other); }
  T& operator|=(const Scalar& other) { return self().bitwise_or_(other); }
  T& operator^=(const T& other) { return self().bitwise_xor_(other); }
  T& operator^=(const Scalar& other) { return self().bitwise_xor_(other); }

 private:
  const T& self() const { return static_cast<const T&>(*this); }
};

}  // namespace taper::detail
