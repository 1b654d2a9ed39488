#include "taper/autograd/meta.h"

#include "taper/autograd/accumulate_grad.h"
#include "taper/autograd/views.h"

namespace taper::autograd {

using taper::detail::TensorImpl;

AutogradMeta* find_meta(const TensorImpl& tensor) {
  return static_cast<AutogradMeta*>(tensor.autograd.load(std::memory_order_acquire));
}

AutogradMeta& make_meta(TensorImpl& tensor) {
  if (AutogradMeta* meta = find_meta(tensor)) return *meta;
  auto* made = new AutogradMeta;
  taper::detail::AutogradSlot* expected = nullptr;
  if (tensor.autograd.compare_exchange_strong(expected, made, std::memory_order_acq_rel))
    return *made;
  delete made;
  return *static_cast<AutogradMeta*>(expected);
}

Edge gradient_edge(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.requires_grad()) return {};
  const TensorImpl& t = *tensor.unsafeGetTensorImpl();
  if (NodePtr fn = grad_fn_of(tensor)) return {std::move(fn), find_meta(t)->output_nr};
  // A view that was made off the tape of what requires a gradient leads nowhere.
  if (!t.requires_grad) return {};
  return {accumulator_of(tensor), 0};
}

}  // namespace taper::autograd
