// Numbers in order: arange, range, linspace, logspace, eye, and windows. The roundings are those of
// libtorch's AVX2 build, whose loops take blocks of numbers from the value at their beginning.

#include <cmath>
#include <numbers>

#include "taper/tensor/factories.h"
#include "taper/tensor/factory_options.h"
#include "taper/tensor/kernels/convert.h"
#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/raw/core.h"

namespace taper {
namespace {

using detail::check_options;
using detail::finish;

// out[i] = value(i), except that within each full block of 64 bytes only its halves begin so, and
// go on by step(begin, k) = begin + k * step.
template <class T, class Value, class Step>
void fill_by_blocks(T* out, int64_t n, Value value, Step step) {
  constexpr int64_t kHalf = 32 / static_cast<int64_t>(sizeof(T));
  int64_t i = 0;
  for (; i + 2 * kHalf <= n; i += 2 * kHalf) {
    for (int64_t first : {i, i + kHalf}) {
      const T begin = kernels::convert<T>(value(first));
      for (int64_t k = 0; k < kHalf; ++k) out[first + k] = kernels::convert<T>(step(begin, k));
    }
  }
  for (; i < n; ++i) out[i] = kernels::convert<T>(value(i));
}

struct Range {
  Scalar start;
  Scalar end;
  Scalar step;

  bool integral() const {
    return start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  }
  // Throws for a step of 0, in the arithmetic of the result, for ends that are not finite, and for
  // a step that leads away from the end.
  void check(bool in_floating_point) const {
    const double from = start.toDouble();
    const double to = end.toDouble();
    TAPER_CHECK(in_floating_point ? step.toDouble() != 0 : step.toLong() != 0,
                "step must be nonzero");
    TAPER_CHECK(std::isfinite(from) && std::isfinite(to), "unsupported range: ", from, " -> ", to);
    TAPER_CHECK(step.toDouble() > 0 ? to >= from : to <= from,
                "upper bound and larger bound inconsistent with step sign");
  }
};

// How many steps of an integral range lead from its start to the end or the last before it, and
// whether that is the end.
struct Steps {
  uint64_t count;
  bool meet_end;
};
Steps integral_steps(const Range& range) {
  // In unsigned arithmetic, which holds any distance of two int64, exactly.
  const bool up = range.step.toLong() > 0;
  const auto low = static_cast<uint64_t>(up ? range.start.toLong() : range.end.toLong());
  const auto high = static_cast<uint64_t>(up ? range.end.toLong() : range.start.toLong());
  const uint64_t stride = up ? static_cast<uint64_t>(range.step.toLong())
                             : uint64_t{0} - static_cast<uint64_t>(range.step.toLong());
  return {(high - low) / stride, (high - low) % stride == 0};
}

// How many numbers start + i * step there are before end.
int64_t count_before_end(const Range& range) {
  double count = 0;
  if (range.integral()) {
    const Steps steps = integral_steps(range);
    count = static_cast<double>(steps.count + (steps.meet_end ? 0 : 1));
  } else {
    count = std::ceil((range.end.toDouble() - range.start.toDouble()) / range.step.toDouble());
  }
  TAPER_CHECK(count >= 0 && count <= 9.2e18, "invalid size, possible overflow? arange of ", count,
              " elements");
  return static_cast<int64_t>(count);
}

// Unsigned, because i * step may be twice as far from 0 as an int64 reaches.
template <class T>
void count_up(const Range& range, T* out, int64_t n) {
  const auto first = static_cast<uint64_t>(range.start.toLong());
  const auto stride = static_cast<uint64_t>(range.step.toLong());
  for (int64_t i = 0; i < n; ++i)
    out[i] = static_cast<T>(first + static_cast<uint64_t>(i) * stride);
}

}  // namespace

Tensor arange(const Scalar& end, const TensorOptions& options) {
  return arange(0, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return arange(start, end, 1, options);
}
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              const TensorOptions& options) {
  check_options(options);
  Range range{start, end, step};
  const ScalarType dtype = options.has_dtype() ? options.dtype().toScalarType()
                           : range.integral()  ? kInt64
                                               : get_default_dtype_as_scalartype();
  TAPER_CHECK(dtype != kBool, "\"arange_cpu\" not implemented for 'Bool'");
  // An int64 range is one of integers from the beginning.
  if (dtype == kInt64 && !range.integral()) {
    range.check(true);
    range = {start.toLong(), end.toLong(), step.toLong()};
  }
  range.check(is_floating_point(dtype));
  Tensor r = raw::empty({count_before_end(range)}, dtype);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(r.data_ptr());
    if constexpr (std::is_floating_point_v<T>) {
      const double from = start.toDouble();
      const double by = step.toDouble();
      fill_by_blocks(
          out, r.numel(), [=](int64_t i) { return std::fma(by, static_cast<double>(i), from); },
          [=](T begin, int64_t k) {
            return std::fma(by, static_cast<double>(k), static_cast<double>(begin));
          });
    } else {
      count_up(range, out, r.numel());
    }
  });
  return finish(r, options);
}

