#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Picking the (log-)probabilities of target classes out of dense [n, classes, inner] arrays, Float
/// and Double. Targets [n, inner] are classes or equal to `ignored`, which counts as nothing.
/// weight [classes] may be null, for ones.
namespace taper::kernels {

struct NllShape {
  std::int64_t n;
  std::int64_t classes;
  std::int64_t inner;
  std::int64_t ignored;
};

/// losses [n, inner]: -weight[t] * x[t], 0 where ignored.
void nll(ScalarType type, const NllShape& shape, const void* x, const std::int64_t* target,
         const void* weight, void* losses);
/// The sum of those, and of the weights, in double. x may be null: the losses are 0 then.
struct NllSums {
  double losses;
  double weights;
};
NllSums nll_sums(ScalarType type, const NllShape& shape, const void* x, const std::int64_t* target,
                 const void* weight);

/// dx [n, classes, inner], whose elements are 0 before: dx[t] = -weight[t] * g * factor with g
/// [n, inner], or g[0] for all where `one_gradient`.
void nll_backward(ScalarType type, const NllShape& shape, const void* g, bool one_gradient,
                  double factor, const std::int64_t* target, const void* weight, void* dx);

}  // namespace taper::kernels
