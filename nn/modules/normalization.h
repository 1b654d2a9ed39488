#pragma once

#include <utility>
#include <vector>

#include "taper/nn/arg.h"
#include "taper/nn/module.h"

namespace taper::nn {

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  TAPER_ARG(std::vector<int64_t>, normalized_shape);
  TAPER_ARG(double, eps) = 1e-5;
  TAPER_ARG(bool, elementwise_affine) = true;
};

// y = (x - mean) / sqrt(var + eps) * weight + bias, mean and biased var over the last dimensions,
// of the sizes normalized_shape (torch::nn::LayerNorm). x [*, normalized_shape] -> the same; weight
// (ones) and bias (zeros) [normalized_shape], not there if not elementwise_affine.
class LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  explicit LayerNormImpl(std::vector<int64_t> normalized_shape)
      : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(const LayerNormOptions& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LayerNormOptions options;
  Tensor weight;
  Tensor bias;
};
TAPER_MODULE(LayerNorm);

// Instantiated in the source, once for all users.
extern template class Cloneable<LayerNormImpl>;

}  // namespace taper::nn
