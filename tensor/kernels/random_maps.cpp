#include "taper/tensor/kernels/random_maps.h"

#include <bit>
#include <cmath>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/random_maps.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#ifndef TAPER_RANDOM_MAPS_ONCE
#define TAPER_RANDOM_MAPS_ONCE

namespace taper::kernels {
namespace {

namespace cephes {
constexpr float kSqrtHalf = 0.707106781186547524f;
// log1p(f) = f - f^2 / 2 + f^3 * P(f), highest power first; ln 2 in two parts.
constexpr float kLog[9] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                           -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                           2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
constexpr float kLn2Low = -2.12194440e-4f;
constexpr float kLn2High = 0.693359375f;
constexpr float kFourOverPi = 1.27323954473516f;
constexpr float kQuarterPi[3] = {0.78515625f, 2.4187564849853515625e-4f, 3.77489497744594108e-8f};
// sin(t) = t + t * z * P(z), cos(t) = 1 - z / 2 + z^2 * P(z) with z = t^2.
constexpr float kSin[3] = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
constexpr float kCos[3] = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};
}  // namespace cephes

constexpr float kTwoPi = 2.0f * std::numbers::pi_v<float>;
constexpr float kFloatUnit = 0x1p-24f;
constexpr double kDoubleUnit = 0x1p-53;

// The same operations one at a time, for machines without FMA instructions: std::fma is exact there
// too, only slow.
struct ScalarFloat {
  static float horner(float x, const float* coefficients, int count) {
    float y = coefficients[0];
    for (int i = 1; i < count; ++i) y = std::fma(y, x, coefficients[i]);
    return y;
  }

  static float log_positive(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const float m = std::bit_cast<float>((bits & 0x007fffffU) | 0x3f000000U);
    const bool low = m < cephes::kSqrtHalf;
    const float e = static_cast<float>(static_cast<int>(bits >> 23) - 126) - (low ? 1.0f : 0.0f);
    const float f = (m - 1.0f) + (low ? m : 0.0f);
    const float z = f * f;
    const float p = horner(f, cephes::kLog, 9) * f;
    float y = std::fma(p, z, e * cephes::kLn2Low);
    y = std::fma(-z, 0.5f, y);
    return std::fma(e, cephes::kLn2High, f + y);
  }

  static void sin_cos_non_negative(float x, float& sin, float& cos) {
    const int octant = (static_cast<int>(x * cephes::kFourOverPi) + 1) & ~1;
    const auto y = static_cast<float>(octant);
    float t = std::fma(y, -cephes::kQuarterPi[0], x);
    t = std::fma(y, -cephes::kQuarterPi[1], t);
    t = std::fma(y, -cephes::kQuarterPi[2], t);
    const float z = t * t;
    float c = horner(z, cephes::kCos, 3) * z;
    c = std::fma(c, z, -(z * 0.5f)) + 1.0f;
    const float s = std::fma(horner(z, cephes::kSin, 3) * z, t, t);
    const bool straight = (octant & 2) == 0;
    sin = straight ? s : c;
    cos = straight ? c : s;
    if ((octant & 4) != 0) sin = -sin;
    if (((octant - 2) & 4) == 0) cos = -cos;
  }
};

[[maybe_unused]] void normal_blocks_scalar(float* data, std::int64_t blocks, float mean,
                                           float std) {
  for (std::int64_t i = 0; i < blocks; ++i, data += 16) {
    for (int j = 0; j < 8; ++j) {
      const float r = std::sqrt(-2.0f * ScalarFloat::log_positive(1.0f - data[j]));
      float sin = 0;
      float cos = 0;
      ScalarFloat::sin_cos_non_negative(kTwoPi * data[j + 8], sin, cos);
      data[j] = std::fma(r * cos, std, mean);
      data[j + 8] = std::fma(r * sin, std, mean);
    }
  }
}

float uniform_scalar(std::uint32_t word, float scale, float from) {
  return std::fma(static_cast<float>(word & 0xffffffU) * kFloatUnit, scale, from);
}

double uniform_scalar(std::uint32_t high, std::uint32_t low, double scale, double from) {
  // 21 + 32 bits: exact.
  const double k = static_cast<double>(high & 0x1fffffU) * 0x1p32 + static_cast<double>(low);
  return std::fma(k * kDoubleUnit, scale, from);
}

}  // namespace
}  // namespace taper::kernels
#endif  // TAPER_RANDOM_MAPS_ONCE

