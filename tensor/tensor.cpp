#include "taper/tensor/tensor.h"

#include "taper/tensor/raw/core.h"

namespace taper {

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

Tensor Tensor::_base() const {
  TAPER_CHECK(is_view(), "Can't get base of non-view Tensor");
  return Tensor(impl_->base);
}

}  // namespace taper
