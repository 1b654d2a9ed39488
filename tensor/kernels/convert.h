#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

namespace taper::kernels {

/// x as a To; to an integer it is cut towards zero. A float outside of the integer's range is
/// undefined in C++; here it is what x86 gives.
template <class To, class From>
inline To convert(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From{0};
  } else if constexpr (std::is_floating_point_v<From> && std::is_same_v<To, std::uint8_t>) {
    return static_cast<std::uint8_t>(convert<std::int64_t>(x));
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr From kBound = static_cast<From>(std::uint64_t{1} << (8 * sizeof(To) - 1));
    return x >= -kBound && x < kBound ? static_cast<To>(x) : std::numeric_limits<To>::min();
  } else {
    return static_cast<To>(x);
  }
}

}  // namespace taper::kernels
