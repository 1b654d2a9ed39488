#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

// Words and the languages that they are known to belong to.
namespace word_language {

struct Example {
  std::u32string word;
  int64_t label;
};

struct Corpus {
  std::vector<std::string> labels;
  std::vector<Example> examples;
};

// Every `Language.txt` of a folder, one UTF-8 word a line; labels in the order of file names. A
// word that a language lists twice counts once. Throws examples::UsageError.
Corpus load_corpus(const std::filesystem::path& folder);

struct Split {
  std::vector<Example> train;
  std::vector<Example> held_out;
};

// Holds out a share of the distinct words, drawn by taper's generator. A word in several languages
// goes to one side with all of them: else the model would be asked for what it was told.
Split split_by_word(const Corpus& corpus, double held_out_share);

// The characters of the training words, each with an index; what came in no training word is
// tried as a small letter, and is else the one unknown character.
class Alphabet {
 public:
  static constexpr int64_t kPadding = 0;
  static constexpr int64_t kUnknown = 1;
  static constexpr int64_t kEdge = 2;  // before and after a word

  explicit Alphabet(const std::vector<Example>& train);
  // The inverse of characters().
  explicit Alphabet(const std::u32string& characters);

  int64_t size() const { return kFirst + static_cast<int64_t>(characters_.size()); }
  const std::u32string& characters() const { return characters_; }
  int64_t index(char32_t character) const;
  // The word's indices between two edges.
  std::vector<int64_t> encode(const std::u32string& word) const;

 private:
  static constexpr int64_t kFirst = 3;
  void number_characters();

  std::u32string characters_;
  std::map<char32_t, int64_t> index_;
};

}  // namespace word_language
