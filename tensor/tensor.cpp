#include "taper/tensor/tensor.h"

#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

void Tensor::throw_undefined() {
  detail::throw_error<Error>(
      "expected a defined tensor, got an undefined Tensor (\"tensor does not have a device\")");
}

int64_t Tensor::size(int64_t dim) const {
  return sizes()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

int64_t Tensor::stride(int64_t dim) const {
  return strides()[static_cast<size_t>(existing_dim(dim, this->dim()))];
}

std::string Tensor::toString() const {
  if (!defined()) return "UndefinedType";
  return std::string("CPU") + to_string(scalar_type()) + "Type";
}

void* Tensor::checked_data(ScalarType wanted) const {
  TAPER_CHECK(scalar_type() == wanted, "expected scalar type ", wanted, " but found ",
              scalar_type());
  return impl_->data();
}

Scalar Tensor::item() const { return raw::item(*this); }

bool Tensor::is_nonzero() const {
  TAPER_CHECK(numel() != 0, "Boolean value of Tensor with no values is ambiguous");
  TAPER_CHECK(numel() == 1, "Boolean value of Tensor with more than one value is ambiguous");
  return item().toBool();
}

bool Tensor::equal(const Tensor& other) const { return raw::equal(*this, other); }

Tensor Tensor::_base() const {
  TAPER_CHECK(is_view(), "Can't get base of non-view Tensor");
  return Tensor(impl_->base);
}

}  // namespace taper
