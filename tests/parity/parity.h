#pragma once

#include <torch/torch.h>

#include <exception>
#include <string>
#include <utility>

// Programs that are written once, in libtorch's API, and compiled twice: with taper::torch and with
// libtorch. Each records named results; parity_compare then holds the two records against each
// other.
namespace parity {

class Recorder {
 public:
  explicit Recorder(const std::string& file);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder();

  // Elements that agree within the dtype's tolerance (tolerances.h), integers and bools exactly;
  // sizes and dtype exactly.
  void value(const std::string& name, const torch::Tensor& x) { tensor('v', name, x); }
  // The same, and the strides exactly.
  void layout(const std::string& name, const torch::Tensor& x);
  // Random numbers: the same bits.
  void draw(const std::string& name, const torch::Tensor& x) { tensor('d', name, x); }
  // Losses of a training run.
  void loss(const std::string& name, const torch::Tensor& x) { tensor('l', name, x); }
  // Losses of a run of LBFGS, whose line searches magnify the last digits.
  void lbfgs_loss(const std::string& name, const torch::Tensor& x) { tensor('b', name, x); }
  // The same letters.
  void text(const std::string& name, const std::string& text) { string('t', name, text); }
  template <class T>
  void print(const std::string& name, const T& value) {
    std::ostringstream out;
    out << value;
    text(name, out.str());
  }
  // A misuse: both throw, and libtorch's first sentence stands in taper's message.
  template <class F>
  void error(const std::string& name, F&& misuse) {
    std::string message = "(nothing was thrown)";
    try {
      misuse();
    } catch (const c10::Error& e) {
      message = e.what_without_backtrace();
    } catch (const std::exception& e) {
      message = e.what();
    }
    string('e', name, message);
  }

 private:
  void tensor(char kind, const std::string& name, const torch::Tensor& x);
  void string(char kind, const std::string& name, const std::string& text);
  void header(char kind, const std::string& name);

  struct File;
  std::unique_ptr<File> file_;
};

using Program = void (*)(Recorder&);
struct Registration {
  Registration(const char* name, Program program);
};

}  // namespace parity

// PARITY_PROGRAM(name) { r.value("x", ...); ... }: runs with the default generator seeded by 0.
#define PARITY_PROGRAM(name)                                                                     \
  static void parity_program_##name(::parity::Recorder& r);                                      \
  static const ::parity::Registration parity_registration_##name(#name, &parity_program_##name); \
  static void parity_program_##name([[maybe_unused]] ::parity::Recorder& r)
