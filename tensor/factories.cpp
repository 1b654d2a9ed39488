#include "taper/tensor/factories.h"

#include <cstring>

#include "taper/tensor/factory_options.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {
namespace detail {

void check_options(const TensorOptions& options, const char* aten_operator) {
  check_cpu(options.device(), aten_operator);
  TAPER_CHECK(options.layout() == kStrided,
              "expected the layout Strided, which is taper's only one, got ",
              to_string(options.layout()));
  TAPER_CHECK(!options.pinned_memory(),
              "Pinned memory requires CUDA. taper computes on the CPU, where it has no use");
}

std::optional<MemoryFormat> choose_format(const TensorOptions& options,
                                          std::optional<MemoryFormat> format) {
  TAPER_CHECK(!format || !options.has_memory_format(),
              "Cannot set memory_format both in TensorOptions and explicit argument; please delete "
              "the redundant setter.");
  return format ? format : options.memory_format_opt();
}

Tensor finish(Tensor made, const TensorOptions& options) {
  if (options.requires_grad()) {
    TAPER_CHECK(made.is_floating_point(),
                "Only Tensors of floating point and complex dtype can require gradients, got ",
                made.scalar_type());
    made.unsafeGetTensorImpl()->requires_grad = true;
  }
  return made;
}

Tensor fresh_like(const Tensor& like, const TensorOptions& options,
                  std::optional<MemoryFormat> format) {
  check_options(options, "aten::empty_strided");
  const ScalarType dtype = options.has_dtype() ? options.dtype() : like.dtype();
  format = choose_format(options, format);
  return finish(raw::empty_like(like, dtype, format.value_or(MemoryFormat::Preserve)), options);
}

}  // namespace detail

using detail::check_options;
using detail::finish;
using detail::fresh_like;

namespace {

// libtorch's methods do not hand requires_grad on.
TensorOptions new_options(const Tensor& self, const TensorOptions& options) {
  return TensorOptions(self.dtype()).merge_in(options).requires_grad(std::nullopt);
}

Tensor filled(Tensor made, const Scalar& value) {
  raw::fill(made, value);
  return made;
}

// Of dense tensors.
Tensor zeroed(Tensor made) {
  if (made.numel() != 0) std::memset(made.data_ptr(), 0, made.nbytes());
  return made;
}

}  // namespace

Tensor empty(IntArrayRef sizes, const TensorOptions& options, std::optional<MemoryFormat> format) {
  check_options(options);
  format = detail::choose_format(options, format);
  if (format.value_or(MemoryFormat::Contiguous) == MemoryFormat::Contiguous) {
    return finish(raw::empty(sizes, options.dtype()), options);
  }
  return finish(raw::empty_strided(sizes, format_strides(sizes, *format), options.dtype()),
                options);
}
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options) {
  check_options(options, "aten::empty_strided");
  return finish(raw::empty_strided(sizes, strides, options.dtype()), options);
}
Tensor full(IntArrayRef sizes, const Scalar& value, const TensorOptions& options) {
  const ScalarType natural =
      value.isFloatingPoint() ? get_default_dtype_as_scalartype() : value.type();
  return filled(empty(sizes, options.has_dtype() ? options : options.dtype(natural)), value);
}
Tensor zeros(IntArrayRef sizes, const TensorOptions& options) {
  check_options(options);
  if (options.has_memory_format()) return filled(empty(sizes, options), 0);
  return finish(raw::zeros(sizes, options.dtype()), options);
}
Tensor ones(IntArrayRef sizes, const TensorOptions& options) {
  return filled(empty(sizes, options), 1);
}
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options) {
  return filled(empty({}, options), value);
}
Tensor scalar_to_tensor(const Scalar& value, Device device) {
  return scalar_tensor(value, TensorOptions(value.type()).device(device));
}

Tensor empty_like(const Tensor& like, const TensorOptions& options,
                  std::optional<MemoryFormat> format) {
  return fresh_like(like, options, format);
}
Tensor zeros_like(const Tensor& like, const TensorOptions& options,
                  std::optional<MemoryFormat> format) {
  return zeroed(fresh_like(like, options, format));
}
Tensor ones_like(const Tensor& like, const TensorOptions& options,
                 std::optional<MemoryFormat> format) {
  return filled(fresh_like(like, options, format), 1);
}
Tensor full_like(const Tensor& like, const Scalar& value, const TensorOptions& options,
                 std::optional<MemoryFormat> format) {
  return filled(fresh_like(like, options, format), value);
}

Tensor Tensor::new_empty(IntArrayRef sizes, const TensorOptions& options) const {
  return empty(sizes, new_options(*this, options));
}
Tensor Tensor::new_empty_strided(IntArrayRef sizes, IntArrayRef strides,
                                 const TensorOptions& options) const {
  return empty_strided(sizes, strides, new_options(*this, options));
}
Tensor Tensor::new_zeros(IntArrayRef sizes, const TensorOptions& options) const {
  return zeros(sizes, new_options(*this, options));
}
Tensor Tensor::new_ones(IntArrayRef sizes, const TensorOptions& options) const {
  return ones(sizes, new_options(*this, options));
}
Tensor Tensor::new_full(IntArrayRef sizes, const Scalar& value,
                        const TensorOptions& options) const {
  return full(sizes, value, new_options(*this, options));
}

}  // namespace taper
