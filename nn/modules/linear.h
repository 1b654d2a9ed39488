#pragma once

#include "taper/nn/arg.h"
#include "taper/nn/module.h"

namespace taper::nn {

// y = x, any shape (torch::nn::Identity).
class IdentityImpl : public Cloneable<IdentityImpl> {
 public:
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TAPER_MODULE(Identity);

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features)
      : in_features_(in_features), out_features_(out_features) {}
  TAPER_ARG(int64_t, in_features);
  TAPER_ARG(int64_t, out_features);
  TAPER_ARG(bool, bias) = true;
};

// y = x weight^T + bias (torch::nn::Linear). x [..., in_features] -> y [..., out_features].
// weight [out_features, in_features] and bias [out_features] begin as U(-1/sqrt(in), 1/sqrt(in)).
class LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features)
      : LinearImpl(LinearOptions(in_features, out_features)) {}
  explicit LinearImpl(const LinearOptions& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  // Throws taper::Error for an undefined input, another last dimension and another dtype.
  Tensor forward(const Tensor& input);

  LinearOptions options;
  Tensor weight;
  Tensor bias;  // undefined without bias
};
TAPER_MODULE(Linear);

struct FlattenOptions {
  TAPER_ARG(int64_t, start_dim) = 1;
  TAPER_ARG(int64_t, end_dim) = -1;
};

// Makes one dimension of start_dim to end_dim (torch::nn::Flatten): [N, a, b] -> [N, a * b].
class FlattenImpl : public OptionsModule<FlattenImpl, FlattenOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TAPER_MODULE(Flatten);

// Instantiated in the source, once for all users.
extern template class Cloneable<IdentityImpl>;
extern template class Cloneable<LinearImpl>;
extern template class Cloneable<FlattenImpl>;

}  // namespace taper::nn
