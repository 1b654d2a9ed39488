// What changes the tensor that a handle stands for, not its elements.

#include "taper/autograd/meta.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"
#include "taper/tensor/tensor.h"

namespace taper {

void Tensor::set_data(const Tensor& data) const {
  TAPER_CHECK(data.defined(),
              "Attempted to call `variable.set_data(tensor)`, but `variable` and `tensor` have "
              "incompatible tensor type: the new one is undefined");
  detail::TensorImpl& to = const_cast<detail::TensorImpl&>(checked());
  const detail::TensorImpl& from = data.checked();
  TAPER_CHECK(!requires_grad() || data.is_floating_point(),
              "data set to a tensor that requires gradients must be floating point or complex "
              "dtype, got ",
              data.scalar_type());
  to.base.reset();
  to.view_kind = detail::ViewKind::kNone;
  // The tensor's changes go on being counted as its own: what is saved of it stays comparable.
  if (!to.own_version) {
    to.own_version = detail::IntrusivePtr<detail::VersionCounter>(
        new detail::VersionCounter(to.version().current()));
  }
  to.storage = from.storage;
  to.dtype = from.dtype;
  to.set_geometry(from.sizes, from.strides, from.offset);
  // Graphs that exist keep the accumulator they have; new ones must learn the new sizes and dtype.
  if (autograd::AutogradMeta* meta = autograd::find_meta(to)) meta->accumulator = nullptr;
}

const Tensor& Tensor::resize_(IntArrayRef sizes, std::optional<MemoryFormat> format) const {
  TAPER_CHECK(!requires_grad(), "cannot resize variables that require grad");
  TAPER_CHECK(format != MemoryFormat::Preserve, "Unsupported memory format", "Preserve");
  if (sizes == this->sizes() && !format) return *this;
  raw::resize(*this, sizes, format_strides(sizes, format.value_or(MemoryFormat::Contiguous)));
  return *this;
}

const Tensor& Tensor::resize_as_(const Tensor& other, std::optional<MemoryFormat> format) const {
  if (format == MemoryFormat::Preserve) format = other.suggest_memory_format();
  return resize_(other.sizes(), format);
}

}  // namespace taper
