#include "taper/tensor/storage.h"

#include <cstring>
#include <new>

#include "taper/tensor/allocator.h"
#include "taper/tensor/error.h"

namespace taper::detail {

// The data begins after the header, on the next multiple of the alignment.
constexpr size_t kHeader = (sizeof(StorageImpl) + kAlignment - 1) / kAlignment * kAlignment;

namespace {
thread_local bool for_inference = false;
}  // namespace

bool allocates_for_inference() { return for_inference; }
void set_allocates_for_inference(bool value) { for_inference = value; }

void intrusive_retain(const VersionCounter* p) { p->retain(); }

void intrusive_release(const VersionCounter* p) {
  if (p->release_without_weak()) delete p;
}

void intrusive_retain(const StorageImpl* p) { p->retain(); }

void intrusive_release(const StorageImpl* p) {
  if (!p->release_without_weak()) return;
  auto* self = const_cast<StorageImpl*>(p);
  if (self->deleter_ != nullptr) self->deleter_(self->context_);
  size_t capacity = self->capacity_;
  self->~StorageImpl();
  free_block(self, capacity);
}

Storage Storage::allocate(size_t nbytes) {
  Block block = allocate_block(kHeader + nbytes);
  auto* impl = new (block.data) StorageImpl;
  impl->data_ = static_cast<char*>(block.data) + kHeader;
  impl->nbytes_ = nbytes;
  impl->capacity_ = block.capacity;
  Storage storage;
  storage.impl_ = IntrusivePtr<StorageImpl>(impl);
  return storage;
}

Storage Storage::borrow(void* data, size_t nbytes, StorageImpl::Deleter deleter, void* context) {
  Storage storage = allocate(0);
  storage.impl_->data_ = data;
  storage.impl_->nbytes_ = nbytes;
  storage.impl_->deleter_ = deleter;
  storage.impl_->context_ = context;
  storage.impl_->resizable_ = false;
  return storage;
}

void Storage::grow(size_t nbytes) const {
  if (nbytes <= this->nbytes()) return;
  TAPER_CHECK(resizable(), "Trying to resize storage that is not resizable");
  StorageImpl& self = *impl_;
  // The object stays where it is, for tensors and views point to it; it lends itself the memory of
  // a longer one.
  Storage longer = allocate(nbytes);
  if (self.nbytes_ != 0) std::memcpy(longer.data(), self.data_, self.nbytes_);
  const StorageImpl::Deleter deleter = self.deleter_;
  void* context = self.context_;
  self.data_ = longer.data();
  self.nbytes_ = nbytes;
  self.deleter_ = [](void* p) { intrusive_release(static_cast<const StorageImpl*>(p)); };
  self.context_ = longer.impl_.detach();
  if (deleter != nullptr) deleter(context);
}

}  // namespace taper::detail
