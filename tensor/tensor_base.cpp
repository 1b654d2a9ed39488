#include "taper/tensor/tensor_base.h"

#include "taper/tensor/shape.h"

namespace taper {

void TensorBase::throw_undefined() {
  detail::throw_error<Error>(
      "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument #0 "
      "'self' "
      "(or another argument: tensor does not have a device)");
}

int64_t TensorBase::size(int64_t dim) const {
  return sizes()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

int64_t TensorBase::stride(int64_t dim) const {
  return strides()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

std::string TensorBase::toString() const { return defined() ? type().toString() : "UndefinedType"; }

std::string DeprecatedTypeProperties::toString() const {
  return std::string("CPU") + to_string(type_) + "Type";
}

void* TensorBase::checked_data(ScalarType wanted) const {
  TAPER_CHECK(scalar_type() == wanted, "expected scalar type ", wanted, " but found ",
              scalar_type());
  return impl_->data();
}

bool TensorBase::is_in_format(MemoryFormat format) const {
  const IntArrayRef sizes = this->sizes();
  if (format == MemoryFormat::Preserve) return true;
  if (sizes.size() != (format == MemoryFormat::ChannelsLast ? 4U : 5U)) return false;
  // A dimension of size 1 has any stride.
  const DimVector wanted = format_strides(sizes, format);
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] != 1 && strides()[d] != wanted[d]) return numel() == 0;
  }
  return true;
}

MemoryFormat TensorBase::suggest_memory_format() const {
  for (MemoryFormat format : {MemoryFormat::ChannelsLast, MemoryFormat::ChannelsLast3d}) {
    if (!is_contiguous() && is_in_format(format)) return format;
  }
  return MemoryFormat::Contiguous;
}

}  // namespace taper
