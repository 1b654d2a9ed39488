#pragma once

#include "taper/autograd/record.h"

namespace taper::autograd {

// The node of an operation that PyTorch's tape knows nothing of.
inline constexpr const char* kNotImplemented = "torch::autograd::NotImplemented";

// The saver of an operation for which PyTorch has no derivative: its result is on the tape, and a
// backward through it throws E with this text, a literal.
template <class E>
auto not_implemented(const char* text) {
  return [text](Save&) { return [text](Backward&) { taper::detail::throw_error<E>(text); }; };
}

}  // namespace taper::autograd
