#include "taper/tensor/raw/random.h"

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/zeros.h"
#include "taper/autograd/out_ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/shape.h"

// Draws. What they are drawn for, or overwrite, gets a gradient of zeros.
namespace taper {

using autograd::zeros_of;

namespace {

auto zero_gradients(const Tensor& a) {
  return [&a](autograd::Save&) {
    return [zeros = zeros_of(a)](autograd::Backward& ctx) { ctx.grad(0, zeros()); };
  };
}
auto zero_gradients(const Tensor& a, const Tensor& b) {
  return [&a, &b](autograd::Save&) {
    return [for_a = zeros_of(a), for_b = zeros_of(b)](autograd::Backward& ctx) {
      if (ctx.needs(0)) ctx.grad(0, for_a());
      if (ctx.needs(1)) ctx.grad(1, for_b());
    };
  };
}

template <class Write>
Tensor& overwrite(const char* name, const Tensor& self, Write write) {
  return autograd::record_inplace(name, self, {self}, write, autograd::zero_backward);
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

Tensor& Tensor::geometric_(double p, std::optional<Generator> generator) const {
  return overwrite("GeometricBackward0", *this, [&] { raw::geometric(*this, p, generator); });
}

Tensor& Tensor::cauchy_(double median, double sigma, std::optional<Generator> generator) const {
  return overwrite("CauchyBackward0", *this, [&] { raw::cauchy(*this, median, sigma, generator); });
}

Tensor& Tensor::log_normal_(double mean, double std, std::optional<Generator> generator) const {
  return overwrite("LogNormalBackward0", *this,
                   [&] { raw::log_normal(*this, mean, std, generator); });
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

Tensor bernoulli(const Tensor& p, std::optional<Generator> generator) {
  Tensor r = empty(p.sizes(), p.scalar_type());
  raw::bernoulli(r, p, generator);
  return autograd::record("BernoulliBackward0", std::move(r), {p}, zero_gradients(p));
}

Tensor Tensor::bernoulli(std::optional<Generator> generator) const {
  return taper::bernoulli(*this, std::move(generator));
}

Tensor Tensor::bernoulli(double p, std::optional<Generator> generator) const {
  return taper::bernoulli(*this, p, std::move(generator));
}

namespace {

// The draws of normal_out in a new tensor, outside the tape.
template <class Mean, class Std>
Tensor drawn(IntArrayRef sizes, ScalarType dtype, const Mean& mean, const Std& std,
             std::optional<Generator>& generator) {
  const NoGradGuard no_grad;
  Tensor r = empty(sizes, dtype);
  return normal_out(r, mean, std, std::move(generator));
}

}  // namespace

Tensor normal(const Tensor& mean, double std, std::optional<Generator> generator) {
  return autograd::record("NormalBackward1",
                          drawn(mean.sizes(), mean.scalar_type(), mean, std, generator), {mean},
                          zero_gradients(mean));
}

Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator) {
  return autograd::record("NormalBackward2",
                          drawn(std.sizes(), std.scalar_type(), mean, std, generator), {std},
                          zero_gradients(std));
}

Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator) {
  const DimVector sizes = broadcast_shapes(mean.sizes(), std.sizes());
  return autograd::record("NormalBackward3", drawn(sizes, mean.scalar_type(), mean, std, generator),
                          {mean, std}, zero_gradients(mean, std));
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
