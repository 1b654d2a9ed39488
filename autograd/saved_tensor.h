#pragma once

#include <vector>

#include "taper/autograd/inputs.h"
#include "taper/autograd/node.h"

namespace taper::autograd {

// What SavedTensorHooks made of a tensor.
struct PackedTensor;
void intrusive_retain(const PackedTensor* p);
void intrusive_release(const PackedTensor* p);
using PackedPtr = detail::IntrusivePtr<PackedTensor>;

// A tensor kept for backward. Reading it checks that it was not changed in place since, and throws
// PyTorch's "one of the variables needed for gradient computation has been modified by an inplace
// operation" otherwise.
class SavedTensor {
 public:
  SavedTensor() = default;
  // Undefined if nothing was saved.
  Tensor operator()() const;
  bool saved() const { return impl_ || packed_; }

 private:
  friend class Save;
  SavedTensor(detail::IntrusivePtr<detail::TensorImpl> impl, uint32_t version, Node* output_of,
              uint32_t output_nr)
      : impl_(std::move(impl)), version_(version), output_nr_(output_nr), output_of_(output_of) {}
  [[noreturn]] void throw_modified() const;

  detail::IntrusivePtr<detail::TensorImpl> impl_;
  PackedPtr packed_;  // instead of impl_
  uint32_t version_ = 0;
  uint32_t output_nr_ = 0;
  // A saved output is kept without its history, which is the node that keeps it: it is tied again
  // when it is read.
  Node* output_of_ = nullptr;
};

// The outputs that an in-place operation saves before they are written: they are packed afterwards.
class PackLater {
 public:
  void add(PackedPtr packed) { waiting_.push_back(std::move(packed)); }
  void finish() {
    if (!waiting_.empty()) pack_all();
  }

 private:
  void pack_all();
  std::vector<PackedPtr> waiting_;
};

// Handed to the saver of an operation.
class Save {
 public:
  // `in_place` is null where the outputs are there already.
  Save(Node* node, Inputs inputs, const Tensor* outputs, PackLater* in_place)
      : node_(node), inputs_(inputs), outputs_(outputs), in_place_(in_place) {}

  bool needs(size_t i) const { return inputs_.requires_grad(i); }
  // Keeps `tensor` if the gradient of input `for_grad_of` is wanted, which is all it serves.
  SavedTensor input(const Tensor& tensor, size_t for_grad_of) {
    return needs(for_grad_of) ? input(tensor) : SavedTensor();
  }
  SavedTensor input(const Tensor& tensor);
  SavedTensor output(size_t k = 0);
  // Whether there was anything to keep for long.
  bool saved_any() const { return saved_any_; }

 private:
  Node* node_;
  Inputs inputs_;
  const Tensor* outputs_;
  PackLater* in_place_;
  bool saved_any_ = false;
};

}  // namespace taper::autograd
