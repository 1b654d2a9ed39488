#include "taper/autograd/hooks.h"

#include <algorithm>

#include "taper/autograd/meta.h"
#include "taper/autograd/views.h"

namespace taper::autograd {

void intrusive_retain(const HookList* p) { p->retain(); }

void intrusive_release(const HookList* p) {
  if (p->release()) delete p;
}

void HookList::remove(unsigned position) {
  TAPER_CHECK(position < hooks_.size(), "Invalid index, no hook at position ", position);
  hooks_[position] = nullptr;
}

Tensor HookList::run(Tensor grad) const {
  // By index: a hook may add or remove hooks.
  for (size_t i = 0; i < hooks_.size(); ++i) {
    if (!hooks_[i]) continue;
    TensorHook hook = hooks_[i];
    Tensor replaced = hook(grad);
    if (!replaced.defined()) continue;
    TAPER_CHECK(replaced.sizes() == grad.sizes(), "hook '", i,
                "' has changed the size of value: expected ", grad.sizes(), ", got ",
                replaced.sizes());
    TAPER_CHECK(replaced.scalar_type() == grad.scalar_type(), "hook '", i,
                "' has changed the type of value (was ", grad.toString(), " got ",
                replaced.toString(), ")");
    grad = replaced;
  }
  return grad;
}

unsigned add_hook(const Tensor& tensor, TensorHook hook) {
  TAPER_CHECK(tensor.requires_grad(),
              "cannot register a hook on a variable that doesn't require gradient");
  NodePtr fn = grad_fn_of(tensor);
  AutogradMeta& meta = make_meta(*tensor.unsafeGetTensorImpl());
  if (!meta.hooks) {
    meta.hooks = detail::IntrusivePtr<HookList>(new HookList);
    // The hooks of a leaf are found through the leaf.
    if (fn) fn->make_extras().hooks.push_back({meta.output_nr, meta.hooks});
  }
  return meta.hooks->add(std::move(hook));
}

void stop_retaining(AutogradMeta& meta, const detail::TensorImpl& tensor) {
  auto& retained = meta.grad_fn->extras()->retained;
  retained.erase(std::remove_if(retained.begin(), retained.end(),
                                [&](const auto& r) { return r.tensor == &tensor; }),
                 retained.end());
  meta.retains_grad = false;
}

AutogradMeta::~AutogradMeta() {
  if (!retains_grad || !grad_fn) return;
  auto& retained = grad_fn->extras()->retained;
  retained.erase(std::remove_if(retained.begin(), retained.end(),
                                [&](const auto& r) { return r.meta == this; }),
                 retained.end());
}

}  // namespace taper::autograd
