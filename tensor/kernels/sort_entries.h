#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"

/// What sorting and selecting within rows share: an element as an unsigned key beside its place.
namespace taper::kernels {

template <class T>
using KeyOf = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

/// Unsigned numbers in the order of the elements; NaN last, -0 equal to 0.
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

/// Key and index in one number where they fit: comparing and moving it is cheapest.
struct PackedEntry {
  std::uint64_t both;

  PackedEntry() = default;
  PackedEntry(std::uint32_t key, std::int64_t index)
      : both(std::uint64_t{key} << 32 | static_cast<std::uint32_t>(index)) {}
  std::uint32_t key() const { return static_cast<std::uint32_t>(both >> 32); }
  std::int64_t index() const { return static_cast<std::int64_t>(both & 0xffffffffU); }
  bool operator<(const PackedEntry& other) const { return both < other.both; }
};

template <class Key>
struct WideEntry {
  Key wide_key;
  std::int64_t place;

  WideEntry() = default;
  WideEntry(Key k, std::int64_t i) : wide_key(k), place(i) {}
  Key key() const { return wide_key; }
  std::int64_t index() const { return place; }
  bool operator<(const WideEntry& other) const {
    return wide_key < other.wide_key || (wide_key == other.wide_key && place < other.place);
  }
};

/// Equal elements are equal. Which of them comes first is then up to the algorithm: those of the
/// standard library make the same choices as in libtorch, which hands its elements to the same.
struct KeyLess {
  template <class Entry>
  bool operator()(const Entry& a, const Entry& b) const {
    return a.key() < b.key();
  }
};

/// Calls body(entries, x, row) with the n entries of each row x of a dense [rows, n] array, in
/// descending order if `flipped`; body is generic over the type of the entries.
template <class T, class Body>
void for_rows_of_entries(std::int64_t rows, std::int64_t n, bool flipped, const T* x, Body body) {
  constexpr std::int64_t kTask = 4096;
  const KeyOf<T> flip = flipped ? ~KeyOf<T>{0} : KeyOf<T>{0};
  const auto run = [&](auto entry) {
    using Entry = decltype(entry);
    parallel_for(0, rows, std::max<std::int64_t>(1, kTask / n),
                 [&](std::int64_t b, std::int64_t e) {
                   std::vector<Entry> entries(static_cast<std::size_t>(n));
                   for (std::int64_t r = b; r < e; ++r) {
                     const T* row = x + r * n;
                     for (std::int64_t i = 0; i < n; ++i) {
                       entries[static_cast<std::size_t>(i)] = Entry(key_of(row[i]) ^ flip, i);
                     }
                     body(entries, row, r);
                   }
                 });
  };
  if constexpr (sizeof(T) < 8) {
    if (n <= std::int64_t{1} << 32) return run(PackedEntry{});
  }
  run(WideEntry<KeyOf<T>>{});
}

}  // namespace taper::kernels
