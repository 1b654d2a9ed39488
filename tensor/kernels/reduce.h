#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Reductions over one run of elements per output. The work is split at places that depend on the
/// sizes alone, so results have the same bits for any number of threads.
namespace taper::kernels {

/// Element (o, k, i) of the input is x[o * outer_stride + k * n_stride + i]; k is what goes, and
/// the result for (o, i) is out[o * inner + i]. Strides count elements. No size is zero.
struct ReduceShape {
  std::int64_t outer;
  std::int64_t outer_stride;
  std::int64_t n;
  std::int64_t n_stride;
  std::int64_t inner;
};

enum class Reduction : std::uint8_t {
  Sum,
  Prod,
  Max,  // NaN wins
  Min,
  SumSquares,
  SumDeviations,         // sum of x - center
  SumSquaredDeviations,  // sum of (x - center)^2
};

/// Float and Double: all, the result in the same dtype. Byte, Int, Long: Sum and Prod with a Long
/// result, Max and Min with one of the same dtype. A Bool is passed as a Byte. `center` is laid out
/// as the result; null for the reductions that have none. Floats are summed in several lanes and
/// by blocks: the error grows with the blocks' number, not with n.
void reduce(Reduction op, ScalarType type, const ReduceShape& shape, const void* x,
            const void* center, void* out);

/// The dtype of the result of `op` on elements of `type`.
ScalarType reduced_type(Reduction op, ScalarType type);

/// The greatest (or least) elements and where the first of them is; NaN counts as the greatest and
/// as the least. Every dtype but Bool (pass Byte). values may be null.
void reduce_with_index(bool greatest, ScalarType type, const ReduceShape& shape, const void* x,
                       void* values, std::int64_t* indices);

/// data[i] /= divisor, Float and Double.
void divide_by(ScalarType type, void* data, std::int64_t n, double divisor);

}  // namespace taper::kernels
