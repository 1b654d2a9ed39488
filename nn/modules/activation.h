#pragma once

#include "taper/nn/functional.h"
#include "taper/nn/module.h"

// Activations: input of any shape -> the same shape.
namespace taper::nn {

// 1 / (1 + exp(-x)) (torch::nn::Sigmoid).
class SigmoidImpl : public Cloneable<SigmoidImpl> {
 public:
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TAPER_MODULE(Sigmoid);

// tanh(x) (torch::nn::Tanh).
class TanhImpl : public Cloneable<TanhImpl> {
 public:
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TAPER_MODULE(Tanh);

using ReLUOptions = functional::ReLUFuncOptions;

// max(x, 0) (torch::nn::ReLU).
class ReLUImpl : public OptionsModule<ReLUImpl, ReLUOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
TAPER_MODULE(ReLU);

using LeakyReLUOptions = functional::LeakyReLUFuncOptions;

// x > 0 ? x : negative_slope * x (torch::nn::LeakyReLU).
class LeakyReLUImpl : public OptionsModule<LeakyReLUImpl, LeakyReLUOptions> {
 public:
  using OptionsModule::OptionsModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
};
TAPER_MODULE(LeakyReLU);

struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}
  TAPER_ARG(int64_t, dim);
};

// exp(x) / sum(exp(x)) along dim (torch::nn::Softmax).
class SoftmaxImpl : public Cloneable<SoftmaxImpl> {
 public:
  explicit SoftmaxImpl(int64_t dim) : SoftmaxImpl(SoftmaxOptions(dim)) {}
  explicit SoftmaxImpl(const SoftmaxOptions& options);
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  SoftmaxOptions options;
};
TAPER_MODULE(Softmax);

using LogSoftmaxOptions = SoftmaxOptions;

// x - log(sum(exp(x))) along dim (torch::nn::LogSoftmax).
class LogSoftmaxImpl : public Cloneable<LogSoftmaxImpl> {
 public:
  explicit LogSoftmaxImpl(int64_t dim) : LogSoftmaxImpl(LogSoftmaxOptions(dim)) {}
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options);
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LogSoftmaxOptions options;
};
TAPER_MODULE(LogSoftmax);

// Instantiated in the source, once for all users.
extern template class Cloneable<SigmoidImpl>;
extern template class Cloneable<TanhImpl>;
extern template class Cloneable<ReLUImpl>;
extern template class Cloneable<LeakyReLUImpl>;
extern template class Cloneable<SoftmaxImpl>;
extern template class Cloneable<LogSoftmaxImpl>;

}  // namespace taper::nn
