#pragma once

#include <initializer_list>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/node.h"

// How an operation puts itself on the tape: record(name, result, inputs, saver). The saver is
// called only when the result needs a gradient; it saves what the backward will read and returns
// the backward, a callable on Backward&.
namespace taper::autograd {

// A tensor kept for backward. Reading it checks that it was not changed in place since, and throws
// PyTorch's "one of the variables needed for gradient computation has been modified by an inplace
// operation" otherwise.
class SavedTensor {
 public:
  SavedTensor() = default;
  // Undefined if nothing was saved.
  Tensor operator()() const;
  bool saved() const { return static_cast<bool>(impl_); }

 private:
  friend class Save;
  SavedTensor(detail::IntrusivePtr<detail::TensorImpl> impl, uint32_t version, Node* output_of,
              uint32_t output_nr)
      : impl_(std::move(impl)), version_(version), output_nr_(output_nr), output_of_(output_of) {}

  detail::IntrusivePtr<detail::TensorImpl> impl_;
  uint32_t version_ = 0;
  uint32_t output_nr_ = 0;
  // A saved output is kept without its history, which is the node that keeps it: it is tied again
  // when it is read.
  Node* output_of_ = nullptr;
};

// An input of a recorded operation, by reference.
struct InputRef {
  InputRef(const Tensor& tensor) : tensor(&tensor) {}
  const Tensor* tensor;
};

class Inputs {
 public:
  // The braces at the call live to the end of the call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  Inputs(const std::initializer_list<InputRef>& list) : data_(list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  Inputs(const std::vector<InputRef>& list) : data_(list.data()), size_(list.size()) {}
  size_t size() const { return size_; }
  const Tensor& operator[](size_t i) const { return *data_[i].tensor; }
  bool requires_grad(size_t i) const { return (*this)[i].defined() && (*this)[i].requires_grad(); }

 private:
  const InputRef* data_;
  size_t size_;
};

// Handed to the saver of an operation.
class Save {
 public:
  Save(Node* node, Inputs inputs, const Tensor* outputs, bool in_place)
      : node_(node), inputs_(inputs), outputs_(outputs), in_place_(in_place) {}

  bool needs(size_t i) const { return inputs_.requires_grad(i); }
  // Keeps `tensor` if the gradient of input `for_grad_of` is wanted, which is all it serves.
  SavedTensor input(const Tensor& tensor, size_t for_grad_of) {
    return needs(for_grad_of) ? input(tensor) : SavedTensor();
  }
  SavedTensor input(const Tensor& tensor);
  SavedTensor output(size_t k = 0);
  bool saved_any() const { return saved_any_; }

 private:
  Node* node_;
  Inputs inputs_;
  const Tensor* outputs_;
  bool in_place_;
  bool saved_any_ = false;
};

namespace internal {

[[noreturn]] void throw_backward_twice();

// A node that is a name and a callable.
template <class Callable>
class LambdaNode final : public Node {
 public:
  LambdaNode(const char* name, Callable&& backward, bool saved_any)
      : name_(name), backward_(std::move(backward)), saved_any_(saved_any) {}
  std::string name() const override { return name_; }
  void apply(Backward& ctx) override {
    if (!backward_) throw_backward_twice();
    (*backward_)(ctx);
  }
  void release_variables() override {
    // What saved nothing can run any number of times.
    if (saved_any_) backward_.reset();
  }

 private:
  const char* name_;
  std::optional<Callable> backward_;
  bool saved_any_;
};

// Makes the node at a place that is known before the saver runs: saved outputs point back at it.
template <class Saver>
NodePtr make_node(const char* name, Inputs inputs, const Tensor* outputs, bool in_place,
                  Saver&& saver) {
  using Callable = decltype(saver(std::declval<Save&>()));
  using NodeType = LambdaNode<Callable>;
  void* place = Node::operator new(sizeof(NodeType));
  try {
    Save save(static_cast<Node*>(static_cast<NodeType*>(place)), inputs, outputs, in_place);
    Callable backward = saver(save);
    return NodePtr(new (place) NodeType(name, std::move(backward), save.saved_any()));
  } catch (...) {
    Node::operator delete(place, sizeof(NodeType));
    throw;
  }
}

bool should_record(Inputs inputs);
void connect_inputs(Node& node, Inputs inputs);
// Makes `output` the next output of `node`.
void set_history(const Tensor& output, const NodePtr& node);
// Throws if the tape does not allow changing self in place; true if the change must be recorded.
bool check_inplace_history(const Tensor& self, Inputs inputs);
// The same, and throws if elements of self share memory, so that writing them has no meaning.
bool check_inplace(const Tensor& self, Inputs inputs);
// After an in-place change that `node` is the backward of: self's history, and its base's if it is
// a view.
void rebase_history(const Tensor& self, const NodePtr& node);
void mark_view(const Tensor& view, const Tensor& of, bool multi_output);

}  // namespace internal

// The result of an operation on `inputs`, with its backward on the tape if any input wants a
// gradient. An undefined input is one that was not given. `result` must be a fresh tensor, not a
// handle on an input.
template <class Saver>
Tensor record(const char* name, Tensor result, Inputs inputs, Saver&& saver) {
  if (internal::should_record(inputs)) {
    NodePtr node = internal::make_node(name, inputs, &result, false, saver);
    internal::connect_inputs(*node, inputs);
    internal::set_history(result, node);
  }
  return result;
}

// The same for an operation with several outputs; those that are not floating point get no history.
template <class Saver>
void record_outputs(const char* name, std::vector<Tensor>& results, Inputs inputs, Saver&& saver) {
  if (!internal::should_record(inputs)) return;
  NodePtr node = internal::make_node(name, inputs, results.data(), false, saver);
  internal::connect_inputs(*node, inputs);
  for (const Tensor& result : results) internal::set_history(result, node);
}

// The same for a view: `result` shares the storage of `of`, and in-place changes of either reach
// the other's history.
template <class Saver>
Tensor record_view(const char* name, const Tensor& of, Tensor result, Saver&& saver) {
  internal::mark_view(result, of, false);
  return record(name, std::move(result), {of}, saver);
}

namespace internal {
template <class Write, class Saver>
Tensor& write_in_place(bool records, const char* name, const Tensor& self, Inputs inputs,
                       Write&& write, Saver&& saver) {
  NodePtr node;
  if (records) {
    node = make_node(name, inputs, &self, true, saver);
    connect_inputs(*node, inputs);
  }
  write();
  self.unsafeGetTensorImpl()->version().bump();
  if (records) rebase_history(self, node);
  return const_cast<Tensor&>(self);
}
}  // namespace internal

// An in-place operation: write() changes self's elements, input 0 of the backward is the old self.
// The saver runs before the write: save.input(self) keeps a copy, save.output() is self as written.
// Throws where elements of self share memory.
template <class Write, class Saver>
Tensor& record_inplace(const char* name, const Tensor& self, Inputs inputs, Write&& write,
                       Saver&& saver) {
  return internal::write_in_place(internal::check_inplace(self, inputs), name, self, inputs, write,
                                  saver);
}

// The same for a write of one value to all elements, which may share memory.
template <class Write, class Saver>
Tensor& record_fill(const char* name, const Tensor& self, Inputs inputs, Write&& write,
                    Saver&& saver) {
  return internal::write_in_place(internal::check_inplace_history(self, inputs), name, self, inputs,
                                  write, saver);
}

}  // namespace taper::autograd
