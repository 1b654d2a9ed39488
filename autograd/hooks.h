#pragma once

#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/tensor/tensor.h"

namespace taper::autograd {

// Sees a gradient and may give another in its place; an undefined one means: keep it.
using TensorHook = std::function<Tensor(const Tensor&)>;

// The hooks of one tensor, in the order of their registration. A removed one leaves its place, so
// that the others keep theirs.
class HookList : public detail::RefCounted {
 public:
  unsigned add(TensorHook hook) {
    hooks_.push_back(std::move(hook));
    return static_cast<unsigned>(hooks_.size() - 1);
  }
  void remove(unsigned position);
  // The gradient after all hooks.
  Tensor run(Tensor grad) const;

 private:
  std::vector<TensorHook> hooks_;
};
void intrusive_retain(const HookList* p);
void intrusive_release(const HookList* p);

unsigned add_hook(const Tensor& tensor, TensorHook hook);

}  // namespace taper::autograd

namespace taper {

template <class Hook>
unsigned Tensor::register_hook(Hook&& hook) const {
  if constexpr (std::is_void_v<std::invoke_result_t<Hook&, const Tensor&>>) {
    return autograd::add_hook(*this, [hook = std::forward<Hook>(hook)](const Tensor& grad) mutable {
      hook(grad);
      return Tensor();
    });
  } else {
    return autograd::add_hook(*this, std::forward<Hook>(hook));
  }
}

}  // namespace taper
