#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "taper/tensor/error.h"

// Names for choices, one type each, so that an option can say by its type which of them it takes:
// `std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>` takes taper::kMean but not
// taper::kReLU.
#define TAPER_ENUM(name)                                      \
  namespace taper {                                           \
  namespace enumtype {                                        \
  struct k##name {                                            \
    constexpr k##name() = default;                            \
    static constexpr const char* text() { return "k" #name; } \
  };                                                          \
  }                                                           \
  inline constexpr enumtype::k##name k##name{};               \
  }

TAPER_ENUM(Linear)
TAPER_ENUM(Conv1D)
TAPER_ENUM(Conv2D)
TAPER_ENUM(Conv3D)
TAPER_ENUM(ConvTranspose1D)
TAPER_ENUM(ConvTranspose2D)
TAPER_ENUM(ConvTranspose3D)
TAPER_ENUM(Sigmoid)
TAPER_ENUM(Tanh)
TAPER_ENUM(ReLU)
TAPER_ENUM(LeakyReLU)
TAPER_ENUM(FanIn)
TAPER_ENUM(FanOut)
TAPER_ENUM(None)
TAPER_ENUM(Mean)
TAPER_ENUM(Sum)
TAPER_ENUM(BatchMean)
TAPER_ENUM(RNN_TANH)
TAPER_ENUM(RNN_RELU)
TAPER_ENUM(LSTM)
TAPER_ENUM(GRU)
TAPER_ENUM(ResetBefore)
TAPER_ENUM(ResetAfter)
#undef TAPER_ENUM

namespace taper::enumtype {

// "kMean"
template <class V>
std::string get_enum_name(const V& choice) {
  return std::visit([](auto name) { return std::string(name.text()); }, choice);
}

}  // namespace taper::enumtype

// Lets an options struct with one variant be written as its choice: F::mse_loss(x, y, kSum).
#define TAPER_OPTIONS_FROM_REDUCTION(Options)           \
  Options() = default;                                  \
  Options(enumtype::kNone value) : reduction_(value) {} \
  Options(enumtype::kMean value) : reduction_(value) {} \
  Options(enumtype::kSum value) : reduction_(value) {}
