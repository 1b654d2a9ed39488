// Operations that change the sizes of a tensor itself.

#include <utility>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::Save;

namespace {

// Gives self the geometry of `view`, a raw view of it. No element changes, but whoever kept self
// for a backward kept its shape too: the version counts.
template <class Backwards>
Tensor& take_geometry(const char* name, const Tensor& self, const Tensor& view,
                      Backwards&& backward) {
  const auto change = [&] {
    self.unsafeGetTensorImpl()->set_geometry(view.sizes(), view.strides(), view.storage_offset());
  };
  if (self.is_view()) {
    // The base keeps its history; the view finds its own there again, by its new geometry.
    autograd::internal::check_inplace_history(self, {self});
    change();
    self.unsafeGetTensorImpl()->version().bump();
    return const_cast<Tensor&>(self);
  }
  return autograd::record_inplace(name, self, {self}, change,
                                  [&](Save&) { return std::forward<Backwards>(backward); });
}

auto reshape_to(const Tensor& x) {
  return
      [sizes = DimVector(x.sizes())](Backward& ctx) { ctx.grad(0, ctx.out_grad().reshape(sizes)); };
}

}  // namespace

Tensor& Tensor::squeeze_() const {
  return take_geometry("SqueezeBackward2", *this, raw::squeeze(*this, std::nullopt),
                       reshape_to(*this));
}
Tensor& Tensor::squeeze_(int64_t dim) const {
  return take_geometry("SqueezeBackward3", *this, raw::squeeze(*this, dim), reshape_to(*this));
}
Tensor& Tensor::unsqueeze_(int64_t dim) const {
  return take_geometry("UnsqueezeBackward1", *this, raw::unsqueeze(*this, dim), reshape_to(*this));
}
Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const {
  return take_geometry("TransposeBackward1", *this, raw::transpose(*this, dim0, dim1),
                       [=](Backward& ctx) { ctx.grad(0, ctx.out_grad().transpose(dim0, dim1)); });
}
Tensor& Tensor::t_() const {
  TAPER_CHECK(dim() <= 2, "t_() expects a tensor with <= 2 dimensions, but self is ", dim(), "D");
  return take_geometry("TBackward1", *this, dim() == 2 ? raw::transpose(*this, 0, 1) : *this,
                       [](Backward& ctx) { ctx.grad(0, ctx.out_grad().t()); });
}

}  // namespace taper
