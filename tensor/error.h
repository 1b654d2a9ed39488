#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace taper {

// What every failed call throws. what() names the operation, what it expected and what it got;
// where PyTorch has a text for the same misuse, the same words stand in it. A call that throws
// leaves its arguments as they were.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  // c10::Error's spelling. The message carries no backtrace.
  Error(const std::string& message, const std::string& /*backtrace*/)
      : std::runtime_error(message) {}

  // Adds a line to what() (c10::Error): what was being done when it was thrown.
  void add_context(const std::string& line) {
    static_cast<std::runtime_error&>(*this) = std::runtime_error(what() + ("\n" + line));
  }

  std::string msg() const { return what(); }
  const char* what_without_backtrace() const noexcept { return what(); }
};

// Kinds of errors, as PyTorch names them: an index outside its dimension, a value or a type that
// cannot be, what does not exist, a matrix that cannot be solved, no memory left.
#define TAPER_ERROR_KIND(Name) \
  class Name : public Error {  \
   public:                     \
    using Error::Error;        \
  };
TAPER_ERROR_KIND(IndexError)
TAPER_ERROR_KIND(ValueError)
TAPER_ERROR_KIND(TypeError)
TAPER_ERROR_KIND(NotImplementedError)
TAPER_ERROR_KIND(LinAlgError)
TAPER_ERROR_KIND(OutOfMemoryError)
#undef TAPER_ERROR_KIND

template <class T>
class ArrayRef;
enum class ScalarType : int8_t;
class Tensor;
class Scalar;

namespace detail {

// Collects the parts of a message. Not a stream: <ostream> in a public header would cost every user
// of it.
class MessageBuilder {
 public:
  void add(std::string_view text) { text_ += text; }
  void add(const char* text) { text_ += text; }
  void add(const std::string& text) { text_ += text; }
  void add(char c) { text_ += c; }
  void add(bool value) { text_ += value ? "true" : "false"; }
  void add(int value) { text_ += std::to_string(value); }
  void add(unsigned value) { text_ += std::to_string(value); }
  void add(long value) { text_ += std::to_string(value); }
  void add(unsigned long value) { text_ += std::to_string(value); }
  void add(long long value) { text_ += std::to_string(value); }
  void add(unsigned long long value) { text_ += std::to_string(value); }
  void add(double value);
  void add(float value) { add(static_cast<double>(value)); }
  void add(ArrayRef<int64_t> sizes);  // [2, 3]
  void add(ScalarType dtype);         // Float
  void add(const Scalar& value);
  void add(const Tensor& tensor) = delete;  // write its sizes or dtype

  std::string take() { return static_cast<std::string&&>(text_); }

 private:
  std::string text_;
};

template <class E, class... Parts>
[[noreturn]] __attribute__((cold, noinline)) void throw_error(const Parts&... parts) {
  MessageBuilder message;
  (message.add(parts), ...);
  throw E(message.take());
}

}  // namespace detail
}  // namespace taper

// Throws taper::Error with the parts joined when `condition` does not hold.
#define TAPER_CHECK(condition, ...)                              \
  do {                                                           \
    if (__builtin_expect(!(condition), 0)) {                     \
      ::taper::detail::throw_error<::taper::Error>(__VA_ARGS__); \
    }                                                            \
  } while (false)

#define TAPER_CHECK_INDEX(condition, ...)                             \
  do {                                                                \
    if (__builtin_expect(!(condition), 0)) {                          \
      ::taper::detail::throw_error<::taper::IndexError>(__VA_ARGS__); \
    }                                                                 \
  } while (false)
