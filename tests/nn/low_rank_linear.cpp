#include "nn/low_rank_linear.h"

#include <cmath>
#include <ostream>

#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

LowRankLinearImpl::LowRankLinearImpl(const LowRankLinearOptions& options) : options(options) {
  LowRankLinearImpl::reset();
}

// All that is registered, with its initial values: clone() calls it too.
void LowRankLinearImpl::reset() {
  down = register_parameter("down", empty({options.rank(), options.in_features()}));
  up = register_parameter("up", empty({options.out_features(), options.rank()}));
  bias = register_parameter("bias", options.bias() ? empty({options.out_features()}) : Tensor());
  init::kaiming_uniform_(down, std::sqrt(5.0));
  init::kaiming_uniform_(up, std::sqrt(5.0));
  if (options.bias()) init::zeros_(bias);
}

void LowRankLinearImpl::pretty_print(std::ostream& stream) const {
  stream << "taper::nn::LowRankLinear(in_features=" << options.in_features()
         << ", out_features=" << options.out_features() << ", rank=" << options.rank() << ')';
}

Tensor LowRankLinearImpl::forward(const Tensor& input) {
  TAPER_CHECK(input.defined() && input.dim() >= 1 && input.size(-1) == options.in_features(),
              "LowRankLinear: expected input [..., ", options.in_features(), "], got ",
              input.defined() ? input.sizes() : IntArrayRef());
  return functional::linear(functional::linear(input, down), up, bias);
}

}  // namespace taper::nn
