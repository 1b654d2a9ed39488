#include "word_language/corpus.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <system_error>

#include "common/flags.h"
#include "common/utf8.h"
#include "taper/taper.h"

namespace word_language {

Corpus load_corpus(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  if (error) throw examples::UsageError("--data: cannot open the folder " + folder.string());
  if (files.size() < 2) {
    throw examples::UsageError("--data: expected two or more files Language.txt in " +
                               folder.string());
  }
  std::sort(files.begin(), files.end());
  Corpus corpus;
  for (const auto& file : files) {
    const auto label = static_cast<int64_t>(corpus.labels.size());
    corpus.labels.push_back(file.stem().string());
    const auto lines = examples::read_lines(file.string());
    if (lines.empty()) throw examples::UsageError("--data: no words in " + file.string());
    for (const auto& word : std::set<std::u32string>(lines.begin(), lines.end())) {
      corpus.examples.push_back({word, label});
    }
  }
  return corpus;
}

Split split_by_word(const Corpus& corpus, double held_out_share) {
  std::set<std::u32string> distinct;
  for (const Example& example : corpus.examples) distinct.insert(example.word);
  const std::vector<std::u32string> words(distinct.begin(), distinct.end());

  const auto count = static_cast<int64_t>(words.size());
  const taper::Tensor order = taper::randperm(count);
  const int64_t* shuffled = order.data_ptr<int64_t>();
  const auto held = static_cast<int64_t>(std::lround(static_cast<double>(count) * held_out_share));
  std::set<std::u32string> held_out;
  for (int64_t i = 0; i < held; ++i) held_out.insert(words[static_cast<size_t>(shuffled[i])]);

  Split split;
  for (const Example& example : corpus.examples) {
    (held_out.count(example.word) != 0 ? split.held_out : split.train).push_back(example);
  }
  if (split.train.empty() || split.held_out.empty()) {
    throw examples::UsageError("--data: too few words to hold some out");
  }
  return split;
}

Alphabet::Alphabet(const std::vector<Example>& train) {
  std::set<char32_t> distinct;
  for (const Example& example : train) distinct.insert(example.word.begin(), example.word.end());
  characters_.assign(distinct.begin(), distinct.end());
  number_characters();
}

Alphabet::Alphabet(const std::u32string& characters) : characters_(characters) {
  number_characters();
}

void Alphabet::number_characters() {
  for (const char32_t character : characters_) {
    index_.emplace(character, kFirst + static_cast<int64_t>(index_.size()));
  }
}

int64_t Alphabet::index(char32_t character) const {
  auto found = index_.find(character);
  if (found == index_.end()) found = index_.find(examples::to_lower(character));
  return found == index_.end() ? kUnknown : found->second;
}

std::vector<int64_t> Alphabet::encode(const std::u32string& word) const {
  std::vector<int64_t> indices = {kEdge};
  for (const char32_t character : word) indices.push_back(index(character));
  indices.push_back(kEdge);
  return indices;
}

}  // namespace word_language
