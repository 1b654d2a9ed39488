#pragma once

#include "taper/autograd/hooks.h"
#include "taper/autograd/node.h"
#include "taper/tensor/tensor.h"

// What the tape knows of a tensor.
namespace taper::autograd {

struct AutogradMeta final : taper::detail::AutogradSlot {
  ~AutogradMeta() override;

  Tensor grad;
  // The backward of the operation that made the tensor, and which output of it it is. Null for a
  // leaf.
  NodePtr grad_fn;
  uint32_t output_nr = 0;
  // For a view: the version at which grad_fn was true. An in-place change through the base or
  // another view makes it old.
  uint32_t view_version = 0;
  bool retains_grad = false;
  detail::IntrusivePtr<HookList> hooks;
  // The node that collects this leaf's gradient. Not owned: graphs own it and it owns the leaf, so
  // that a graph keeps its leaves alive and a leaf alone keeps nothing.
  Node* accumulator = nullptr;
};

// What belongs to the outputs of a node rather than to the operation.
struct NodeHooks {
  struct OfOutput {
    uint32_t output_nr;
    detail::IntrusivePtr<HookList> list;
  };
  struct Retained {
    uint32_t output_nr;
    // Not owned: the tensor takes itself off this list when it goes.
    detail::TensorImpl* tensor;
    const AutogradMeta* meta;
  };
  std::vector<OfOutput> hooks;
  std::vector<Retained> retained;
};

// Takes the tensor off the list of those whose gradient its grad_fn keeps.
void stop_retaining(AutogradMeta& meta, const detail::TensorImpl& tensor);

// Null if the tape knows nothing of the tensor.
AutogradMeta* find_meta(const detail::TensorImpl& tensor);
AutogradMeta& make_meta(detail::TensorImpl& tensor);

// The backward that made `tensor`, brought up to date for a view whose base was changed in place.
NodePtr grad_fn_of(const Tensor& tensor);
// Where a gradient of `tensor` goes: its grad_fn, a leaf's accumulator, or nowhere.
Edge gradient_edge(const Tensor& tensor);

}  // namespace taper::autograd
