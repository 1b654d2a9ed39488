#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace taper {

using std::in_place;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;

namespace detail {
[[noreturn]] void throw_empty_list(const char* member);
[[noreturn]] void throw_bad_index(size_t index, size_t size);
[[noreturn]] void throw_bad_slice(size_t begin, size_t count, size_t size);
}  // namespace detail

// A run of elements somebody else owns (c10::ArrayRef): for parameters, not for keeping.
template <class T>
class ArrayRef final {
 public:
  using value_type = T;
  using size_type = size_t;
  using iterator = const T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T* data, size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* begin, const T* end)
      : data_(begin), size_(static_cast<size_t>(end - begin)) {}
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

  // What a temporary holds would be gone before it is read.
  template <class U>
  std::enable_if_t<std::is_same_v<U, T>, ArrayRef>& operator=(U&& temporary) = delete;
  template <class U>
  std::enable_if_t<std::is_same_v<U, T>, ArrayRef>& operator=(std::initializer_list<U>) = delete;

  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr const T* cbegin() const { return begin(); }
  constexpr const T* cend() const { return end(); }
  constexpr reverse_iterator rbegin() const { return reverse_iterator(end()); }
  constexpr reverse_iterator rend() const { return reverse_iterator(begin()); }
  constexpr const T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return data_[i]; }
  // The next five throw taper::Error for what the run does not hold.
  constexpr const T& front() const {
    if (empty()) detail::throw_empty_list("front");
    return data_[0];
  }
  constexpr const T& back() const {
    if (empty()) detail::throw_empty_list("back");
    return data_[size_ - 1];
  }
  constexpr const T& at(size_t i) const {
    if (i >= size_) detail::throw_bad_index(i, size_);
    return data_[i];
  }
  constexpr ArrayRef slice(size_t begin, size_t count) const {
    if (begin > size_ || count > size_ - begin) detail::throw_bad_slice(begin, count, size_);
    return {data_ + begin, count};
  }
  constexpr ArrayRef slice(size_t begin) const {
    if (begin > size_) detail::throw_bad_slice(begin, size_ - begin, size_);
    return {data_ + begin, size_ - begin};
  }
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

template <class T>
constexpr ArrayRef<T> makeArrayRef(const T& one) {
  return one;
}
template <class T>
constexpr ArrayRef<T> makeArrayRef(const T* data, size_t size) {
  return ArrayRef<T>(data, size);
}
template <class T>
constexpr ArrayRef<T> makeArrayRef(const T* begin, const T* end) {
  return ArrayRef<T>(begin, end);
}
template <class T>
ArrayRef<T> makeArrayRef(const std::vector<T>& list) {
  return list;
}
template <class T>
constexpr ArrayRef<T> makeArrayRef(const ArrayRef<T>& list) {
  return list;
}
template <class T, size_t N>
constexpr ArrayRef<T> makeArrayRef(const std::array<T, N>& array) {
  return array;
}
template <class T, size_t N>
constexpr ArrayRef<T> makeArrayRef(const T (&array)[N]) {
  return ArrayRef<T>(array);
}

using IntArrayRef = ArrayRef<int64_t>;
using IntList = IntArrayRef;

std::ostream& operator<<(std::ostream& out, IntArrayRef list);  // [2, 3]

// The same for a run of anything that can be written. The stream is a parameter so that <ostream>
// is not needed here.
template <class Stream, class T>
auto operator<<(Stream& out, ArrayRef<T> list)
    -> std::enable_if_t<std::is_convertible_v<Stream*, std::ostream*>, std::ostream&> {
  out << "[";
  for (size_t i = 0; i < list.size(); ++i) {
    if (i != 0) out << ", ";
    out << list[i];
  }
  return out << "]";
}

// A run of elements, or none given: the dimensions that sum(dim) and its kin take
// (c10::OptionalArrayRef).
template <class T>
class OptionalArrayRef {
 public:
  constexpr OptionalArrayRef() = default;
  constexpr OptionalArrayRef(std::nullopt_t) {}
  constexpr OptionalArrayRef(ArrayRef<T> list) : list_(list), has_value_(true) {}
  constexpr OptionalArrayRef(const std::optional<ArrayRef<T>>& list)
      : list_(list.value_or(ArrayRef<T>())), has_value_(list.has_value()) {}
  constexpr OptionalArrayRef(const T& one) : list_(one), has_value_(true) {}
  constexpr OptionalArrayRef(const std::initializer_list<T>& list)
      : list_(list), has_value_(true) {}
  template <class C, class = std::enable_if_t<std::is_convertible_v<const C&, ArrayRef<T>> &&
                                              !std::is_arithmetic_v<C>>>
  constexpr OptionalArrayRef(const C& list) : list_(list), has_value_(true) {}

  constexpr bool has_value() const { return has_value_; }
  constexpr explicit operator bool() const { return has_value_; }
  constexpr const ArrayRef<T>& value() const {
    if (!has_value_) throw std::bad_optional_access();
    return list_;
  }
  constexpr ArrayRef<T> value_or(ArrayRef<T> other) const { return has_value_ ? list_ : other; }
  constexpr const ArrayRef<T>& operator*() const { return list_; }
  constexpr const ArrayRef<T>* operator->() const { return &list_; }
  constexpr void reset() { *this = OptionalArrayRef(); }

 private:
  ArrayRef<T> list_;
  bool has_value_ = false;
};

using OptionalIntArrayRef = OptionalArrayRef<int64_t>;

}  // namespace taper
