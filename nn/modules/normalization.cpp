#include "taper/nn/modules/normalization.h"

#include <ostream>

#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

template class Cloneable<LayerNormImpl>;

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options) : options(options) {
  LayerNormImpl::reset();
}

void LayerNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight",
                              affine ? taper::empty(options.normalized_shape()) : Tensor(), affine);
  bias = register_parameter("bias", affine ? taper::empty(options.normalized_shape()) : Tensor(),
                            affine);
  reset_parameters();
}

void LayerNormImpl::reset_parameters() {
  if (!options.elementwise_affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LayerNorm(" << IntArrayRef(options.normalized_shape())
         << ", eps=" << options.eps()
         << ", elementwise_affine=" << (options.elementwise_affine() ? "true" : "false") << ')';
}

Tensor LayerNormImpl::forward(const Tensor& input) {
  TAPER_CHECK(input.defined(), "LayerNorm: expected input [*, ",
              IntArrayRef(options.normalized_shape()), "], got an undefined Tensor");
  return functional::layer_norm(input, functional::LayerNormFuncOptions(options.normalized_shape())
                                           .weight(weight)
                                           .bias(bias)
                                           .eps(options.eps()));
}

}  // namespace taper::nn
