#include "taper/tensor/scalar.h"

#include <limits>

#include "taper/tensor/error.h"

namespace taper {

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
  int64_t value = toLong();
  TAPER_CHECK(value >= -255 && value <= 255,
              "value cannot be converted to type uint8_t without overflow");
  return static_cast<uint8_t>(value);
}

}  // namespace taper
