#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "taper/tensor/tensor.h"

namespace taper::autograd {

class Backward;
class Node;
using NodePtr = detail::IntrusivePtr<Node>;
using variable_list = std::vector<Tensor>;

// Where a gradient goes next: to the k-th output of the forward operation that `function` is the
// backward of.
struct Edge {
  NodePtr function;
  uint32_t input_nr = 0;

  bool is_valid() const { return function != nullptr; }
};

// What a gradient of a forward output must look like.
struct OutputMeta {
  DimVector sizes;
  ScalarType dtype = kFloat32;
};

struct NodeExtras;

// The backward of one forward operation: takes the gradients of its outputs, gives the gradients of
// its inputs. Nodes are made in the order of the forward operations and point at older nodes only,
// so descending sequence numbers are an order in which every gradient is complete before it is
// passed on.
class Node : public detail::RefCounted {
 public:
  Node();
  // With an explicit place in the order: leaves, which point nowhere, come last.
  explicit Node(uint64_t sequence_nr);
  virtual ~Node();
  static void* operator new(size_t bytes);
  static void* operator new(size_t, void* place) noexcept { return place; }
  static void operator delete(void* p, size_t bytes) noexcept;
  static void operator delete(void*, void*) noexcept {}

  virtual std::string name() const = 0;
  // Reads ctx.out_grad(k), answers by ctx.grad(i, g).
  virtual void apply(Backward& ctx) = 0;
  // Frees what was saved for backward; a later apply() throws.
  virtual void release_variables() {}
  // The tensor whose gradient this node collects, for the node of a leaf; else null.
  virtual detail::TensorImpl* leaf() const { return nullptr; }

  uint64_t sequence_nr() const { return sequence_nr_; }

  // One edge for each input of the forward operation; invalid where it wants no gradient.
  uint32_t num_outputs() const { return edge_count_; }
  const Edge& next_edge(size_t i) const { return i < kFew ? few_edges_[i] : more_edges_[i - kFew]; }
  std::vector<Edge> next_edges() const;
  void add_edge(Edge edge);

  // One for each output of the forward operation.
  uint32_t num_inputs() const { return output_count_; }
  const OutputMeta& output_meta(size_t k) const { return k == 0 ? output_ : more_outputs_[k - 1]; }
  uint32_t add_output(const Tensor& output);

  // Null for nearly every node (autograd/meta.h).
  NodeExtras* extras() const { return extras_.get(); }
  NodeExtras& make_extras();

 private:
  friend void intrusive_release(const Node* p);
  static constexpr size_t kFew = 3;

  uint64_t sequence_nr_;
  uint32_t edge_count_ = 0;
  uint32_t output_count_ = 0;
  Edge few_edges_[kFew];
  std::vector<Edge> more_edges_;
  OutputMeta output_;
  std::vector<OutputMeta> more_outputs_;
  std::unique_ptr<NodeExtras> extras_;
};

class Engine;

// What an operation's backward sees while it runs.
class Backward {
 public:
  // `needed` has a flag for each input of the forward operation. Without an engine the gradients
  // are only collected, in results(): how one node runs another.
  Backward(Node& node, variable_list out_grads, std::vector<char> needed, Engine* engine = nullptr);

  // Whether anybody wants the gradient of input i.
  bool needs(size_t i) const { return needed_[i] != 0; }
  size_t num_out_grads() const { return out_grads_.size(); }
  // The gradient of output k. Undefined if output k of several was not used (see
  // materialized_out_grad).
  const Tensor& out_grad(size_t k = 0) const { return out_grads_[k]; }
  // The same, as zeros where undefined.
  Tensor materialized_out_grad(size_t k) const;

  // Adds g to the gradient of input i. g may have the broadcast shape and another floating dtype:
  // the engine sums and casts. An undefined g is nothing.
  void grad(size_t i, Tensor g);
  // grad(i, mm(a, b)), handed over unevaluated so that the engine may settle several uses of one
  // weight in one GEMM.
  void grad_product(size_t i, const Tensor& a, const Tensor& b);
  // For an input of which only a part was used: write(buffer) adds this operation's share into a
  // tensor of the input's shape, the one in which the engine collects, so that T slices of one
  // tensor cost no T full-size gradients. Ask can_write_into() first: not while a graph of the
  // gradients is made.
  bool can_write_into(size_t i) const;
  template <class Write>
  void grad_into(size_t i, Write&& write) {
    Tensor buffer = collecting_buffer(i);
    write(buffer);
  }

  variable_list& results() { return results_; }

 private:
  Tensor collecting_buffer(size_t i);

  Node& node_;
  Engine* engine_;
  variable_list out_grads_;
  variable_list results_;
  std::vector<char> needed_;
};

}  // namespace taper::autograd
