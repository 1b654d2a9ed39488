#include "taper/io/tensor_dict.h"

namespace taper::io {

const Tensor* TensorDict::find(std::string_view name) const {
  for (const auto& [key, tensor] : tensors) {
    if (key == name) return &tensor;
  }
  return nullptr;
}

}  // namespace taper::io
