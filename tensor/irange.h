#pragma once

#include <cstddef>
#include <iterator>
#include <type_traits>

namespace taper {

// begin, begin + 1, ..., end - 1, for a range-based loop; nothing if end <= begin (c10::irange).
template <class I>
class IntegerRange {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = I;
    using difference_type = std::ptrdiff_t;
    using pointer = I*;
    using reference = I;

    constexpr explicit iterator(I value) : value_(value) {}
    constexpr I operator*() const { return value_; }
    constexpr iterator& operator++() {
      ++value_;
      return *this;
    }
    constexpr iterator operator++(int) {
      iterator before = *this;
      ++*this;
      return before;
    }
    constexpr bool operator==(const iterator& other) const { return value_ == other.value_; }
    constexpr bool operator!=(const iterator& other) const { return value_ != other.value_; }

   private:
    I value_;
  };

  constexpr IntegerRange(I begin, I end) : begin_(begin), end_(end) {}
  constexpr iterator begin() const { return begin_; }
  constexpr iterator end() const { return end_; }

 private:
  iterator begin_;
  iterator end_;
};

// The loop variable has the type of the end.
template <class A, class B,
          class = std::enable_if_t<std::is_integral_v<A> && std::is_integral_v<B>>>
constexpr IntegerRange<B> irange(A begin, B end) {
  const B first = static_cast<B>(begin);
  return {first, first < end ? end : first};
}

template <class I, class = std::enable_if_t<std::is_integral_v<I>>>
constexpr IntegerRange<I> irange(I end) {
  return irange(I{}, end);
}

}  // namespace taper
