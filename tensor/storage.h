#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "taper/tensor/device.h"
#include "taper/tensor/intrusive_ptr.h"

namespace taper::detail {

// Counts in-place changes. Tensors that share it see each other's changes: a saved tensor compares
// the count at its saving with the count at its use.
class VersionCounter : public RefCounted {
 public:
  explicit VersionCounter(uint32_t start = 0) : value_(start) {}
  uint32_t current() const { return value_.load(std::memory_order_relaxed); }
  void bump() { value_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::atomic<uint32_t> value_;
};
void intrusive_retain(const VersionCounter* p);
void intrusive_release(const VersionCounter* p);

// Whether what this thread allocates is an inference tensor's: InferenceMode sets it. Its version
// is not to be relied on, so it may not be saved for a backward.
bool allocates_for_inference();
void set_allocates_for_inference(bool value);

// The memory behind one or more tensors. It stands in front of its own data in one block, unless
// the data is somebody else's (from_blob).
class StorageImpl : public RefCounted {
 public:
  using Deleter = void (*)(void* context);

  void* data() const { return data_; }
  size_t nbytes() const { return nbytes_; }
  bool resizable() const { return resizable_; }
  bool inference() const { return inference_; }
  VersionCounter& version() { return version_; }

 private:
  friend class Storage;
  friend void intrusive_release(const StorageImpl* p);
  void* data_ = nullptr;
  size_t nbytes_ = 0;
  size_t capacity_ = 0;  // of the block this object stands in
  Deleter deleter_ = nullptr;
  void* context_ = nullptr;
  bool resizable_ = true;  // false where the data is somebody else's
  bool inference_ = allocates_for_inference();
  VersionCounter version_;
};

void intrusive_retain(const StorageImpl* p);
void intrusive_release(const StorageImpl* p);

// What Storage::data_ptr() gives: c10::DataPtr, as far as its readers use it.
class DataPtr {
 public:
  explicit DataPtr(void* data) : data_(data) {}
  void* get() const { return data_; }
  void* operator->() const { return data_; }
  explicit operator bool() const { return data_ != nullptr; }
  Device device() const { return Device(kCPU); }

 private:
  void* data_;
};

// Handle to a StorageImpl (c10::Storage).
class Storage {
 public:
  Storage() = default;
  // Uninitialised memory, aligned to 64 bytes. Throws taper::Error when there is not so much.
  static Storage allocate(size_t nbytes);
  // Borrows `data`; `deleter(context)`, if there is one, runs with the last handle.
  static Storage borrow(void* data, size_t nbytes, StorageImpl::Deleter deleter, void* context);

  // Makes it at least that long, keeping what is in it: every tensor on it sees the longer one.
  // Throws taper::Error for borrowed memory.
  void grow(size_t nbytes) const;

  void* data() const { return impl_ ? impl_->data() : nullptr; }
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }
  template <class T>
  T* unsafe_data() const {
    return data<T>();
  }
  DataPtr data_ptr() const { return DataPtr(data()); }
  bool resizable() const { return impl_ && impl_->resizable(); }
  Device device() const { return Device(kCPU); }
  DeviceType device_type() const { return kCPU; }
  bool unique() const { return use_count() == 1; }
  StorageImpl* unsafeGetStorageImpl() const { return impl_.get(); }
  size_t nbytes() const { return impl_ ? impl_->nbytes() : 0; }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  VersionCounter& version() const { return impl_->version(); }
  bool inference() const { return impl_ && impl_->inference(); }
  explicit operator bool() const { return static_cast<bool>(impl_); }
  bool is_alias_of(const Storage& other) const { return impl_ == other.impl_; }

 private:
  IntrusivePtr<StorageImpl> impl_;
};

}  // namespace taper::detail

namespace taper {
using detail::DataPtr;
using detail::Storage;
}  // namespace taper
