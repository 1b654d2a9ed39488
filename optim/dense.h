#pragma once

#include "taper/tensor/tensor.h"

namespace taper::optim::detail {

// The elements of a parameter as the kernels take them: floating-point and row-major. A strided
// parameter is worked on in a copy.
class DenseParameter {
 public:
  explicit DenseParameter(const Tensor& parameter);
  void* data() const { return dense_.data_ptr(); }
  // To be called after the change: writes a copy back, and counts the change, so that a graph that
  // saved the parameter refuses to go backward over it.
  void changed() const;

 private:
  Tensor parameter_;
  Tensor dense_;
};

// The parameter's gradient, row-major. Throws taper::Error unless its sizes and dtype are the
// parameter's.
Tensor dense_gradient(const Tensor& parameter);

// Throws taper::Error unless `tensor`, the field `field` of a loaded state, is undefined or of the
// parameter's sizes.
void check_like(const char* field, const Tensor& tensor, const Tensor& parameter);

// Makes a field of a parameter's state fit the kernels: row-major and of the parameter's dtype,
// which Module::to may have changed since. Throws taper::Error if its sizes are not the
// parameter's.
void match_parameter(const char* field, Tensor& tensor, const Tensor& parameter);

// Whether both are undefined, or equal in shape and elements.
bool same(const Tensor& a, const Tensor& b);

}  // namespace taper::optim::detail
