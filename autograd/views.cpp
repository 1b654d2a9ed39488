// What a view is to the tape, and what an in-place change of it or of its base makes of both.
#include "taper/autograd/views.h"

#include <string>

#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::autograd {

using taper::detail::TensorImpl;
using taper::detail::ViewKind;

namespace {

// Base geometry without overlap: each element of the base has its own place in the storage.
struct Geometry {
  DimVector sizes;
  DimVector strides;
  int64_t offset;
};

Geometry geometry_of(const TensorImpl& t) { return {t.sizes, t.strides, t.offset}; }

// The base's history after an in-place change of a view of it: outside the view the gradient
// passes, inside it goes through the change's own backward.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, const Edge& base_edge, Geometry view, NodePtr change)
      : base_(geometry_of(*base.unsafeGetTensorImpl())),
        view_(std::move(view)),
        change_(std::move(change)) {
    add_edge(base_edge);
    if (NodeExtras* extras = change_->extras()) {
      if (extras->forward) make_extras().forward = extras->forward;
    }
    // Input 0 of the change is the old view: its gradient stays in the base's.
    for (size_t i = 1; i < change_->num_outputs(); ++i) add_edge(change_->next_edge(i));
  }
  std::string name() const override { return "CopySlices"; }
  void release_variables() override { change_->release_variables(); }
  void apply(Backward& ctx) override {
    const Tensor& g = ctx.out_grad();
    // The gradient in the base's own layout, so that the view's geometry finds its elements.
    Tensor result;
    if (is_contiguous(base_.sizes, base_.strides)) {
      result = g.is_contiguous() ? g.clone() : g.contiguous();
    } else {
      result = zeros({extent(base_)}, g.options()).as_strided(base_.sizes, base_.strides, 0);
      result.copy_(g);
    }
    Tensor slice = result.as_strided(view_.sizes, view_.strides, view_.offset - base_.offset);
    std::vector<char> needed(change_->num_outputs());
    for (size_t i = 0; i < needed.size(); ++i) needed[i] = ctx.needs(i) ? 1 : 0;
    Backward inner(*change_, {slice.clone()}, std::move(needed));
    change_->apply(inner);
    if (!inner.results().empty() && inner.results()[0].defined()) {
      slice.copy_(inner.results()[0]);
    } else {
      slice.zero_();
    }
    ctx.grad(0, result);
    for (size_t i = 1; i < inner.results().size(); ++i) ctx.grad(i, inner.results()[i]);
  }

 private:
  static int64_t extent(const Geometry& geometry) {
    int64_t last = 0;
    for (size_t i = 0; i < geometry.sizes.size(); ++i)
      last += (geometry.sizes[i] - 1) * geometry.strides[i];
    return last + 1;
  }

  Geometry base_;
  Geometry view_;
  NodePtr change_;
};

// Hooks saw the old value: they stay with the node that made it. A gradient that is to be kept is
// that of the new one.
template <class Change>
void change_history(const Tensor& x, Change change) {
  TensorImpl& t = *x.unsafeGetTensorImpl();
  AutogradMeta* meta = find_meta(t);
  const bool retains = meta != nullptr && meta->retains_grad;
  if (retains) stop_retaining(*meta, t);
  if (meta != nullptr) meta->hooks.reset();
  change();
  if (retains) x.retain_grad();
}

// Gives a view the history that its base has, looked at through the view.
void see_through_base(const Tensor& view) {
  TensorImpl& t = *view.unsafeGetTensorImpl();
  const InferenceMode recorded(false);
  const Tensor fresh = taper::as_strided(Tensor(t.base), t.sizes, t.strides, t.offset);
  change_history(view, [&] {
    AutogradMeta& meta = make_meta(t);
    // Null where the base's history was given up since (detach_).
    const AutogradMeta* seen = find_meta(*fresh.unsafeGetTensorImpl());
    meta.grad_fn = seen != nullptr ? seen->grad_fn : NodePtr();
    meta.output_nr = 0;
    t.view_version = t.version().current();
  });
}

const char* advice_for(ViewKind kind) {
  switch (kind) {
    case ViewKind::kMultiOutput:
      return " This view is the output of a function that returns multiple views. Such functions "
             "do not allow the output views to be modified inplace. You should replace the inplace "
             "operation by an out-of-place one.";
    case ViewKind::kNoGrad:
      return " Given that this use case is ambiguous and error-prone, it is forbidden. You can "
             "clarify your code by moving both the view and the inplace either both inside the "
             "no_grad block (if you don't want the inplace to be tracked) or both outside (if you "
             "want the inplace to be tracked).";
    case ViewKind::kInference:
      return " Given that this use case is ambiguous and error-prone, it is forbidden. You can "
             "clarify your code by moving both the view and the inplace either both inside the "
             "inference_mode block (if you don't want the inplace to be tracked) or both outside "
             "(if you want the inplace to be tracked).";
    case ViewKind::kInCustomFunction:
      return " This view was created inside a custom Function (or because an input was returned "
             "as-is) and the autograd logic to handle view+inplace would override the custom "
             "backward associated with the custom Function, leading to incorrect gradients. This "
             "behavior is forbidden. You can fix this by cloning the output of the custom "
             "Function.";
    default:
      return "";
  }
}

