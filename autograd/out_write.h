#pragma once

#include "taper/tensor/tensor.h"

// What all operations that write into a given tensor do with it: out_ops.cpp, out_factories.cpp.
namespace taper::autograd::internal {

void check_out(const Tensor& out);
// Throws while grad mode is on: an operand of `name`, or what it writes to, requires a gradient.
void refuse_gradient(const char* name);
// Gives out the sizes, in the order of dimensions that strides say, with a warning where it had
// elements and others. Not Tensor::resize_, which refuses a tensor that requires a gradient.
void fit(const Tensor& out, IntArrayRef sizes, IntArrayRef strides);

}  // namespace taper::autograd::internal
