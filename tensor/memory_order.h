#pragma once

#include "taper/tensor/dim_vector.h"

// How a result lays its dimensions in memory: PyTorch's rules, which show in strides() and in the
// order in which random draws reach the elements.
namespace taper {

// An operand of a loop over some shape: one stride for each dimension of the loop, 0 where the
// operand is broadcast.
using LoopStrides = ArrayRef<IntArrayRef>;

// The dimensions of a loop from the outermost to the innermost in memory. Of two dimensions the
// first operand that tells them apart decides; one that is broadcast along either does not. Where
// no operand decides the order stays, except that of two dimensions with equal strides the longer
// goes outside.
DimVector memory_order(IntArrayRef sizes, LoopStrides operands);

// The strides of a dense tensor whose dimensions stand in this order.
DimVector dense_strides(IntArrayRef sizes, IntArrayRef order);

// Whether the elements fill a range of memory, each its own place: a permuted row-major tensor.
bool is_non_overlapping_and_dense(IntArrayRef sizes, IntArrayRef strides);

// The strides of an elementwise operation's result of these sizes, none of whose operands is
// missing; `same_shape` says that every operand has these sizes without being broadcast.
DimVector elementwise_strides(IntArrayRef sizes, LoopStrides operands, bool same_shape);

// The strides of a copy (clone, to, empty_like): those of the tensor where it is dense, else dense
// ones in its memory order.
DimVector strides_like(IntArrayRef sizes, IntArrayRef strides);

}  // namespace taper
