#include "taper/autograd/record.h"

#include <mutex>

#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

namespace {
thread_local bool grad_enabled = true;
thread_local bool inference_enabled = false;
// The one that operations read: grad_enabled and not inference_enabled.
thread_local bool recording = true;
}  // namespace

bool GradMode::is_enabled() { return grad_enabled; }
void GradMode::set_enabled(bool enabled) {
  grad_enabled = enabled;
  recording = enabled && !inference_enabled;
}

bool InferenceMode::is_enabled() { return inference_enabled; }
InferenceMode::InferenceMode(bool enabled)
    : grad_before_(grad_enabled), before_(inference_enabled) {
  inference_enabled = enabled;
  GradMode::set_enabled(!enabled);
}
InferenceMode::~InferenceMode() {
  inference_enabled = before_;
  GradMode::set_enabled(grad_before_);
}

namespace autograd {

using taper::detail::IntrusivePtr;
using taper::detail::TensorImpl;
using taper::detail::ViewKind;

// --- What the tape knows of a tensor ---

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

namespace {

// Guards the weak pointers from leaves to their accumulators.
std::mutex& accumulator_mutex() {
  static auto* mutex = new std::mutex;
  return *mutex;
}

// Adds a leaf's gradient to its grad().
class AccumulateGrad final : public Node {
 public:
  explicit AccumulateGrad(const Tensor& leaf) : Node(0), leaf_(leaf) { add_output(leaf); }
  ~AccumulateGrad() override {
    std::lock_guard lock(accumulator_mutex());
    AutogradMeta* meta = find_meta(*leaf_.unsafeGetTensorImpl());
    if (meta->accumulator == this) meta->accumulator = nullptr;
  }
  std::string name() const override { return "AccumulateGrad"; }
  TensorImpl* leaf() const override { return leaf_.unsafeGetTensorImpl(); }
  void apply(Backward& ctx) override {
    // Leaves may be shared by graphs of several threads.
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    Tensor& grad = make_meta(*leaf_.unsafeGetTensorImpl()).grad;
    const Tensor& arriving = ctx.out_grad();
    if (!arriving.defined()) return;
    if (grad.defined()) {
      if (GradMode::is_enabled()) {
        grad = grad + arriving;
      } else {
        grad.add_(arriving);
      }
      return;
    }
    // Taken over as it is if nobody else holds it: the handles are the engine's pending one and
    // this one.
    bool alone = !GradMode::is_enabled() && arriving.use_count() <= 1 &&
                 arriving.storage().use_count() <= 1 && !arriving.requires_grad();
    if (alone && laid_out_like_leaf(arriving)) {
      grad = arriving;
    } else {
      Tensor copy = raw::empty_strided(leaf_.sizes(), wanted_strides(), arriving.scalar_type());
      grad = copy.copy_(arriving);
    }
  }

 private:
  // A gradient has the strides of its leaf where that is dense, so that the two are walked in one
  // order, and is row-major otherwise.
  DimVector wanted_strides() const {
    bool dense = is_non_overlapping_and_dense(leaf_.sizes(), leaf_.strides());
    return dense ? DimVector(leaf_.strides()) : contiguous_strides(leaf_.sizes());
  }
  bool laid_out_like_leaf(const Tensor& g) const {
    if (g.is_contiguous() && leaf_.is_contiguous()) return true;
    DimVector wanted = wanted_strides();
    for (size_t d = 0; d < wanted.size(); ++d) {
      if (g.sizes()[d] != 1 && g.strides()[d] != wanted[d]) return false;
    }
    return true;
  }

