#include "taper/tensor/raw/random.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/random.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

using kernels::RandomState;

GeneratorLock lock(const OptionalGenerator& generator) {
  return (generator && generator->defined() ? *generator : detail::default_cpu_generator()).lock();
}

void check_floating(const Tensor& self, const char* who) {
  TAPER_CHECK(self.is_floating_point(), '"', who, "\" not implemented for '",
              to_string(self.scalar_type()), "'");
}

DimVector memory_order(const Tensor& x) {
  const IntArrayRef strides = x.strides();
  return taper::memory_order(x.sizes(), LoopStrides(&strides, 1));
}

// Lets fill(T*) write numel elements, and puts them into self in the order of its memory.
template <class T, class Fill>
void fill_in_memory_order(const Tensor& self, Fill fill) {
  if (self.is_contiguous()) {
    fill(static_cast<T*>(self.data_ptr()));
    return;
  }
  check_own_memory(self);
  const Tensor ordered = permute(self, memory_order(self));
  const Tensor buffer = empty(ordered.sizes(), ordered.scalar_type());
  fill(static_cast<T*>(buffer.data_ptr()));
  copy(ordered, buffer);
}

// The name that PyTorch's bounds messages give the dtype.
std::string_view c_name(ScalarType dtype) {
  return dtype == kInt64 ? "long" : TypeMeta(dtype).name();
}

template <class T>
int64_t greatest_integer() {
  if constexpr (std::is_same_v<T, bool>) {
    return 1;
  } else if constexpr (std::is_floating_point_v<T>) {
    return int64_t{1} << std::numeric_limits<T>::digits;
  } else {
    return static_cast<int64_t>(std::numeric_limits<T>::max());
  }
}

// The int64 of an integer's nearest T; the lowest one where that is too great, which is what x86's
// conversion (and so PyTorch) makes of it.
template <class T>
int64_t rounded_to(int64_t value) {
  const T rounded = static_cast<T>(value);
  return rounded >= static_cast<T>(0x1p63) ? std::numeric_limits<int64_t>::min()
                                           : static_cast<int64_t>(rounded);
}

int64_t floor_log2(int64_t value) {
  int n = 0;
  for (uint64_t v = static_cast<uint64_t>(value < 0 ? -value : value); v >>= 1;) ++n;
  return n;
}

// Moves the bounds of a floating dtype inwards to values from which no draw rounds outside of
// [from, to).
template <class T>
int64_t rounded_from(int64_t from) {
  if constexpr (!std::is_floating_point_v<T>) return from;
  if (from == std::numeric_limits<int64_t>::max()) return from;
  const int64_t next = rounded_to<T>(from + 1);
  if (next >= from) return from;
  return next + (int64_t{1} << (floor_log2(from + 1) - std::numeric_limits<T>::digits + 1));
}

template <class T>
int64_t rounded_end(int64_t to) {
  if constexpr (!std::is_floating_point_v<T>) return to;
  const int64_t last = rounded_to<T>(to - 1);
  if (last < to) return to;
  return last - (int64_t{1} << (floor_log2(to - 1) - std::numeric_limits<T>::digits + 1));
}

template <class T>
void check_bounds(int64_t from, int64_t last, ScalarType dtype) {
  if constexpr (!std::is_floating_point_v<T>) {
    const auto low = static_cast<int64_t>(std::numeric_limits<T>::lowest());
    TAPER_CHECK(from >= low && from <= greatest_integer<T>(), "from is out of bounds for ",
                c_name(dtype));
    TAPER_CHECK(last >= low && last <= greatest_integer<T>(), "to - 1 is out of bounds for ",
                c_name(dtype));
  }
}

template <class T>
void random_between(const Tensor& self, int64_t from, std::optional<int64_t> end,
                    const OptionalGenerator& generator) {
  const ScalarType dtype = self.scalar_type();
  int64_t last = 0;
  if (end) {
    int64_t to = *end;
    TAPER_CHECK(from < to, "random_ expects 'from' to be less than 'to', but got from=", from,
                " >= to=", to);
    from = rounded_from<T>(from);
    to = rounded_end<T>(to);
    TAPER_CHECK(from < to,
                "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but "
                "got from=",
                from, " >= to=", to);
    last = to - 1;
  } else {
    last = greatest_integer<T>();
    from = rounded_from<T>(from);
    TAPER_CHECK(!std::is_floating_point_v<T> || from < last,
                "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' "
                "casted to dtype, but got "
                "from=",
                from, " > to_inc=", last);
  }
  check_bounds<T>(from, last, dtype);
  const uint64_t range = static_cast<uint64_t>(last) - static_cast<uint64_t>(from) + 1;
  fill_in_memory_order<T>(self, [&](T* out) {
    kernels::fill_random_range(*lock(generator), out, self.numel(), range, from);
  });
}

