#pragma once

#include <cstddef>
#include <iosfwd>
#include <string_view>

#include "taper/tensor/kernels/scalar_type.h"

namespace taper {

/// What Tensor::dtype() gives: a ScalarType under the name that PyTorch's C++ side has for it
/// (caffe2::TypeMeta). It is compared with, and turns into, a ScalarType everywhere.
class TypeMeta {
 public:
  constexpr TypeMeta() = default;
  constexpr TypeMeta(ScalarType type) : type_(type) {}
  /// TypeMeta::Make<float>()
  template <class T>
  static constexpr TypeMeta Make() {
    return CppTypeToScalarType<T>::value;
  }
  static constexpr TypeMeta fromScalarType(ScalarType type) { return type; }

  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr bool isScalarType() const { return type_ != ScalarType::Undefined; }
  constexpr bool isScalarType(ScalarType type) const { return type_ == type; }
  /// Bytes per element.
  constexpr std::size_t itemsize() const { return element_size(type_); }
  /// The C++ type's name, "float" or "long int"; "nullptr (uninitialized)" for none.
  std::string_view name() const;
  template <class T>
  constexpr bool Match() const {
    return type_ == CppTypeToScalarType<T>::value;
  }

  friend constexpr bool operator==(TypeMeta a, TypeMeta b) { return a.type_ == b.type_; }
  friend constexpr bool operator!=(TypeMeta a, TypeMeta b) { return a.type_ != b.type_; }
  friend constexpr bool operator==(TypeMeta a, ScalarType b) { return a.type_ == b; }
  friend constexpr bool operator!=(TypeMeta a, ScalarType b) { return a.type_ != b; }
  friend constexpr bool operator==(ScalarType a, TypeMeta b) { return a == b.type_; }
  friend constexpr bool operator!=(ScalarType a, TypeMeta b) { return a != b.type_; }

 private:
  ScalarType type_ = ScalarType::Undefined;
};

std::ostream& operator<<(std::ostream& out, TypeMeta type);  // its name()

/// PyTorch's spellings of the two conversions.
constexpr ScalarType typeMetaToScalarType(TypeMeta type) { return type; }
constexpr TypeMeta scalarTypeToTypeMeta(ScalarType type) { return type; }

}  // namespace taper
