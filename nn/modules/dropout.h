#pragma once

#include "taper/nn/arg.h"
#include "taper/nn/module.h"

namespace taper::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  TAPER_ARG(double, p);
  TAPER_ARG(bool, inplace) = false;
};

// In training each element is 0 with probability p, and else x / (1 - p); in evaluation y = x
// (torch::nn::Dropout). Any shape. Throws taper::Error unless 0 <= p <= 1.
class DropoutImpl : public Cloneable<DropoutImpl> {
 public:
  explicit DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
  explicit DropoutImpl(const DropoutOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);

  DropoutOptions options;
};
TAPER_MODULE(Dropout);

// Instantiated in the source, once for all users.
extern template class Cloneable<DropoutImpl>;

}  // namespace taper::nn
