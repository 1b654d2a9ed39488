#pragma once

#include <array>
#include <string_view>

// How closely two records must agree; the one place where it is said. An element a agrees with
// libtorch's b if |a - b| <= absolute + relative * m, where m is the largest finite magnitude in
// libtorch's tensor (what cancels in one element was as large as its neighbours); NaN agrees with
// NaN, an infinity with itself. Integers, bools, sizes, dtypes and texts are the same, exactly.
namespace parity {

struct Tolerance {
  double relative;
  double absolute;
};

// Values: a few roundings' difference, as another order of summation makes.
inline constexpr Tolerance kFloatValue{4e-6, 1e-7};
inline constexpr Tolerance kDoubleValue{1e-12, 1e-15};
// Losses over a training run, where differences of that kind grow.
inline constexpr Tolerance kFloatLoss{1e-5, 0};
inline constexpr Tolerance kDoubleLoss{1e-10, 0};
inline constexpr Tolerance kLbfgsLoss{1e-6, 0};

// Random draws are the same bits, but for those whose names begin with one of these, which may
// differ by one unit in the last place.
struct LooseDraw {
  std::string_view prefix;
  std::string_view why;
};
inline constexpr std::array<LooseDraw, 0> kLooseDraws{};

}  // namespace parity
