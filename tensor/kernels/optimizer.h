#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Steps of optimizers in one pass over memory: everything an element needs is read once, in the
/// order of operations of PyTorch's (what PyTorch fuses is fused where the instruction set can).
/// Arrays are contiguous, of `n` floats or doubles; hyper-parameters are cast to the element type
/// where they meet an element. Large arrays are split between threads; the bits don't depend on it.
namespace taper::kernels {

struct SgdStep {
  double lr = 0;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool first = false;  // `buffer` is to be set, not read
};

/// d = grad + weight_decay * param; with momentum: buffer = momentum * buffer + (1 - dampening) * d
/// (the first time: d), d = buffer, or d + momentum * buffer for Nesterov's; param -= lr * d.
/// `buffer` is null without momentum.
void sgd_step(ScalarType type, std::int64_t n, const SgdStep& step, const void* grad, void* param,
              void* buffer);

struct AdamStep {
  double beta1 = 0;
  double beta2 = 0;
  double eps = 0;
  double weight_decay = 0;  // added to the gradient
  double shrink = 1;        // the parameter is multiplied by it first
  double step_size = 0;     // lr / (1 - beta1^t)
  double denominator = 1;   // sqrt(1 - beta2^t)
};

/// g = grad + weight_decay * param; avg = beta1 * avg + (1 - beta1) * g;
/// avg_sq = beta2 * avg_sq + (1 - beta2) * g^2; s = avg_sq, or for AMSGrad
/// s = max_avg_sq = max(max_avg_sq, avg_sq); param -= step_size * avg / (sqrt(s) / denominator +
/// eps). `max_avg_sq` is null but for AMSGrad.
void adam_step(ScalarType type, std::int64_t n, const AdamStep& step, const void* grad, void* param,
               void* avg, void* avg_sq, void* max_avg_sq);

struct AdagradStep {
  double lr = 0;  // after its decay
  double eps = 0;
  double weight_decay = 0;
};

/// g = grad + weight_decay * param; sum += g^2; param -= lr * g / (sqrt(sum) + eps).
void adagrad_step(ScalarType type, std::int64_t n, const AdagradStep& step, const void* grad,
                  void* param, void* sum);

struct RmspropStep {
  double lr = 0;
  double alpha = 0;
  double eps = 0;
  double weight_decay = 0;
  double momentum = 0;
};

/// g = grad + weight_decay * param; square_avg = alpha * square_avg + (1 - alpha) * g^2; with
/// grad_avg: grad_avg += (1 - alpha) * (g - grad_avg), s = square_avg - grad_avg^2, else s =
/// square_avg; d = g / (sqrt(s) + eps); with buffer: d = buffer = momentum * buffer + d; param -=
/// lr * d. `grad_avg` and `buffer` may be null.
void rmsprop_step(ScalarType type, std::int64_t n, const RmspropStep& step, const void* grad,
                  void* param, void* square_avg, void* grad_avg, void* buffer);

}  // namespace taper::kernels
