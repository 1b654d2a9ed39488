#include "taper/tensor/kernels/softmax.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "taper/tensor/kernels/parallel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/softmax.cpp"
#include "hwy/foreach_target.h"
#include "taper/tensor/kernels/math-inl.h"
#include "taper/tensor/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

// A loop's body that is called in two places, and must keep its sums in registers all the same.
#define TAPER_LOOP_BODY HWY_ATTR __attribute__((always_inline))

// Calls body(i, count) for the vectors of a row; count is less than a vector for the last only.
template <class T, class Body>
HWY_INLINE void for_vectors(std::int64_t n, Body body) {
  constexpr auto kLanes = static_cast<std::int64_t>(Vec<T>::kLanes);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) body(i, kLanes);
  if (i < n) body(i, n - i);
}

// The unused lanes hold `filler`.
template <class T>
HWY_INLINE Vec<T> load_part(const T* p, std::int64_t count, double filler) {
  constexpr auto kLanes = static_cast<std::int64_t>(Vec<T>::kLanes);
  if (HWY_LIKELY(count == kLanes)) return Vec<T>::load(p);
#if HWY_TARGET <= HWY_AVX2  // the others' masked loads may read past the mask
  typename Vec<T>::D d;
  const auto used = hn::FirstN(d, static_cast<std::size_t>(count));
  return hn::IfThenElse(used, hn::MaskedLoad(used, d, p), Vec<T>(filler).v);
#endif
  alignas(64) T lanes[Vec<T>::kLanes];
  Vec<T>(filler).store(lanes);
  for (std::int64_t i = 0; i < count; ++i) lanes[i] = p[i];
  return Vec<T>::load(lanes);
}

template <class T>
HWY_INLINE void store_part(const Vec<T>& v, T* p, std::int64_t count) {
  constexpr auto kLanes = static_cast<std::int64_t>(Vec<T>::kLanes);
  if (HWY_LIKELY(count == kLanes)) return v.store(p);
#if HWY_TARGET <= HWY_AVX2
  typename Vec<T>::D d;
  hn::BlendedStore(v.v, hn::FirstN(d, static_cast<std::size_t>(count)), d, p);
  return;
#endif
  alignas(64) T lanes[Vec<T>::kLanes];
  v.store(lanes);
  for (std::int64_t i = 0; i < count; ++i) p[i] = lanes[i];
}

template <class T>
HWY_INLINE T sum_of_lanes(const Vec<T>& v) {
  typename Vec<T>::D d;
  return hn::GetLane(hn::SumOfLanes(d, v.v));
}

// Adds up vectors by blocks, so that the error of a long row's sum does not grow with its length.
template <class T>
class BlockSum {
 public:
  HWY_INLINE BlockSum() : block_(0.0), total_(0.0) {}
  HWY_INLINE void add(const Vec<T>& v) {
    block_ = block_ + v;
    if (++count_ % 32 != 0) return;
    total_ = total_ + block_;
    block_ = Vec<T>(0.0);
  }
  HWY_INLINE T total() const { return sum_of_lanes(total_ + block_); }

 private:
  Vec<T> block_;
  Vec<T> total_;
  int count_ = 0;
};

// NaN is not looked for: it comes back by way of the sum.
template <class T>
HWY_INLINE T greatest(const T* x, std::int64_t n) {
  typename Vec<T>::D d;
  constexpr double kLowest = -std::numeric_limits<double>::infinity();
  constexpr auto kLanes = static_cast<std::int64_t>(Vec<T>::kLanes);
  Vec<T> a = kLowest;
  Vec<T> b = kLowest;
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    a = hn::Max(a.v, Vec<T>::load(x + i).v);
    b = hn::Max(b.v, Vec<T>::load(x + i + kLanes).v);
  }
  for_vectors<T>(n - i, [&](std::int64_t j, std::int64_t count)
                            HWY_ATTR { a = hn::Max(a.v, load_part(x + i + j, count, kLowest).v); });
  return hn::GetLane(hn::MaxOfLanes(d, hn::Max(a.v, b.v)));
}

// sum(exp(x - top)); the terms go to y unless it is null.
template <class T>
HWY_INLINE T sum_of_exp(const T* x, std::int64_t n, T top, T* y) {
  const Vec<T> shift = static_cast<double>(top);
  BlockSum<T> sum;
  for_vectors<T>(n, [&](std::int64_t i, std::int64_t count) TAPER_LOOP_BODY {
    const Vec<T> e = exp(load_part(x + i, count, -std::numeric_limits<double>::infinity()) - shift);
    sum.add(e);
    if (y != nullptr) store_part(e, y + i, count);
  });
  return sum.total();
}

template <class T>
void softmax_row(bool log, std::int64_t n, const T* x, T* y) {
  const T top = greatest(x, n);
  // The unused lanes of a short last vector would be NaN here.
  if (!(std::abs(top) < std::numeric_limits<T>::infinity())) {
    std::fill(y, y + n, std::numeric_limits<T>::quiet_NaN());
    return;
  }
  const T sum = sum_of_exp<T>(x, n, top, log ? nullptr : y);
  const T total = log ? std::log(sum) : sum;
  const Vec<T> t = static_cast<double>(total);
  const Vec<T> shift = static_cast<double>(top);
  for_vectors<T>(n, [&](std::int64_t i, std::int64_t count) TAPER_LOOP_BODY {
    if (log) {
      store_part(load_part(x + i, count, 0) - shift - t, y + i, count);
    } else {
      store_part(load_part(y + i, count, 0) / t, y + i, count);
    }
  });
}

