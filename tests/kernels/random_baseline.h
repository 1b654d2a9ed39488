#pragma once

#include <cstdint>

namespace taper::kernels {

/// map_uniform and map_normal as they are on a machine with the baseline's instructions only.
void baseline_map_uniform(const std::uint32_t* words, std::int64_t n, float from, float to,
                          float* out);
void baseline_map_uniform(const std::uint32_t* words, std::int64_t n, double from, double to,
                          double* out);
void baseline_map_normal(float* data, std::int64_t blocks, float mean, float std);

}  // namespace taper::kernels
