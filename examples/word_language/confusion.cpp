#include "word_language/confusion.h"

#include <algorithm>
#include <cstdio>

#include "common/utf8.h"

namespace word_language {

namespace {

// The first characters of a label, padded by hand since printf counts bytes.
std::string shortened(const std::string& label, size_t width) {
  std::u32string characters;
  if (!examples::decode_utf8(label, characters)) return label;
  characters.resize(std::min(characters.size(), width));
  return std::string(width - characters.size(), ' ') + examples::encode_utf8(characters);
}

}  // namespace

void Confusion::add(int64_t truth, int64_t prediction) {
  ++counts_[static_cast<size_t>(truth)][static_cast<size_t>(prediction)];
}

double Confusion::accuracy() const {
  int64_t right = 0;
  int64_t all = 0;
  for (size_t truth = 0; truth < counts_.size(); ++truth) {
    right += counts_[truth][truth];
    for (const int64_t count : counts_[truth]) all += count;
  }
  return all == 0 ? 0 : static_cast<double>(right) / static_cast<double>(all);
}

double Confusion::f1(size_t label) const {
  int64_t occurs = 0;
  int64_t predicted = 0;
  for (size_t other = 0; other < counts_.size(); ++other) {
    occurs += counts_[label][other];
    predicted += counts_[other][label];
  }
  const int64_t sum = occurs + predicted;
  return sum == 0 ? 0 : 2 * static_cast<double>(counts_[label][label]) / static_cast<double>(sum);
}

double Confusion::macro_f1() const {
  double sum = 0;
  for (size_t label = 0; label < counts_.size(); ++label) sum += f1(label);
  return sum / static_cast<double>(counts_.size());
}

void Confusion::print(const std::vector<std::string>& labels) const {
  constexpr size_t name_width = 10;
  std::printf("rows: the language; columns: what it was taken for\n%*s", int{name_width}, "");
  for (const std::string& label : labels) std::printf(" %s", shortened(label, 4).c_str());
  std::printf("    F1\n");
  for (size_t truth = 0; truth < counts_.size(); ++truth) {
    std::printf("%s", shortened(labels[truth], name_width).c_str());
    for (const int64_t count : counts_[truth]) {
      if (count == 0) {
        std::printf("    .");
      } else {
        std::printf(" %4lld", static_cast<long long>(count));
      }
    }
    std::printf("  %.2f\n", f1(truth));
  }
  std::fflush(stdout);
}

}  // namespace word_language
