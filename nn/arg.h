#pragma once

#include <utility>

// Options of two layers or optimizers that have the same fields are two lists all the same: a
// setter returns the type that declares it, so a common base would end a chain of setters early.

// Declares an option: a setter `name(value)` that returns the options, so that calls chain, and a
// getter `name()`. Follow it with `= default_value;` (TORCH_ARG).
#define TAPER_ARG(type, name)                          \
 public:                                               \
  auto name(const type& new_##name)->decltype(*this) { \
    this->name##_ = new_##name;                        \
    return *this;                                      \
  }                                                    \
  auto name(type&& new_##name)->decltype(*this) {      \
    this->name##_ = std::move(new_##name);             \
    return *this;                                      \
  }                                                    \
  TAPER_ARG_VALUE(type, name)

// The same for types that are costly to compile: TAPER_ARG_DEFINE(Class, type, name) in a source
// makes the setters.
#define TAPER_ARG_DECLARE(type, name)                 \
 public:                                              \
  auto name(const type& new_##name)->decltype(*this); \
  auto name(type&& new_##name)->decltype(*this);      \
  TAPER_ARG_VALUE(type, name)
#define TAPER_ARG_DEFINE(Class, type, name)          \
  auto Class::name(const type& new_##name)->Class& { \
    name##_ = new_##name;                            \
    return *this;                                    \
  }                                                  \
  auto Class::name(type&& new_##name)->Class& {      \
    name##_ = std::move(new_##name);                 \
    return *this;                                    \
  }

#define TAPER_ARG_VALUE(type, name)                     \
  const type& name() const noexcept { return name##_; } \
  type& name() noexcept { return name##_; }             \
                                                        \
 private:                                               \
  type name##_
