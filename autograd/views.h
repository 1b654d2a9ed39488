#pragma once

#include "taper/autograd/inputs.h"
#include "taper/autograd/node.h"

// In-place changes and views. A view shares its base's memory and version counter; an in-place
// change of either reaches the other's history: the base's becomes a CopySlices node, which knows
// the place of the view, and the view's is made anew from the base's when it is next asked for.
namespace taper::autograd {

// The backward that made `tensor`, brought up to date for a view whose base was changed in place.
// Throws where such a change cannot be followed (a view made without a tape, or with others).
NodePtr grad_fn_of(const Tensor& tensor);

namespace internal {

// Makes `view` known as a view of `of`.
void mark_view(const Tensor& view, const Tensor& of, bool multi_output);
// Throws for an inference tensor outside InferenceMode.
void check_may_change(const Tensor& self);
// Throws if self may not be changed in place; true if the change must be recorded.
bool check_inplace_history(const Tensor& self, Inputs inputs);
// The same, and throws if elements of self share memory, so that writing them has no meaning.
bool check_inplace(const Tensor& self, Inputs inputs);
// After an in-place change that `node` is the backward of: self's history, and its base's if it is
// a view.
void rebase_history(const Tensor& self, const NodePtr& node);

}  // namespace internal
}  // namespace taper::autograd
