#pragma once

#include <cstddef>
#include <cstdint>

#include "taper/tensor/kernels/elementwise.h"

/// What the sources of the elementwise kernels share: each gives the innermost loop for a formula
/// and dtype, compiled for this machine's instruction set; elementwise.cpp runs it over any
/// strides.
namespace taper::kernels {

/// out[i] = op(in[0][i], in[1][i], ...) for i < n, all contiguous. out may be one of the inputs.
using Loop = void (*)(const Params& params, const void* const* in, void* out, std::size_t n);

Loop unary_loop(Formula formula, ScalarType type);
Loop binary_loop(Formula formula, ScalarType type);
Loop ternary_loop(Formula formula, ScalarType type);
Loop unary_vjp_loop(Formula formula, ScalarType type);
Loop binary_vjp_loop(Formula formula, int which, ScalarType type);
Loop compare_loop(Comparison comparison, ScalarType type);
Loop logical_loop(Logical op, ScalarType type);
Loop where_loop(ScalarType type);
Loop convert_loop(ScalarType dst, ScalarType src);

/// An operand of run_loop, with the size of its elements.
struct Strided {
  const void* data;
  const std::int64_t* strides;
  std::size_t element_size;
};

/// Runs a loop over a whole shape: straight through where the operands are contiguous, else in
/// chunks that are packed into small buffers. Big loops run on several threads.
void run_loop(Loop loop, const Params& params, LoopShape shape, Output out,
              std::size_t out_element_size, const Strided* in, int inputs);

/// Pieces of big loops have this many elements: some microseconds of the cheapest formula, many
/// times what it costs to hand a piece to a thread.
inline constexpr std::int64_t kElementwiseGrain = 32768;

}  // namespace taper::kernels
