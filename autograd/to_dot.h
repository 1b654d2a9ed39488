#pragma once

#include <string>
#include <utility>
#include <vector>

#include "taper/tensor/tensor.h"

namespace taper::autograd {

// The tape behind `result` as a drawing for Graphviz (`dot -Tsvg`): data flows down to the result,
// gradients flow back up. Grey boxes are the backwards of operations, with their names and the
// sizes of what the operations gave; blue ones are leaves, the tensors that gradients are collected
// for. An arrow from an operation with several outputs says which of them it stands for.
//
// `names` are those of leaves, as a module's named_parameters() has them, or of tensors on the way;
// a tensor that is not in the graph is not drawn. Equal graphs give equal texts: boxes are n0 (the
// result), n1, n2, ... by their distance from the result. Throws taper::Error for an undefined
// result. Nothing recurses. After the Python package torchviz (make_dot).
std::string to_dot(const Tensor& result,
                   const std::vector<std::pair<std::string, Tensor>>& names = {});

// The same for what named_parameters() returns, an OrderedDict<std::string, Tensor>.
template <class Dict, class = decltype(std::declval<const Dict&>().begin()->key())>
std::string to_dot(const Tensor& result, const Dict& names) {
  std::vector<std::pair<std::string, Tensor>> pairs;
  for (const auto& item : names) pairs.emplace_back(item.key(), item.value());
  return to_dot(result, pairs);
}

}  // namespace taper::autograd
