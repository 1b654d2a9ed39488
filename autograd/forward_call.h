#pragma once

#include <memory>
#include <string>
#include <vector>

#include "taper/autograd/backtrace.h"
#include "taper/autograd/inputs.h"
#include "taper/autograd/node.h"

// What anomaly mode remembers of the forward call that a node is the backward of.
namespace taper::autograd {

struct ForwardCall {
  std::vector<DimVector> inputs;  // their shapes
  Backtrace where;
  // For an operation that a backward pass recorded (create_graph): the node that ran.
  std::string during;
  std::shared_ptr<const ForwardCall> call_of_during;
};

namespace internal {

// Remembers this call for `node`.
void note_forward(Node& node, Inputs inputs);
// Runs node.apply(ctx) as anomaly mode wants it.
void apply_watched(Node& node, Backward& ctx);

}  // namespace internal
}  // namespace taper::autograd
