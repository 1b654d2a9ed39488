#include "taper/autograd/accumulate_grad.h"

#include <mutex>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::autograd {

using taper::detail::TensorImpl;

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

}  // namespace

NodePtr accumulator_of(const Tensor& leaf) {
  AutogradMeta& meta = make_meta(*leaf.unsafeGetTensorImpl());
  std::lock_guard lock(accumulator_mutex());
  if (meta.accumulator != nullptr && meta.accumulator->try_retain())
    return NodePtr::adopt(meta.accumulator);
  NodePtr node(new AccumulateGrad(leaf));
  meta.accumulator = node.get();
  return node;
}

}  // namespace taper::autograd
