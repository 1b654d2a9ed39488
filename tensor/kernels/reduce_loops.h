#pragma once

#include <cstdint>

#include "taper/tensor/kernels/reduce.h"

/// What the sources of the reduction kernels share: each gives the loops for a reduction and dtype;
/// reduce.cpp splits the work and calls them.
namespace taper::kernels {

/// out[r] = the reduction of x[r * row_stride + k], k < n, about center[r].
using RowsLoop = void (*)(const void* x, std::int64_t rows, std::int64_t row_stride, std::int64_t n,
                          const void* center, void* out);
/// out[i] = the reduction of x[k * n_stride + i], k < n, about center[i], for i < columns.
using ColumnsLoop = void (*)(const void* x, std::int64_t n, std::int64_t n_stride,
                             std::int64_t columns, const void* center, void* out);

struct ReduceLoops {
  RowsLoop rows;
  ColumnsLoop columns;
};

/// The same with the place of the first extreme element beside its value.
using IndexRowsLoop = void (*)(const void* x, std::int64_t rows, std::int64_t row_stride,
                               std::int64_t n, void* values, std::int64_t* indices);
using IndexColumnsLoop = void (*)(const void* x, std::int64_t n, std::int64_t n_stride,
                                  std::int64_t columns, void* values, std::int64_t* indices);

struct IndexLoops {
  IndexRowsLoop rows;
  IndexColumnsLoop columns;
};

/// A task reads about this many elements, and one call of a ColumnsLoop has at most this many
/// columns and kReduceChunk rows.
inline constexpr std::int64_t kReduceChunk = 32768;
inline constexpr std::int64_t kReduceColumns = 2048;

ReduceLoops float_reduce_loops(Reduction op, ScalarType type);
ReduceLoops integer_reduce_loops(Reduction op, ScalarType type);
IndexLoops float_index_loops(bool greatest, ScalarType type);
IndexLoops integer_index_loops(bool greatest, ScalarType type);

}  // namespace taper::kernels
