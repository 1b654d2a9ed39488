#pragma once

#include <optional>

#include "taper/tensor/tensor.h"

// Random draws without a tape, in PyTorch's streams. A filler writes every element of self, for
// which its memory must be its own (no expanded dimension); a tensor that is not contiguous is
// filled in the order of its memory, as PyTorch does it. Without a generator the default one draws.
// The version counter is bumped by the caller that records.
namespace taper::raw {

using OptionalGenerator = std::optional<Generator>;

// Floating dtypes only, except where said. Wrong parameters throw what PyTorch says of them.
void uniform(const Tensor& self, double from, double to, const OptionalGenerator& generator);
void normal(const Tensor& self, double mean, double std, const OptionalGenerator& generator);
void exponential(const Tensor& self, double lambda, const OptionalGenerator& generator);
void cauchy(const Tensor& self, double median, double sigma, const OptionalGenerator& generator);
void log_normal(const Tensor& self, double mean, double std, const OptionalGenerator& generator);
// Every dtype but bool.
void geometric(const Tensor& self, double p, const OptionalGenerator& generator);
// Every dtype of self; p is floating and expands to self's shape.
void bernoulli(const Tensor& self, double p, const OptionalGenerator& generator);
void bernoulli(const Tensor& self, const Tensor& p, const OptionalGenerator& generator);
// Every dtype: all its values from 0 on; [from, to), or from `from` on.
void random(const Tensor& self, const OptionalGenerator& generator);
void random(const Tensor& self, int64_t from, std::optional<int64_t> to,
            const OptionalGenerator& generator);

// bernoulli(1 - p) / (1 - p) in the shape and dtype of `like`: what dropout multiplies with.
Tensor dropout_noise(const Tensor& like, double p, const OptionalGenerator& generator);
// A random order of 0, ..., n - 1.
Tensor randperm(int64_t n, ScalarType dtype, const OptionalGenerator& generator);
// p [K] or [R, K] -> int64 [num_samples] or [R, num_samples].
Tensor multinomial(const Tensor& p, int64_t num_samples, bool replacement,
                   const OptionalGenerator& generator);

}  // namespace taper::raw
