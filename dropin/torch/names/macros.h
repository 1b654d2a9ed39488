#pragma once

#include <cstdio>
#include <sstream>
#include <string>

#include "taper/taper.h"

// libtorch's macros, in taper's terms.

namespace c10 {

// The parts of a message as a stream writes them: any part that a stream takes.
template <class... Parts>
std::string str(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

namespace detail {

// Where a check stands in a program.
struct Place {
  const char* file;
  int line;
  const char* function;
};

template <class E, class... Parts>
[[noreturn]] __attribute__((cold, noinline)) void fail_check(const char* condition,
                                                             const Parts&... parts) {
  if constexpr (sizeof...(Parts) == 0) {
    throw E(str("Expected ", condition, " to be true, but got false."));
  } else {
    throw E(str(parts...));
  }
}

template <class... Parts>
[[noreturn]] __attribute__((cold, noinline)) void fail_assert(const char* condition, Place place,
                                                              const Parts&... parts) {
  throw taper::Error(str(condition, " INTERNAL ASSERT FAILED at \"", place.file, "\":", place.line,
                         ", please report a bug to PyTorch. ", parts...));
}

template <class... Parts>
__attribute__((cold, noinline)) void warn(Place place, const Parts&... parts) {
  std::fprintf(stderr, "[W %s:%d] Warning: %s (function %s)\n", place.file, place.line,
               str(parts...).c_str(), place.function);
}

}  // namespace detail
}  // namespace c10

#define TAPER_DROPIN_PLACE \
  ::c10::detail::Place { __FILE__, __LINE__, __func__ }
#define TAPER_DROPIN_CHECK(E, condition, ...)                           \
  do {                                                                  \
    if (__builtin_expect(!(condition), 0)) {                            \
      ::c10::detail::fail_check<::taper::E>(#condition, ##__VA_ARGS__); \
    }                                                                   \
  } while (false)

#define TORCH_CHECK(condition, ...) TAPER_DROPIN_CHECK(Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TAPER_DROPIN_CHECK(IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TAPER_DROPIN_CHECK(ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TAPER_DROPIN_CHECK(TypeError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_LINALG(condition, ...) TAPER_DROPIN_CHECK(LinAlgError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) \
  TAPER_DROPIN_CHECK(NotImplementedError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_ARG(condition, position, ...) \
  TORCH_CHECK(condition, "invalid argument ", position, ": ", __VA_ARGS__)
#define AT_ERROR(...) TORCH_CHECK(false, ::c10::str(__VA_ARGS__))

#define TORCH_INTERNAL_ASSERT(condition, ...)                                    \
  do {                                                                           \
    if (__builtin_expect(!(condition), 0)) {                                     \
      ::c10::detail::fail_assert(#condition, TAPER_DROPIN_PLACE, ##__VA_ARGS__); \
    }                                                                            \
  } while (false)
#ifdef NDEBUG
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) \
  while (false) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#else
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#endif
#define AT_ASSERT(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_INTERNAL_ASSERT(condition, __VA_ARGS__)

#define TORCH_WARN(...) ::c10::detail::warn(TAPER_DROPIN_PLACE, ##__VA_ARGS__)
#define TORCH_WARN_ONCE(...)                          \
  do {                                                \
    [[maybe_unused]] static const bool warned = [&] { \
      TORCH_WARN(__VA_ARGS__);                        \
      return true;                                    \
    }();                                              \
  } while (false)

#define TORCH_MODULE_IMPL(Name, ImplType) TAPER_MODULE_IMPL(Name, ImplType)
#define TORCH_MODULE(Name) TAPER_MODULE(Name)
#define TORCH_ARG(type, name) TAPER_ARG(type, name)
#define FORWARD_HAS_DEFAULT_ARGS(...) TAPER_FORWARD_HAS_DEFAULT_ARGS(__VA_ARGS__)

#define TORCH_VERSION_MAJOR 1
#define TORCH_VERSION_MINOR 13
#define TORCH_VERSION_PATCH 0
#define TORCH_VERSION "1.13.0"

// Runs the lambda with scalar_t standing for the C++ type of the dtype.
#define TAPER_DROPIN_CASE(dtype, type, ...) \
  case ::taper::ScalarType::dtype: {        \
    using scalar_t = type;                  \
    return __VA_ARGS__();                   \
  }
#define TAPER_DROPIN_DISPATCH(TYPE, NAME, CASES)                                        \
  [&] {                                                                                 \
    const ::taper::ScalarType taper_dropin_type = ::c10::typeMetaToScalarType(TYPE);    \
    switch (taper_dropin_type) {                                                        \
      CASES                                                                             \
      default:                                                                          \
        throw ::taper::Error(                                                           \
            ::c10::str('"', NAME, "\" not implemented for '", taper_dropin_type, "'")); \
    }                                                                                   \
  }()
#define TAPER_DROPIN_FLOATING(...)               \
  TAPER_DROPIN_CASE(Double, double, __VA_ARGS__) \
  TAPER_DROPIN_CASE(Float, float, __VA_ARGS__)
#define TAPER_DROPIN_INTEGRAL(...)                   \
  TAPER_DROPIN_CASE(Byte, std::uint8_t, __VA_ARGS__) \
  TAPER_DROPIN_CASE(Int, std::int32_t, __VA_ARGS__)  \
  TAPER_DROPIN_CASE(Long, std::int64_t, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES(TYPE, NAME, ...) \
  TAPER_DROPIN_DISPATCH(TYPE, NAME, TAPER_DROPIN_FLOATING(__VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES(TYPE, NAME, ...) \
  TAPER_DROPIN_DISPATCH(TYPE, NAME, TAPER_DROPIN_INTEGRAL(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES(TYPE, NAME, ...) \
  TAPER_DROPIN_DISPATCH(TYPE, NAME,            \
                        TAPER_DROPIN_FLOATING(__VA_ARGS__) TAPER_DROPIN_INTEGRAL(__VA_ARGS__))
