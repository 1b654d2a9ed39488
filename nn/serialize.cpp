#include "taper/nn/serialize.h"

#include "taper/io/safetensors.h"
#include "taper/tensor/error.h"

namespace taper::nn {

void save_safetensors(const Module& module, const std::string& path, const io::Metadata& metadata) {
  io::save_safetensors(module.state_dict().pairs(), path, metadata);
}

LoadReport load_safetensors(Module& module, const std::string& path, bool strict) {
  io::TensorDict file = io::load_safetensors(path);
  OrderedDict<std::string, Tensor> state("Tensor");
  for (auto& [name, tensor] : file.tensors) state.insert(name, std::move(tensor));
  LoadReport report;
  try {
    static_cast<IncompatibleKeys&>(report) = module.load_state_dict(state, strict);
  } catch (const Error& error) {
    throw Error("load_safetensors: \"" + path + "\": " + error.what());
  }
  report.metadata = std::move(file.metadata);
  return report;
}

}  // namespace taper::nn
