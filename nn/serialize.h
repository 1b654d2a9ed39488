#pragma once

#include <string>

#include "taper/io/tensor_dict.h"
#include "taper/nn/module.h"

namespace taper::nn {

// What a load found: the keys that module and file do not have in common, and the file's metadata.
struct LoadReport : IncompatibleKeys {
  io::Metadata metadata;
};

// The module's state_dict() to and from a safetensors file, under PyTorch's keys: a model with the
// same names loads it in Python by load_state_dict(safetensors.torch.load_file(path)).
//
// Saving throws as io::save_safetensors. Loading reads the whole file first, then copies as
// Module::load_state_dict: if `strict`, missing and unexpected keys are errors; a different size
// always is. One taper::Error lists them all, and nothing has changed then.
void save_safetensors(const Module& module, const std::string& path,
                      const io::Metadata& metadata = {});
LoadReport load_safetensors(Module& module, const std::string& path, bool strict = true);

template <class M>
void save_safetensors(const ModuleHolder<M>& module, const std::string& path,
                      const io::Metadata& metadata = {}) {
  save_safetensors(*module, path, metadata);
}
template <class M>
LoadReport load_safetensors(ModuleHolder<M>& module, const std::string& path, bool strict = true) {
  return load_safetensors(*module, path, strict);
}

}  // namespace taper::nn