template <class T>
void random_full_range(const Tensor& self, const OptionalGenerator& generator) {
  constexpr bool kWide = std::is_same_v<T, int64_t> || std::is_floating_point_v<T>;
  TAPER_CHECK(self.scalar_type() != kBool,
              "\"random_full_64_bits_range_kernel_cpu\" not implemented for 'Bool'");
  TAPER_CHECK(
      kWide, "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16");
  if constexpr (kWide) {
    fill_in_memory_order<T>(
        self, [&](T* out) { kernels::fill_random_int64(*lock(generator), out, self.numel()); });
  }
}

// True where every row has an element above 0; throws what multinomial says of a row that is no
// distribution.
template <class T>
void check_distributions(const T* p, int64_t rows, int64_t categories) {
  bool valid = true;
  bool zero_row = false;
  for (int64_t r = 0; r < rows; ++r) {
    bool zero = true;
    for (int64_t i = 0; i < categories; ++i, ++p) {
      valid = valid && *p >= T{0} && *p < std::numeric_limits<T>::infinity();
      zero = zero && *p == T{0};
    }
    zero_row = zero_row || zero;
  }
  TAPER_CHECK(valid, "probability tensor contains either `inf`, `nan` or element < 0");
  TAPER_CHECK(!zero_row, "invalid multinomial distribution (sum of probabilities <= 0)");
}

void check_sampled(kernels::MultinomialStatus status) {
  using Status = kernels::MultinomialStatus;
  TAPER_CHECK(status != Status::kNegative,
              "invalid multinomial distribution (encountering probability entry < 0)");
  TAPER_CHECK(
      status != Status::kNotFinite,
      "invalid multinomial distribution (encountering probability entry = infinity or NaN)");
  TAPER_CHECK(status != Status::kZeroSum,
              "invalid multinomial distribution (sum of probabilities <= 0)");
}

}  // namespace

void uniform(const Tensor& self, double from, double to, const OptionalGenerator& generator) {
  check_floating(self, "check_uniform_bounds");
  kernels::dispatch_floating(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const std::string_view name = c_name(self.scalar_type());
    constexpr double kMax = std::numeric_limits<T>::max();
    TAPER_CHECK(from >= -kMax && from <= kMax, "from is out of bounds for ", name);
    TAPER_CHECK(to >= -kMax && to <= kMax, "to is out of bounds for ", name);
    TAPER_CHECK(from <= to, "uniform_ expects to return a [from, to) range, but found from=", from,
                " > to=", to);
    TAPER_CHECK(to - from <= kMax, "uniform_ expects to-from <= std::numeric_limits<",
                self.scalar_type(), ">::max(), but found to=", to, " and from=", from,
                " which result in to-from to exceed the limit");
    fill_in_memory_order<T>(self, [&](T* out) {
      kernels::fill_uniform(*lock(generator), out, self.numel(), static_cast<T>(from),
                            static_cast<T>(to));
    });
  });
}

void normal(const Tensor& self, double mean, double std, const OptionalGenerator& generator) {
  TAPER_CHECK(std >= 0, "normal expects std >= 0.0, but found std ", std);
  check_floating(self, "normal_kernel_cpu");
  kernels::dispatch_floating(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const bool blocks = self.numel() >= 16 && self.is_contiguous();
    fill_in_memory_order<T>(self, [&](T* out) {
      if (blocks) {
        kernels::fill_normal_blocks(*lock(generator), out, self.numel(), static_cast<T>(mean),
                                    static_cast<T>(std));
      } else {
        kernels::fill_normal_pairs(*lock(generator), out, self.numel(), mean, std);
      }
    });
  });
}

void exponential(const Tensor& self, double lambda, const OptionalGenerator& generator) {
  TAPER_CHECK(lambda >= 0, "exponential_ expects lambda >= 0.0, but found lambda=", lambda);
  check_floating(self, "exponential_cpu");
  kernels::dispatch_floating(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(self, [&](T* out) {
      kernels::fill_exponential(*lock(generator), out, self.numel(), lambda);
    });
  });
}

void cauchy(const Tensor& self, double median, double sigma, const OptionalGenerator& generator) {
  check_floating(self, "cauchy_cpu");
  kernels::dispatch_floating(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(self, [&](T* out) {
      kernels::fill_cauchy(*lock(generator), out, self.numel(), median, sigma);
    });
  });
}

void log_normal(const Tensor& self, double mean, double std, const OptionalGenerator& generator) {
  TAPER_CHECK(std > 0.0, "log_normal_ expects std > 0.0, but found std=", std);
  check_floating(self, "log_normal_cpu");
  kernels::dispatch_floating(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(self, [&](T* out) {
      kernels::fill_log_normal(*lock(generator), out, self.numel(), mean, std);
    });
  });
}

void geometric(const Tensor& self, double p, const OptionalGenerator& generator) {
  TAPER_CHECK(0 < p && p < 1, "geometric_ expects p to be in (0, 1), but got p=", p);
  TAPER_CHECK(self.scalar_type() != kBool, "\"geometric_cpu\" not implemented for 'Bool'");
  kernels::dispatch_numbers(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(
        self, [&](T* out) { kernels::fill_geometric(*lock(generator), out, self.numel(), p); });
  });
}

