#pragma once

namespace taper {

// Whether operations of this thread are recorded on the tape.
struct GradMode {
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

// Sets the mode for a scope.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : before_(GradMode::is_enabled()) {
    GradMode::set_enabled(enabled);
  }
  ~AutoGradMode() { GradMode::set_enabled(before_); }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool before_;
};

// Nothing in its scope is recorded (torch.no_grad).
class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

// Nothing in its scope is recorded (c10::InferenceMode), and what is allocated there is an
// inference tensor: outside it may be read and computed with, but it may neither be changed in
// place nor be saved for a backward; clone() it for that. InferenceMode(false) is a scope of the
// usual mode.
class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true);
  ~InferenceMode();
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;

  static bool is_enabled();

 private:
  bool grad_before_;
  bool before_;
};

}  // namespace taper
