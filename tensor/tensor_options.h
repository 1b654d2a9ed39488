#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "taper/tensor/device.h"
#include "taper/tensor/kernels/scalar_type.h"
#include "taper/tensor/type_meta.h"

namespace taper {

// taper's tensors are strided; the other names exist so that a program can ask and be told.
enum class Layout : int8_t { Strided, Sparse, SparseCsr, Mkldnn, SparseCsc, SparseBsr, SparseBsc };
constexpr Layout kStrided = Layout::Strided;
constexpr Layout kSparse = Layout::Sparse;
constexpr Layout kSparseCsr = Layout::SparseCsr;
constexpr Layout kMkldnn = Layout::Mkldnn;
constexpr Layout kSparseCsc = Layout::SparseCsc;
constexpr Layout kSparseBsr = Layout::SparseBsr;
constexpr Layout kSparseBsc = Layout::SparseBsc;

// The order of the dimensions in memory: the last one innermost, as in another tensor, or (of a
// 4-D or 5-D tensor) the second one innermost.
enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

// The dtype of factories and of Python-like numbers when none is given: float32 unless set
// otherwise.
TypeMeta get_default_dtype();
inline ScalarType get_default_dtype_as_scalartype() { return get_default_dtype(); }
// Throws taper::Error for a dtype that is not floating point.
void set_default_dtype(TypeMeta dtype);

// What a factory makes: dtype, device, requires_grad and so on (c10::TensorOptions). What is not
// said is the default, or for the _like factories that of the tensor.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType dtype) : dtype_(dtype) {}
  TensorOptions(TypeMeta dtype) : dtype_(dtype) {}
  TensorOptions(Layout layout) : layout_(layout) {}
  TensorOptions(MemoryFormat format) : memory_format_(format) {}
  // What makes a Device: a Device, kCPU, "cuda:1", (kCUDA, 1).
  template <class T, class = std::enable_if_t<std::is_constructible_v<Device, T&&>>>
  TensorOptions(T&& device) : device_(Device(std::forward<T>(device))) {}
  TensorOptions(DeviceType type, int index)
      : device_(Device(type, static_cast<DeviceIndex>(index))) {}

  [[nodiscard]] TensorOptions dtype(ScalarType dtype) const {
    TensorOptions r = *this;
    r.dtype_ = dtype;
    return r;
  }
  [[nodiscard]] TensorOptions dtype(TypeMeta dtype) const {
    TensorOptions r = *this;
    r.dtype_ = dtype;
    return r;
  }
  [[nodiscard]] TensorOptions dtype(std::optional<ScalarType> dtype) const {
    TensorOptions r = *this;
    r.dtype_ = dtype;
    return r;
  }
  template <class T>
  TensorOptions& dtype() {
    dtype_ = TypeMeta::Make<T>();
    return *this;
  }
  [[nodiscard]] TensorOptions device(std::optional<Device> device) const {
    TensorOptions r = *this;
    r.device_ = device;
    return r;
  }
  template <class T, class = std::enable_if_t<std::is_constructible_v<Device, T&&>>>
  [[nodiscard]] TensorOptions device(T&& device) const {
    return this->device(std::optional<Device>(Device(std::forward<T>(device))));
  }
  [[nodiscard]] TensorOptions device(DeviceType type, int index) const {
    return device(Device(type, static_cast<DeviceIndex>(index)));
  }
  [[nodiscard]] TensorOptions device_index(DeviceIndex index) const {
    return device(DeviceType::CUDA, index);
  }
  [[nodiscard]] TensorOptions layout(std::optional<Layout> layout) const {
    TensorOptions r = *this;
    r.layout_ = layout;
    return r;
  }
  [[nodiscard]] TensorOptions requires_grad(std::optional<bool> value) const {
    TensorOptions r = *this;
    r.requires_grad_ = value;
    return r;
  }
  [[nodiscard]] TensorOptions pinned_memory(std::optional<bool> value) const {
    TensorOptions r = *this;
    r.pinned_memory_ = value;
    return r;
  }
  [[nodiscard]] TensorOptions memory_format(std::optional<MemoryFormat> format) const {
    TensorOptions r = *this;
    r.memory_format_ = format;
    return r;
  }

  TypeMeta dtype() const { return dtype_ ? *dtype_ : get_default_dtype(); }
  Device device() const { return device_ ? *device_ : Device(kCPU); }
  int32_t device_index() const { return device().index(); }
  Layout layout() const { return layout_.value_or(kStrided); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool pinned_memory() const { return pinned_memory_.value_or(false); }
  bool is_sparse() const { return layout_ == kSparse; }
  bool has_dtype() const { return dtype_.has_value(); }
  bool has_device() const { return device_.has_value(); }
  bool has_layout() const { return layout_.has_value(); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  bool has_pinned_memory() const { return pinned_memory_.has_value(); }
  bool has_memory_format() const { return memory_format_.has_value(); }
  std::optional<TypeMeta> dtype_opt() const { return dtype_; }
  std::optional<Device> device_opt() const { return device_; }
  std::optional<Layout> layout_opt() const { return layout_; }
  std::optional<bool> requires_grad_opt() const { return requires_grad_; }
  std::optional<bool> pinned_memory_opt() const { return pinned_memory_; }
  std::optional<MemoryFormat> memory_format_opt() const { return memory_format_; }

  // These, with what `other` says put over it.
  [[nodiscard]] TensorOptions merge_in(const TensorOptions& other) const;
  [[nodiscard]] TensorOptions merge_memory_format(std::optional<MemoryFormat> format) const {
    return format ? memory_format(format) : *this;
  }
  bool type_equal(const TensorOptions& other) const {
    return dtype() == other.dtype() && layout() == other.layout() &&
           device().type() == other.device().type();
  }

 private:
  std::optional<TypeMeta> dtype_;
  std::optional<Device> device_;
  std::optional<Layout> layout_;
  std::optional<bool> requires_grad_;
  std::optional<bool> pinned_memory_;
  std::optional<MemoryFormat> memory_format_;
};

inline TensorOptions dtype(ScalarType dtype) { return TensorOptions(dtype); }
inline TensorOptions dtype(TypeMeta dtype) { return TensorOptions(dtype); }
template <class T>
TensorOptions dtype() {
  return TensorOptions(TypeMeta::Make<T>());
}
inline TensorOptions device(Device device) { return TensorOptions(device); }
inline TensorOptions device_index(DeviceIndex index) { return TensorOptions().device_index(index); }
inline TensorOptions layout(Layout value) { return TensorOptions(value); }
inline TensorOptions memory_format(MemoryFormat format) { return TensorOptions(format); }
inline TensorOptions requires_grad(bool value = true) {
  return TensorOptions().requires_grad(value);
}

const char* to_string(Layout layout);
std::ostream& operator<<(std::ostream& out, Layout layout);        // Strided
std::ostream& operator<<(std::ostream& out, MemoryFormat format);  // Contiguous
std::ostream& operator<<(std::ostream& out, const TensorOptions& options);
std::string toString(const TensorOptions& options);

}  // namespace taper
