// The library's source once more, for the instruction set that every machine has.
#define HWY_COMPILE_ONLY_STATIC
#define kernels baseline_kernels
#include "taper/tensor/kernels/random_maps.cpp"
#undef kernels

#include "kernels/random_baseline.h"

namespace taper::kernels {

void baseline_map_uniform(const std::uint32_t* words, std::int64_t n, float from, float to,
                          float* out) {
  baseline_kernels::map_uniform(words, n, from, to, out);
}

void baseline_map_uniform(const std::uint32_t* words, std::int64_t n, double from, double to,
                          double* out) {
  baseline_kernels::map_uniform(words, n, from, to, out);
}

void baseline_map_normal(float* data, std::int64_t blocks, float mean, float std) {
  baseline_kernels::map_normal(data, blocks, mean, std);
}

}  // namespace taper::kernels
