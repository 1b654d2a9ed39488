#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Running reductions along the middle dimension of dense [outer, n, inner] arrays. No size is
/// zero.
namespace taper::kernels {

enum class Scan : std::uint8_t {
  Sum,
  Prod,
  LogSumExp,  // log(exp(x[0]) + ... + exp(x[k])); floats only
};

/// out[o][k][i] is the reduction of x[o][0..k][i]. Float (reduced in double), Double and Long
/// (which wraps around).
void scan(Scan op, ScalarType type, std::int64_t outer, std::int64_t n, std::int64_t inner,
          const void* x, void* out);

/// The greatest (or least) so far and where the last of it is; NaN, once met, stays. Every dtype
/// but Bool (pass Byte).
void scan_extreme(bool greatest, ScalarType type, std::int64_t outer, std::int64_t n,
                  std::int64_t inner, const void* x, void* values, std::int64_t* indices);

}  // namespace taper::kernels
