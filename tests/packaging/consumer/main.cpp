// Makes tensors, runs backward, checks a number, catches an error that taper throws.
#include <cstdio>

#include "taper/taper.h"

int main() {
  const taper::Tensor x = taper::full({2, 3}, 2.0, taper::requires_grad());
  const taper::Tensor w = taper::ones({3, 4});
  x.matmul(w).pow(2).sum().backward();
  // Every row of the product is 3 * 2 = 6; d/dx is 2 * 6 summed over 4 columns.
  const double gradient = x.grad().index({1, 2}).item<double>();
  if (gradient != 48.0) {
    std::printf("the gradient is %g, not 48\n", gradient);
    return 1;
  }
  try {
    x.matmul(x);
  } catch (const taper::Error&) {
    std::printf("C++%ld: the gradient is %g\n", __cplusplus / 100 % 100, gradient);
    return 0;
  }
  std::printf("a product of [2, 3] and [2, 3] threw nothing\n");
  return 1;
}
