#pragma once

#include <string>
#include <utility>

#include "taper/tensor/accessor.h"
#include "taper/tensor/array_ref.h"
#include "taper/tensor/error.h"
#include "taper/tensor/tensor_impl.h"
#include "taper/tensor/tensor_options.h"
#include "taper/tensor/type_meta.h"
#include "taper/tensor/type_properties.h"

namespace taper {

// The handle itself and what can be read off it: sizes, dtype, memory, flags. Nothing here computes
// or knows the tape; Tensor adds that. All but defined(), reset(), use_count(), toString(),
// is_same() and requires_grad() throw on an undefined tensor.
class TensorBase {
 public:
  TensorBase() = default;
  explicit TensorBase(detail::IntrusivePtr<detail::TensorImpl> impl) : impl_(std::move(impl)) {}

  bool defined() const { return static_cast<bool>(impl_); }
  void reset() { impl_.reset(); }
  int64_t dim() const { return checked().dim(); }
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const { return checked().sizes; }
  IntArrayRef strides() const { return checked().strides; }
  int64_t size(int64_t dim) const;
  int64_t stride(int64_t dim) const;
  int64_t numel() const { return checked().numel; }
  int64_t storage_offset() const { return checked().offset; }
  const Storage& storage() const { return checked().storage; }
  bool has_storage() const { return defined(); }
  ScalarType scalar_type() const { return checked().dtype; }
  TypeMeta dtype() const { return checked().dtype; }
  Device device() const {
    checked();
    return Device(kCPU);
  }
  Layout layout() const { return kStrided; }
  TensorOptions options() const {
    return TensorOptions(scalar_type()).device(kCPU).layout(kStrided);
  }
  int64_t element_size() const { return static_cast<int64_t>(taper::element_size(scalar_type())); }
  int64_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel() * element_size()); }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const {
    return format == MemoryFormat::Contiguous ? checked().contiguous : is_in_format(format);
  }
  // ChannelsLast or ChannelsLast3d for a tensor that is so and not contiguous.
  MemoryFormat suggest_memory_format() const;
  bool is_floating_point() const { return taper::is_floating_point(scalar_type()); }
  bool is_signed() const { return scalar_type() != kUInt8 && scalar_type() != kBool; }
  bool is_complex() const { return false; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  bool is_mps() const { return false; }
  bool is_meta() const { return false; }
  bool is_quantized() const { return false; }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  int64_t get_device() const { return -1; }
  bool is_same(const TensorBase& other) const { return impl_ == other.impl_; }
  bool is_alias_of(const TensorBase& other) const { return storage().is_alias_of(other.storage()); }
  // Whether both show the same elements of the same storage in the same way.
  bool is_set_to(const TensorBase& other) const {
    return is_alias_of(other) && storage_offset() == other.storage_offset() &&
           sizes() == other.sizes() && strides() == other.strides();
  }
  bool is_same_size(const TensorBase& other) const { return sizes() == other.sizes(); }
  uint32_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  std::string toString() const;  // "CPUFloatType"
  DeprecatedTypeProperties type() const { return DeprecatedTypeProperties(scalar_type()); }
  // How often it was changed in place. Throws for an inference tensor.
  int64_t _version() const {
    TAPER_CHECK(!is_inference(), "Inference tensors do not track version counter.");
    return static_cast<int64_t>(impl_->version().current());
  }
  // Allocated in InferenceMode, or a view of what was: it may be computed with anywhere, but be
  // changed in place only there, and no backward may need it.
  bool is_inference() const { return impl_ != nullptr && impl_->storage.inference(); }
  bool is_view() const { return checked().base != nullptr; }
  // False for an undefined tensor.
  bool requires_grad() const {
    if (!impl_) return false;
    const detail::TensorImpl& t = *impl_;
    return t.requires_grad || (t.base != nullptr && t.base->requires_grad);
  }

  // --- Its elements ---
  // Throws taper::Error unless T is the dtype ("expected scalar type Float but found Double").
  template <class T>
  T* data_ptr() const {
    return static_cast<T*>(checked_data(CppTypeToScalarType<T>::value));
  }
  void* data_ptr() const { return checked().data(); }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    static_assert(N > 0, "a 0-dim tensor is read by item() or data_ptr()");
    T* data = data_ptr<T>();
    TAPER_CHECK(dim() == static_cast<int64_t>(N), "TensorAccessor expected ", N,
                " dims but tensor has ", dim());
    return TensorAccessor<T, N>(data, sizes().data(), strides().data());
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;  // would outlive its tensor

  detail::TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const detail::IntrusivePtr<detail::TensorImpl>& impl() const { return impl_; }

 protected:
  const detail::TensorImpl& checked() const {
    if (__builtin_expect(!impl_, 0)) throw_undefined();
    return *impl_;
  }
  [[noreturn]] static void throw_undefined();
  bool is_in_format(MemoryFormat format) const;
  void* checked_data(ScalarType wanted) const;

  detail::IntrusivePtr<detail::TensorImpl> impl_;
};

// The methods of these names, as functions.
inline bool is_floating_point(const TensorBase& x) { return x.is_floating_point(); }
inline bool is_signed(const TensorBase& x) { return x.is_signed(); }
inline bool is_complex(const TensorBase& x) { return x.is_complex(); }
inline bool is_inference(const TensorBase& x) { return x.is_inference(); }
inline bool is_same_size(const TensorBase& a, const TensorBase& b) { return a.is_same_size(b); }
inline int64_t numel(const TensorBase& x) { return x.numel(); }
inline int64_t size(const TensorBase& x, int64_t dim) { return x.size(dim); }
inline int64_t stride(const TensorBase& x, int64_t dim) { return x.stride(dim); }

}  // namespace taper
