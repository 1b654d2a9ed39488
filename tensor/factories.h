#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <type_traits>
#include <vector>

#include "taper/tensor/generator.h"
#include "taper/tensor/tensor.h"

// New tensors. `options` says dtype (default float32, see get_default_dtype), device (the CPU) and
// requires_grad. Negative or overflowing sizes, and more memory than the machine has, throw
// taper::Error.
namespace taper {

Tensor empty(IntArrayRef sizes, const TensorOptions& options = {});  // uninitialised
Tensor zeros(IntArrayRef sizes, const TensorOptions& options = {});
Tensor ones(IntArrayRef sizes, const TensorOptions& options = {});
// Without a dtype it is that of the value: bool, int64 or the default floating dtype.
Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options = {});
Tensor empty_like(const Tensor& like, const TensorOptions& options = {});
Tensor zeros_like(const Tensor& like, const TensorOptions& options = {});
Tensor ones_like(const Tensor& like, const TensorOptions& options = {});
Tensor full_like(const Tensor& like, const Scalar& value, const TensorOptions& options = {});

// start, start + step, ... up to but not including end; int64 if all three are integral.
Tensor arange(const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              const TensorOptions& options = {});
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps = 100,
                const TensorOptions& options = {});
Tensor eye(int64_t n, const TensorOptions& options = {});
Tensor eye(int64_t n, int64_t m, const TensorOptions& options = {});
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});

// --- Random; the streams are PyTorch's for the same seed ---
Tensor rand(IntArrayRef sizes, const TensorOptions& options = {});  // uniform on [0, 1)
Tensor rand(IntArrayRef sizes, std::optional<Generator> generator,
            const TensorOptions& options = {});
Tensor rand_like(const Tensor& like, const TensorOptions& options = {});
Tensor randn(IntArrayRef sizes, const TensorOptions& options = {});  // normal(0, 1)
Tensor randn(IntArrayRef sizes, std::optional<Generator> generator,
             const TensorOptions& options = {});
Tensor randn_like(const Tensor& like, const TensorOptions& options = {});
// Integers in [low, high); int64 unless options say otherwise.
Tensor randint(int64_t high, IntArrayRef sizes, const TensorOptions& options = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, const TensorOptions& options = {});
Tensor randint(int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options = {});
Tensor randint_like(const Tensor& like, int64_t high, const TensorOptions& options = {});
Tensor randint_like(const Tensor& like, int64_t low, int64_t high,
                    const TensorOptions& options = {});
Tensor randperm(int64_t n, const TensorOptions& options = {});  // a permutation of 0 .. n-1, int64
Tensor randperm(int64_t n, std::optional<Generator> generator, const TensorOptions& options = {});
Tensor normal(double mean, double std, IntArrayRef sizes,
              std::optional<Generator> generator = std::nullopt, const TensorOptions& options = {});
// A draw for each element of mean and std (broadcast), which take no gradient.
Tensor normal(const Tensor& mean, double std = 1,
              std::optional<Generator> generator = std::nullopt);
Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
Tensor normal(const Tensor& mean, const Tensor& std,
              std::optional<Generator> generator = std::nullopt);
Tensor bernoulli(const Tensor& p, std::optional<Generator> generator = std::nullopt);
Tensor bernoulli(const Tensor& like, double p, std::optional<Generator> generator = std::nullopt);
// probabilities [K] or [R, K] (any scale) -> int64 [num_samples] or [R, num_samples].
Tensor multinomial(const Tensor& probabilities, int64_t num_samples, bool replacement = false,
                   std::optional<Generator> generator = std::nullopt);

// --- From values ---
namespace detail {

// What numbers of type T make: bool and uint8_t tensors of their own kind, other integers int64.
template <class T>
inline constexpr ScalarType kKindOf = std::is_same_v<T, bool>            ? ScalarType::Bool
                                      : std::is_same_v<T, unsigned char> ? ScalarType::Byte
                                      : std::is_floating_point_v<T>      ? ScalarType::Double
                                                                         : ScalarType::Long;

// Numbers in nested braces, or a container of them, with their sizes and kind.
class TensorData {
 public:
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  TensorData(T value) : values_{Scalar(value)}, dtype_(kKindOf<T>) {}
  TensorData(std::initializer_list<TensorData> rows);
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  TensorData(const std::vector<T>& values)
      : sizes_{static_cast<int64_t>(values.size())}, dtype_(kKindOf<T>) {
    values_.reserve(values.size());
    for (T value : values) values_.push_back(Scalar(value));
  }
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  TensorData(ArrayRef<T> values) : TensorData(std::vector<T>(values.begin(), values.end())) {}

  const DimVector& sizes() const { return sizes_; }
  const std::vector<Scalar>& values() const { return values_; }
  ScalarType dtype() const { return dtype_; }

 private:
  std::vector<Scalar> values_;
  DimVector sizes_;
  ScalarType dtype_;
};

}  // namespace detail

// tensor(1.5), tensor({1, 2}), tensor({{1, 2}, {3, 4}}), tensor(std::vector<float>{...}). Integers
// make int64, others the default floating dtype, unless options say.
Tensor tensor(const detail::TensorData& data, const TensorOptions& options = {});

// Borrows memory that the caller keeps alive; the options' dtype (default float32) says what stands
// there.
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                 const TensorOptions& options = {});
// `deleter(data)` runs when the last tensor on this memory goes.
Tensor from_blob(void* data, IntArrayRef sizes, void (*deleter)(void*),
                 const TensorOptions& options = {});

}  // namespace taper
