#pragma once

// What the tests of the elementwise kernels share.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/targets.h"

namespace taper::kernels {

template <class T>
inline constexpr ScalarType kType = CppTypeToScalarType<T>::value;
template <class T>
inline constexpr T kInf = std::numeric_limits<T>::infinity();
template <class T>
inline constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();

// std::vector<bool> has no data(): bools are kept as bytes.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
template <class T>
using Values = std::vector<Stored<T>>;

// Equal bits, or both NaN.
template <class T>
bool same(T a, T b) {
  if (a != a && b != b) return true;
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

template <class T>
Values<T> special() {
  if constexpr (std::is_floating_point_v<T>) {
    return {T(0),
            T(-0.0),
            T(1),
            T(-1),
            T(0.5),
            T(-0.5),
            T(1.5),
            T(-1.5),
            T(2.5),
            T(-2.5),
            T(2),
            T(-2),
            T(3),
            T(-3),
            T(7),
            T(-7.25),
            T(1e-30),
            T(-1e-30),
            T(1e30),
            T(-1e30),
            T(0.3),
            T(-0.3),
            T(0.1),
            T(100.7),
            T(8388609),
            kInf<T>,
            -kInf<T>,
            kNaN<T>,
            std::numeric_limits<T>::denorm_min(),
            std::numeric_limits<T>::max()};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {0, 1};
  } else {
    using L = std::numeric_limits<T>;
    return {T(0),
            T(1),
            T(2),
            T(3),
            T(5),
            T(7),
            T(8),
            T(63),
            T(100),
            L::max(),
            T(L::max() - 1),
            L::min(),
            T(L::min() + 1),
            T(-1),
            T(-2),
            T(-3),
            T(-7),
            T(-8)};
  }
}

// All pairs of special values.
template <class T>
void special_pairs(Values<T>& a, Values<T>& b) {
  for (const auto x : special<T>()) {
    for (const auto y : special<T>()) {
      a.push_back(x);
      b.push_back(y);
    }
  }
}

// Once for each instruction set of this machine.
class ElementwiseTest : public testing::TestWithParam<std::int64_t> {
 protected:
  void SetUp() override { use_target_for_test(GetParam()); }
  void TearDown() override { use_target_for_test(0); }
};

}  // namespace taper::kernels