HWY_BEFORE_NAMESPACE();
namespace taper::kernels {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_NATIVE_FMA

#include "taper/tensor/kernels/random-inl.h"

void UniformFloat(const std::uint32_t* words, std::int64_t n, float from, float scale, float* out) {
  const hn::ScalableTag<float> d;
  const hn::RebindToSigned<decltype(d)> di;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const auto mask = hn::Set(di, 0xffffff);
  const auto unit = hn::Set(d, kFloatUnit);
  std::int64_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const auto k = hn::And(hn::LoadU(di, reinterpret_cast<const std::int32_t*>(words + i)), mask);
    const auto x = hn::Mul(hn::ConvertTo(d, k), unit);
    hn::StoreU(hn::MulAdd(x, hn::Set(d, scale), hn::Set(d, from)), d, out + i);
  }
  for (; i < n; ++i) out[i] = uniform_scalar(words[i], scale, from);
}

void UniformDouble(const std::uint32_t* words, std::int64_t n, double from, double scale,
                   double* out) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  constexpr std::int64_t kChunk = 64;
  HWY_ALIGN double x[kChunk];
  for (std::int64_t begin = 0; begin < n; begin += kChunk) {
    const std::int64_t count = n - begin < kChunk ? n - begin : kChunk;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint32_t* pair = words + 2 * (begin + i);
      const std::int64_t k = static_cast<std::int64_t>(pair[0] & 0x1fffffU) << 32 | pair[1];
      x[i] = static_cast<double>(k) * kDoubleUnit;
    }
    // The lanes past `count` hold older values, which are not stored.
    for (std::int64_t i = 0; i < count; i += lanes) {
      const auto v = hn::Load(d, x + i);
      hn::Store(hn::MulAdd(v, hn::Set(d, scale), hn::Set(d, from)), d, x + i);
    }
    for (std::int64_t i = 0; i < count; ++i) out[begin + i] = x[i];
  }
}

void NormalFloat(float* data, std::int64_t blocks, float mean, float std) {
  const hn::CappedTag<float, 8> d;
  const auto lanes = static_cast<int>(hn::Lanes(d));
  for (std::int64_t i = 0; i < blocks; ++i, data += 16) {
    for (int j = 0; j < 8; j += lanes) {
      const auto u = hn::Sub(hn::Set(d, 1.0f), hn::LoadU(d, data + j));
      const auto r = hn::Sqrt(hn::Mul(hn::Set(d, -2.0f), LogPositive(d, u)));
      auto sin = hn::Zero(d);
      auto cos = hn::Zero(d);
      SinCosNonNegative(d, hn::Mul(hn::Set(d, kTwoPi), hn::LoadU(d, data + j + 8)), sin, cos);
      const auto m = hn::Set(d, mean);
      const auto s = hn::Set(d, std);
      hn::StoreU(hn::MulAdd(hn::Mul(r, cos), s, m), d, data + j);
      hn::StoreU(hn::MulAdd(hn::Mul(r, sin), s, m), d, data + j + 8);
    }
  }
}

#else  // a multiply-add of two instructions would round twice

void UniformFloat(const std::uint32_t* words, std::int64_t n, float from, float scale, float* out) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = uniform_scalar(words[i], scale, from);
}

void UniformDouble(const std::uint32_t* words, std::int64_t n, double from, double scale,
                   double* out) {
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = uniform_scalar(words[2 * i], words[2 * i + 1], scale, from);
  }
}

void NormalFloat(float* data, std::int64_t blocks, float mean, float std) {
  normal_blocks_scalar(data, blocks, mean, std);
}

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace taper::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {
namespace {
HWY_EXPORT(UniformFloat);
HWY_EXPORT(UniformDouble);
HWY_EXPORT(NormalFloat);
}  // namespace

void map_uniform(const std::uint32_t* words, std::int64_t n, float from, float to, float* out) {
  HWY_DYNAMIC_DISPATCH(UniformFloat)(words, n, from, to - from, out);
}

void map_uniform(const std::uint32_t* words, std::int64_t n, double from, double to, double* out) {
  HWY_DYNAMIC_DISPATCH(UniformDouble)(words, n, from, to - from, out);
}

void map_normal(float* data, std::int64_t blocks, float mean, float std) {
  HWY_DYNAMIC_DISPATCH(NormalFloat)(data, blocks, mean, std);
}

void map_normal(double* data, std::int64_t blocks, double mean, double std) {
  for (std::int64_t i = 0; i < blocks; ++i, data += 16) {
    for (int j = 0; j < 8; ++j) {
      const double r = std::sqrt(-2.0 * std::log(1.0 - data[j]));
      const double theta = 2.0 * std::numbers::pi * data[j + 8];
      data[j] = std::fma(r * std::cos(theta), std, mean);
      data[j + 8] = std::fma(r * std::sin(theta), std, mean);
    }
  }
}

}  // namespace taper::kernels
#endif  // HWY_ONCE
