#pragma once

#include <memory>
#include <vector>

#include "taper/autograd/hooks.h"
#include "taper/autograd/node.h"
#include "taper/tensor/tensor.h"

// What the tape knows of a tensor.
namespace taper::autograd {

struct ForwardCall;

struct AutogradMeta final : taper::detail::AutogradSlot {
  ~AutogradMeta() override;

  Tensor grad;
  // The backward of the operation that made the tensor, and which output of it it is. Null for a
  // leaf.
  NodePtr grad_fn;
  uint32_t output_nr = 0;
  bool retains_grad = false;
  detail::IntrusivePtr<HookList> hooks;
  // The node that collects this leaf's gradient. Not owned: graphs own it and it owns the leaf, so
  // that a graph keeps its leaves alive and a leaf alone keeps nothing.
  Node* accumulator = nullptr;
};

// What hardly any node has: hooks of its outputs, outputs whose gradient is to be kept, and in
// anomaly mode how its forward was called.
struct NodeExtras {
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
  std::shared_ptr<const ForwardCall> forward;
};

// Takes the tensor off the list of those whose gradient its grad_fn keeps.
void stop_retaining(AutogradMeta& meta, const detail::TensorImpl& tensor);

// Null if the tape knows nothing of the tensor.
AutogradMeta* find_meta(const detail::TensorImpl& tensor);
AutogradMeta& make_meta(detail::TensorImpl& tensor);

// Where a gradient of `tensor` goes: its grad_fn, a leaf's accumulator, or nowhere.
Edge gradient_edge(const Tensor& tensor);

}  // namespace taper::autograd
