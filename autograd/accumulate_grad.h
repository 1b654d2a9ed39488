#pragma once

#include "taper/autograd/node.h"

namespace taper::autograd {

// The node that adds what arrives for a leaf to its grad(). There is one for each leaf, as long as
// a graph holds it.
NodePtr accumulator_of(const Tensor& leaf);

}  // namespace taper::autograd
