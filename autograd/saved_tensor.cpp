#include "taper/autograd/saved_tensor.h"

#include <any>
#include <string>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/saved_tensor_hooks.h"
#include "taper/autograd/tape_state.h"
#include "taper/autograd/views.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd {

using taper::detail::IntrusivePtr;
using taper::detail::TensorImpl;

struct PackedTensor : taper::detail::RefCounted {
  PackedTensor(const Tensor& x, Edge edge_)
      : functions(*tape_state().saved_tensor_functions),
        sizes(x.sizes()),
        dtype(x.scalar_type()),
        edge(std::move(edge_)) {}

  std::shared_ptr<const SavedTensorFunctions> functions;
  std::any value;
  Tensor waiting;  // what is yet to be packed
  DimVector sizes;
  ScalarType dtype;
  Edge edge;  // of a saved input
};

void intrusive_retain(const PackedTensor* p) { p->retain(); }
void intrusive_release(const PackedTensor* p) {
  if (p->release()) delete p;
}

namespace {

// What pack and unpack do is neither recorded nor packed.
class OffTheTape {
 public:
  OffTheTape() : functions_(tape_state().saved_tensor_functions) {
    tape_state().saved_tensor_functions = nullptr;
  }
  ~OffTheTape() { tape_state().saved_tensor_functions = functions_; }
  OffTheTape(const OffTheTape&) = delete;
  OffTheTape& operator=(const OffTheTape&) = delete;

 private:
  const NoGradGuard no_grad_;
  const std::shared_ptr<const SavedTensorFunctions>* functions_;
};

void pack(PackedTensor& packed, const Tensor& x) {
  const OffTheTape off;
  const Tensor shown = raw::alias(x);
  const uint32_t before = shown.unsafeGetTensorImpl()->version().current();
  packed.value = packed.functions->pack(shown);
  TAPER_CHECK(before == shown.unsafeGetTensorImpl()->version().current(),
              "A saved tensor pack hook is modifying its input in place. Tensors provided as input "
              "to pack hook can not be modified by in-place operations as this can lead to "
              "unexpected side-effects.");
}

Tensor unpack(const PackedTensor& packed) {
  const OffTheTape off;
  const Tensor x = packed.functions->unpack(packed.value);
  TAPER_CHECK(x.defined(),
              "Output of saved tensor unpack_hook expected to be a Tensor but it is "
              "undefined");
  TAPER_CHECK(x.sizes() == IntArrayRef(packed.sizes) && x.scalar_type() == packed.dtype,
              "Output of saved tensor unpack_hook expected to be a Tensor of ", packed.dtype, " ",
              IntArrayRef(packed.sizes), " like the saved one, got ", x.scalar_type(), " ",
              x.sizes());
  return raw::alias(x);
}

// Gives a handle of its own a place on the tape, where one is needed.
Tensor tied(Tensor x, NodePtr function, uint32_t output_nr) {
  if (GradMode::is_enabled() && function) {
    TensorImpl& t = *x.unsafeGetTensorImpl();
    AutogradMeta& meta = make_meta(t);
    meta.grad_fn = std::move(function);
    meta.output_nr = output_nr;
    t.requires_grad = true;
  }
  return x;
}

bool packs() { return tape_state().saved_tensor_functions != nullptr; }

}  // namespace

void PackLater::pack_all() {
  for (const PackedPtr& packed : waiting_) {
    pack(*packed, packed->waiting);
    packed->waiting = Tensor();
  }
}

SavedTensor Save::input(const Tensor& tensor) {
  if (!tensor.defined()) return {};
  TAPER_CHECK(!tensor.is_inference(),
              "Inference tensors cannot be saved for backward. To work around you can make a clone "
              "to get a normal tensor and use it in autograd.");
  // Of numbers alone, a backward can be run any number of times.
  if (!tensor.unsafeGetTensorImpl()->wrapped_number) saved_any_ = true;
  uint32_t version = tensor.unsafeGetTensorImpl()->version().current();
  if (in_place_ == nullptr && !packs()) return SavedTensor(tensor.impl(), version, nullptr, 0);
  Tensor kept = tensor;
  if (in_place_ != nullptr && tensor.is_same(inputs_[0])) {
    // The write is about to change it. The copy takes over the history of the old values.
    const InferenceMode recorded(false);
    kept = taper::clone(tensor);
    version = 0;
  }
  SavedTensor saved(kept.impl(), version, nullptr, 0);
  if (packs()) {
    saved.packed_ = PackedPtr(new PackedTensor(kept, gradient_edge(kept)));
    pack(*saved.packed_, kept);
    saved.impl_.reset();
  }
  return saved;
}

SavedTensor Save::output(size_t k) {
  saved_any_ = true;
  Tensor alias = raw::alias(outputs_[k]);
  const uint32_t version =
      alias.unsafeGetTensorImpl()->version().current() + (in_place_ != nullptr ? 1 : 0);
  SavedTensor saved(alias.impl(), version, node_, static_cast<uint32_t>(k));
  if (packs()) {
    saved.packed_ = PackedPtr(new PackedTensor(alias, {}));
    if (in_place_ != nullptr) {
      saved.packed_->waiting = alias;
      in_place_->add(saved.packed_);
    } else {
      pack(*saved.packed_, alias);
    }
    saved.impl_.reset();
  }
  return saved;
}

void SavedTensor::throw_modified() const {
  const std::string what = std::string("CPU") + to_string(impl_->dtype) + "Type";
  const NodePtr maker = output_of_ != nullptr ? NodePtr(output_of_) : grad_fn_of(Tensor(impl_));
  taper::detail::throw_error<Error>(
      "one of the variables needed for gradient computation has been modified by an inplace "
      "operation: [",
      what, " ", IntArrayRef(impl_->sizes), "]",
      maker ? ", which is output " + std::to_string(output_nr_) + " of " + maker->name() + ","
            : std::string(),
      " is at version ", impl_->version().current(), "; expected version ", version_,
      " instead. Hint: enable anomaly detection to find the operation that failed to compute its "
      "gradient, with torch.autograd.set_detect_anomaly(True).");
}

Tensor SavedTensor::operator()() const {
  if (packed_) {
    return output_of_ != nullptr
               ? tied(unpack(*packed_), NodePtr(output_of_), output_nr_)
               : tied(unpack(*packed_), packed_->edge.function, packed_->edge.input_nr);
  }
  if (!impl_) return {};
  if (impl_->version().current() != version_) throw_modified();
  if (output_of_ == nullptr) return Tensor(impl_);
  // A fresh handle each time: tying the kept one to its node would make the node own itself.
  return tied(raw::alias(Tensor(impl_)), NodePtr(output_of_), output_nr_);
}

// --- Hooks ---

void SavedTensorHooks::enter() {
  outer_ = tape_state().saved_tensor_functions;
  tape_state().saved_tensor_functions = &functions_;
}

SavedTensorHooks::~SavedTensorHooks() { tape_state().saved_tensor_functions = outer_; }

}  // namespace taper::autograd
