#include "taper/autograd/anomaly.h"

#include <atomic>
#include <exception>

#include "taper/autograd/forward_call.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/meta.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/tape_state.h"

namespace taper::autograd {
namespace {

std::atomic<bool> enabled{false};
std::atomic<bool> checks_nan{true};

}  // namespace

bool AnomalyMode::is_enabled() { return enabled.load(std::memory_order_relaxed); }
bool AnomalyMode::should_check_nan() { return checks_nan.load(std::memory_order_relaxed); }
void AnomalyMode::set_enabled(bool value, bool check_nan) {
  enabled.store(value, std::memory_order_relaxed);
  checks_nan.store(check_nan, std::memory_order_relaxed);
}

DetectAnomalyGuard::DetectAnomalyGuard(bool check_nan)
    : before_(AnomalyMode::is_enabled()), check_nan_before_(AnomalyMode::should_check_nan()) {
  AnomalyMode::set_enabled(true, check_nan);
}
DetectAnomalyGuard::~DetectAnomalyGuard() { AnomalyMode::set_enabled(before_, check_nan_before_); }

namespace {

const std::shared_ptr<const ForwardCall>& forward_of(const Node& node) {
  static const std::shared_ptr<const ForwardCall> none;
  return node.extras() != nullptr ? node.extras()->forward : none;
}

// "LogSoftmaxBackward0" is the backward of log_softmax. A user's function is called as it is.
std::string forward_name(const std::string& node_name) {
  const size_t end = node_name.rfind("Backward");
  if (end == std::string::npos || end == 0) return node_name;
  std::string name;
  for (char c : node_name.substr(0, end)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !name.empty()) name += '_';
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

void add_shapes(taper::detail::MessageBuilder& text, const std::vector<DimVector>& shapes) {
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (i > 0) text.add(", ");
    text.add(IntArrayRef(shapes[i]));
  }
}

std::string describe(const Node& node) {
  taper::detail::MessageBuilder text;
  const std::string name = node.name();
  text.add("In the backward of ");
  text.add(forward_name(name));
  text.add(" (");
  text.add(name);
  text.add("): ");
  std::vector<DimVector> outputs;
  for (size_t k = 0; k < node.num_inputs(); ++k) outputs.push_back(node.output_meta(k).sizes);
  const std::shared_ptr<const ForwardCall>& call = forward_of(node);
  if (call == nullptr) {
    text.add("its result has the shape ");
    add_shapes(text, outputs);
    text.add("; it was not recorded in anomaly mode, so that its call is not known.");
    return text.take();
  }
  add_shapes(text, call->inputs);
  text.add(" -> ");
  add_shapes(text, outputs);
  text.add(", called by ");
  text.add(call->where.caller());
  const ForwardCall* at = call.get();
  for (; at->call_of_during != nullptr; at = at->call_of_during.get()) {
    text.add(",\nrecorded by the backward of ");
    text.add(forward_name(at->during));
    text.add(", which was called by ");
    text.add(at->call_of_during->where.caller());
  }
  text.add(".");
  return text.take();
}

// The node whose backward runs, for what it records.
class Running {
 public:
  explicit Running(const RunningNode& node) : before_(tape_state().running) {
    tape_state().running = &node;
  }
  ~Running() { tape_state().running = before_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  const RunningNode* before_;
};

void check_nan(const Node& node, const variable_list& grads) {
  const NoGradGuard no_grad;
  for (size_t i = 0; i < grads.size(); ++i) {
    if (!grads[i].defined() || !grads[i].is_floating_point()) continue;
    TAPER_CHECK(!isnan(grads[i]).any().item<bool>(), "Function '", node.name(),
                "' returned nan values in its ", i, "th output.");
  }
}

}  // namespace

namespace internal {

void note_forward(Node& node, Inputs inputs) {
  auto call = std::make_shared<ForwardCall>();
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].defined()) call->inputs.emplace_back(inputs[i].sizes());
  }
  call->where = Backtrace::here();
  if (const RunningNode* running = tape_state().running) {
    call->during = running->name;
    call->call_of_during = running->forward;
  }
  node.make_extras().forward = std::move(call);
}

void apply_watched(Node& node, Backward& ctx) {
  const RunningNode running{node.name(), forward_of(node)};
  try {
    const Running scope(running);
    node.apply(ctx);
    if (AnomalyMode::should_check_nan()) check_nan(node, ctx.results());
  } catch (Error& error) {
    error.add_context(describe(node));
    throw;
  } catch (const std::exception& error) {
    std::throw_with_nested(Error(error.what() + ("\n" + describe(node))));
  }
}

}  // namespace internal
}  // namespace taper::autograd
