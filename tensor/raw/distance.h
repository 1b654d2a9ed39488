#pragma once

#include "taper/tensor/tensor.h"

// Distances of rows, without a tape.
namespace taper::raw {

// |a - b|_p of all pairs of rows, a [B, P, M], b [B, R, M] of one floating dtype -> [B, P, R].
Tensor distance(const Tensor& a, const Tensor& b, double p);
// da [B, P, M] from g and the distances y, both [B, P, R].
Tensor distance_backward(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& y,
                         double p);

}  // namespace taper::raw
