#include "taper/tensor/scalar.h"

#include <cmath>
#include <limits>

#include "taper/tensor/error.h"

namespace taper {

float Scalar::toFloat() const {
  double value = toDouble();
  // Infinities and NaN fit.
  TAPER_CHECK(!(value > std::numeric_limits<float>::max() ||
                value < std::numeric_limits<float>::lowest()) ||
                  std::isinf(value),
              "value cannot be converted to type float without overflow");
  return static_cast<float>(value);
}

int64_t Scalar::toLong() const {
  if (!isFloatingPoint()) return i_;
  // 2^63 itself is the first double past int64; NaN fails both comparisons.
  TAPER_CHECK(d_ >= -9223372036854775808.0 && d_ < 9223372036854775808.0,
              "value cannot be converted to type int64_t without overflow");
  return static_cast<int64_t>(d_);
}

namespace {

// The truncated value, which must be one of T's; `least` is below T's range where a negative number
// may stand for its remainder.
template <class T>
T narrow(const Scalar& number, int64_t least, const char* name) {
  const bool fits =
      !number.isFloatingPoint() || (number.toDouble() >= static_cast<double>(least) &&
                                    number.toDouble() <= double{std::numeric_limits<T>::max()});
  const int64_t value = fits ? number.toLong() : 0;
  TAPER_CHECK(fits && value >= least && value <= int64_t{std::numeric_limits<T>::max()},
              "value cannot be converted to type ", name, " without overflow");
  return static_cast<T>(value);
}

template <class T>
T narrow(const Scalar& number, const char* name) {
  return narrow<T>(number, std::numeric_limits<T>::min(), name);
}

}  // namespace

int Scalar::toInt() const { return narrow<int>(*this, "int"); }
int16_t Scalar::toShort() const { return narrow<int16_t>(*this, "int16_t"); }
int8_t Scalar::toChar() const { return narrow<int8_t>(*this, "int8_t"); }
uint8_t Scalar::toByte() const {
  return narrow<uint8_t>(*this, isFloatingPoint() ? 0 : -255, "uint8_t");
}

Scalar Scalar::log() const {
  TAPER_CHECK(!isBoolean(), "log() of a boolean number is not supported");
  return std::log(toDouble());
}

Scalar Scalar::operator-() const {
  TAPER_CHECK(!isBoolean(), "torch boolean negative, the `-` operator, is not supported.");
  if (isFloatingPoint()) return -d_;
  // The least int64 is its own negative, as in two's complement.
  return static_cast<int64_t>(-static_cast<uint64_t>(i_));
}

}  // namespace taper
