#include "taper/tensor/kernels/search.h"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

// Searches that are worth another thread.
constexpr std::int64_t kGrain = 1 << 12;

// The first place in [0, length) for whose element stays() holds. A comparison with NaN is false:
// NaN goes to the end.
template <class T, class Stays>
std::int64_t first_place(const T* row, const std::int64_t* sorter, std::int64_t length,
                         Stays stays) {
  std::int64_t begin = 0, end = length;
  while (begin < end) {
    const std::int64_t middle = begin + (end - begin) / 2;
    if (stays(row[sorter == nullptr ? middle : sorter[middle]])) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return begin;
}

// A strict order even with NaN, which comes last.
template <class T>
bool less(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a < b || (b != b && a == a);
  } else {
    return a < b;
  }
}

// Up to here the standard library sorts by insertion, which does no harm under the order that NaN
// makes of operator<, and which libtorch's results show.
constexpr std::size_t kInsertion = 16;

template <class T>
bool has_nan(const T* x, std::int64_t n) {
  return std::any_of(x, x + n, [](T value) { return value != value; });
}

}  // namespace

void searchsorted(ScalarType type, std::int64_t rows, std::int64_t length, bool shared,
                  const void* sorted, const std::int64_t* sorter, std::int64_t values_per_row,
                  const void* values, bool right, std::int64_t* positions) {
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = static_cast<const T*>(sorted);
    const T* wanted = static_cast<const T*>(values);
    parallel_for(0, rows * values_per_row, kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        const std::int64_t start = shared ? 0 : i / values_per_row * length;
        const std::int64_t* order = sorter == nullptr ? nullptr : sorter + start;
        const T value = wanted[i];
        positions[i] =
            right ? first_place(data + start, order, length, [value](T x) { return x > value; })
                  : first_place(data + start, order, length, [value](T x) { return x >= value; });
      }
    });
  });
}

void bincount(ScalarType type, std::int64_t n, const void* x, std::int64_t* counts) {
  dispatch_integral(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* numbers = static_cast<const T*>(x);
    for (std::int64_t i = 0; i < n; ++i) ++counts[numbers[i]];
  });
}

void bincount(ScalarType type, std::int64_t n, const void* x, ScalarType weight_type,
              const void* weights, void* sums) {
  dispatch_integral(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* numbers = static_cast<const T*>(x);
    dispatch_floating(weight_type, [&](auto weight_tag) {
      using W = typename decltype(weight_tag)::type;
      const W* added = static_cast<const W*>(weights);
      W* to = static_cast<W*>(sums);
      for (std::int64_t i = 0; i < n; ++i) to[numbers[i]] += added[i];
    });
  });
}

void histogram(ScalarType type, std::int64_t n, const void* x, double low, double high,
               std::int64_t bins, void* counts) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = static_cast<const T*>(x);
    T* to = static_cast<T*>(counts);
    const T first = static_cast<T>(low), last = static_cast<T>(high);
    for (std::int64_t i = 0; i < n; ++i) {
      const T value = data[i];
      if (value < first || value > last) continue;
      const T place = (value - first) / (last - first) * static_cast<T>(bins);
      // NaN counts in the first part, also one that the division makes.
      std::int64_t bin = 0;
      if (place > 0) {
        bin = place < static_cast<T>(bins) ? static_cast<std::int64_t>(place) : bins - 1;
      }
      to[std::min(bin, bins - 1)] += 1;
    }
  });
}

std::int64_t unique(ScalarType type, std::int64_t n, const void* x, bool sorted, void* values,
                    std::int64_t* inverse, std::int64_t* counts) {
  return dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = static_cast<const T*>(x);
    T* out = static_cast<T*>(values);
    const std::unordered_set<T> distinct(data, data + n);
    const auto count = static_cast<std::int64_t>(distinct.size());
    std::copy(distinct.begin(), distinct.end(), out);
    if (sorted || std::is_same_v<T, bool>) {
      if (distinct.size() > kInsertion && has_nan(out, count)) {
        std::sort(out, out + count, less<T>);
      } else {
        std::sort(out, out + count);
      }
    }
    if (inverse == nullptr && counts == nullptr) return count;
    std::unordered_map<T, std::int64_t> places(distinct.size());
    for (std::int64_t k = 0; k < count; ++k) places.emplace(out[k], k);
    if (counts != nullptr) std::fill_n(counts, count, std::int64_t{0});
    for (std::int64_t i = 0; i < n; ++i) {
      const auto found = places.find(data[i]);
      // NaN is nowhere: its inverse is 0, and it is not counted.
      const bool known = found != places.end();
      if (inverse != nullptr) inverse[i] = known ? found->second : 0;
      if (counts != nullptr && known) ++counts[found->second];
    }
    return count;
  });
}

std::int64_t unique_consecutive(ScalarType type, std::int64_t n, const void* x, void* values,
                                std::int64_t* inverse, std::int64_t* counts) {
  return dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = static_cast<const T*>(x);
    T* out = static_cast<T*>(values);
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (count == 0 || data[i] != out[count - 1]) {
        if (counts != nullptr) counts[count] = 0;
        out[count++] = data[i];
      }
      if (inverse != nullptr) inverse[i] = count - 1;
      if (counts != nullptr) ++counts[count - 1];
    }
    return count;
  });
}

std::int64_t unique_rows(ScalarType type, std::int64_t rows, std::int64_t width, const void* x,
                         bool consecutive, std::int64_t* picked, std::int64_t* inverse,
                         std::int64_t* counts) {
  return dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* data = static_cast<const T*>(x);
    std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    const auto ordered = [&](auto before) {
      std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        const T* left = data + a * width;
        const T* right = data + b * width;
        for (std::int64_t i = 0; i < width; ++i) {
          if (before(left[i], right[i])) return true;
          if (before(right[i], left[i])) return false;
        }
        return false;
      });
    };
    if (!consecutive) {
      if (order.size() > kInsertion && has_nan(data, rows * width)) {
        ordered(less<T>);
      } else {
        ordered([](T a, T b) { return a < b; });
      }
    }
    std::int64_t count = 0;
    for (std::int64_t row : order) {
      const T* at = data + row * width;
      if (count == 0 || !std::equal(at, at + width, data + picked[count - 1] * width)) {
        counts[count] = 0;
        picked[count++] = row;
      }
      inverse[row] = count - 1;
      ++counts[count - 1];
    }
    return count;
  });
}

}  // namespace taper::kernels