void bernoulli(const Tensor& self, double p, const OptionalGenerator& generator) {
  TAPER_CHECK(p >= 0 && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=", p);
  kernels::dispatch_all(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(
        self, [&](T* out) { kernels::fill_bernoulli(*lock(generator), out, self.numel(), p); });
  });
}

void bernoulli(const Tensor& self, const Tensor& p, const OptionalGenerator& generator) {
  check_floating(p, "bernoulli_tensor_cpu_p_");
  Tensor probabilities = expand(p, self.sizes());
  if (!self.is_contiguous()) probabilities = permute(probabilities, memory_order(self));
  probabilities = contiguous(probabilities);
  kernels::dispatch_all(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::dispatch_floating(p.scalar_type(), [&](auto p_tag) {
      using P = typename decltype(p_tag)::type;
      const int64_t n = self.numel();
      const P* values = static_cast<const P*>(probabilities.data_ptr());
      // Before the first draw, so that a call that throws leaves self as it was.
      const P* bad =
          std::find_if_not(values, values + n, [](P v) { return v >= P{0} && v <= P{1}; });
      TAPER_CHECK(bad == values + n,
                  "Expected p_in >= 0 && p_in <= 1 to be true, but got false. bernoulli of ",
                  static_cast<double>(*bad));
      fill_in_memory_order<T>(
          self, [&](T* out) { kernels::fill_bernoulli(*lock(generator), out, n, values); });
    });
  });
}

void random(const Tensor& self, const OptionalGenerator& generator) {
  kernels::dispatch_all(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    fill_in_memory_order<T>(
        self, [&](T* out) { kernels::fill_random_default(*lock(generator), out, self.numel()); });
  });
}

void random(const Tensor& self, int64_t from, std::optional<int64_t> to,
            const OptionalGenerator& generator) {
  kernels::dispatch_all(self.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if (!to && from == std::numeric_limits<int64_t>::min()) {
      random_full_range<T>(self, generator);
    } else {
      random_between<T>(self, from, to, generator);
    }
  });
}

Tensor dropout_noise(const Tensor& like, double p, const OptionalGenerator& generator) {
  TAPER_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  check_floating(like, "dropout");
  // Row-major whatever the order of `like` in memory, as PyTorch's is.
  Tensor noise = empty(like.sizes(), like.scalar_type());
  kernels::dispatch_floating(like.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::fill_dropout_noise(*lock(generator), noise.data_ptr<T>(), noise.numel(), p);
  });
  return noise;
}

Tensor randperm(int64_t n, ScalarType dtype, const OptionalGenerator& generator) {
  TAPER_CHECK(dtype != kBool, "\"randperm\" not implemented for 'Bool'");
  Tensor order = empty({n}, kInt64);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_floating_point_v<T>) {
      TAPER_CHECK(n <= greatest_integer<T>() + 1, "n cannot be greater than 2^",
                  std::numeric_limits<T>::digits, "+1 for ", dtype, " type.");
    } else {
      (void)Scalar(n).to<T>();  // throws if it does not fit
    }
  });
  kernels::fill_randperm(*lock(generator), static_cast<int64_t*>(order.data_ptr()), n);
  return to(order, dtype);
}

Tensor multinomial(const Tensor& p, int64_t num_samples, bool replacement,
                   const OptionalGenerator& generator) {
  TAPER_CHECK(p.dim() == 1 || p.dim() == 2, "prob_dist must be 1 or 2 dim");
  TAPER_CHECK(p.is_floating_point(),
              "multinomial only supports floating-point dtypes for input, got: ", p.scalar_type());
  TAPER_CHECK(num_samples > 0, "cannot sample n_sample <= 0 samples");
  const int64_t categories = p.size(-1);
  TAPER_CHECK(replacement || num_samples <= categories,
              "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  TAPER_CHECK(categories <= int64_t{1} << 24, "number of categories cannot exceed 2^24");
  const int64_t rows = p.dim() == 1 ? 1 : p.size(0);
  const Tensor result =
      p.dim() == 1 ? empty({num_samples}, kInt64) : empty({rows, num_samples}, kInt64);
  if (result.numel() == 0) return result;

  const Tensor probabilities = contiguous(p);
  auto* out = static_cast<int64_t*>(result.data_ptr());
  kernels::dispatch_floating(p.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* values = static_cast<const T*>(probabilities.data_ptr());
    if (replacement) {
      check_sampled(kernels::sample_with_replacement(*lock(generator), values, rows, categories,
                                                     num_samples, out));
      return;
    }
    check_distributions(values, rows, categories);
    // The greatest of p / Exp(1) come first with the probabilities p: the noise is drawn in the
    // order of p's memory.
    Tensor noise = empty_like(p);
    exponential(noise, 1, generator);
    const Tensor scores = contiguous(noise);
    T* score = static_cast<T*>(scores.data_ptr());
    for (int64_t i = 0; i < scores.numel(); ++i) score[i] = values[i] / score[i];
    kernels::top_columns(static_cast<const T*>(score), rows, categories, num_samples, out);
  });
  return result;
}

}  // namespace taper::raw
