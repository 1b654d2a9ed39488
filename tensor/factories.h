#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "taper/tensor/generator.h"
#include "taper/tensor/tensor.h"

// New tensors. `options` says dtype (default float32, see get_default_dtype), device (the CPU),
// requires_grad and, where dimensions may lie in another order, the memory format. Negative or
// overflowing sizes, and more memory than the machine has, throw taper::Error; another device
// throws NotImplementedError.
namespace taper {

// Uninitialised.
Tensor empty(IntArrayRef sizes, const TensorOptions& options = {},
             std::optional<MemoryFormat> format = std::nullopt);
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options = {});
Tensor zeros(IntArrayRef sizes, const TensorOptions& options = {});
Tensor ones(IntArrayRef sizes, const TensorOptions& options = {});
// Without a dtype it is that of the value: bool, int64 or the default floating dtype.
Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options = {});
Tensor empty_like(const Tensor& like, const TensorOptions& options = {},
                  std::optional<MemoryFormat> format = std::nullopt);
Tensor zeros_like(const Tensor& like, const TensorOptions& options = {},
                  std::optional<MemoryFormat> format = std::nullopt);
Tensor ones_like(const Tensor& like, const TensorOptions& options = {},
                 std::optional<MemoryFormat> format = std::nullopt);
Tensor full_like(const Tensor& like, const Scalar& value, const TensorOptions& options = {},
                 std::optional<MemoryFormat> format = std::nullopt);

// start, start + step, ... up to but not including end; int64 if all three are integral.
Tensor arange(const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              const TensorOptions& options = {});
// start, start + step, ... up to and with end, if it is met; never int64 by itself.
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step,
             const TensorOptions& options = {});
Tensor range(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
// `steps` numbers at equal distances, the first one start and the last one end.
Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps = 100,
                const TensorOptions& options = {});
// base^x for the x of linspace.
Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base = 10,
                const TensorOptions& options = {});
Tensor eye(int64_t n, const TensorOptions& options = {});
Tensor eye(int64_t n, int64_t m, const TensorOptions& options = {});
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});
// 0-dim, of the number's own dtype: int64, float64 or bool.
Tensor scalar_to_tensor(const Scalar& value, Device device = kCPU);

// --- Windows: n weights between 0 and 1, a period of the n + 1 or, if not periodic, all n of a
// symmetric window. ---
Tensor hann_window(int64_t n, const TensorOptions& options = {});  // sin^2
Tensor hann_window(int64_t n, bool periodic, const TensorOptions& options = {});
Tensor hamming_window(int64_t n, const TensorOptions& options = {});
Tensor hamming_window(int64_t n, bool periodic, const TensorOptions& options = {});
Tensor hamming_window(int64_t n, bool periodic, double alpha, const TensorOptions& options = {});
// alpha - beta cos(2 pi i / n)
Tensor hamming_window(int64_t n, bool periodic, double alpha, double beta,
                      const TensorOptions& options = {});
Tensor bartlett_window(int64_t n, const TensorOptions& options = {});  // a triangle
Tensor bartlett_window(int64_t n, bool periodic, const TensorOptions& options = {});
Tensor blackman_window(int64_t n, const TensorOptions& options = {});
Tensor blackman_window(int64_t n, bool periodic, const TensorOptions& options = {});

// --- Random; the streams are PyTorch's for the same seed ---
Tensor rand(IntArrayRef sizes, const TensorOptions& options = {});  // uniform on [0, 1)
Tensor rand(IntArrayRef sizes, std::optional<Generator> generator,
            const TensorOptions& options = {});
Tensor rand_like(const Tensor& like, const TensorOptions& options = {},
                 std::optional<MemoryFormat> format = std::nullopt);
Tensor randn(IntArrayRef sizes, const TensorOptions& options = {});  // normal(0, 1)
Tensor randn(IntArrayRef sizes, std::optional<Generator> generator,
             const TensorOptions& options = {});
Tensor randn_like(const Tensor& like, const TensorOptions& options = {},
                  std::optional<MemoryFormat> format = std::nullopt);
