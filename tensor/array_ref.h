#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <type_traits>
#include <vector>

namespace taper {

using std::nullopt;
using std::optional;

// A run of elements somebody else owns (c10::ArrayRef): for parameters, not for keeping.
template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T* data, size_t size) : data_(data), size_(size) {}
  // One element is a run of one, so that sum(0) and sum({0}) say the same.
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& list)
      : data_(list.size() == 0 ? nullptr : list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  // Any contiguous container of T: std::vector, std::array, DimVector, a C array.
  template <class C,
            class = std::enable_if_t<
                std::is_convertible_v<decltype(std::declval<const C&>().data()), const T*> &&
                !std::is_same_v<C, ArrayRef>>>
  constexpr ArrayRef(const C& c) : data_(c.data()), size_(c.size()) {}
  template <size_t N>
  constexpr ArrayRef(const T (&array)[N]) : data_(array), size_(N) {}

  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr const T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return data_[i]; }
  constexpr const T& front() const { return data_[0]; }
  constexpr const T& back() const { return data_[size_ - 1]; }
  const T& at(size_t i) const;  // throws taper::Error outside the run
  constexpr ArrayRef slice(size_t begin, size_t count) const { return {data_ + begin, count}; }
  constexpr ArrayRef slice(size_t begin) const { return {data_ + begin, size_ - begin}; }
  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (size_t i = 0; i < size_; ++i) {
      if (!(data_[i] == other.data_[i])) return false;
    }
    return true;
  }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }

 private:
  const T* data_ = nullptr;
  size_t size_ = 0;
};

template <class T>
constexpr bool operator==(ArrayRef<T> a, ArrayRef<T> b) {
  return a.equals(b);
}
template <class T>
constexpr bool operator!=(ArrayRef<T> a, ArrayRef<T> b) {
  return !a.equals(b);
}
template <class T>
constexpr bool operator==(const std::vector<T>& a, ArrayRef<T> b) {
  return ArrayRef<T>(a).equals(b);
}
template <class T>
constexpr bool operator==(ArrayRef<T> a, const std::vector<T>& b) {
  return a.equals(ArrayRef<T>(b));
}
template <class T>
constexpr bool operator!=(const std::vector<T>& a, ArrayRef<T> b) {
  return !(a == b);
}
template <class T>
constexpr bool operator!=(ArrayRef<T> a, const std::vector<T>& b) {
  return !(a == b);
}

using IntArrayRef = ArrayRef<int64_t>;

std::ostream& operator<<(std::ostream& out, IntArrayRef list);  // [2, 3]

// Dimensions, or none given (meaning all of them): what sum(dim) and its kin take.
class OptionalIntArrayRef {
 public:
  OptionalIntArrayRef() = default;
  OptionalIntArrayRef(std::nullopt_t) {}
  OptionalIntArrayRef(IntArrayRef list) : list_(list), has_value_(true) {}
  OptionalIntArrayRef(const int64_t& one) : list_(one), has_value_(true) {}
  OptionalIntArrayRef(const std::initializer_list<int64_t>& list) : list_(list), has_value_(true) {}
  template <class C, class = std::enable_if_t<std::is_convertible_v<const C&, IntArrayRef> &&
                                              !std::is_arithmetic_v<C>>>
  OptionalIntArrayRef(const C& list) : list_(list), has_value_(true) {}

  bool has_value() const { return has_value_; }
  const IntArrayRef& value() const { return list_; }
  const IntArrayRef& operator*() const { return list_; }
  const IntArrayRef* operator->() const { return &list_; }

 private:
  IntArrayRef list_;
  bool has_value_ = false;
};

}  // namespace taper
