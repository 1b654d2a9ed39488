#include "taper/autograd/testing.h"

#include <atomic>
#include <utility>

#include "taper/autograd/node.h"

namespace taper::autograd::testing {
namespace {

struct Flip {
  std::string node_name;
  size_t input;
  std::atomic<size_t> count{0};
};

// Null in every program but our tests, so that looking costs one load.
std::atomic<Flip*> active{nullptr};

}  // namespace

FlippedGradient::FlippedGradient(std::string node_name, size_t input) {
  auto* flip = new Flip{std::move(node_name), input};
  Flip* expected = nullptr;
  if (!active.compare_exchange_strong(expected, flip)) {
    delete flip;
    TAPER_CHECK(false, "FlippedGradient: expected one at a time");
  }
}

FlippedGradient::~FlippedGradient() { delete active.exchange(nullptr); }

size_t FlippedGradient::count() const { return active.load()->count.load(); }

bool flips(const Node& node, size_t input) {
  const Flip* flip = active.load(std::memory_order_relaxed);
  return flip != nullptr && flip->input == input && flip->node_name == node.name();
}

Tensor maybe_flipped(const Node& node, size_t input, Tensor g) {
  if (!flips(node, input)) return g;
  active.load()->count.fetch_add(1);
  return -g;
}

}  // namespace taper::autograd::testing
