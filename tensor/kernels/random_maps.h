#pragma once

#include <cstdint>

/// The arithmetic that turns words into floating-point draws, without the engine. Each rounding is
/// fixed (what is fused is fused on every machine), so the results don't depend on the instruction
/// set.
namespace taper::kernels {

/// out[i] = fma(x, to - from, from), x = (words[i] mod 2^24) * 2^-24.
void map_uniform(const std::uint32_t* words, std::int64_t n, float from, float to, float* out);

/// The same from two words each, the first one high: x = (word mod 2^53) * 2^-53.
void map_uniform(const std::uint32_t* words, std::int64_t n, double from, double to, double* out);

/// Box-Muller in place over blocks of 16 uniforms: for j in 0..7, with u = data[j], v = data[j +
/// 8], r = sqrt(-2 log(1 - u)): data[j] = fma(r cos(2 pi v), std, mean), data[j + 8] the same with
/// sin. The float form's log, sin and cos are those of Cephes' single precision library.
void map_normal(float* data, std::int64_t blocks, float mean, float std);
void map_normal(double* data, std::int64_t blocks, double mean, double std);

}  // namespace taper::kernels
