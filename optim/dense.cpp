#include "taper/optim/dense.h"

#include "taper/tensor/error.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim::detail {

DenseParameter::DenseParameter(const Tensor& parameter)
    : parameter_(parameter), dense_(raw::contiguous(parameter)) {
  const Tensor& grad = parameter.grad();
  TAPER_CHECK(grad.sizes() == parameter.sizes() && grad.scalar_type() == parameter.scalar_type(),
              "a parameter is ", parameter.scalar_type(), parameter.sizes(), ", but its gradient ",
              grad.scalar_type(), grad.sizes());
  TAPER_CHECK(parameter.is_floating_point(), "can't optimize a Tensor of dtype ",
              parameter.scalar_type());
  grad_ = raw::contiguous(grad);
}

void DenseParameter::changed() const {
  if (!dense_.is_same(parameter_)) raw::copy(parameter_, dense_);
  parameter_.unsafeGetTensorImpl()->version().bump();
}

void check_like(const char* field, const Tensor& tensor, const Tensor& parameter) {
  TAPER_CHECK(!tensor.defined() || tensor.sizes() == parameter.sizes(), "the state's ", field,
              " is ", tensor.sizes(), ", but the parameter ", parameter.sizes());
}

void* state_elements(const char* field, Tensor& tensor, const Tensor& parameter, double initial) {
  if (!tensor.defined()) tensor = raw::full(parameter.sizes(), initial, parameter.scalar_type());
  check_like(field, tensor, parameter);
  tensor = raw::contiguous(raw::to(tensor, parameter.scalar_type()));
  return tensor.data_ptr();
}

bool same(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  return raw::equal(a, b);
}

}  // namespace taper::optim::detail
