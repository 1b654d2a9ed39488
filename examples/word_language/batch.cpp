#include "word_language/batch.h"

#include <algorithm>
#include <cstddef>

namespace word_language {

namespace {

std::vector<Example> permuted(const std::vector<Example>& examples) {
  const taper::Tensor order = taper::randperm(static_cast<int64_t>(examples.size()));
  const int64_t* indices = order.data_ptr<int64_t>();
  std::vector<Example> result;
  for (size_t i = 0; i < examples.size(); ++i) {
    result.push_back(examples[static_cast<size_t>(indices[i])]);
  }
  return result;
}

}  // namespace

Batch make_batch(const std::vector<Example>& examples, const Alphabet& alphabet) {
  std::vector<std::vector<int64_t>> encoded;
  std::vector<int64_t> lengths;
  std::vector<int64_t> labels;
  size_t longest = 0;
  for (const Example& example : examples) {
    encoded.push_back(alphabet.encode(example.word));
    lengths.push_back(static_cast<int64_t>(encoded.back().size()));
    labels.push_back(example.label);
    longest = std::max(longest, encoded.back().size());
  }
  taper::Tensor words =
      taper::full({static_cast<int64_t>(longest), static_cast<int64_t>(examples.size())},
                  Alphabet::kPadding, taper::kInt64);
  int64_t* element = words.data_ptr<int64_t>();
  for (size_t step = 0; step < longest; ++step) {
    for (const auto& word : encoded) {
      if (step < word.size()) *element = word[step];
      ++element;
    }
  }
  return {words, taper::tensor(lengths), taper::tensor(labels)};
}

std::vector<Batch> make_batches(const std::vector<Example>& examples, const Alphabet& alphabet,
                                int64_t batch_size, bool shuffle) {
  // Sorting all words by length would make the same batches in every epoch; sorting within pools of
  // twenty batches mixes them and pads little.
  constexpr size_t pool_batches = 20;
  const auto size = static_cast<size_t>(batch_size);
  const size_t pool = shuffle ? pool_batches * size : examples.size();

  std::vector<Example> order = shuffle ? permuted(examples) : examples;
  const auto shorter = [](const Example& a, const Example& b) {
    return a.word.size() < b.word.size();
  };
  std::vector<Batch> batches;
  for (size_t begin = 0; begin < order.size(); begin += pool) {
    const size_t end = std::min(begin + pool, order.size());
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
                     order.begin() + static_cast<std::ptrdiff_t>(end), shorter);
    for (size_t first = begin; first < end; first += size) {
      const size_t last = std::min(first + size, end);
      batches.push_back(make_batch({order.begin() + static_cast<std::ptrdiff_t>(first),
                                    order.begin() + static_cast<std::ptrdiff_t>(last)},
                                   alphabet));
    }
  }
  if (!shuffle) return batches;

  const taper::Tensor turns = taper::randperm(static_cast<int64_t>(batches.size()));
  const int64_t* indices = turns.data_ptr<int64_t>();
  std::vector<Batch> mixed;
  for (size_t i = 0; i < batches.size(); ++i) {
    mixed.push_back(batches[static_cast<size_t>(indices[i])]);
  }
  return mixed;
}

}  // namespace word_language
