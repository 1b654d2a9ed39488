#pragma once

#include <cstring>
#include <utility>

#include "taper/tensor/array_ref.h"

namespace taper {

// Sizes or strides of a tensor: up to five stand in the object itself, because nearly every tensor
// has no more and a heap allocation costs as much as a small operation.
class DimVector {
 public:
  using value_type = int64_t;
  using iterator = int64_t*;
  using const_iterator = const int64_t*;

  DimVector() noexcept {}
  explicit DimVector(size_t count, int64_t value = 0) { resize(count, value); }
  DimVector(IntArrayRef list) { assign(list); }
  DimVector(std::initializer_list<int64_t> list) { assign(IntArrayRef(list)); }
  DimVector(const int64_t* first, const int64_t* last) {
    assign({first, static_cast<size_t>(last - first)});
  }
  DimVector(const DimVector& other) { assign(other); }
  DimVector(DimVector&& other) noexcept { steal(other); }
  DimVector& operator=(const DimVector& other) {
    if (this != &other) assign(other);
    return *this;
  }
  DimVector& operator=(DimVector&& other) noexcept {
    if (this != &other) {
      release();
      steal(other);
    }
    return *this;
  }
  ~DimVector() { release(); }

  void assign(IntArrayRef list) {
    int64_t* to = list.size() > capacity_ ? grow(list.size()) : data();
    if (list.size() != 0) std::memmove(to, list.data(), list.size() * sizeof(int64_t));
    size_ = static_cast<uint32_t>(list.size());
  }
  void resize(size_t count, int64_t value = 0) {
    int64_t* to = count > capacity_ ? grow(count) : data();
    for (size_t i = size_; i < count; ++i) to[i] = value;
    size_ = static_cast<uint32_t>(count);
  }
  void push_back(int64_t value) {
    if (size_ == capacity_) grow(size_ + 1);
    data()[size_++] = value;
  }
  void pop_back() { --size_; }
  void insert(size_t position, int64_t value) {
    push_back(value);
    for (size_t i = size_ - 1; i > position; --i) data()[i] = data()[i - 1];
    data()[position] = value;
  }
  void erase(size_t position) {
    for (size_t i = position; i + 1 < size_; ++i) data()[i] = data()[i + 1];
    --size_;
  }
  void clear() { size_ = 0; }

  int64_t* data() { return capacity_ == kInline ? inline_ : heap_; }
  const int64_t* data() const { return capacity_ == kInline ? inline_ : heap_; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + size_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t& operator[](size_t i) { return data()[i]; }
  const int64_t& operator[](size_t i) const { return data()[i]; }
  int64_t& back() { return data()[size_ - 1]; }
  const int64_t& back() const { return data()[size_ - 1]; }

  friend bool operator==(const DimVector& a, const DimVector& b) {
    return IntArrayRef(a).equals(b);
  }
  friend bool operator!=(const DimVector& a, const DimVector& b) { return !(a == b); }

 private:
  static constexpr uint32_t kInline = 5;

  int64_t* grow(size_t wanted) {
    size_t capacity = wanted > 2 * size_t{capacity_} ? wanted : 2 * size_t{capacity_};
    auto* heap = new int64_t[capacity];
    if (size_ != 0) std::memcpy(heap, data(), size_ * sizeof(int64_t));
    release();
    heap_ = heap;
    capacity_ = static_cast<uint32_t>(capacity);
    return heap;
  }
  void release() {
    if (capacity_ != kInline) delete[] heap_;
  }
  void steal(DimVector& other) noexcept {
    size_ = other.size_;
    capacity_ = other.capacity_;
    if (capacity_ == kInline) {
      for (uint32_t i = 0; i < size_; ++i) inline_[i] = other.inline_[i];
    } else {
      heap_ = other.heap_;
    }
    other.size_ = 0;
    other.capacity_ = kInline;
  }

  uint32_t size_ = 0;
  uint32_t capacity_ = kInline;
  union {
    int64_t inline_[kInline];
    int64_t* heap_;
  };
};

}  // namespace taper
