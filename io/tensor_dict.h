#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "taper/tensor/tensor.h"

namespace taper::io {

// Tensors under names, in the order in which they are written.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// Strings beside the tensors of a file: what a model is, its labels, how it was trained.
using Metadata = std::map<std::string, std::string>;

// What a file holds.
struct TensorDict {
  NamedTensors tensors;
  Metadata metadata;

  // The tensor of that name; null if there is none.
  const Tensor* find(std::string_view name) const;
};

}  // namespace taper::io
