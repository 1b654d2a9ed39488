#include <charconv>
#include <filesystem>

#include "common/flags.h"
#include "common/utf8.h"
#include "word_language/model.h"

namespace word_language {

namespace {

constexpr const char* kFormat = "word_language 1";

const std::string& entry(const taper::io::Metadata& metadata, const std::string& key,
                         const std::string& path) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) {
    throw examples::UsageError(path + " is no file of word_language: its metadata has no \"" + key +
                               "\"");
  }
  return found->second;
}

int64_t number(const taper::io::Metadata& metadata, const std::string& key,
               const std::string& path) {
  const std::string& text = entry(metadata, key, path);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // The limit keeps a damaged file from asking for all memory.
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 100000) {
    throw examples::UsageError(path + ": \"" + key + "\" is not a size: " + text);
  }
  return value;
}

}  // namespace

void save_checkpoint(const Checkpoint& checkpoint, const std::string& path) {
  const ModelOptions& options = checkpoint.model->options();
  taper::io::Metadata metadata;
  metadata["format"] = kFormat;
  metadata["alphabet"] = examples::encode_utf8(checkpoint.alphabet.characters());
  for (const std::string& label : checkpoint.labels) metadata["labels"] += label + "\n";
  metadata["cell"] = options.cell;
  metadata["embedding"] = std::to_string(options.embedding);
  metadata["hidden"] = std::to_string(options.hidden);

  taper::io::NamedTensors tensors;
  for (const auto& item : checkpoint.model->state_dict()) {
    tensors.emplace_back(item.key(), item.value());
  }
  taper::io::save_safetensors(tensors, path, metadata);
}

Checkpoint load_checkpoint(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    throw examples::UsageError("--weights: there is no file " + path + "; train first");
  }
  const taper::io::TensorDict file = taper::io::load_safetensors(path);
  if (entry(file.metadata, "format", path) != kFormat) {
    throw examples::UsageError(path + " is of another version of word_language");
  }
  std::u32string characters;
  if (!examples::decode_utf8(entry(file.metadata, "alphabet", path), characters)) {
    throw examples::UsageError(path + ": the alphabet is not UTF-8");
  }
  const Alphabet alphabet(characters);
  std::vector<std::string> labels;
  const std::string& lines = entry(file.metadata, "labels", path);
  for (size_t begin = 0; begin < lines.size();) {
    const size_t end = std::min(lines.find('\n', begin), lines.size());
    labels.push_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
  ModelOptions options;
  options.cell = entry(file.metadata, "cell", path);
  options.characters = alphabet.size();
  options.embedding = number(file.metadata, "embedding", path);
  options.hidden = number(file.metadata, "hidden", path);
  options.languages = static_cast<int64_t>(labels.size());
  LanguageModel model(options);

  taper::OrderedDict<std::string, taper::Tensor> state;
  for (const auto& [name, tensor] : file.tensors) state.insert(name, tensor);
  model->load_state_dict(state);
  return {alphabet, labels, model};
}

}  // namespace word_language
