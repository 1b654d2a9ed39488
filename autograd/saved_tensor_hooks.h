#pragma once

#include <any>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "taper/tensor/tensor.h"

namespace taper::autograd {

// What is done to each tensor that a backward keeps. pack and unpack run without a tape.
struct SavedTensorFunctions {
  std::function<std::any(const Tensor&)> pack;
  std::function<Tensor(const std::any&)> unpack;
};

// In its scope, whatever an operation saves for its backward is kept as what `pack(tensor)` gives,
// and read by `unpack(packed)` (torch.autograd.graph.saved_tensors_hooks): to keep it in less
// memory, in a file, or to look at it. In a script in float64:
//   SavedTensorHooks hooks([](const Tensor& x) { return x.to(kFloat32); },
//                          [](const Tensor& packed) { return packed.to(kFloat64); });
// pack returns anything that can be copied; unpack takes it, at each reading, and gives a tensor of
// the sizes and dtype of the first. The innermost scope of the thread counts; what was saved in it
// is unpacked so even after its end. Whether the original was changed in place is not checked: what
// is packed is pack's own. Backward throws taper::Error if unpack gives another shape or dtype, and
// the forward operation if pack changes its argument in place.
class SavedTensorHooks {
 public:
  template <class Pack, class Unpack>
  SavedTensorHooks(Pack pack, Unpack unpack) {
    using Packed = std::decay_t<std::invoke_result_t<Pack&, const Tensor&>>;
    auto functions = std::make_shared<SavedTensorFunctions>();
    if constexpr (std::is_same_v<Packed, std::any>) {
      functions->pack = std::move(pack);
      functions->unpack = std::move(unpack);
    } else {
      functions->pack = [pack = std::move(pack)](const Tensor& x) mutable {
        return std::any(pack(x));
      };
      functions->unpack = [unpack = std::move(unpack)](const std::any& packed) mutable -> Tensor {
        return unpack(*std::any_cast<Packed>(&packed));
      };
    }
    functions_ = std::move(functions);
    enter();
  }
  ~SavedTensorHooks();
  SavedTensorHooks(const SavedTensorHooks&) = delete;
  SavedTensorHooks& operator=(const SavedTensorHooks&) = delete;

 private:
  void enter();

  std::shared_ptr<const SavedTensorFunctions> functions_;
  const std::shared_ptr<const SavedTensorFunctions>* outer_ = nullptr;
};

}  // namespace taper::autograd
