#include "taper/autograd/engine.h"

#include <algorithm>

#include "taper/autograd/anomaly.h"
#include "taper/autograd/forward_call.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/tape_state.h"
#include "taper/autograd/testing.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/memory_order.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"
#include "taper/tensor/storage.h"

namespace taper::autograd {
namespace {

bool older(const Node* a, const Node* b) { return a->sequence_nr() < b->sequence_nr(); }

// Undoes broadcasting: sums g over the dimensions that the target lacks or has with size 1.
Tensor sum_to(const Tensor& g, const DimVector& sizes) {
  DimVector dims;
  size_t extra = g.sizes().size() - sizes.size();
  for (size_t i = 0; i < g.sizes().size(); ++i) {
    if (i < extra || (sizes[i - extra] == 1 && g.sizes()[i] != 1))
      dims.push_back(static_cast<int64_t>(i));
  }
  Tensor sum = dims.empty() ? g : taper::sum(g, dims, true);
  return extra == 0 ? sum : sum.reshape(sizes);
}

// Whether nobody but the engine holds this gradient, so that it may be added to in place.
bool exclusive(const Tensor& g) {
  return g.use_count() == 1 && g.storage().use_count() == 1 && !g.requires_grad() &&
         is_non_overlapping_and_dense(g.sizes(), g.strides());
}

}  // namespace

// --- Backward ---

Backward::Backward(Node& node, variable_list out_grads, std::vector<char> needed, Engine* engine)
    : node_(node),
      engine_(engine),
      out_grads_(std::move(out_grads)),
      results_(node.num_outputs()),
      needed_(std::move(needed)) {}

Tensor Backward::materialized_out_grad(size_t k) const {
  if (out_grads_[k].defined()) return out_grads_[k];
  const OutputMeta& meta = node_.output_meta(k);
  return raw::zeros(meta.sizes, meta.dtype);
}

void Backward::grad(size_t i, Tensor g) {
  if (!g.defined() || !needs(i)) return;
  g = testing::maybe_flipped(node_, i, std::move(g));
  results_[i] = results_[i].defined() ? results_[i] + g : std::move(g);
}

void Backward::grad_product(size_t i, const Tensor& a, const Tensor& b) { grad(i, mm(a, b)); }

bool Backward::can_write_into(size_t i) const {
  // In anomaly mode what each operation gives is looked at by itself.
  return engine_ != nullptr && !GradMode::is_enabled() && needs(i) && !testing::flips(node_, i) &&
         !AnomalyMode::is_enabled();
}

Tensor Backward::collecting_buffer(size_t i) {
  return engine_->collecting_buffer(node_.next_edge(i));
}

// --- Engine ---

void Engine::add_root(const Edge& edge, const Tensor& grad) {
  AutoGradMode mode(options_.create_graph);
  deliver(edge, grad, nullptr, 0);
}

void Engine::capture(std::vector<Edge> edges) {
  captured_edges_ = std::move(edges);
  captured_.resize(captured_edges_.size());
  restrict_to(captured_edges_);
}

void Engine::restrict_to(const std::vector<Edge>& edges) {
  restricted_ = true;
  for (const Edge& edge : edges) {
    if (edge.is_valid()) targets_.insert(edge.function.get());
  }
}

Engine::Pending& Engine::pending_of(const NodePtr& node) {
  Pending& pending = pending_[node.get()];
  if (!pending.node) {
    pending.node = node;
    pending.grads.resize(node->num_inputs());
    heap_.push_back(node.get());
    std::push_heap(heap_.begin(), heap_.end(), older);
  }
  return pending;
}

void Engine::deliver(const Edge& edge, Tensor grad, const Node* from, size_t index) {
  const OutputMeta& expected = edge.function->output_meta(edge.input_nr);
  if (grad.sizes() != IntArrayRef(expected.sizes)) {
    TAPER_CHECK(is_expandable_to(expected.sizes, grad.sizes()), "Function ",
                from != nullptr ? from->name() : "backward",
                " returned an invalid gradient at index ", index, " - got ", grad.sizes(),
                " but expected shape compatible with ", IntArrayRef(expected.sizes));
    grad = sum_to(grad, expected.sizes);
  }
  if (grad.scalar_type() != expected.dtype) grad = grad.to(expected.dtype);
  Tensor& slot = pending_of(edge.function).grads[edge.input_nr];
  if (!slot.defined()) {
    slot = std::move(grad);
  } else if (!GradMode::is_enabled() && exclusive(slot)) {
    slot.add_(grad);
  } else {
    slot = slot + grad;
  }
}

Tensor Engine::collecting_buffer(const Edge& edge) {
  const OutputMeta& expected = edge.function->output_meta(edge.input_nr);
  Tensor& slot = pending_of(edge.function).grads[edge.input_nr];
  if (!slot.defined()) {
    slot = raw::zeros(expected.sizes, expected.dtype);
  } else if (!exclusive(slot)) {
    slot = raw::clone(slot);
  }
  return slot;
}

// Marks the nodes from which a target can be reached, from the roots down, children before parents.
void Engine::find_leading() {
  struct Visit {
    const Node* node;
    size_t next_child;
  };
  std::unordered_set<const Node*> seen;
  std::vector<Visit> path;
  for (const auto& [root, pending] : pending_) {
    if (seen.insert(root).second) path.push_back({root, 0});
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.next_child == visit.node->num_outputs()) {
        const Node* done = visit.node;
        path.pop_back();
        if (!path.empty() && (targets_.count(done) != 0 || leading_.count(done) != 0)) {
          leading_.insert(path.back().node);
        }
        continue;
      }
      const Node* child = visit.node->next_edge(visit.next_child++).function.get();
      if (child == nullptr) continue;
      if (seen.insert(child).second) {
        path.push_back({child, 0});
      } else if (targets_.count(child) != 0 || leading_.count(child) != 0) {
        leading_.insert(visit.node);
      }
    }
  }
}

