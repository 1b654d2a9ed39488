#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "taper/tensor/intrusive_ptr.h"

namespace taper::detail {

// Counts in-place changes. Tensors that share it see each other's changes: a saved tensor compares
// the count at its saving with the count at its use.
class VersionCounter : public RefCounted {
 public:
  uint32_t current() const { return value_.load(std::memory_order_relaxed); }
  void bump() { value_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<uint32_t> value_{0};
};
void intrusive_retain(const VersionCounter* p);
void intrusive_release(const VersionCounter* p);

// The memory behind one or more tensors. It stands in front of its own data in one block, unless
// the data is somebody else's (from_blob).
class StorageImpl : public RefCounted {
 public:
  using Deleter = void (*)(void* context);

  void* data() const { return data_; }
  size_t nbytes() const { return nbytes_; }
  VersionCounter& version() { return version_; }

 private:
  friend class Storage;
  friend void intrusive_release(const StorageImpl* p);
  void* data_ = nullptr;
  size_t nbytes_ = 0;
  size_t capacity_ = 0;  // of the block this object stands in
  Deleter deleter_ = nullptr;
  void* context_ = nullptr;
  VersionCounter version_;
};

void intrusive_retain(const StorageImpl* p);
void intrusive_release(const StorageImpl* p);

// Handle to a StorageImpl.
class Storage {
 public:
  Storage() = default;
  // Uninitialised memory, aligned to 64 bytes. Throws taper::Error when there is not so much.
  static Storage allocate(size_t nbytes);
  // Borrows `data`; `deleter(context)`, if there is one, runs with the last handle.
  static Storage borrow(void* data, size_t nbytes, StorageImpl::Deleter deleter, void* context);

  void* data() const { return impl_ ? impl_->data() : nullptr; }
  size_t nbytes() const { return impl_ ? impl_->nbytes() : 0; }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  VersionCounter& version() const { return impl_->version(); }
  explicit operator bool() const { return static_cast<bool>(impl_); }
  bool is_alias_of(const Storage& other) const { return impl_ == other.impl_; }

 private:
  IntrusivePtr<StorageImpl> impl_;
};

}  // namespace taper::detail

namespace taper {
using detail::Storage;
}
