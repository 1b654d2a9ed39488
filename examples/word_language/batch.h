#pragma once

#include <cstdint>
#include <vector>

#include "taper/taper.h"
#include "word_language/corpus.h"

namespace word_language {

// Words side by side, the shorter ones padded.
struct Batch {
  taper::Tensor words;    // [longest, batch] int64
  taper::Tensor lengths;  // [batch] int64
  taper::Tensor labels;   // [batch] int64
};

Batch make_batch(const std::vector<Example>& examples, const Alphabet& alphabet);

// The examples in batches of words of about the same length, so that little is padding. Shuffled
// anew at each call by taper's generator, or in a fixed order.
std::vector<Batch> make_batches(const std::vector<Example>& examples, const Alphabet& alphabet,
                                int64_t batch_size, bool shuffle);

}  // namespace word_language