void Engine::run_hooks(Node& node, variable_list& grads) {
  if (detail::TensorImpl* leaf = node.leaf()) {
    if (AutogradMeta* meta = find_meta(*leaf);
        meta != nullptr && meta->hooks && grads[0].defined()) {
      grads[0] = meta->hooks->run(grads[0]);
    }
  }
  if (NodeExtras* extras = node.extras()) {
    // By index and by copy: a hook may register others.
    for (size_t i = 0; i < extras->hooks.size(); ++i) {
      const NodeExtras::OfOutput hook = extras->hooks[i];
      if (grads[hook.output_nr].defined())
        grads[hook.output_nr] = hook.list->run(grads[hook.output_nr]);
    }
    for (const NodeExtras::Retained& retained : extras->retained) {
      const Tensor& g = grads[retained.output_nr];
      if (!g.defined()) continue;
      Tensor& kept = make_meta(*retained.tensor).grad;
      kept = kept.defined() ? kept + g : GradMode::is_enabled() ? g.clone() : raw::clone(g);
    }
  }
  for (size_t k = 0; k < captured_edges_.size(); ++k) {
    const Edge& edge = captured_edges_[k];
    if (edge.function.get() == &node) captured_[k] = grads[edge.input_nr];
  }
}

void Engine::run_node(Node& node, variable_list grads) {
  std::vector<char> needed(node.num_outputs());
  for (size_t i = 0; i < needed.size(); ++i) {
    const Edge& edge = node.next_edge(i);
    needed[i] = edge.is_valid() && wanted(edge.function.get()) ? 1 : 0;
  }
  Backward ctx(node, std::move(grads), std::move(needed), this);
  if (AnomalyMode::is_enabled()) {
    internal::apply_watched(node, ctx);
  } else {
    node.apply(ctx);
  }
  // Before the gradients go on: what was saved is often as large as they are.
  if (!options_.keep_graph) node.release_variables();
  for (size_t i = 0; i < node.num_outputs(); ++i) {
    if (ctx.results()[i].defined())
      deliver(node.next_edge(i), std::move(ctx.results()[i]), &node, i);
  }
}

void Engine::run() {
  // A backward that calls backward is as deep on the stack as that is nested: after some levels the
  // pass goes on on a fresh stack. The caller waits, so that it is still one thing after another.
  constexpr int kLevelsOfOneStack = 60;
  TapeState& state = tape_state();
  if (state.depth < kLevelsOfOneStack) {
    ++state.depth;
    struct Leave {
      int& depth;
      ~Leave() { --depth; }
    } leave{state.depth};
    run_here();
    return;
  }
  TapeState inherited = state;
  inherited.depth = 0;
  const bool for_inference = taper::detail::allocates_for_inference();
  kernels::run_on_fresh_stack([&] {
    tape_state() = inherited;
    taper::detail::set_allocates_for_inference(for_inference);
    run();
  });
}

void Engine::run_here() {
  AutoGradMode mode(options_.create_graph);
  if (restricted_) find_leading();
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), older);
    auto found = pending_.find(heap_.back());
    heap_.pop_back();
    Pending pending = std::move(found->second);
    pending_.erase(found);
    run_hooks(*pending.node, pending.grads);
    // A captured leaf gives its gradient to the caller only.
    bool accumulates = pending.node->leaf() != nullptr && captured_edges_.empty();
    if (accumulates ? wanted(pending.node.get())
                    : pending.node->leaf() == nullptr && leads_on(pending.node.get())) {
      run_node(*pending.node, std::move(pending.grads));
    }
  }
}

}  // namespace taper::autograd
