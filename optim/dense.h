#pragma once

#include "taper/tensor/tensor.h"

namespace taper::optim::detail {

// The elements of a parameter and of its gradient as the kernels take them: floating-point and
// row-major. A strided parameter is worked on in a copy. Throws taper::Error unless the gradient's
// sizes and dtype are the parameter's.
class DenseParameter {
 public:
  explicit DenseParameter(const Tensor& parameter);
  void* data() const { return dense_.data_ptr(); }
  const void* grad() const { return grad_.data_ptr(); }
  // To be called after the change: writes a copy back, and counts the change, so that a graph that
  // saved the parameter refuses to go backward over it.
  void changed() const;

 private:
  Tensor parameter_;
  Tensor dense_;
  Tensor grad_;
};

// Throws taper::Error unless `tensor`, the field `field` of a loaded state, is undefined or of the
// parameter's sizes.
void check_like(const char* field, const Tensor& tensor, const Tensor& parameter);

// The elements of a field of a parameter's state, filled with `initial` if there was none. Makes it
// fit the kernels: row-major and of the parameter's dtype, which Module::to may have changed since.
// Throws taper::Error if its sizes are not the parameter's.
void* state_elements(const char* field, Tensor& tensor, const Tensor& parameter,
                     double initial = 0);

// Whether both are undefined, or equal in shape and elements.
bool same(const Tensor& a, const Tensor& b);

}  // namespace taper::optim::detail