  Tensor leaf_;
};

NodePtr accumulator_of(const Tensor& leaf) {
  AutogradMeta& meta = make_meta(*leaf.unsafeGetTensorImpl());
  std::lock_guard lock(accumulator_mutex());
  if (meta.accumulator != nullptr && meta.accumulator->try_retain())
    return NodePtr::adopt(meta.accumulator);
  NodePtr node(new AccumulateGrad(leaf));
  meta.accumulator = node.get();
  return node;
}

// Base geometry without overlap: each element of the base has its own place in the storage.
struct Geometry {
  DimVector sizes;
  DimVector strides;
  int64_t offset;
};

Geometry geometry_of(const TensorImpl& t) { return {t.sizes, t.strides, t.offset}; }

}  // namespace

NodePtr grad_fn_of(const Tensor& tensor) {
  TensorImpl& t = *tensor.unsafeGetTensorImpl();
  if (t.view_kind == ViewKind::kDefault || t.view_kind == ViewKind::kMultiOutput) {
    AutogradMeta* meta = find_meta(t);
    uint32_t version = t.version().current();
    bool outdated = t.base->requires_grad && (meta == nullptr || meta->view_version != version);
    // A base that is a leaf was not changed on the tape: nothing but the version differs.
    AutogradMeta* base_meta = find_meta(*t.base);
    if (outdated && base_meta != nullptr && base_meta->grad_fn) {
      AutogradMeta& own = make_meta(t);
      if (own.view_version != version || !own.grad_fn) {
        // Seen again through the base, whose history now holds the change.
        const InferenceMode recorded(false);
        Tensor fresh = taper::as_strided(Tensor(t.base), t.sizes, t.strides, t.offset);
        own.grad_fn = find_meta(*fresh.unsafeGetTensorImpl())->grad_fn;
        own.output_nr = 0;
        own.view_version = version;
        t.requires_grad = true;
      }
    }
  }
  AutogradMeta* meta = find_meta(t);
  return meta != nullptr ? meta->grad_fn : NodePtr();
}

Edge gradient_edge(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.requires_grad()) return {};
  if (NodePtr fn = grad_fn_of(tensor))
    return {std::move(fn), find_meta(*tensor.unsafeGetTensorImpl())->output_nr};
  return {accumulator_of(tensor), 0};
}

// --- Saving ---

SavedTensor Save::input(const Tensor& tensor) {
  if (!tensor.defined()) return {};
  saved_any_ = true;
  TensorImpl* t = tensor.unsafeGetTensorImpl();
  if (in_place_ && tensor.is_same(inputs_[0])) {
    // The write is about to change it. The copy takes over the history of the old values.
    const InferenceMode recorded(false);
    Tensor copy = taper::clone(tensor);
    return SavedTensor(copy.impl(), 0, nullptr, 0);
  }
  return SavedTensor(IntrusivePtr<TensorImpl>(t), t->version().current(), nullptr, 0);
}

SavedTensor Save::output(size_t k) {
  saved_any_ = true;
  Tensor alias = raw::alias(outputs_[k]);
  uint32_t version = alias.unsafeGetTensorImpl()->version().current() + (in_place_ ? 1 : 0);
  return SavedTensor(alias.impl(), version, node_, static_cast<uint32_t>(k));
}

Tensor SavedTensor::operator()() const {
  if (!impl_) return {};
  uint32_t now = impl_->version().current();
  if (now != version_) {
    std::string what = std::string("CPU") + to_string(impl_->dtype) + "Type";
    NodePtr maker = output_of_ != nullptr ? NodePtr(output_of_) : grad_fn_of(Tensor(impl_));
    taper::detail::throw_error<Error>(
        "one of the variables needed for gradient computation has been modified by an inplace "
        "operation: [",
        what, " ", IntArrayRef(impl_->sizes), "]",
        maker ? ", which is output " + std::to_string(output_nr_) + " of " + maker->name() + ","
              : std::string(),
        " is at version ", now, "; expected version ", version_,
        " instead. Hint: enable anomaly detection to find the operation that failed to compute its "
        "gradient, with "
        "torch.autograd.set_detect_anomaly(True).");
  }
  if (output_of_ == nullptr) return Tensor(impl_);
  // A fresh handle each time: tying the kept one to its node would make the node own itself.
  Tensor tied = raw::alias(Tensor(impl_));
  if (GradMode::is_enabled()) {
    TensorImpl& t = *tied.unsafeGetTensorImpl();
    AutogradMeta& meta = make_meta(t);
    meta.grad_fn = NodePtr(output_of_);
    meta.output_nr = output_nr_;
    t.requires_grad = true;
  }
  return tied;
}

// --- Recording ---

namespace internal {

void throw_backward_twice() {
  taper::detail::throw_error<Error>(
      "Trying to backward through the graph a second time (or directly access saved tensors after "
      "they have already been "
      "freed). Saved intermediate values of the graph are freed when you call .backward() or "
      "autograd.grad(). Specify "
      "retain_graph=True if you need to backward through the graph a second time or if you need to "
      "access saved tensors "
      "after calling backward.");
}

bool should_record(Inputs inputs) {
  if (!recording) return false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs.requires_grad(i)) return true;
  }
  return false;
}

void connect_inputs(Node& node, Inputs inputs) {
  for (size_t i = 0; i < inputs.size(); ++i) node.add_edge(gradient_edge(inputs[i]));
}

