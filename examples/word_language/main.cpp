// Which language does a word belong to? A character-level GRU, trained on a list of words.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "common/flags.h"
#include "common/plot.h"
#include "common/progress.h"
#include "common/utf8.h"
#include "taper/taper.h"
#include "word_language/batch.h"
#include "word_language/confusion.h"
#include "word_language/corpus.h"
#include "word_language/model.h"

namespace nn = taper::nn;
namespace optim = taper::optim;
using namespace word_language;

namespace {

struct Options {
  std::string data;
  std::string out = ".";
  std::string weights;
  std::string predict;
  int64_t seed = 0;
  int64_t epochs = 20;
  int64_t batch = 32;
  double held_out = 0.2;
  double lr = 4e-3;
  double lr_decay = 0.85;
  double clip = 1.0;
  double hide = 0.02;
  double class_weight = 0.0;
  ModelOptions model;
};

// The shipped list: beside the sources, else where an install or the current folder has it.
std::filesystem::path shipped_words(const char* program) {
  const std::filesystem::path places[] = {
#ifdef TAPER_EXAMPLE_DIR
      std::filesystem::path(TAPER_EXAMPLE_DIR) / "words",
#endif
      std::filesystem::path(program).parent_path() / "words",
      std::filesystem::path(program).parent_path() / "../share/taper/examples/word_language/words",
      "examples/word_language/words",
  };
  for (const auto& place : places) {
    if (std::filesystem::is_directory(place)) return place;
  }
  throw examples::UsageError("the shipped word list is not there: give --data FOLDER");
}

std::filesystem::path weights_path(const Options& options) {
  if (!options.weights.empty()) return options.weights;
  return std::filesystem::path(options.out) / "word_language.safetensors";
}

// Weights of the loss by class: how rare a language is, to the given power, 1 on average.
taper::Tensor class_weights(const Split& split, size_t languages, double power) {
  std::vector<double> counts(languages, 0.0);
  for (const Example& example : split.train) counts[static_cast<size_t>(example.label)] += 1;
  taper::Tensor count = taper::tensor(counts).clamp_min(1);
  taper::Tensor weight = count.pow(-power);
  return (weight * count.sum() / (weight * count).sum()).to(taper::kFloat32);
}

// What always answering the most frequent language of the training words would reach.
Confusion majority_baseline(const Split& split, size_t languages) {
  std::vector<int64_t> counts(languages, 0);
  for (const Example& example : split.train) ++counts[static_cast<size_t>(example.label)];
  const auto most = std::max_element(counts.begin(), counts.end()) - counts.begin();
  Confusion confusion(languages);
  for (const Example& example : split.held_out) confusion.add(example.label, most);
  return confusion;
}

// The mean loss over the batches, and what each word was taken for.
std::pair<double, Confusion> evaluate(LanguageModel& model, const std::vector<Batch>& batches,
                                      size_t languages) {
  taper::NoGradGuard no_grad;
  model->eval();
  double loss = 0;
  int64_t words = 0;
  Confusion confusion(languages);
  for (const Batch& batch : batches) {
    taper::Tensor logits = model(batch.words, batch.lengths);
    const int64_t count = batch.labels.size(0);
    loss += nn::functional::cross_entropy(logits, batch.labels).item<double>() *
            static_cast<double>(count);
    words += count;
    taper::Tensor predicted = logits.argmax(1);
    const int64_t* truth = batch.labels.data_ptr<int64_t>();
    const int64_t* prediction = predicted.data_ptr<int64_t>();
    for (int64_t i = 0; i < count; ++i) confusion.add(truth[i], prediction[i]);
  }
  return {loss / static_cast<double>(words), confusion};
}

// Hides some characters, so that the model learns what the unknown one tells: nothing.
taper::Tensor hide_characters(const taper::Tensor& words, double share) {
  taper::Tensor hidden = (taper::rand(words.sizes()) < share).logical_and(words > Alphabet::kEdge);
  return words.masked_fill(hidden, Alphabet::kUnknown);
}

int train(const Options& options, const char* program) {
  const auto out = examples::output_folder(options.out);
  const std::filesystem::path folder =
      options.data.empty() ? shipped_words(program) : std::filesystem::path(options.data);
  taper::manual_seed(static_cast<uint64_t>(options.seed));
  const Corpus corpus = load_corpus(folder);
  const Split split = split_by_word(corpus, options.held_out);
  const Alphabet alphabet(split.train);
  const size_t languages = corpus.labels.size();
  const Confusion majority = majority_baseline(split, languages);
  examples::print_line(examples::format(
      "%zu words in %zu languages, %zu to train on, %zu held out; %zu characters; seed %lld",
      corpus.examples.size(), languages, split.train.size(), split.held_out.size(),
      alphabet.characters().size(), static_cast<long long>(options.seed)));

  ModelOptions model_options = options.model;
  model_options.characters = alphabet.size();
  model_options.languages = static_cast<int64_t>(languages);
  LanguageModel model(model_options);
  int64_t parameters = 0;
  for (const auto& parameter : model->parameters()) parameters += parameter.numel();
  examples::print_line(examples::format(
      "cell %s, embedding %lld, hidden %lld: %lld parameters", model_options.cell.c_str(),
      static_cast<long long>(model_options.embedding), static_cast<long long>(model_options.hidden),
      static_cast<long long>(parameters)));

  nn::CrossEntropyLoss criterion(
      nn::CrossEntropyLossOptions().weight(class_weights(split, languages, options.class_weight)));
  optim::Adam optimizer(model->parameters(), optim::AdamOptions(options.lr));
  optim::StepLR scheduler(optimizer, /*step_size=*/1, options.lr_decay);
  const auto held_out = make_batches(split.held_out, alphabet, 256, /*shuffle=*/false);

  examples::Panel losses{"Loss (cross-entropy)", "epoch", "nats per word", {}, {}};
  losses.lines = {{"training", {}, {}, 0}, {"held out", {}, {}, 1}};
  examples::Panel scores{"Held-out words", "epoch", "share", {}, {0.0, 1.0}};
  scores.lines = {{"accuracy", {}, {}, 0}, {"macro-F1", {}, {}, 2}, {"majority", {}, {}, 1, true}};
  Confusion confusion(languages);
  for (int64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    const auto begin = std::chrono::steady_clock::now();
    const auto batches = make_batches(split.train, alphabet, options.batch, /*shuffle=*/true);
    examples::Progress progress(examples::format("epoch %lld", static_cast<long long>(epoch)),
                                static_cast<int64_t>(batches.size()));
    double training_loss = 0;
    model->train();
    for (const Batch& batch : batches) {
      optimizer.zero_grad();
      taper::Tensor logits = model(hide_characters(batch.words, options.hide), batch.lengths);
      taper::Tensor loss = criterion(logits, batch.labels);
      loss.backward();
      nn::utils::clip_grad_norm_(model->parameters(), options.clip);
      optimizer.step();
      training_loss += loss.item<double>() / static_cast<double>(batches.size());
      progress.step(examples::format("loss %.3f", loss.item<double>()));
    }
    scheduler.step();

    const auto [held_out_loss, result] = evaluate(model, held_out, languages);
    confusion = result;
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    progress.clear();
    examples::print_line(examples::format(
        "epoch %2lld/%lld  loss %.4f  held-out: loss %.4f  accuracy %.2f %% (majority %.2f %%)  "
        "macro-F1 %.3f (majority %.3f)  %.1f s",
        static_cast<long long>(epoch), static_cast<long long>(options.epochs), training_loss,
        held_out_loss, 100 * confusion.accuracy(), 100 * majority.accuracy(), confusion.macro_f1(),
        majority.macro_f1(), seconds.count()));
    const double values[] = {training_loss, held_out_loss};
    for (size_t i = 0; i < 2; ++i) {
      losses.lines[i].x.push_back(static_cast<double>(epoch));
      losses.lines[i].y.push_back(values[i]);
    }
    const double shares[] = {confusion.accuracy(), confusion.macro_f1(), majority.accuracy()};
    for (size_t i = 0; i < 3; ++i) {
      scores.lines[i].x.push_back(static_cast<double>(epoch));
      scores.lines[i].y.push_back(shares[i]);
    }
  }

  std::printf("\n");
  confusion.print(corpus.labels);
  const std::filesystem::path weights = weights_path(options);
  save_checkpoint({alphabet, corpus.labels, model}, weights);
  examples::write_svg({scores, losses}, out / "word_language.svg");
  examples::print_line(examples::format(
      "\nheld-out accuracy %.2f %% (majority %.2f %%), macro-F1 %.3f (majority %.3f)\n"
      "weights: %s\nlearning curve: %s",
      100 * confusion.accuracy(), 100 * majority.accuracy(), confusion.macro_f1(),
      majority.macro_f1(), weights.string().c_str(), (out / "word_language.svg").string().c_str()));
  return 0;
}

int predict(const Options& options) {
  const std::filesystem::path path = weights_path(options);
  Checkpoint checkpoint = load_checkpoint(path.string());
  std::u32string word;
  if (!examples::decode_utf8(options.predict, word) || word.empty()) {
    throw examples::UsageError("--predict: expected a word in UTF-8");
  }
  for (const char32_t character : word) {
    if (checkpoint.alphabet.index(character) != Alphabet::kUnknown) continue;
    std::fprintf(stderr, "note: \"%s\" came in no training word; it tells the model nothing\n",
                 examples::encode_utf8({character}).c_str());
  }
  taper::NoGradGuard no_grad;
  checkpoint.model->eval();
  const Batch batch = make_batch({{word, 0}}, checkpoint.alphabet);
  taper::Tensor probabilities = checkpoint.model(batch.words, batch.lengths).softmax(1)[0];
  const auto [sorted, order] = probabilities.sort(0, /*descending=*/true);
  for (int64_t i = 0; i < sorted.size(0); ++i) {
    const auto label = static_cast<size_t>(order[i].item<int64_t>());
    examples::print_line(examples::format("%6.2f %%  %s", 100 * sorted[i].item<double>(),
                                          checkpoint.labels[label].c_str()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run("word_language", [&] {
    Options options;
    examples::Flags flags("word_language",
                          "Trains a character-level GRU that tells the language of a word, or asks "
                          "a trained one.");
    flags.add("--data", options.data, "FOLDER",
              "files Language.txt, one word a line; else the shipped list");
    flags.add("--predict", options.predict, "WORD", "print the languages of a word, don't train");
    flags.add("--weights", options.weights, "FILE",
              "weights to write or, with --predict, to read; else word_language.safetensors in "
              "--out");
    flags.add("--out", options.out, "FOLDER", "where weights and the learning curve go");
    flags.add_choice("--cell", options.model.cell, {"reset-before", "reset-after", "gru"},
                     "which GRU cell");
    flags.add("--embedding", options.model.embedding, "size of a character's vector", 1, 4096);
    flags.add("--hidden", options.model.hidden, "size of the GRU's state", 1, 4096);
    flags.add("--dropout", options.model.dropout, "share of the vectors' elements dropped", 0,
              0.99);
    flags.add("--hide", options.hide, "share of characters hidden in training", 0, 1);
    flags.add("--epochs", options.epochs, "passes over the training words", 1);
    flags.add("--batch", options.batch, "words a batch", 1);
    flags.add("--lr", options.lr, "learning rate of Adam");
    flags.add("--lr-decay", options.lr_decay, "what it is multiplied by after an epoch");
    flags.add("--clip", options.clip, "largest norm of the gradient");
    flags.add("--class-weight", options.class_weight,
              "weight of a language in the loss: its count to the power of -X", 0, 1);
    flags.add("--held-out", options.held_out, "share of words held out", 0.01, 0.9);
    flags.add("--seed", options.seed, "of the split, the weights and the batches");
    if (!flags.parse(argc, argv)) return 0;
    return options.predict.empty() ? train(options, argv[0]) : predict(options);
  });
}
