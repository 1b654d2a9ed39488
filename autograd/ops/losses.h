#pragma once

#include <optional>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"

// What the sources of the losses share.
namespace taper::autograd {

// The losses of the elements as they are asked for.
inline Tensor reduced(const Tensor& losses, int64_t reduction) {
  if (reduction == Reduction::Mean) return mean(losses);
  return reduction == Reduction::Sum ? sum(losses) : losses;
}

// The tensor, or an undefined one.
inline Tensor given(const std::optional<Tensor>& x) { return x ? *x : Tensor(); }

// Throws for a weight of which a gradient is expected.
inline void check_constant(const Tensor& weight, const char* function, const char* argument) {
  TAPER_CHECK(!(weight.defined() && weight.requires_grad() && GradMode::is_enabled()),
              "The function '", function, "' is not differentiable with respect to argument '",
              argument, "'. This input cannot have requires_grad True.");
}

}  // namespace taper::autograd
