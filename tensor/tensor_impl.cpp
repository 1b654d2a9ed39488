#include "taper/tensor/tensor_impl.h"

#include "taper/tensor/allocator.h"
#include "taper/tensor/shape.h"

namespace taper::detail {

AutogradSlot::~AutogradSlot() = default;

TensorImpl::TensorImpl(Storage storage_, ScalarType dtype_, DimVector sizes_, DimVector strides_,
                       int64_t offset_)
    : storage(std::move(storage_)), dtype(dtype_) {
  set_geometry(std::move(sizes_), std::move(strides_), offset_);
}

TensorImpl::~TensorImpl() { delete autograd.load(std::memory_order_acquire); }

void* TensorImpl::operator new(size_t bytes) { return pool_allocate(bytes); }

void TensorImpl::operator delete(void* p, size_t bytes) noexcept { pool_free(p, bytes); }

void TensorImpl::set_geometry(DimVector new_sizes, DimVector new_strides, int64_t new_offset) {
  sizes = std::move(new_sizes);
  strides = std::move(new_strides);
  offset = new_offset;
  numel = 1;
  for (int64_t size : sizes) numel *= size;
  contiguous = is_contiguous(sizes, strides);
}

void intrusive_retain(const TensorImpl* p) { p->retain(); }

void intrusive_release(const TensorImpl* p) {
  if (p->release_without_weak()) delete p;
}

}  // namespace taper::detail
