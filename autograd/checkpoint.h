#pragma once

#include <memory>
#include <utility>

#include "taper/autograd/list_function.h"

namespace taper::autograd {

struct CheckpointOptions {
  // Draws the same random numbers again: those of the default generator, as dropout does. Its state
  // is kept (5 kB), put back for the second run, and is afterwards where it was.
  bool preserve_rng_state = true;
};

namespace internal {
variable_list checkpoint(ListFunction fn, const variable_list& inputs,
                         const CheckpointOptions& options);
}

// fn(inputs), of which the tape keeps no intermediate results: when a backward pass needs them, fn
// is run a second time. Memory for time: of a chain of segments, what is kept at once are the
// inputs of all of them and the intermediate results of one. torch.utils.checkpoint.checkpoint with
// use_reentrant=False.
//
// `fn` maps a Tensor or a variable_list to a Tensor or a variable_list; a module will do. Gradients
// are those without a checkpoint, for inputs and for whatever else fn uses, by backward() and by
// autograd::grad, of any order; checkpoints may be nested. With retain_graph what was computed
// again is kept as long as the graph is. Under NoGradGuard this is fn(inputs) alone.
//
// fn is copied, and lives as long as the graph: what it catches by reference must too. It must
// compute the same again; what it reads must not be changed in place in between. Backward throws
// taper::Error, in PyTorch's words, where it sees that the second run saved another number of
// tensors, other sizes or dtypes, or tensors that were changed.
template <class Fn>
internal::OutputOf<Fn> checkpoint(Fn fn, const internal::InputOf<Fn>& inputs,
                                  const CheckpointOptions& options = {}) {
  auto shared = std::make_shared<Fn>(std::move(fn));
  return internal::from_list<internal::OutputOf<Fn>>(internal::checkpoint(
      [shared](const variable_list& list) { return internal::call_with_list(*shared, list); },
      variable_list{inputs}, options));
}

}  // namespace taper::autograd
