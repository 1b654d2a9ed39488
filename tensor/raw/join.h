#pragma once

#include "taper/tensor/tensor.h"

// Tensors put together, without a tape.
namespace taper::raw {

// Along an existing dimension, in the promoted dtype. Tensors of shape [0] are left out, whatever
// the others' shape.
Tensor cat(TensorList tensors, int64_t dim);
// Along a new dimension.
Tensor stack(TensorList tensors, int64_t dim);
Tensor repeat(const Tensor& x, IntArrayRef repeats);

// Whether cat leaves this one out.
bool skipped_by_cat(const Tensor& x);

}  // namespace taper::raw
