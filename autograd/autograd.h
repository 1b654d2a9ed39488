#pragma once

#include <optional>
#include <vector>

#include "taper/autograd/node.h"

namespace taper::autograd {

// Adds the gradients of `tensors`, weighted by `grad_tensors` (an undefined one means 1 for a
// one-element tensor), to grad() of the leaves, or of `inputs` only. The graph is freed unless
// retain_graph (default: create_graph); with create_graph the gradients are themselves on the tape.
// Throws "element 0 of tensors does not require grad and does not have a grad_fn", "grad can be
// implicitly created only for scalar outputs", "Trying to backward through the graph a second
// time".
void backward(const variable_list& tensors, const variable_list& grad_tensors = {},
              std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
              const variable_list& inputs = {});

// The gradients of the outputs, summed, for each of `inputs`, without touching any grad(). An input
// that the outputs do not depend on throws, or gives an undefined tensor with allow_unused.
variable_list grad(const variable_list& outputs, const variable_list& inputs,
                   const variable_list& grad_outputs = {},
                   std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                   bool allow_unused = false);

}  // namespace taper::autograd
