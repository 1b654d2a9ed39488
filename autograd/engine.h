#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "taper/autograd/node.h"

namespace taper::autograd {

// One backward pass: from the gradients of some roots to those of the leaves, or of chosen inputs.
//
// Nodes wait in a heap by descending sequence number. A node points only at older ones, so when it
// comes to the top nobody younger is left who could add to its gradient: no dependencies need
// counting. Nothing recurses, so a graph may be a chain of millions.
class Engine {
 public:
  struct Options {
    bool keep_graph = false;
    bool create_graph = false;
  };
  explicit Engine(Options options) : options_(options) {}

  void add_root(const Edge& edge, const Tensor& grad);
  // Restricts the pass to what leads to these edges, and gives their gradients by captured()
  // instead of to leaves.
  void capture(std::vector<Edge> edges);
  // Restricts the pass to what leads to these edges, which are leaves'.
  void restrict_to(const std::vector<Edge>& edges);
  void run();
  // The gradient collected for the k-th captured edge; undefined if none arrived.
  const Tensor& captured(size_t k) const { return captured_[k]; }

 private:
  friend class Backward;
  struct Pending {
    NodePtr node;
    variable_list
        grads;  // one for each output of the forward operation, undefined until one arrives
  };

  Pending& pending_of(const NodePtr& node);
  // Adds to what waits at the edge, in the shape and dtype that is expected there.
  void deliver(const Edge& edge, Tensor grad, const Node* from, size_t index);
  // A zero or partly filled gradient of the target, exclusively the engine's, to be written into.
  Tensor collecting_buffer(const Edge& edge);
  // Whether a gradient that arrives at the node is of use: always, or in a restricted pass if the
  // node is a target or leads to one.
  bool wanted(const Node* node) const {
    return !restricted_ || targets_.count(node) != 0 || leads_on(node);
  }
  bool leads_on(const Node* node) const { return !restricted_ || leading_.count(node) != 0; }
  void run_here();
  void find_leading();
  void run_hooks(Node& node, variable_list& grads);
  void run_node(Node& node, variable_list grads);

  Options options_;
  std::unordered_map<Node*, Pending> pending_;
  std::vector<Node*> heap_;
  bool restricted_ = false;
  std::unordered_set<const Node*> targets_;
  std::unordered_set<const Node*> leading_;
  std::vector<Edge> captured_edges_;
  variable_list captured_;
};

}  // namespace taper::autograd
