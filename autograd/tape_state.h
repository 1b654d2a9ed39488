#pragma once

#include <memory>
#include <string>

namespace taper::autograd {

struct ForwardCall;
struct SavedTensorFunctions;

// In anomaly mode, a node whose backward runs.
struct RunningNode {
  std::string name;
  std::shared_ptr<const ForwardCall> forward;
};

// What each thread knows of taping. A backward pass that goes on in another thread takes it along.
// Nothing here has a destructor, so that it is read without asking whether it was made yet.
struct TapeState {
  bool grad_enabled = true;
  bool inference_enabled = false;
  // The one that operations read: grad_enabled and not inference_enabled.
  bool recording = true;
  // Backward passes that run inside one another on this thread.
  int depth = 0;
  // Of the innermost SavedTensorHooks; null outside of any. The guard owns them.
  const std::shared_ptr<const SavedTensorFunctions>* saved_tensor_functions = nullptr;
  // The innermost one; its scope owns it.
  const RunningNode* running = nullptr;
};

TapeState& tape_state();

}  // namespace taper::autograd
