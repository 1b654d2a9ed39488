#pragma once

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

// Gradients of zeros.
namespace taper::autograd {

// Makes one for `x` when it is called. It keeps no elements alive.
inline auto zeros_of(const Tensor& x) {
  return
      [sizes = DimVector(x.sizes()), dtype = x.scalar_type()] { return raw::zeros(sizes, dtype); };
}

// The saver of what overwrites its input.
inline auto zero_backward(Save&) {
  return [](Backward& ctx) {
    if (ctx.needs(0)) ctx.grad(0, zeros_like(ctx.out_grad()));
  };
}

}  // namespace taper::autograd
