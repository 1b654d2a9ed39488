#pragma once

#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/node.h"
#include "taper/autograd/saved_tensor.h"
#include "taper/autograd/views.h"

// How an operation puts itself on the tape: record(name, result, inputs, saver). The saver is
// called only when the result needs a gradient; it saves what the backward will read and returns
// the backward, a callable on Backward&.
namespace taper::autograd {

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
NodePtr make_node(const char* name, Inputs inputs, const Tensor* outputs, PackLater* in_place,
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

}  // namespace internal

// The result of an operation on `inputs`, with its backward on the tape if any input wants a
// gradient. An undefined input is one that was not given. `result` must be a fresh tensor, not a
// handle on an input.
template <class Saver>
Tensor record(const char* name, Tensor result, Inputs inputs, Saver&& saver) {
  if (internal::should_record(inputs)) {
    NodePtr node = internal::make_node(name, inputs, &result, nullptr, saver);
    internal::connect_inputs(*node, inputs);
    internal::set_history(result, node);
  }
  return result;
}

// The same for an operation with several outputs; those that are not floating point get no history.
template <class Saver>
void record_outputs(const char* name, std::vector<Tensor>& results, Inputs inputs, Saver&& saver) {
  if (!internal::should_record(inputs)) return;
  NodePtr node = internal::make_node(name, inputs, results.data(), nullptr, saver);
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
  PackLater outputs;
  if (records) {
    node = make_node(name, inputs, &self, &outputs, saver);
    connect_inputs(*node, inputs);
  }
  write();
  self.unsafeGetTensorImpl()->version().bump();
  outputs.finish();
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
