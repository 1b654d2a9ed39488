#pragma once

#include <cstdint>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/scalar_type.h"

/// Reading and writing at places that index tensors name: the one loop behind gather, scatter,
/// index_select, index_add, embedding and indexing by tensors.
namespace taper::kernels {

/// The indices of one dim of the indexed operand, int64; strides run over the dims of the loop.
/// The index is of a dim of `size` elements, `step` apart; a negative one counts from the end. The
/// caller has checked that all are within bounds.
struct IndexOperand {
  const std::int64_t* data;
  const std::int64_t* strides;
  std::int64_t size;
  std::int64_t step;
};

/// What an indexed operand's elements are at, for position p of the loop: data + p . strides + the
/// sum over the indices of index[p] * step.
struct Indices {
  int count;
  const IndexOperand* operands;
};

/// dst[p] = src[indexed p].
void index_read(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices);
/// dst[indexed p] = src[p]; of several writes to one place, the last in row-major order stays.
void index_write(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices);
/// dst[indexed p] += src[p], in row-major order; Bool is joined by or.
void index_add(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices);
/// dst[indexed p] *= src[p], in row-major order; Bool is joined by and.
void index_multiply(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices);

/// The first of n indices outside [low, high), or null.
const std::int64_t* find_out_of_bounds(const std::int64_t* indices, std::int64_t n,
                                       std::int64_t low, std::int64_t high);

/// How many of n elements are not zero (NaN is not).
std::int64_t count_nonzero(ScalarType type, std::int64_t n, const void* data);
/// coordinates [ndim, count]: those of the nonzero elements of a row-major array, in its order.
void nonzero(ScalarType type, LoopShape shape, const void* data, std::int64_t count,
             std::int64_t* coordinates);

/// Copies `count` row-major matrices, with zeros above (below, if `upper`) the given diagonal.
void triangle(ScalarType type, bool upper, std::int64_t diagonal, std::int64_t count,
              std::int64_t rows, std::int64_t columns, const void* src, void* dst);

}  // namespace taper::kernels
