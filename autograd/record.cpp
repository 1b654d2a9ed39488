#include "taper/autograd/record.h"

#include "taper/autograd/anomaly.h"
#include "taper/autograd/forward_call.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/tape_state.h"

namespace taper::autograd::internal {

void throw_backward_twice() {
  taper::detail::throw_error<Error>(
      "Trying to backward through the graph a second time (or directly access saved tensors after "
      "they have already been "
      "freed). Saved intermediate values of the graph are freed when you call .backward() or "
      "autograd.grad(). Specify "
      "retain_graph=True if you need to backward through the graph a second time or if you need to "
      "access saved tensors "
      "after calling backward.");
}

bool should_record(Inputs inputs) {
  if (!tape_state().recording) return false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs.requires_grad(i)) return true;
  }
  return false;
}

void connect_inputs(Node& node, Inputs inputs) {
  for (size_t i = 0; i < inputs.size(); ++i) node.add_edge(gradient_edge(inputs[i]));
  if (AnomalyMode::is_enabled()) note_forward(node, inputs);
}

void set_history(const Tensor& output, const NodePtr& node) {
  uint32_t output_nr = node->add_output(output);
  if (!output.is_floating_point()) return;
  taper::detail::TensorImpl& t = *output.unsafeGetTensorImpl();
  AutogradMeta& meta = make_meta(t);
  meta.grad_fn = node;
  meta.output_nr = output_nr;
  t.requires_grad = true;
}

}  // namespace taper::autograd::internal
