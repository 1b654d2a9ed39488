#pragma once

#include "taper/tensor/tensor.h"

// What all factories have in common; not for users.
namespace taper::detail {

// Throws for what taper's tensors cannot be: on another device (the message names the operator that
// libtorch would call there), sparse, in pinned memory.
void check_options(const TensorOptions& options,
                   const char* aten_operator = "aten::empty.memory_format");
// The format that an argument or the options name.
std::optional<MemoryFormat> choose_format(const TensorOptions& options,
                                          std::optional<MemoryFormat> format);
// A new tensor, made to require a gradient if the options say so; throws for an integer one.
Tensor finish(Tensor made, const TensorOptions& options);
// Uninitialised, of like's shape and, unless options say, dtype; its dimensions in like's order in
// memory unless a format says otherwise.
Tensor fresh_like(const Tensor& like, const TensorOptions& options,
                  std::optional<MemoryFormat> format);

}  // namespace taper::detail
