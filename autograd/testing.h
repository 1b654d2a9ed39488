#pragma once

#include <string>

#include "taper/tensor/tensor.h"

// For the tests of taper itself: makes one derivative wrong, to see that a test notices.
namespace taper::autograd {

class Node;

namespace testing {

// While it lives, the gradient of input `input` of every node of this name has the wrong sign.
class FlippedGradient {
 public:
  FlippedGradient(std::string node_name, size_t input);
  ~FlippedGradient();
  FlippedGradient(const FlippedGradient&) = delete;
  FlippedGradient& operator=(const FlippedGradient&) = delete;
  // How many gradients were turned so far.
  size_t count() const;
};

bool flips(const Node& node, size_t input);
Tensor maybe_flipped(const Node& node, size_t input, Tensor g);

}  // namespace testing
}  // namespace taper::autograd
