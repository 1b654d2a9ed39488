#include "taper/tensor/raw/random.h"

#include "taper/autograd/ops.h"
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

namespace {

// What x is multiplied with; undefined if it stays as it is.
Tensor dropout_factor(const Tensor& x, double p, bool train) {
  TAPER_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  if (p == 0 || !train || x.numel() == 0) return {};
  TAPER_CHECK(x.is_floating_point(), "result type Float can't be cast to the desired output type ",
              x.scalar_type(), " (dropout)");
  if (p == 1) return zeros({}, x.scalar_type());
  return raw::dropout_noise(x, p, std::nullopt);
}

}  // namespace

Tensor dropout(const Tensor& x, double p, bool train) {
  const Tensor factor = dropout_factor(x, p, train);
  return factor.defined() ? mul(x, factor) : x;
}

Tensor& dropout_(Tensor& x, double p, bool train) {
  const Tensor factor = dropout_factor(x, p, train);
  return factor.defined() ? x.mul_(factor) : x;
}

}  // namespace taper
