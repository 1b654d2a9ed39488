#include "taper/tensor/factories.h"
#include "taper/tensor/raw/random.h"

namespace taper {
namespace {

TensorOptions integers(const TensorOptions& options) {
  return options.has_dtype() ? options : TensorOptions(options).dtype(kInt64);
}

}  // namespace

Tensor rand(IntArrayRef sizes, std::optional<Generator> generator, const TensorOptions& options) {
  Tensor r = empty(sizes, options);
  raw::uniform(r, 0, 1, generator);
  return r;
}

Tensor rand(IntArrayRef sizes, const TensorOptions& options) {
  return rand(sizes, std::nullopt, options);
}

Tensor rand_like(const Tensor& like, const TensorOptions& options) {
  Tensor r = empty_like(like, options);
  raw::uniform(r, 0, 1, std::nullopt);
  return r;
}

Tensor randn(IntArrayRef sizes, std::optional<Generator> generator, const TensorOptions& options) {
  Tensor r = empty(sizes, options);
  raw::normal(r, 0, 1, generator);
  return r;
}

Tensor randn(IntArrayRef sizes, const TensorOptions& options) {
  return randn(sizes, std::nullopt, options);
}

Tensor randn_like(const Tensor& like, const TensorOptions& options) {
  Tensor r = empty_like(like, options);
  raw::normal(r, 0, 1, std::nullopt);
  return r;
}

Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options) {
  Tensor r = empty(sizes, integers(options));
  raw::random(r, low, high, generator);
  return r;
}

Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, const TensorOptions& options) {
  return randint(low, high, sizes, std::nullopt, options);
}

Tensor randint(int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options) {
  return randint(0, high, sizes, std::move(generator), options);
}

Tensor randint(int64_t high, IntArrayRef sizes, const TensorOptions& options) {
  return randint(0, high, sizes, std::nullopt, options);
}

Tensor randint_like(const Tensor& like, int64_t low, int64_t high, const TensorOptions& options) {
  Tensor r = empty_like(like, options);
  raw::random(r, low, high, std::nullopt);
  return r;
}

Tensor randint_like(const Tensor& like, int64_t high, const TensorOptions& options) {
  return randint_like(like, 0, high, options);
}

Tensor randperm(int64_t n, std::optional<Generator> generator, const TensorOptions& options) {
  const Tensor plain = empty({0}, integers(options));
  Tensor r = raw::randperm(n, plain.scalar_type(), generator);
  r.unsafeGetTensorImpl()->requires_grad = plain.unsafeGetTensorImpl()->requires_grad;
  return r;
}

Tensor randperm(int64_t n, const TensorOptions& options) {
  return randperm(n, std::nullopt, options);
}

Tensor normal(double mean, double std, IntArrayRef sizes, std::optional<Generator> generator,
              const TensorOptions& options) {
  Tensor r = empty(sizes, options);
  raw::normal(r, mean, std, generator);
  return r;
}

Tensor bernoulli(const Tensor& p, std::optional<Generator> generator) {
  Tensor r = empty(p.sizes(), p.scalar_type());
  raw::bernoulli(r, p, generator);
  return r;
}

Tensor bernoulli(const Tensor& like, double p, std::optional<Generator> generator) {
  Tensor r = empty(like.sizes(), like.scalar_type());
  raw::bernoulli(r, p, generator);
  return r;
}

Tensor multinomial(const Tensor& probabilities, int64_t num_samples, bool replacement,
                   std::optional<Generator> generator) {
  return raw::multinomial(probabilities, num_samples, replacement, generator);
}

}  // namespace taper
