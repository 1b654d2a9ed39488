#include "taper/tensor/factories.h"
#include "taper/tensor/factory_options.h"
#include "taper/tensor/raw/random.h"

namespace taper {

// rand and randn differ in the distribution alone, which is all that each of these lines says.
Tensor rand(IntArrayRef sizes, std::optional<Generator> generator, const TensorOptions& options) {
  Tensor r = empty(sizes, options);
  raw::uniform(r, 0, 1, generator);
  return r;
}

Tensor rand(IntArrayRef sizes, const TensorOptions& options) {
  return rand(sizes, std::nullopt, options);
}

Tensor rand_like(const Tensor& like, const TensorOptions& options,
                 std::optional<MemoryFormat> format) {
  Tensor r = detail::fresh_like(like, options, format);
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

Tensor randn_like(const Tensor& like, const TensorOptions& options,
                  std::optional<MemoryFormat> format) {
  Tensor r = detail::fresh_like(like, options, format);
  raw::normal(r, 0, 1, std::nullopt);
  return r;
}

Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options) {
  Tensor r = empty(sizes, options);
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

Tensor randint_like(const Tensor& like, int64_t low, int64_t high, const TensorOptions& options,
                    std::optional<MemoryFormat> format) {
  Tensor r = detail::fresh_like(like, options, format);
  raw::random(r, low, high, std::nullopt);
  return r;
}

Tensor randint_like(const Tensor& like, int64_t high, const TensorOptions& options,
                    std::optional<MemoryFormat> format) {
  return randint_like(like, 0, high, options, format);
}

Tensor randperm(int64_t n, std::optional<Generator> generator, const TensorOptions& options) {
  detail::check_options(options);
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType() : kInt64;
  return detail::finish(raw::randperm(n, dtype, generator), options);
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
