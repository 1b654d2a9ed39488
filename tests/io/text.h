#pragma once

#include <string>

#include "taper/io/tensor_dict.h"

// Tensors as text that a person reads and a version control system compares. The first line says
// how many there are; for each follow a line with its name, dtype and sizes and, row-major, a line
// for each element, written so that reading gives the same bits.
namespace taper::io {

// Writes the file whole or not at all. Throws taper::Error for a name that is not one word, an
// undefined or Bool tensor, and any failure of the file system.
void save_text(const NamedTensors& tensors, const std::string& path);

// The inverse. Throws taper::Error unless the file is of that form, from its first byte to its
// last.
TensorDict load_text(const std::string& path);

}  // namespace taper::io
