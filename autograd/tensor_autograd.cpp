// The members of Tensor that speak of the tape.

#include "taper/autograd/autograd.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/views.h"
#include "taper/tensor/raw/core.h"

namespace taper {

using autograd::AutogradMeta;
using autograd::find_meta;
using autograd::make_meta;
using autograd::NodePtr;

namespace {

void check_tape_of(const Tensor& tensor) {
  TAPER_CHECK(tensor.defined(), "cannot call get_autograd_meta() on undefined tensor");
}

}  // namespace

const Tensor& Tensor::set_requires_grad(bool value) const {
  check_tape_of(*this);
  if (value == requires_grad()) return *this;
  TAPER_CHECK(!value || is_floating_point(),
              "Only Tensors of floating point and complex dtype can require gradients, got ",
              scalar_type());
  TAPER_CHECK(
      is_leaf(),
      "you can only change requires_grad flags of leaf variables. If you want to use a computed "
      "variable in a subgraph that doesn't require differentiation use var_no_grad = "
      "var.detach().");
  TAPER_CHECK(
      !value || !is_inference() || InferenceMode::is_enabled(),
      "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.");
  impl_->requires_grad = value;
  return *this;
}

bool Tensor::is_leaf() const {
  check_tape_of(*this);
  return !requires_grad() || !autograd::grad_fn_of(*this);
}

const Tensor& Tensor::grad() const {
  static const Tensor undefined;
  check_tape_of(*this);
  const AutogradMeta* meta = find_meta(checked());
  return meta != nullptr ? meta->grad : undefined;
}

Tensor& Tensor::mutable_grad() const {
  checked();
  return make_meta(*impl_).grad;
}

NodePtr Tensor::grad_fn() const {
  checked();
  return autograd::grad_fn_of(*this);
}

uint32_t Tensor::output_nr() const {
  const AutogradMeta* meta = find_meta(checked());
  return meta != nullptr ? meta->output_nr : 0;
}

void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph,
                      std::optional<TensorList> inputs) const {
  check_tape_of(*this);
  autograd::backward({*this}, {gradient}, retain_graph, create_graph,
                     inputs ? inputs->vec() : autograd::variable_list());
}

void Tensor::retain_grad() const {
  TAPER_CHECK(requires_grad(), "can't retain_grad on Tensor that has requires_grad=False");
  NodePtr fn = autograd::grad_fn_of(*this);
  AutogradMeta& meta = make_meta(*impl_);
  if (!fn || meta.retains_grad) return;  // a leaf keeps its gradient anyway
  fn->make_extras().retained.push_back({meta.output_nr, impl_.get(), &meta});
  meta.retains_grad = true;
}

bool Tensor::retains_grad() const {
  check_tape_of(*this);
  const AutogradMeta* meta = find_meta(checked());
  return meta != nullptr && meta->retains_grad;
}

void Tensor::remove_hook(unsigned position) const {
  const AutogradMeta* meta = find_meta(checked());
  TAPER_CHECK(meta != nullptr && meta->hooks, "Invalid index, no hook at position ", position);
  meta->hooks->remove(position);
}

Tensor Tensor::detach() const {
  checked();
  return raw::alias(*this);
}

Tensor& Tensor::detach_() const {
  TAPER_CHECK(!is_view(), "Can't detach views in-place. Use detach() instead.");
  if (AutogradMeta* meta = find_meta(*impl_)) {
    if (meta->retains_grad) autograd::stop_retaining(*meta, *impl_);
    meta->grad_fn.reset();
    meta->output_nr = 0;
  }
  impl_->requires_grad = false;
  return const_cast<Tensor&>(*this);
}

// Its changes are not counted: the tape does not see what is done to .data().
Tensor Tensor::data() const {
  Tensor result = detach();
  result.impl_->own_version =
      detail::IntrusivePtr<detail::VersionCounter>(new detail::VersionCounter);
  return result;
}

}  // namespace taper
