#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "taper/taper.h"
#include "word_language/corpus.h"

namespace word_language {

struct ModelOptions {
  std::string cell = "gru";  // reset-before, reset-after, gru
  int64_t characters = 0;
  int64_t embedding = 32;
  int64_t hidden = 192;
  int64_t languages = 0;
  double dropout = 0.4;
};

// Characters to vectors, a GRU over them, the languages' logits from its state at the word's end.
class LanguageModelImpl : public taper::nn::Module {
 public:
  explicit LanguageModelImpl(const ModelOptions& options)
      : options_(options),
        embedding(register_module("embedding",
                                  taper::nn::Embedding(options.characters, options.embedding))),
        dropout(register_module("dropout", taper::nn::Dropout(options.dropout))),
        classifier(register_module("classifier", make_classifier(options))) {}

  // words [length, batch] and lengths [batch] of int64 -> logits [batch, languages].
  taper::Tensor forward(const taper::Tensor& words, const taper::Tensor& lengths) {
    taper::Tensor x = dropout(embedding(words));  // [length, batch, embedding]
    taper::Tensor h0 = taper::zeros({words.size(1), options_.hidden});
    return classifier(x, h0, lengths);
  }

  const ModelOptions& options() const { return options_; }

 private:
  static taper::nn::GRUClassifier make_classifier(const ModelOptions& options) {
    taper::nn::GRUClassifierOptions classifier(options.embedding, options.hidden,
                                               options.languages);
    if (options.cell == "reset-before") classifier.cell(taper::kResetBefore);
    if (options.cell == "reset-after") classifier.cell(taper::kResetAfter);
    if (options.cell == "gru") classifier.cell(taper::kGRU);
    return taper::nn::GRUClassifier(classifier);
  }

  ModelOptions options_;
  taper::nn::Embedding embedding;
  taper::nn::Dropout dropout;
  taper::nn::GRUClassifier classifier;
};
TAPER_MODULE(LanguageModel);

// A trained model with what it takes to use it.
struct Checkpoint {
  Alphabet alphabet;
  std::vector<std::string> labels;
  LanguageModel model;
};

// One safetensors file: the weights, and in its metadata the alphabet, the labels and the model's
// options. load throws examples::UsageError or taper::Error for another file.
void save_checkpoint(const Checkpoint& checkpoint, const std::string& path);
Checkpoint load_checkpoint(const std::string& path);

}  // namespace word_language
