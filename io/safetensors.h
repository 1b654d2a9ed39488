#pragma once

#include <string>

#include "taper/io/tensor_dict.h"

// Files in the safetensors format (https://github.com/huggingface/safetensors), which Python reads
// and writes by safetensors.torch.save_file and load_file: a length, a JSON header of names,
// dtypes, shapes and offsets, then the elements, row-major and little-endian. Nothing in it is
// executed.
namespace taper::io {

// Writes the tensors and metadata whole or not at all (see AtomicFile). Strided tensors are written
// row-major; gradients are not written. Elements of wider dtypes come first in the file, so that
// each stands at a multiple of its size; the header keeps the given order.
//
// Throws taper::Error for an undefined tensor, a name that occurs twice or is "__metadata__", text
// that is not UTF-8, and any failure of the file system.
void save_safetensors(const NamedTensors& tensors, const std::string& path,
                      const Metadata& metadata = {});
void save_safetensors(const TensorDict& dict, const std::string& path);

// The file's tensors, in the order of its header, and its metadata. Throws taper::Error, saying
// what is wrong where, unless every byte of the file is accounted for: a header that is too long,
// not JSON or not UTF-8; keys that are unknown, missing or occur twice; dtypes that taper does not
// have; shapes that overflow or do not fit their bytes; bytes that belong to no tensor or to two; a
// BOOL that is neither 0 nor 1.
TensorDict load_safetensors(const std::string& path);

}  // namespace taper::io
