#pragma once

#include <atomic>

#include "taper/tensor/dim_vector.h"
#include "taper/tensor/intrusive_ptr.h"
#include "taper/tensor/kernels/scalar_type.h"
#include "taper/tensor/storage.h"

namespace taper::detail {

// What the tape keeps beside a tensor. Nothing is known of it here, so that tensors need no
// autograd.
struct AutogradSlot {
  virtual ~AutogradSlot();
};

// How a view came to be, which decides whether it may be changed in place under the tape.
enum class ViewKind : uint8_t {
  kNone,
  kDefault,
  kNoGrad,            // made where nothing is recorded
  kInference,         // the same, in InferenceMode
  kMultiOutput,       // one of several outputs of one operation
  kInCustomFunction,  // made by a user's autograd::Function
};

// What a Tensor points to. Everything is public to the library: Tensor is the face for users.
class TensorImpl : public RefCounted {
 public:
  TensorImpl(Storage storage_, ScalarType dtype_, DimVector sizes_, DimVector strides_,
             int64_t offset_);
  ~TensorImpl();
  static void* operator new(size_t bytes);
  static void operator delete(void* p, size_t bytes) noexcept;

  // Replaces sizes, strides and offset, and what is derived from them.
  void set_geometry(DimVector new_sizes, DimVector new_strides, int64_t new_offset);

  int64_t dim() const { return static_cast<int64_t>(sizes.size()); }
  void* data() const {
    return static_cast<char*>(storage.data()) + offset * static_cast<int64_t>(element_size(dtype));
  }
  VersionCounter& version() const { return own_version ? *own_version : storage.version(); }

  DimVector sizes;
  DimVector strides;  // in elements
  Storage storage;
  int64_t offset = 0;  // in elements
  int64_t numel = 0;
  ScalarType dtype;
  bool contiguous = true;
  bool requires_grad = false;   // a leaf that wants a gradient, or a result on the tape
  bool wrapped_number = false;  // a C++ number in a tensor's clothes: weak in type promotion
  ViewKind view_kind = ViewKind::kNone;
  // For a view: the version at which its place on the tape was true. An in-place change through the
  // base or another view makes it old.
  uint32_t view_version = 0;
  IntrusivePtr<TensorImpl> base;  // the tensor this is a view of; null where view_kind is kNone
  IntrusivePtr<VersionCounter>
      own_version;  // null: the storage's; set for .data(), whose changes are not counted
  // Null for a plain tensor. Atomic because threads that share a parameter may both be the first to
  // put it on a tape.
  std::atomic<AutogradSlot*> autograd{nullptr};
};

void intrusive_retain(const TensorImpl* p);
void intrusive_release(const TensorImpl* p);

}  // namespace taper::detail
