#pragma once

#include <optional>

#include "taper/tensor/tensor.h"

// The raw layer: tensors in, tensors out, no tape. It settles dtypes and shapes, allocates, and
// calls a kernel. What is differentiable wraps it in autograd/ops; whatever the tape does not see
// may call it directly.
namespace taper::raw {

// --- New tensors ---
Tensor empty(IntArrayRef sizes, ScalarType dtype);
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType dtype);
// Dense, its dimensions in like's order in memory unless another format is wanted, as those of to()
// and clone().
Tensor empty_like(const Tensor& like);
Tensor empty_like(const Tensor& like, ScalarType dtype,
                  MemoryFormat format = MemoryFormat::Preserve);
Tensor zeros(IntArrayRef sizes, ScalarType dtype);
Tensor full(IntArrayRef sizes, const Scalar& value, ScalarType dtype);
// A 0-dim tensor standing for a C++ number: weak in type promotion, dtype as Scalar::type() (double
// -> float64).
Tensor wrapped_number(const Scalar& value);
// A 0-dim tensor.
Tensor scalar_tensor(const Scalar& value, ScalarType dtype);

// --- What may be written into ---
// Throws where two elements share memory.
void check_own_memory(const Tensor& self);
// Throws unless `out` can take a result of that shape and dtype: "output with shape [2] doesn't
// match the broadcast shape [3, 2] (add_)", "result type Float can't be cast to the desired output
// type Long (add_)".
void check_output_shape(const Tensor& out, IntArrayRef shape, const char* who);
void check_output(const Tensor& out, IntArrayRef shape, ScalarType result, const char* who);

// --- In place; the version counter is bumped by the caller that records, not here ---
void fill(const Tensor& self, const Scalar& value);
// Gives self another geometry at the same offset; its storage grows where that needs more.
void resize(const Tensor& self, IntArrayRef sizes, IntArrayRef strides);
// self[...] = source, broadcast and converted.
void copy(const Tensor& self, const Tensor& source);

// --- Copies ---
Tensor to(const Tensor& x, ScalarType dtype);  // x itself if it has the dtype
Tensor clone(const Tensor& x, MemoryFormat format = MemoryFormat::Preserve);
inline Tensor row_major(const Tensor& x) { return clone(x, MemoryFormat::Contiguous); }
Tensor contiguous(const Tensor& x);  // x itself if it is row-major, else a row-major copy

// --- Views: the same storage; neither base nor tape is set ---
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, int64_t offset);
// Another handle on the same elements, without tape. Shares the version counter.
Tensor alias(const Tensor& x);
Tensor expand(const Tensor& x, IntArrayRef sizes);
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor permute(const Tensor& x, IntArrayRef dims);
Tensor unsqueeze(const Tensor& x, int64_t dim);
Tensor squeeze(const Tensor& x, std::optional<int64_t> dim);
Tensor slice(const Tensor& x, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end,
             int64_t step);
Tensor select(const Tensor& x, int64_t dim, int64_t index);
// Throws where the strides do not allow it ("view size is not compatible with input tensor's size
// and stride ...").
Tensor view(const Tensor& x, IntArrayRef sizes);
Tensor reshape(const Tensor& x, IntArrayRef sizes);  // a view where possible, else a copy
Tensor diagonal(const Tensor& x, int64_t offset, int64_t dim1, int64_t dim2);

// --- Reading ---
Scalar item(const Tensor& x);
bool equal(const Tensor& a, const Tensor& b);

}  // namespace taper::raw
