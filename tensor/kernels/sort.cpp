#include "taper/tensor/kernels/sort.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

template <class T>
using KeyOf = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

// Unsigned numbers in the order of the elements.
template <class T>
KeyOf<T> key_of(T x) {
  using Key = KeyOf<T>;
  constexpr Key kTop = Key{1} << (8 * sizeof(Key) - 1);
  if constexpr (std::is_floating_point_v<T>) {
    if (x != x) return ~Key{0};
    const auto bits = std::bit_cast<Key>(x == T{0} ? T{0} : x);
    return (bits & kTop) != 0 ? ~bits : bits | kTop;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Key>(x) ^ kTop;
  } else {
    return x;
  }
}

// Key and index in one number where they fit: comparing and moving it is cheapest, and as no two
// are equal, any sort is a stable one.
struct Packed {
  std::uint64_t both;

  Packed() = default;
  Packed(std::uint32_t key, std::int64_t index)
      : both(std::uint64_t{key} << 32 | static_cast<std::uint32_t>(index)) {}
  std::int64_t index() const { return static_cast<std::int64_t>(both & 0xffffffffU); }
  bool operator<(const Packed& other) const { return both < other.both; }
};

template <class Key>
struct Pair {
  Key key;
  std::int64_t place;

  Pair() = default;
  Pair(Key k, std::int64_t i) : key(k), place(i) {}
  std::int64_t index() const { return place; }
  bool operator<(const Pair& other) const {
    return key < other.key || (key == other.key && place < other.place);
  }
};

template <class Entry, class T>
void sort_row(const T* x, std::int64_t n, std::int64_t k, bool descending,
              std::vector<Entry>& entries, T* values, std::int64_t* indices) {
  const KeyOf<T> flip = descending ? ~KeyOf<T>{0} : KeyOf<T>{0};
  for (std::int64_t i = 0; i < n; ++i) {
    entries[static_cast<std::size_t>(i)] = Entry(key_of(x[i]) ^ flip, i);
  }
  const auto begin = entries.begin();
  if (k < n) std::nth_element(begin, begin + k, begin + n);
  std::sort(begin, begin + k);
  for (std::int64_t i = 0; i < k; ++i) {
    const std::int64_t index = entries[static_cast<std::size_t>(i)].index();
    indices[i] = index;
    if (values != nullptr) values[i] = x[index];
  }
}

template <class Entry, class T>
void sort_all(std::int64_t rows, std::int64_t n, std::int64_t k, bool descending, const T* x,
              T* values, std::int64_t* indices) {
  constexpr std::int64_t kTask = 4096;
  parallel_for(0, rows, std::max<std::int64_t>(1, kTask / n), [&](std::int64_t b, std::int64_t e) {
    std::vector<Entry> entries(static_cast<std::size_t>(n));
    for (std::int64_t r = b; r < e; ++r) {
      sort_row<Entry, T>(x + r * n, n, k, descending, entries,
                         values == nullptr ? nullptr : values + r * k, indices + r * k);
    }
  });
}

}  // namespace

void sort_rows(ScalarType type, std::int64_t rows, std::int64_t n, std::int64_t k, bool descending,
               const void* x, void* values, std::int64_t* indices) {
  if (k == 0) return;
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* from = static_cast<const T*>(x);
    T* to = static_cast<T*>(values);
    if constexpr (sizeof(T) < 8) {
      if (n <= std::int64_t{1} << 32) {
        return sort_all<Packed>(rows, n, k, descending, from, to, indices);
      }
    }
    sort_all<Pair<KeyOf<T>>>(rows, n, k, descending, from, to, indices);
  });
}

}  // namespace taper::kernels
