#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace taper {

/// The element type of a tensor. The numbers are PyTorch's, so that files that store them agree.
/// Bool elements are bytes that hold 0 or 1. PyTorch's other types (Char, Short, Half, BFloat16,
/// the complex and the quantized ones) have no name here: a program that asks for them does not
/// compile.
enum class ScalarType : std::int8_t {
  Byte = 0,
  Int = 3,
  Long = 4,
  Float = 6,
  Double = 7,
  Bool = 11,
  Undefined = 18,
};
using Dtype = ScalarType;

inline constexpr ScalarType kUInt8 = ScalarType::Byte;
inline constexpr ScalarType kByte = ScalarType::Byte;
inline constexpr ScalarType kInt32 = ScalarType::Int;
inline constexpr ScalarType kInt = ScalarType::Int;
inline constexpr ScalarType kInt64 = ScalarType::Long;
inline constexpr ScalarType kLong = ScalarType::Long;
inline constexpr ScalarType kFloat32 = ScalarType::Float;
inline constexpr ScalarType kFloat = ScalarType::Float;
inline constexpr ScalarType kFloat64 = ScalarType::Double;
inline constexpr ScalarType kDouble = ScalarType::Double;
inline constexpr ScalarType kBool = ScalarType::Bool;
inline constexpr ScalarType kU8 = kUInt8;
inline constexpr ScalarType kI32 = kInt32;
inline constexpr ScalarType kI64 = kInt64;
inline constexpr ScalarType kF32 = kFloat32;
inline constexpr ScalarType kF64 = kFloat64;

/// Bytes per element; 0 for Undefined.
constexpr std::size_t element_size(ScalarType type) {
  switch (type) {
    case ScalarType::Byte:
    case ScalarType::Bool:
      return 1;
    case ScalarType::Int:
    case ScalarType::Float:
      return 4;
    case ScalarType::Long:
    case ScalarType::Double:
      return 8;
    case ScalarType::Undefined:
      break;
  }
  return 0;
}

/// The name that PyTorch prints in its messages: "Float", "Long", ...
constexpr const char* to_string(ScalarType type) {
  switch (type) {
    case ScalarType::Byte:
      return "Byte";
    case ScalarType::Int:
      return "Int";
    case ScalarType::Long:
      return "Long";
    case ScalarType::Float:
      return "Float";
    case ScalarType::Double:
      return "Double";
    case ScalarType::Bool:
      return "Bool";
    case ScalarType::Undefined:
      break;
  }
  return "UNKNOWN_SCALAR";
}

constexpr bool is_floating_point(ScalarType type) {
  return type == ScalarType::Float || type == ScalarType::Double;
}

constexpr bool is_integral(ScalarType type, bool include_bool) {
  return type == ScalarType::Byte || type == ScalarType::Int || type == ScalarType::Long ||
         (include_bool && type == ScalarType::Bool);
}

/// PyTorch's C++ spellings of the same.
constexpr const char* toString(ScalarType type) { return to_string(type); }
constexpr std::size_t elementSize(ScalarType type) { return element_size(type); }
constexpr bool isFloatingType(ScalarType type) { return is_floating_point(type); }
constexpr bool isIntegralType(ScalarType type, bool include_bool) {
  return is_integral(type, include_bool);
}
constexpr bool isComplexType(ScalarType) { return false; }
constexpr bool isSignedType(ScalarType type) {
  return is_floating_point(type) || type == ScalarType::Int || type == ScalarType::Long;
}

/// Maps a C++ element type to its ScalarType: CppTypeToScalarType<float>::value is kFloat.
template <class T>
struct CppTypeToScalarType;
template <>
struct CppTypeToScalarType<std::uint8_t> : std::integral_constant<ScalarType, ScalarType::Byte> {};
template <>
struct CppTypeToScalarType<std::int32_t> : std::integral_constant<ScalarType, ScalarType::Int> {};
template <>
struct CppTypeToScalarType<std::int64_t> : std::integral_constant<ScalarType, ScalarType::Long> {};
template <>
struct CppTypeToScalarType<float> : std::integral_constant<ScalarType, ScalarType::Float> {};
template <>
struct CppTypeToScalarType<double> : std::integral_constant<ScalarType, ScalarType::Double> {};
template <>
struct CppTypeToScalarType<bool> : std::integral_constant<ScalarType, ScalarType::Bool> {};

}  // namespace taper