// Throws unless the tape can follow an in-place change of the view (or, `indirect`, of its base).
void check_view_change(const TensorImpl& t, bool indirect) {
  if (t.view_kind == ViewKind::kNone || t.view_kind == ViewKind::kDefault) return;
  const AutogradMeta* meta = find_meta(t);
  const Node* made_by = meta != nullptr ? meta->grad_fn.get() : nullptr;
  const bool inference = t.view_kind == ViewKind::kInference;
  const std::string output = made_by != nullptr ? "Output " + std::to_string(meta->output_nr) +
                                                      " of " + made_by->name() + " is a view"
                                                : "";
  std::string what;
  if (inference || t.view_kind == ViewKind::kNoGrad || made_by == nullptr) {
    what = (made_by != nullptr ? output + " of a view which" : std::string("A view")) +
           " was created in " + (inference ? "inference" : "no_grad") + " mode";
  } else {
    what = output;
  }
  const char* changed = indirect
                            ? " and its base or another view of its base has been modified inplace"
                            : " and is being modified inplace";
  const char* where = inference ? " in normal mode."
                      : made_by == nullptr || t.view_kind == ViewKind::kNoGrad
                          ? " with grad mode enabled."
                          : ".";
  TAPER_CHECK(false, what, changed, where, advice_for(t.view_kind));
}

}  // namespace

NodePtr grad_fn_of(const Tensor& tensor) {
  TensorImpl& t = *tensor.unsafeGetTensorImpl();
  const AutogradMeta* meta = find_meta(t);
  // A view that wants a gradient for itself, of a base that wants none, stays a leaf.
  if (t.base && t.view_version != t.version().current() &&
      (t.base->requires_grad || (meta != nullptr && meta->grad_fn))) {
    check_view_change(t, true);
    see_through_base(tensor);
    meta = find_meta(t);
  }
  return meta != nullptr ? meta->grad_fn : NodePtr();
}

namespace internal {

void mark_view(const Tensor& view, const Tensor& of, bool multi_output) {
  // What is made for inference has no versions that could be followed.
  if (of.is_inference()) return;
  TensorImpl& t = *view.unsafeGetTensorImpl();
  const TensorImpl& parent = *of.unsafeGetTensorImpl();
  t.base = parent.base ? parent.base : of.impl();
  t.view_version = t.version().current();
  t.view_kind = multi_output                  ? ViewKind::kMultiOutput
                : InferenceMode::is_enabled() ? ViewKind::kInference
                : !GradMode::is_enabled()     ? ViewKind::kNoGrad
                                              : ViewKind::kDefault;
  // What a view may not do, no view of it may.
  const bool inherits =
      t.view_kind == ViewKind::kDefault || parent.view_kind == ViewKind::kInference;
  if (parent.base && inherits) t.view_kind = parent.view_kind;
}

bool check_inplace(const Tensor& self, Inputs inputs) {
  raw::check_own_memory(self);
  return check_inplace_history(self, inputs);
}

void check_may_change(const Tensor& self) {
  static_cast<void>(self.sizes());  // throws for an undefined tensor
  TAPER_CHECK(!self.is_inference() || InferenceMode::is_enabled(),
              "Inplace update to inference tensor outside InferenceMode is not allowed.You can "
              "make a clone to get a normal tensor before doing inplace update.See "
              "https://github.com/pytorch/rfcs/pull/17 for more details.");
}

bool check_inplace_history(const Tensor& self, Inputs inputs) {
  check_may_change(self);
  if (!should_record(inputs)) return false;
  const TensorImpl& t = *self.unsafeGetTensorImpl();
  if (t.base) {
    check_view_change(t, false);
    TAPER_CHECK(
        !self.requires_grad() || !Tensor(t.base).is_leaf(),
        "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  }
  TAPER_CHECK(!self.requires_grad() || !self.is_leaf(),
              "a leaf Variable that requires grad is being used in an in-place operation.");
  // Integers have no derivatives: what is written into them ends there.
  return self.is_floating_point();
}

void rebase_history(const Tensor& self, const NodePtr& node) {
  TensorImpl& t = *self.unsafeGetTensorImpl();
  if (!t.base) {
    change_history(self, [&] { set_history(self, node); });
    return;
  }
  const Tensor base(t.base);
  node->add_output(self);
  const NodePtr copy_slices(new CopySlices(base, gradient_edge(base), geometry_of(t), node));
  change_history(base, [&] { set_history(base, copy_slices); });
  // The view itself is seen through its base from now on.
  t.requires_grad = true;
  see_through_base(self);
}

}  // namespace internal
}  // namespace taper::autograd