void set_history(const Tensor& output, const NodePtr& node) {
  uint32_t output_nr = node->add_output(output);
  if (!output.is_floating_point()) return;
  TensorImpl& t = *output.unsafeGetTensorImpl();
  AutogradMeta& meta = make_meta(t);
  meta.grad_fn = node;
  meta.output_nr = output_nr;
  meta.view_version = t.version().current();
  t.requires_grad = true;
}

void mark_view(const Tensor& view, const Tensor& of, bool multi_output) {
  TensorImpl& t = *view.unsafeGetTensorImpl();
  const TensorImpl& parent = *of.unsafeGetTensorImpl();
  t.base = parent.base ? parent.base : of.impl();
  if (!recording || parent.view_kind == ViewKind::kNoGrad) {
    t.view_kind = ViewKind::kNoGrad;
  } else if (multi_output || parent.view_kind == ViewKind::kMultiOutput) {
    t.view_kind = ViewKind::kMultiOutput;
  } else {
    t.view_kind = ViewKind::kDefault;
  }
}

bool check_inplace(const Tensor& self, Inputs inputs) {
  raw::check_own_memory(self);
  return check_inplace_history(self, inputs);
}

bool check_inplace_history(const Tensor& self, Inputs inputs) {
  static_cast<void>(self.sizes());  // throws for an undefined tensor
  const TensorImpl& t = *self.unsafeGetTensorImpl();
  if (!recording) return false;
  // Integers have no derivatives: what is written into them ends there.
  bool records = self.is_floating_point() && should_record(inputs);
  bool requires_grad = self.requires_grad();
  if (requires_grad && self.is_leaf()) {
    TAPER_CHECK(
        !self.is_view(),
        "a view of a leaf Variable that requires grad is being used in an in-place operation.");
    TAPER_CHECK(false,
                "a leaf Variable that requires grad is being used in an in-place operation.");
  }
  if (t.base && (records || requires_grad)) {
    AutogradMeta* base_meta = find_meta(*t.base);
    bool base_is_leaf = t.base->requires_grad && (base_meta == nullptr || !base_meta->grad_fn);
    TAPER_CHECK(
        !base_is_leaf,
        "a view of a leaf Variable that requires grad is being used in an in-place operation.");
    TAPER_CHECK(t.view_kind != ViewKind::kNoGrad,
                "A view was created in no_grad mode and is being modified inplace with grad mode "
                "enabled. Given that "
                "this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
                "code by moving both "
                "the view and the inplace either both inside the no_grad block (if you don't want "
                "the inplace to be "
                "tracked) or both outside (if you want the inplace to be tracked).");
    TAPER_CHECK(t.view_kind != ViewKind::kMultiOutput, "Output ", self.output_nr(),
                " of a function that returns multiple views is a view and is being modified "
                "inplace. Such functions do "
                "not allow the output views to be modified inplace. You should replace the inplace "
                "operation by an "
                "out-of-place one.");
  }
  return records;
}

}  // namespace internal

namespace {

// The base's history after an in-place change of a view of it: outside the view the gradient
// passes, inside it goes through the change's own backward.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, const Edge& base_edge, Geometry view, NodePtr change)
      : base_(geometry_of(*base.unsafeGetTensorImpl())),
        view_(std::move(view)),
        change_(std::move(change)) {
    add_output(base);
    add_edge(base_edge);
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

}  // namespace

namespace internal {

void rebase_history(const Tensor& self, const NodePtr& node) {
  TensorImpl& t = *self.unsafeGetTensorImpl();
  if (!t.base) {
    AutogradMeta* meta = find_meta(t);
    bool retains = meta != nullptr && meta->retains_grad;
    if (retains) stop_retaining(*meta, t);
    // Hooks saw the old value: they stay with the node that made it.
    if (meta != nullptr) meta->hooks.reset();
    set_history(self, node);
    if (retains) self.retain_grad();
    return;
  }
  Tensor base(t.base);
  node->add_output(self);
  NodePtr copy_slices(new CopySlices(base, gradient_edge(base), geometry_of(t), node));
  AutogradMeta& base_meta = make_meta(*t.base);
  base_meta.grad_fn = copy_slices;
  base_meta.output_nr = 0;
  base_meta.view_version = t.version().current();
  t.base->requires_grad = true;
  // The view itself is seen through its base from now on.
  AutogradMeta& meta = make_meta(t);
  meta.grad_fn.reset();
  grad_fn_of(self);
}

}  // namespace internal
}  // namespace autograd
}  // namespace taper
