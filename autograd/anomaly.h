#pragma once

// Anomaly mode: a backward pass says which operation was the culprit.
namespace taper::autograd {

// For all threads (torch::autograd::AnomalyMode). While it is on, every operation that goes on the
// tape remembers the shapes of its inputs and from where it was called, and a backward pass that
// - throws, adds to the message which operation's backward it was, that operation's shapes, and the
//   first place outside taper that called it: file and line if the program has debug information,
//   else function and offset. What is not a taper::Error is nested in one (std::rethrow_if_nested);
// - gives NaN for a wanted gradient, throws taper::Error "Function 'SqrtBackward0' returned nan
//   values in its 0th output." with the same addition, unless check_nan is off.
// Operations recorded before it was turned on are named without their call. It is slow: for
// debugging only. When off it costs one load where an operation is recorded and one where its
// backward runs.
struct AnomalyMode {
  static bool is_enabled();
  static bool should_check_nan();
  static void set_enabled(bool enabled, bool check_nan = true);
};

// Turns it on for a scope (torch.autograd.detect_anomaly).
class DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true);
  ~DetectAnomalyGuard();
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool before_;
  bool check_nan_before_;
};

// torch.autograd.set_detect_anomaly.
inline void set_detect_anomaly(bool mode, bool check_nan = true) {
  AnomalyMode::set_enabled(mode, check_nan);
}

}  // namespace taper::autograd
