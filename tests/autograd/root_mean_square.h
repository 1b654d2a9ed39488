#pragma once

#include "taper/tensor/tensor.h"

namespace taper {

// sqrt(mean(x^2)) over dim, all dimensions if none is given; derivative 0 where it is 0. Throws
// taper::Error unless x is floating point.
Tensor root_mean_square(const Tensor& x, OptionalIntArrayRef dim = std::nullopt,
                        bool keepdim = false);

}  // namespace taper
