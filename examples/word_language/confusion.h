#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace word_language {

// How often each label was taken for each.
class Confusion {
 public:
  explicit Confusion(size_t labels) : counts_(labels, std::vector<int64_t>(labels, 0)) {}
  void add(int64_t truth, int64_t prediction);

  double accuracy() const;
  // 2 tp / (2 tp + fp + fn); 0 for a label that neither occurs nor is predicted.
  double f1(size_t label) const;
  // The mean of f1 over all labels: a rare one counts as much as a frequent one.
  double macro_f1() const;
  void print(const std::vector<std::string>& labels) const;

 private:
  std::vector<std::vector<int64_t>> counts_;  // [truth][prediction]
};

}  // namespace word_language
