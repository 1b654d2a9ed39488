#include "taper/tensor/raw/random.h"

#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"

// Draws that overwrite a tensor. What stood there no longer counts, so its gradient is zero.
namespace taper {
namespace {

template <class Write>
Tensor& overwrite(const char* name, const Tensor& self, Write write) {
  return autograd::record_inplace(name, self, {self}, write, [](autograd::Save&) {
    return [](autograd::Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, zeros_like(ctx.out_grad()));
    };
  });
}

}  // namespace

Tensor& Tensor::uniform_(double from, double to, std::optional<Generator> generator) const {
  return overwrite("UniformBackward0", *this, [&] { raw::uniform(*this, from, to, generator); });
}

Tensor& Tensor::normal_(double mean, double std, std::optional<Generator> generator) const {
  return overwrite("NormalBackward0", *this, [&] { raw::normal(*this, mean, std, generator); });
}

Tensor& Tensor::exponential_(double lambda, std::optional<Generator> generator) const {
  return overwrite("ExponentialBackward0", *this,
                   [&] { raw::exponential(*this, lambda, generator); });
}

Tensor& Tensor::bernoulli_(const Tensor& p, std::optional<Generator> generator) const {
  return overwrite("BernoulliBackward1", *this, [&] { raw::bernoulli(*this, p, generator); });
}

Tensor& Tensor::bernoulli_(double p, std::optional<Generator> generator) const {
  return overwrite("BernoulliBackward2", *this, [&] { raw::bernoulli(*this, p, generator); });
}

Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to,
                        std::optional<Generator> generator) const {
  return overwrite("RandomBackward0", *this, [&] { raw::random(*this, from, to, generator); });
}

Tensor& Tensor::random_(int64_t to, std::optional<Generator> generator) const {
  return overwrite("RandomBackward1", *this, [&] { raw::random(*this, 0, to, generator); });
}

Tensor& Tensor::random_(std::optional<Generator> generator) const {
  return overwrite("RandomBackward2", *this, [&] { raw::random(*this, generator); });
}

Tensor Tensor::bernoulli(std::optional<Generator> generator) const {
  return taper::bernoulli(*this, std::move(generator));
}

Tensor Tensor::multinomial(int64_t num_samples, bool replacement,
                           std::optional<Generator> generator) const {
  return taper::multinomial(*this, num_samples, replacement, std::move(generator));
}

}  // namespace taper
