#pragma once

#include <cstdint>

#include "taper/tensor/tensor.h"

// Losses over classes without a tape: the targets' elements of x, weighted, and added up as asked.
namespace taper::raw {

enum class Gather : int8_t { kEach, kMean, kSum };

// What a loss and its gradient share. Targets are int64 and row-major; so is the weight [classes],
// which may be undefined.
struct NllTerms {
  DimVector sizes;  // of x: [C] or [N, C, ...]
  int64_t ignored;
  Gather gather;

  int64_t classes() const { return sizes.size() == 1 ? sizes[0] : sizes[1]; }
};

// Throws IndexError "Target 3 is out of bounds." for a target that is neither a class nor ignored.
void check_targets(const Tensor& target, const NllTerms& terms);
// The losses in the target's shape, or their sum or weighted mean.
Tensor nll(const Tensor& x, const Tensor& target, const Tensor& weight, const NllTerms& terms);
// dx from g, which has the result's shape.
Tensor nll_backward(const Tensor& g, const Tensor& target, const Tensor& weight,
                    const NllTerms& terms);

}  // namespace taper::raw
