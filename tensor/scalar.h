#pragma once

#include <cstdint>
#include <iosfwd>
#include <type_traits>

#include "taper/tensor/kernels/scalar_type.h"

namespace taper {

// A number that remembers whether it was a floating-point, an integral or a boolean one
// (c10::Scalar), because type promotion asks.
class Scalar {
 public:
  Scalar() : Scalar(int64_t{0}) {}
  Scalar(double value) : kind_(Kind::kDouble), d_(value) {}
  Scalar(float value) : Scalar(static_cast<double>(value)) {}
  // A template, for a pointer (a string) must not become a bool.
  template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0>
  Scalar(T value) : kind_(Kind::kBool), i_(value ? 1 : 0) {}
  template <class T, class = std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
  Scalar(T value) : kind_(Kind::kInt), i_(static_cast<int64_t>(value)) {}

  bool isFloatingPoint() const { return kind_ == Kind::kDouble; }
  bool isIntegral(bool include_bool) const {
    return kind_ == Kind::kInt || (include_bool && kind_ == Kind::kBool);
  }
  bool isBoolean() const { return kind_ == Kind::kBool; }
  ScalarType type() const {
    return isFloatingPoint() ? ScalarType::Double
           : isBoolean()     ? ScalarType::Bool
                             : ScalarType::Long;
  }

  bool isComplex() const { return false; }
  double toDouble() const { return isFloatingPoint() ? d_ : static_cast<double>(i_); }
  // The rest throw taper::Error when the value does not fit; fractions go towards zero.
  float toFloat() const;
  int64_t toLong() const;
  int toInt() const;
  int16_t toShort() const;
  int8_t toChar() const;
  uint8_t toByte() const;  // -1 is 255, as in C++
  bool toBool() const { return isFloatingPoint() ? d_ != 0 : i_ != 0; }
  template <class T>
  T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return toBool();
    } else if constexpr (std::is_same_v<T, float>) {
      return toFloat();
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(toDouble());
    } else if constexpr (sizeof(T) == sizeof(int64_t)) {
      return static_cast<T>(toLong());
    } else if constexpr (std::is_same_v<T, uint8_t>) {
      return toByte();
    } else if constexpr (std::is_same_v<T, int8_t>) {
      return toChar();
    } else if constexpr (std::is_same_v<T, int16_t>) {
      return toShort();
    } else {
      return static_cast<T>(toInt());
    }
  }
  Scalar operator-() const;
  Scalar log() const;  // the natural logarithm, a floating-point number
  // Whether it is this number; a bool is no number but true or false.
  bool equal(const Scalar& other) const {
    if (isBoolean() != other.isBoolean()) return false;
    return isFloatingPoint() || other.isFloatingPoint() ? toDouble() == other.toDouble()
                                                        : i_ == other.i_;
  }

 private:
  enum class Kind : uint8_t { kDouble, kInt, kBool };
  Kind kind_;
  union {
    double d_;
    int64_t i_;
  };
};

std::ostream& operator<<(std::ostream& out, const Scalar& value);

}  // namespace taper
