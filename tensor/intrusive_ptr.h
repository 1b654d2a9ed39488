#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace taper::detail {

// Base of what is shared by counting: tensors, storages, nodes. The count lives in the object, so a
// handle is one pointer and making one needs no second allocation.
class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void retain() const noexcept { count_.fetch_add(1, std::memory_order_relaxed); }
  // True when the last reference went; the caller then destroys the object.
  bool release() const noexcept { return count_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  // The same for objects that nobody finds by a weak pointer: the only owner need not pay for an
  // atomic read-modify-write, since nobody else can be adding a reference. It leaves the count at
  // one, which try_retain() would take for alive.
  bool release_without_weak() const noexcept {
    return count_.load(std::memory_order_acquire) == 1 || release();
  }
  // Takes a reference unless the object is already dying: how a weak pointer becomes a strong one.
  bool try_retain() const noexcept {
    uint32_t count = count_.load(std::memory_order_relaxed);
    while (count != 0) {
      if (count_.compare_exchange_weak(count, count + 1, std::memory_order_acquire)) return true;
    }
    return false;
  }
  uint32_t use_count() const noexcept { return count_.load(std::memory_order_acquire); }

 protected:
  ~RefCounted() = default;
  mutable std::atomic<uint32_t> count_{0};
};

// Handle to a T derived from RefCounted. The namespace of T declares `void intrusive_retain(const
// T*)` and `void intrusive_release(const T*)`; the second also says how the last reference ends the
// object. T itself may be incomplete where handles are only passed on.
template <class T>
class IntrusivePtr {
 public:
  using element_type = T;

  constexpr IntrusivePtr() noexcept = default;
  constexpr IntrusivePtr(std::nullptr_t) noexcept {}
  explicit IntrusivePtr(T* p) noexcept : p_(p) {
    if (p_) intrusive_retain(p_);
  }
  IntrusivePtr(const IntrusivePtr& other) noexcept : p_(other.p_) {
    if (p_) intrusive_retain(p_);
  }
  IntrusivePtr(IntrusivePtr&& other) noexcept : p_(other.p_) { other.p_ = nullptr; }
  template <class U, class = decltype(static_cast<T*>(static_cast<U*>(nullptr)))>
  IntrusivePtr(IntrusivePtr<U> other) noexcept : p_(other.detach()) {}
  IntrusivePtr& operator=(const IntrusivePtr& other) noexcept {
    IntrusivePtr(other).swap(*this);
    return *this;
  }
  IntrusivePtr& operator=(IntrusivePtr&& other) noexcept {
    IntrusivePtr(std::move(other)).swap(*this);
    return *this;
  }
  ~IntrusivePtr() {
    if (p_) intrusive_release(p_);
  }

  // Takes over a reference that is already counted.
  static IntrusivePtr adopt(T* p) noexcept {
    IntrusivePtr r;
    r.p_ = p;
    return r;
  }
  T* detach() noexcept { return std::exchange(p_, nullptr); }
  void reset() noexcept { IntrusivePtr().swap(*this); }
  void swap(IntrusivePtr& other) noexcept { std::swap(p_, other.p_); }

  T* get() const noexcept { return p_; }
  T* operator->() const noexcept { return p_; }
  T& operator*() const noexcept { return *p_; }
  explicit operator bool() const noexcept { return p_ != nullptr; }
  friend bool operator==(const IntrusivePtr& a, const IntrusivePtr& b) { return a.p_ == b.p_; }
  friend bool operator!=(const IntrusivePtr& a, const IntrusivePtr& b) { return a.p_ != b.p_; }
  friend bool operator==(const IntrusivePtr& a, std::nullptr_t) { return a.p_ == nullptr; }
  friend bool operator!=(const IntrusivePtr& a, std::nullptr_t) { return a.p_ != nullptr; }

 private:
  T* p_ = nullptr;
};

}  // namespace taper::detail