template <class T>
void softmax_backward_row(bool log, std::int64_t n, const T* g, const T* y, T* dx) {
  BlockSum<T> sum;
  for_vectors<T>(n, [&](std::int64_t i, std::int64_t count) TAPER_LOOP_BODY {
    const Vec<T> gi = load_part(g + i, count, 0);
    sum.add(log ? gi : gi * load_part(y + i, count, 0));
  });
  const Vec<T> s = static_cast<double>(sum.total());
  for_vectors<T>(n, [&](std::int64_t i, std::int64_t count) TAPER_LOOP_BODY {
    const Vec<T> gi = load_part(g + i, count, 0);
    const Vec<T> yi = load_part(y + i, count, 0);
    store_part(log ? gi - exp(yi) * s : (gi - s) * yi, dx + i, count);
  });
}

template <class T>
T logsumexp_row(std::int64_t n, const T* x) {
  const T top = greatest(x, n);
  if (std::abs(top) < std::numeric_limits<T>::infinity()) {
    return std::log(sum_of_exp<T>(x, n, top, nullptr)) + top;
  }
  for (std::int64_t i = 0; i < n; ++i) {
    if (x[i] != x[i]) return x[i];
  }
  return top;
}

void softmax_rows(bool log, ScalarType type, std::int64_t rows, std::int64_t n, const void* x,
                  void* y) {
  const auto run = [&](auto* from, auto* to) {
    for (std::int64_t r = 0; r < rows; ++r) softmax_row(log, n, from + r * n, to + r * n);
  };
  if (type == ScalarType::Float) {
    run(static_cast<const float*>(x), static_cast<float*>(y));
  } else {
    run(static_cast<const double*>(x), static_cast<double*>(y));
  }
}

void softmax_backward_rows(bool log, ScalarType type, std::int64_t rows, std::int64_t n,
                           const void* g, const void* y, void* dx) {
  const auto run = [&](auto* dy, auto* out, auto* to) {
    for (std::int64_t r = 0; r < rows; ++r) {
      softmax_backward_row(log, n, dy + r * n, out + r * n, to + r * n);
    }
  };
  if (type == ScalarType::Float) {
    run(static_cast<const float*>(g), static_cast<const float*>(y), static_cast<float*>(dx));
  } else {
    run(static_cast<const double*>(g), static_cast<const double*>(y), static_cast<double*>(dx));
  }
}

void logsumexp_rows(ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* out) {
  const auto run = [&](auto* from, auto* to) {
    for (std::int64_t r = 0; r < rows; ++r) to[r] = logsumexp_row(n, from + r * n);
  };
  if (type == ScalarType::Float) {
    run(static_cast<const float*>(x), static_cast<float*>(out));
  } else {
    run(static_cast<const double*>(x), static_cast<double*>(out));
  }
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {
namespace {

HWY_EXPORT(softmax_rows);
HWY_EXPORT(softmax_backward_rows);
HWY_EXPORT(logsumexp_rows);

// Calls body(first, count, offset in bytes of an [rows, n] array) for pieces of the rows.
template <class Body>
void for_rows(ScalarType type, std::int64_t rows, std::int64_t n, Body body) {
  // Exponentials take long enough that this many elements are worth a thread.
  constexpr std::int64_t kTask = 8192;
  const std::int64_t row_bytes = n * static_cast<std::int64_t>(element_size(type));
  parallel_for(0, rows, std::max<std::int64_t>(1, kTask / n),
               [&](std::int64_t b, std::int64_t e) { body(b, e - b, b * row_bytes); });
}

const void* at(const void* data, std::int64_t bytes) {
  return static_cast<const char*>(data) + bytes;
}
void* at(void* data, std::int64_t bytes) { return static_cast<char*>(data) + bytes; }

}  // namespace

void softmax(bool log, ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* y) {
  for_rows(type, rows, n, [&](std::int64_t, std::int64_t count, std::int64_t bytes) {
    HWY_DYNAMIC_DISPATCH(softmax_rows)(log, type, count, n, at(x, bytes), at(y, bytes));
  });
}

void softmax_backward(bool log, ScalarType type, std::int64_t rows, std::int64_t n, const void* g,
                      const void* y, void* dx) {
  for_rows(type, rows, n, [&](std::int64_t, std::int64_t count, std::int64_t bytes) {
    HWY_DYNAMIC_DISPATCH(softmax_backward_rows)
    (log, type, count, n, at(g, bytes), at(y, bytes), at(dx, bytes));
  });
}

void logsumexp(ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* out) {
  for_rows(type, rows, n, [&](std::int64_t first, std::int64_t count, std::int64_t bytes) {
    void* to = at(out, first * static_cast<std::int64_t>(element_size(type)));
    HWY_DYNAMIC_DISPATCH(logsumexp_rows)(type, count, n, at(x, bytes), to);
  });
}

}  // namespace taper::kernels
#endif
