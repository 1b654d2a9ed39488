#include "taper/autograd/meta.h"
#include "taper/tensor/tensor.h"
#include "taper/tensor/tensor_impl.h"

namespace taper {

void Tensor::set_data(const Tensor& data) const {
  detail::TensorImpl& to = const_cast<detail::TensorImpl&>(checked());
  const detail::TensorImpl& from = data.checked();
  TAPER_CHECK(is_leaf(), "set_data: expected a leaf tensor, got a result of ", grad_fn()->name());
  TAPER_CHECK(!requires_grad() || data.is_floating_point(),
              "set_data: a tensor that requires a gradient needs a floating point dtype, got ",
              data.scalar_type());
  to.base.reset();
  to.view_kind = detail::ViewKind::kNone;
  to.own_version.reset();
  to.storage = from.storage;
  to.dtype = from.dtype;
  to.set_geometry(from.sizes, from.strides, from.offset);
  // Graphs that exist keep the accumulator they have; new ones must learn the new sizes and dtype.
  if (autograd::AutogradMeta* meta = autograd::find_meta(to)) meta->accumulator = nullptr;
}

}  // namespace taper
