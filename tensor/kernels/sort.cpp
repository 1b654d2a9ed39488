#include "taper/tensor/kernels/sort.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/tensor/kernels/sort_entries.h"

namespace taper::kernels {

void sort_rows(ScalarType type, std::int64_t rows, std::int64_t n, bool descending, bool stable,
               const void* x, void* values, std::int64_t* indices) {
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* to = static_cast<T*>(values);
    for_rows_of_entries(rows, n, descending, static_cast<const T*>(x),
                        [&](auto& entries, const T* row, std::int64_t r) {
                          if (stable) {
                            // With the places in the comparison any sort is a stable one.
                            std::sort(entries.begin(), entries.end());
                          } else {
                            std::sort(entries.begin(), entries.end(), KeyLess());
                          }
                          for (std::int64_t i = 0; i < n; ++i) {
                            const auto index = entries[static_cast<std::size_t>(i)].index();
                            indices[r * n + i] = index;
                            if (to != nullptr) to[r * n + i] = row[index];
                          }
                        });
  });
}

void topk_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, bool largest,
               bool sorted, const void* x, void* values, std::int64_t* indices) {
  if (k == 0) return;
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* to = static_cast<T*>(values);
    for_rows_of_entries(rows, n, largest, static_cast<const T*>(x),
                        [&](auto& entries, const T* row, std::int64_t r) {
                          const auto begin = entries.begin();
                          // Few of many, and the rest of the cases: libtorch's border.
                          if (k * 64 <= n) {
                            std::partial_sort(begin, begin + k, entries.end(), KeyLess());
                          } else {
                            std::nth_element(begin, begin + k - 1, entries.end(), KeyLess());
                            if (sorted) std::sort(begin, begin + k - 1, KeyLess());
                          }
                          for (std::int64_t i = 0; i < k; ++i) {
                            const auto index = entries[static_cast<std::size_t>(i)].index();
                            indices[r * k + i] = index;
                            to[r * k + i] = row[index];
                          }
                        });
  });
}

namespace {

// Hoare's selection with the median of three as the pivot, in the form of Numerical Recipes
// (section 8.5), whose choices among equal elements are libtorch's. Afterwards entries[k] is in its
// place.
template <class Entry>
void select(std::vector<Entry>& entries, std::int64_t k) {
  std::int64_t low = 0;
  auto high = static_cast<std::int64_t>(entries.size()) - 1;
  const auto at = [&](std::int64_t i) -> Entry& { return entries[static_cast<std::size_t>(i)]; };
  const auto order = [&](std::int64_t i, std::int64_t j) {
    if (at(j).key() < at(i).key()) std::swap(at(i), at(j));
  };
  while (high > low + 1) {
    std::swap(at((low + high) / 2), at(low + 1));
    order(low + 1, high);
    order(low, high);
    order(low + 1, low);
    // low + 1 and high are sentinels of the two searches.
    const auto pivot = at(low).key();
    std::int64_t left = low + 1;
    std::int64_t right = high;
    for (;;) {
      while (at(++left).key() < pivot) {
      }
      while (pivot < at(--right).key()) {
      }
      if (right < left) break;
      std::swap(at(left), at(right));
    }
    std::swap(at(low), at(right));
    if (right <= k) low = left;
    if (right >= k) high = right - 1;
  }
  if (high == low + 1) order(low, high);
}

template <class T>
void put(T* values, std::int64_t* indices, const T* row, std::int64_t r, std::int64_t index) {
  values[r] = row[index];
  indices[r] = index;
}

}  // namespace

void kth_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, const void* x,
              void* values, std::int64_t* indices) {
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_rows_of_entries(rows, n, false, static_cast<const T*>(x),
                        [&](auto& entries, const T* row, std::int64_t r) {
                          select(entries, k);
                          put(static_cast<T*>(values), indices, row, r,
                              entries[static_cast<std::size_t>(k)].index());
                        });
  });
}

void median_rows(ScalarType type, std::int64_t rows, std::int64_t n, bool ignore_nan, const void* x,
                 void* values, std::int64_t* indices) {
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_rows_of_entries(
        rows, n, false, static_cast<const T*>(x), [&](auto& entries, const T* row, std::int64_t r) {
          const auto is_nan = [](T v) {
            if constexpr (std::is_floating_point_v<T>) return std::isnan(v);
            return false;
          };
          T* to = static_cast<T*>(values);
          std::int64_t count = n;
          if (ignore_nan) {
            count -= std::count_if(row, row + n, is_nan);
          } else if (const T* nan = std::find_if(row, row + n, is_nan); nan != row + n) {
            return put(to, indices, row, r, nan - row);
          }
          const std::int64_t middle = (std::max<std::int64_t>(count, 1) - 1) / 2;
          // Of equal elements the one that a stable sort puts in the middle.
          std::nth_element(entries.begin(), entries.begin() + middle, entries.end());
          put(to, indices, row, r, entries[static_cast<std::size_t>(middle)].index());
        });
  });
}

void mode_rows(ScalarType type, std::int64_t rows, std::int64_t n, const void* x, void* values,
               std::int64_t* indices) {
  // libtorch compares without regard to NaN, which sorts short rows in a way of its own and long
  // ones in none.
  constexpr std::int64_t kShort = 16;
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const auto body = [&](auto& entries, const T* row, std::int64_t r) {
      if (n <= kShort) {
        std::sort(entries.begin(), entries.end(),
                  [row](const auto& a, const auto& b) { return row[a.index()] < row[b.index()]; });
      } else {
        std::sort(entries.begin(), entries.end(), KeyLess());
      }
      std::int64_t best = 0;
      std::int64_t most = 0;
      std::int64_t count = 0;
      for (std::int64_t i = 0; i < n; ++i) {
        const auto index = entries[static_cast<std::size_t>(i)].index();
        ++count;
        if (i + 1 < n && row[index] == row[entries[static_cast<std::size_t>(i + 1)].index()]) {
          continue;
        }
        if (count > most) {
          most = count;
          best = index;
        }
        count = 0;
      }
      put(static_cast<T*>(values), indices, row, r, best);
    };
    for_rows_of_entries(rows, n, false, static_cast<const T*>(x), body);
  });
}

}  // namespace taper::kernels
