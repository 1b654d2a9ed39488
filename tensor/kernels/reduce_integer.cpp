#include <algorithm>
#include <cstdint>
#include <limits>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/reduce_loops.h"

namespace taper::kernels {
namespace {

// Sums and products are in int64 and wrap around, without undefined behaviour.
struct IntegerSum {
  template <class T>
  using Result = std::int64_t;
  template <class T>
  static constexpr std::int64_t identity() {
    return 0;
  }
  static std::int64_t combine(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
};
struct IntegerProduct {
  template <class T>
  using Result = std::int64_t;
  template <class T>
  static constexpr std::int64_t identity() {
    return 1;
  }
  static std::int64_t combine(std::int64_t a, std::int64_t b) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  }
};
struct IntegerMax {
  template <class T>
  using Result = T;
  template <class T>
  static constexpr T identity() {
    return std::numeric_limits<T>::lowest();
  }
  template <class T>
  static T combine(T a, T b) {
    return std::max(a, b);
  }
};
struct IntegerMin {
  template <class T>
  using Result = T;
  template <class T>
  static constexpr T identity() {
    return std::numeric_limits<T>::max();
  }
  template <class T>
  static T combine(T a, T b) {
    return std::min(a, b);
  }
};

template <class Op, class T>
void reduce_rows(const void* x_data, std::int64_t rows, std::int64_t row_stride, std::int64_t n,
                 const void*, void* out) {
  using R = typename Op::template Result<T>;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* x = static_cast<const T*>(x_data) + r * row_stride;
    R result = Op::template identity<T>();
    for (std::int64_t k = 0; k < n; ++k) result = Op::combine(result, static_cast<R>(x[k]));
    static_cast<R*>(out)[r] = result;
  }
}

template <class Op, class T>
void reduce_columns(const void* x_data, std::int64_t n, std::int64_t n_stride, std::int64_t columns,
                    const void*, void* out_data) {
  using R = typename Op::template Result<T>;
  R* out = static_cast<R*>(out_data);
  std::fill(out, out + columns, Op::template identity<T>());
  for (std::int64_t k = 0; k < n; ++k) {
    const T* x = static_cast<const T*>(x_data) + k * n_stride;
    for (std::int64_t i = 0; i < columns; ++i) out[i] = Op::combine(out[i], static_cast<R>(x[i]));
  }
}

template <class T>
ReduceLoops loops_for(Reduction op) {
  switch (op) {
    case Reduction::Sum:
      return {&reduce_rows<IntegerSum, T>, &reduce_columns<IntegerSum, T>};
    case Reduction::Prod:
      return {&reduce_rows<IntegerProduct, T>, &reduce_columns<IntegerProduct, T>};
    case Reduction::Max:
      return {&reduce_rows<IntegerMax, T>, &reduce_columns<IntegerMax, T>};
    case Reduction::Min:
      return {&reduce_rows<IntegerMin, T>, &reduce_columns<IntegerMin, T>};
    default:
      return {};
  }
}

template <bool kGreatest, class T>
void index_columns(const void* x_data, std::int64_t n, std::int64_t n_stride, std::int64_t columns,
                   void* values, std::int64_t* indices) {
  T best[kReduceColumns];
  const T* x = static_cast<const T*>(x_data);
  std::copy(x, x + columns, best);
  std::fill(indices, indices + columns, 0);
  for (std::int64_t k = 1; k < n; ++k) {
    const T* row = x + k * n_stride;
    for (std::int64_t i = 0; i < columns; ++i) {
      const bool better = kGreatest ? row[i] > best[i] : row[i] < best[i];
      best[i] = better ? row[i] : best[i];
      indices[i] = better ? k : indices[i];
    }
  }
  if (values != nullptr) std::copy(best, best + columns, static_cast<T*>(values));
}

template <bool kGreatest, class T>
void index_rows(const void* x_data, std::int64_t rows, std::int64_t row_stride, std::int64_t n,
                void* values, std::int64_t* indices) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* x = static_cast<const T*>(x_data) + r * row_stride;
    const T* best = kGreatest ? std::max_element(x, x + n) : std::min_element(x, x + n);
    indices[r] = best - x;
    if (values != nullptr) static_cast<T*>(values)[r] = *best;
  }
}

}  // namespace

ReduceLoops integer_reduce_loops(Reduction op, ScalarType type) {
  return dispatch_integral(type,
                           [&](auto tag) { return loops_for<typename decltype(tag)::type>(op); });
}

IndexLoops integer_index_loops(bool greatest, ScalarType type) {
  return dispatch_integral(type, [&](auto tag) -> IndexLoops {
    using T = typename decltype(tag)::type;
    if (greatest) return {&index_rows<true, T>, &index_columns<true, T>};
    return {&index_rows<false, T>, &index_columns<false, T>};
  });
}

}  // namespace taper::kernels
