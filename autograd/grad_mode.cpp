#include "taper/autograd/grad_mode.h"

#include "taper/autograd/tape_state.h"
#include "taper/tensor/storage.h"

namespace taper {

namespace autograd {
namespace {
constinit thread_local TapeState state;
}  // namespace

TapeState& tape_state() { return state; }
}  // namespace autograd

using autograd::tape_state;
using autograd::TapeState;

bool GradMode::is_enabled() { return tape_state().grad_enabled; }
void GradMode::set_enabled(bool enabled) {
  TapeState& state = tape_state();
  state.grad_enabled = enabled;
  state.recording = enabled && !state.inference_enabled;
}

namespace {

void set_modes(bool inference, bool grad) {
  tape_state().inference_enabled = inference;
  detail::set_allocates_for_inference(inference);
  GradMode::set_enabled(grad);
}

}  // namespace

bool InferenceMode::is_enabled() { return tape_state().inference_enabled; }
InferenceMode::InferenceMode(bool enabled)
    : grad_before_(GradMode::is_enabled()), before_(is_enabled()) {
  set_modes(enabled, !enabled);
}
InferenceMode::~InferenceMode() { set_modes(before_, grad_before_); }

}  // namespace taper
