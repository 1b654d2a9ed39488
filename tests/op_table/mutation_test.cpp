// A test of the tests: each backward in turn is given the wrong sign, and the gradient check must
// see it.

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "op_table/table.h"
#include "taper/autograd/gradcheck.h"
#include "taper/autograd/testing.h"

namespace op_table {
namespace {

using taper::Tensor;
using taper::autograd::Node;
using taper::autograd::NodePtr;

// The name of a node and which of its gradients.
using Derivative = std::pair<std::string, size_t>;

void collect(const NodePtr& root, std::set<Derivative>& found) {
  std::vector<NodePtr> stack{root};
  std::set<Node*> seen;
  while (!stack.empty()) {
    NodePtr node = stack.back();
    stack.pop_back();
    if (!node || node->leaf() != nullptr || !seen.insert(node.get()).second) continue;
    for (size_t i = 0; i < node->num_outputs(); ++i) {
      if (!node->next_edge(i).is_valid()) continue;
      found.insert({node->name(), i});
      stack.push_back(node->next_edge(i).function);
    }
  }
}

bool has_elements(const Case& c) {
  for (const Tensor& x : c.inputs) {
    if (x.numel() == 0) return false;
  }
  return true;
}

bool notices(const Case& c, const Derivative& derivative) {
  taper::autograd::testing::FlippedGradient flipped(derivative.first, derivative.second);
  bool passed = taper::autograd::check_gradients(c.call, c.inputs).passed;
  return !passed && flipped.count() > 0;
}

TEST(Mutation, EveryFlippedSignIsSeen) {
  std::map<Derivative, std::vector<Case>> cases_of;
  // What overwrites all of its input has a zero gradient for it, and only the sign of the second
  // operand of copysign matters.
  std::set<Derivative> zero = {{"CopyBackwards", 0}, {"CopysignBackward0", 1}};
  for (const Row& row : rows()) {
    if ((row.traits & kNoGradient) != 0) continue;
    for (const Case& c : row.cases) {
      std::set<Derivative> found;
      for (const Tensor& y : c.call(c.inputs)) collect(y.grad_fn(), found);
      for (const Derivative& d : found) {
        if ((row.traits & kZeroGradient) != 0 || zero.count(d) != 0) {
          zero.insert(d);
        } else if (has_elements(c)) {
          cases_of[d].push_back(c);
        }
      }
    }
  }
  // A derivative that is zero everywhere has no sign to see: those that only such rows use are left
  // out, by name.
  size_t left_out = 0;
  for (const Derivative& d : zero) {
    if (cases_of.count(d) == 0) ++left_out;
  }
  ASSERT_GT(cases_of.size(), 100U);
  size_t seen = 0;
  for (const auto& [derivative, cases] : cases_of) {
    bool noticed = false;
    for (const Case& c : cases) noticed = noticed || notices(c, derivative);
    EXPECT_TRUE(noticed) << derivative.first << ", gradient of input " << derivative.second
                         << ": the sign can be flipped and no test fails";
    if (noticed) ++seen;
  }
  std::printf("%zu derivatives flipped, %zu seen, %zu left out because they are zero everywhere\n",
              cases_of.size(), seen, left_out);
}

TEST(Mutation, AFlipIsGoneWithItsGuard) {
  Tensor x = taper::ones({2}, taper::dtype(taper::kFloat64).requires_grad(true));
  auto f = [](const Tensor& t) { return t.tanh(); };
  {
    taper::autograd::testing::FlippedGradient flipped("TanhBackward0", 0);
    EXPECT_THROW(taper::autograd::gradcheck(f, {x}), taper::Error);
  }
  EXPECT_TRUE(taper::autograd::gradcheck(f, {x}));
}

}  // namespace
}  // namespace op_table
