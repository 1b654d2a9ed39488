#include "taper/autograd/node.h"

#include <atomic>
#include <utility>

#include "taper/autograd/meta.h"
#include "taper/tensor/allocator.h"

namespace taper::autograd {
namespace {

// 0 is for leaves, which come last.
std::atomic<uint64_t> next_sequence_nr{1};

}  // namespace

Node::Node() : sequence_nr_(next_sequence_nr.fetch_add(1, std::memory_order_relaxed)) {}

Node::Node(uint64_t sequence_nr) : sequence_nr_(sequence_nr) {}

Node::~Node() = default;

void* Node::operator new(size_t bytes) { return taper::detail::pool_allocate(bytes); }

void Node::operator delete(void* p, size_t bytes) noexcept { taper::detail::pool_free(p, bytes); }

std::vector<Edge> Node::next_edges() const {
  std::vector<Edge> edges;
  edges.reserve(edge_count_);
  for (size_t i = 0; i < edge_count_; ++i) edges.push_back(next_edge(i));
  return edges;
}

void Node::add_edge(Edge edge) {
  if (edge_count_ < kFew) {
    few_edges_[edge_count_] = std::move(edge);
  } else {
    more_edges_.push_back(std::move(edge));
  }
  ++edge_count_;
}

uint32_t Node::add_output(const Tensor& output) {
  OutputMeta meta{output.sizes(), output.scalar_type()};
  if (output_count_ == 0) {
    output_ = std::move(meta);
  } else {
    more_outputs_.push_back(std::move(meta));
  }
  return output_count_++;
}

NodeExtras& Node::make_extras() {
  if (!extras_) extras_ = std::make_unique<NodeExtras>();
  return *extras_;
}

void intrusive_retain(const Node* p) { p->retain(); }

// A node holds older nodes, by its edges and by the tensors that it saved: freeing the youngest of
// a long chain would recurse to the oldest. So only the outermost call frees; what dies on the way
// queues up behind it.
void intrusive_release(const Node* p) {
  if (!p->release()) return;
  thread_local std::vector<const Node*>* dying = nullptr;
  if (dying != nullptr) {
    dying->push_back(p);
    return;
  }
  std::vector<const Node*> queue{p};
  dying = &queue;
  while (!queue.empty()) {
    const Node* next = queue.back();
    queue.pop_back();
    delete next;
  }
  dying = nullptr;
}

}  // namespace taper::autograd
