#pragma once

#include "taper/nn/arg.h"
#include "taper/nn/module.h"

namespace taper::nn {

struct LowRankLinearOptions {
  LowRankLinearOptions(int64_t in_features, int64_t out_features, int64_t rank)
      : in_features_(in_features), out_features_(out_features), rank_(rank) {}
  TAPER_ARG(int64_t, in_features);
  TAPER_ARG(int64_t, out_features);
  TAPER_ARG(int64_t, rank);
  TAPER_ARG(bool, bias) = true;
};

// y = (x down^T) up^T + bias: a Linear whose weight up * down has at most `rank` dimensions.
// x [..., in_features] -> y [..., out_features]; down [rank, in_features], up [out_features, rank],
// bias [out_features]. Throws taper::Error for another last dimension.
class LowRankLinearImpl : public Cloneable<LowRankLinearImpl> {
 public:
  LowRankLinearImpl(int64_t in_features, int64_t out_features, int64_t rank)
      : LowRankLinearImpl(LowRankLinearOptions(in_features, out_features, rank)) {}
  explicit LowRankLinearImpl(const LowRankLinearOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LowRankLinearOptions options;
  Tensor down;
  Tensor up;
  Tensor bias;  // undefined without bias
};
TAPER_MODULE(LowRankLinear);

}  // namespace taper::nn
