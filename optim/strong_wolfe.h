#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "taper/tensor/tensor.h"

namespace taper::optim::detail {

struct LineSearchResult {
  double loss;
  Tensor grad;  // [N]
  double step;
  int64_t evaluations;
};

// Loss and gradient [N] at x + step * direction.
using AlongDirection = std::function<std::pair<double, Tensor>(double step)>;

// A step t along `direction` [N] that satisfies the strong Wolfe conditions
//   f(t) <= f(0) + 1e-4 t f'(0)   and   |f'(t)| <= 0.9 |f'(0)|,
// or the best one found in 25 evaluations, starting from `step`: a bracket is widened by cubic
// extrapolation and then narrowed by cubic interpolation (Nocedal and Wright, 3.5 and 3.6, as in
// Schmidt's minFunc and torch::optim::LBFGS). `loss`, `grad` and `slope` are f, its gradient and f'
// at 0.
LineSearchResult strong_wolfe(const AlongDirection& evaluate, double step, const Tensor& direction,
                              double loss, const Tensor& grad, double slope);

}  // namespace taper::optim::detail
