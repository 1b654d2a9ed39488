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

int Scalar::toInt() const {
  int64_t value = toLong();
  TAPER_CHECK(value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max(),
              "value cannot be converted to type int without overflow");
  return static_cast<int>(value);
}

uint8_t Scalar::toByte() const {
  // Whole numbers wrap around, real ones do not.
  const bool fits = isFloatingPoint() ? d_ >= 0 && d_ <= 255 : i_ >= -255 && i_ <= 255;
  TAPER_CHECK(fits, "value cannot be converted to type uint8_t without overflow");
  return static_cast<uint8_t>(toLong());
}

Scalar Scalar::operator-() const {
  TAPER_CHECK(!isBoolean(), "neg() on a boolean number is not supported");
  if (isFloatingPoint()) return -d_;
  // The least int64 is its own negative, as in two's complement.
  return static_cast<int64_t>(-static_cast<uint64_t>(i_));
}

}  // namespace taper