Tensor range(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return range(start, end, 1, options);
}
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step,
             const TensorOptions& options) {
  check_options(options);
  const ScalarType dtype = options.dtype();
  TAPER_CHECK(dtype != kBool, "\"range_cpu\" not implemented for 'Bool'");
  Range range{start, end, step};
  range.check(is_floating_point(dtype));
  if (!is_floating_point(dtype)) range = {start.toLong(), end.toLong(), step.toLong()};
  const double last = range.integral()
                          ? static_cast<double>(integral_steps(range).count)
                          : (range.end.toDouble() - range.start.toDouble()) / range.step.toDouble();
  TAPER_CHECK(last < 9.2e18, "invalid size, possible overflow? range of ", last, " elements");
  Tensor r = raw::empty({static_cast<int64_t>(last) + 1}, dtype);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(r.data_ptr());
    if constexpr (std::is_floating_point_v<T>) {
      for (int64_t i = 0; i < r.numel(); ++i) {
        out[i] = static_cast<T>(start.toDouble() + static_cast<double>(i) * step.toDouble());
      }
    } else {
      count_up(range, out, r.numel());
    }
  });
  return finish(r, options);
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps,
                const TensorOptions& options) {
  check_options(options);
  TAPER_CHECK(steps >= 0, "number of steps must be non-negative");
  const ScalarType dtype = options.dtype();
  TAPER_CHECK(steps == 0 || dtype != kBool, "\"linspace_cpu\" not implemented for 'Bool'");
  Tensor r = raw::empty({steps}, dtype);
  if (steps == 0) return finish(r, options);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    // Integers step in float64.
    using Step = std::conditional_t<std::is_floating_point_v<T>, T, double>;
    const auto from = static_cast<Step>(start.to<T>());
    const auto to = static_cast<Step>(end.to<T>());
    if (steps == 1) {
      *static_cast<T*>(r.data_ptr()) = start.to<T>();
      return;
    }
    const Step step = (to - from) / static_cast<Step>(steps - 1);
    // Each half counts from its own end, so that both ends are met exactly.
    fill_by_blocks(
        static_cast<T*>(r.data_ptr()), steps,
        [=](int64_t i) {
          return i < steps / 2 ? std::fma(step, static_cast<Step>(i), from)
                               : std::fma(-step, static_cast<Step>(steps - i - 1), to);
        },
        [=](T begin, int64_t k) { return static_cast<Step>(begin) + step * static_cast<Step>(k); });
  });
  return finish(r, options);
}

Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base,
                const TensorOptions& options) {
  check_options(options);
  TAPER_CHECK(steps >= 0, "number of steps must be non-negative");
  const ScalarType dtype = options.dtype();
  TAPER_CHECK(steps == 0 || dtype != kBool, "\"logspace_cpu\" not implemented for 'Bool'");
  Tensor r = raw::empty({steps}, dtype);
  if (steps == 0) return finish(r, options);
  kernels::dispatch_numbers(dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    // The distance is one of the dtype's numbers, a part of it is not.
    const T from = start.to<T>();
    const T to = end.to<T>();
    const double step =
        steps == 1 ? 0 : static_cast<double>(to - from) / static_cast<double>(steps - 1);
    for (int64_t i = 0; i < steps; ++i) {
      const bool from_start = i < steps / 2 || steps == 1 || !std::is_floating_point_v<T>;
      const double exponent =
          from_start ? static_cast<double>(from) + step * static_cast<double>(i)
                     : static_cast<double>(to) - step * static_cast<double>(steps - i - 1);
      static_cast<T*>(r.data_ptr())[i] = kernels::convert<T>(std::pow(base, exponent));
    }
  });
  return finish(r, options);
}

