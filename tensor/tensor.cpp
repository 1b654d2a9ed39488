#include "taper/tensor/tensor.h"

#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

void Tensor::throw_undefined() {
  detail::throw_error<Error>(
      "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument #0 "
      "'self' "
      "(or another argument: tensor does not have a device)");
}

int64_t Tensor::size(int64_t dim) const {
  return sizes()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

int64_t Tensor::stride(int64_t dim) const {
  return strides()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

std::string Tensor::toString() const { return defined() ? type().toString() : "UndefinedType"; }

std::string DeprecatedTypeProperties::toString() const {
  return std::string("CPU") + to_string(type_) + "Type";
}

void* Tensor::checked_data(ScalarType wanted) const {
  TAPER_CHECK(scalar_type() == wanted, "expected scalar type ", wanted, " but found ",
              scalar_type());
  return impl_->data();
}

Scalar Tensor::item() const {
  TAPER_CHECK(defined(), "a Tensor with 0 elements cannot be converted to Scalar: it is undefined");
  return raw::item(*this);
}

bool Tensor::is_nonzero() const {
  TAPER_CHECK(numel() != 0, "Boolean value of Tensor with no values is ambiguous");
  TAPER_CHECK(numel() == 1, "Boolean value of Tensor with more than one value is ambiguous");
  return item().toBool();
}

bool Tensor::equal(const Tensor& other) const { return raw::equal(*this, other); }

bool Tensor::is_in_format(MemoryFormat format) const {
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

MemoryFormat Tensor::suggest_memory_format() const {
  for (MemoryFormat format : {MemoryFormat::ChannelsLast, MemoryFormat::ChannelsLast3d}) {
    if (!is_contiguous() && is_in_format(format)) return format;
  }
  return MemoryFormat::Contiguous;
}

Tensor Tensor::_base() const {
  TAPER_CHECK(is_view(), "Can't get base of non-view Tensor");
  return Tensor(impl_->base);
}

}  // namespace taper
