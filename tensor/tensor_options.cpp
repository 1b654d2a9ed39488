#include "taper/tensor/tensor_options.h"

#include <atomic>

#include "taper/tensor/error.h"

namespace taper {
namespace {
std::atomic<ScalarType> default_dtype{kFloat32};
}

TypeMeta get_default_dtype() { return default_dtype.load(std::memory_order_relaxed); }

void set_default_dtype(TypeMeta dtype) {
  TAPER_CHECK(is_floating_point(dtype),
              "only floating-point types are supported as the default type, got ",
              dtype.toScalarType());
  default_dtype.store(dtype, std::memory_order_relaxed);
}

const char* to_string(Layout layout) {
  switch (layout) {
    case Layout::Strided:
      return "Strided";
    case Layout::Sparse:
      return "Sparse";
    case Layout::SparseCsr:
      return "SparseCsr";
    case Layout::Mkldnn:
      return "Mkldnn";
    case Layout::SparseCsc:
      return "SparseCsc";
    case Layout::SparseBsr:
      return "SparseBsr";
    case Layout::SparseBsc:
      return "SparseBsc";
  }
  return "Unknown layout";
}

TensorOptions TensorOptions::merge_in(const TensorOptions& other) const {
  TensorOptions r = *this;
  if (other.dtype_) r.dtype_ = other.dtype_;
  if (other.device_) r.device_ = other.device_;
  if (other.layout_) r.layout_ = other.layout_;
  if (other.requires_grad_) r.requires_grad_ = other.requires_grad_;
  if (other.pinned_memory_) r.pinned_memory_ = other.pinned_memory_;
  if (other.memory_format_) r.memory_format_ = other.memory_format_;
  return r;
}

}  // namespace taper
