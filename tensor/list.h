#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "taper/tensor/array_ref.h"

namespace taper {

// A list that owns its elements (c10::List, by value): what indexing by tensors takes, where an
// entry may be missing.
template <class T>
class List {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using const_iterator = typename std::vector<T>::const_iterator;

  List() = default;
  List(std::initializer_list<T> elements) : elements_(elements) {}
  explicit List(ArrayRef<T> elements) : elements_(elements.begin(), elements.end()) {}

  size_t size() const { return elements_.size(); }
  bool empty() const { return elements_.empty(); }
  void reserve(size_t count) { elements_.reserve(count); }
  void resize(size_t count) { elements_.resize(count); }
  void clear() { elements_.clear(); }
  void push_back(T element) { elements_.push_back(std::move(element)); }
  template <class... Arguments>
  void emplace_back(Arguments&&... arguments) {
    elements_.emplace_back(std::forward<Arguments>(arguments)...);
  }
  void pop_back() { elements_.pop_back(); }
  T get(size_t i) const { return elements_.at(i); }
  void set(size_t i, T element) { elements_.at(i) = std::move(element); }
  const T& operator[](size_t i) const { return elements_[i]; }
  T& operator[](size_t i) { return elements_[i]; }
  iterator begin() { return elements_.begin(); }
  iterator end() { return elements_.end(); }
  const_iterator begin() const { return elements_.begin(); }
  const_iterator end() const { return elements_.end(); }
  const std::vector<T>& vec() const { return elements_; }

 private:
  std::vector<T> elements_;
};

}  // namespace taper