Tensor eye(int64_t n, const TensorOptions& options) { return eye(n, n, options); }
Tensor eye(int64_t n, int64_t m, const TensorOptions& options) {
  check_options(options);
  TAPER_CHECK(n >= 0, "n must be greater or equal to 0, got ", n);
  TAPER_CHECK(m >= 0, "m must be greater or equal to 0, got ", m);
  Tensor r = raw::zeros({n, m}, options.dtype());
  raw::fill(raw::diagonal(r, 0, 0, 1), 1);
  return finish(r, options);
}

namespace {

// weight(i, n - 1) for i = 0, ..., n - 1 in the dtype's own arithmetic, n one more if periodic.
template <class Weight>
Tensor window(const char* name, int64_t n, bool periodic, const TensorOptions& options,
              Weight weight) {
  check_options(options);
  TAPER_CHECK(is_floating_point(options.dtype()), name,
              " expects floating point dtypes, got: ", toString(options));
  TAPER_CHECK(n >= 0, name, " requires non-negative window_length, got window_length=", n);
  Tensor r = raw::empty({n}, options.dtype());
  kernels::dispatch_floating(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(r.data_ptr());
    const int64_t last = periodic ? n : n - 1;
    for (int64_t i = 0; i < n; ++i) {
      out[i] = n == 1 ? T{1} : weight(static_cast<T>(i), last);
    }
  });
  return finish(r, options);
}

// times / last, rounded to T.
template <class T>
T part(double times, int64_t last) {
  return static_cast<T>(times / static_cast<double>(last));
}

Tensor raised_cosine(const char* name, int64_t n, bool periodic, double alpha, double beta,
                     const TensorOptions& options) {
  return window(name, n, periodic, options, [=](auto i, int64_t last) {
    using T = decltype(i);
    const T cosine = std::cos(i * part<T>(2 * std::numbers::pi, last));
    return cosine * static_cast<T>(-beta) + static_cast<T>(alpha);
  });
}

}  // namespace

Tensor hann_window(int64_t n, const TensorOptions& options) {
  return hann_window(n, true, options);
}
Tensor hann_window(int64_t n, bool periodic, const TensorOptions& options) {
  return raised_cosine("hann_window", n, periodic, 0.5, 0.5, options);
}
Tensor hamming_window(int64_t n, const TensorOptions& options) {
  return hamming_window(n, true, options);
}
Tensor hamming_window(int64_t n, bool periodic, const TensorOptions& options) {
  return hamming_window(n, periodic, 0.54, options);
}
Tensor hamming_window(int64_t n, bool periodic, double alpha, const TensorOptions& options) {
  return hamming_window(n, periodic, alpha, 0.46, options);
}
Tensor hamming_window(int64_t n, bool periodic, double alpha, double beta,
                      const TensorOptions& options) {
  return raised_cosine("hamming_window", n, periodic, alpha, beta, options);
}
Tensor bartlett_window(int64_t n, const TensorOptions& options) {
  return bartlett_window(n, true, options);
}
Tensor bartlett_window(int64_t n, bool periodic, const TensorOptions& options) {
  return window("bartlett_window", n, periodic, options, [](auto i, int64_t last) {
    using T = decltype(i);
    const T rising = i * part<T>(2, last);
    return i <= static_cast<T>(last / 2) ? rising : T{2} - rising;
  });
}
Tensor blackman_window(int64_t n, const TensorOptions& options) {
  return blackman_window(n, true, options);
}
Tensor blackman_window(int64_t n, bool periodic, const TensorOptions& options) {
  return window("blackman_window", n, periodic, options, [](auto i, int64_t last) {
    using T = decltype(i);
    const T angle = i * part<T>(std::numbers::pi, last);
    return std::cos(angle * T{4}) * static_cast<T>(0.08) -
           std::cos(angle * T{2}) * static_cast<T>(0.5) + static_cast<T>(0.42);
  });
}

}  // namespace taper