// Integers in [low, high). Options without a dtype mean the default floating dtype, as in libtorch.
Tensor randint(int64_t high, IntArrayRef sizes, const TensorOptions& options = kInt64);
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, const TensorOptions& options = kInt64);
Tensor randint(int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options = kInt64);
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, std::optional<Generator> generator,
               const TensorOptions& options = kInt64);
Tensor randint_like(const Tensor& like, int64_t high, const TensorOptions& options = {},
                    std::optional<MemoryFormat> format = std::nullopt);
Tensor randint_like(const Tensor& like, int64_t low, int64_t high,
                    const TensorOptions& options = {},
                    std::optional<MemoryFormat> format = std::nullopt);
Tensor randperm(int64_t n, const TensorOptions& options = kInt64);  // a permutation of 0 .. n-1
Tensor randperm(int64_t n, std::optional<Generator> generator,
                const TensorOptions& options = kInt64);
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

// The dtype of numbers of type T. Those whose dtype taper does not have are Undefined, and need one
// in the options.
template <class T>
inline constexpr ScalarType kKindOf = std::is_same_v<T, bool>            ? ScalarType::Bool
                                      : std::is_same_v<T, unsigned char> ? ScalarType::Byte
                                      : std::is_same_v<T, float>         ? ScalarType::Float
                                      : std::is_floating_point_v<T>      ? ScalarType::Double
                                      : std::is_same_v<T, signed char> || std::is_same_v<T, short>
                                          ? ScalarType::Undefined
                                      : sizeof(T) <= sizeof(int) ? ScalarType::Int
                                                                 : ScalarType::Long;

// Whether a run of T's has a dtype in libtorch, so that its bytes may be read: not unsigned 16 and
// 32 bits wide.
template <class T>
inline constexpr bool kIsRunOf = std::is_arithmetic_v<T> &&
                                 (std::is_signed_v<T> || sizeof(T) == 1 || sizeof(T) == 8);

// Numbers in nested braces, or a run of them, with their sizes and dtype.
class TensorData {
 public:
  TensorData();  // of the innermost {}: no numbers, of the default dtype
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
  TensorData(T value) : values_{Scalar(value)}, dtype_(kKindOf<T>) {}
  TensorData(std::initializer_list<TensorData> rows);
  template <class T, class = std::enable_if_t<kIsRunOf<T>>>
  TensorData(ArrayRef<T> values)
      : TensorData(kKindOf<T>, values.data(), sizeof(T), static_cast<int64_t>(values.size())) {}
  template <class T, class = std::enable_if_t<kIsRunOf<T> && !std::is_same_v<T, bool>>>
  TensorData(const std::vector<T>& values) : TensorData(ArrayRef<T>(values)) {}
  TensorData(const std::vector<bool>& values);

  const DimVector& sizes() const { return sizes_; }
  ScalarType dtype() const { return dtype_; }
  // As torch::tensor makes it: numbers in braces must fit the dtype, those of a run are converted.
  Tensor make(ScalarType dtype) const;
  std::string text() const;  // {1, 2}

 private:
  TensorData(ScalarType dtype, const void* values, size_t value_size, int64_t count);

  std::vector<Scalar> values_;
  Tensor run_;
  DimVector sizes_;
  ScalarType dtype_;
};

}  // namespace detail

// tensor(1.5), tensor({1, 2}), tensor({{1, 2}, {3, 4}}), tensor(std::vector<float>{...}). int and
// int64_t make int64, float and double the default floating dtype, bool and uint8_t their own,
// unless options say.
Tensor tensor(const detail::TensorData& data, const TensorOptions& options = {});

// Borrows memory that the caller keeps alive; the options' dtype (default float32) says what stands
// there.
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                 const TensorOptions& options = {});
// `deleter(data)`, a callable, runs when the last tensor on this memory goes.
using BlobDeleter = std::function<void(void*)>;
Tensor from_blob(void* data, IntArrayRef sizes, const BlobDeleter& deleter,
                 const TensorOptions& options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const BlobDeleter& deleter,
                 const TensorOptions& options = {});

}  // namespace taper
