#include "io/text.h"

#include <charconv>
#include <string_view>

#include "taper/io/atomic_file.h"
#include "taper/io/input_file.h"
#include "taper/tensor/error.h"
#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::io {
namespace {

constexpr std::string_view kFirstWord = "tensors";

template <class T>
void append_number(std::string& text, T value, char end) {
  char digits[32];
  text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  text += end;
}

std::string as_text(const NamedTensors& tensors) {
  std::string text = std::string(kFirstWord) + ' ';
  append_number(text, tensors.size(), '\n');
  for (const auto& [name, tensor] : tensors) {
    TAPER_CHECK(!name.empty() && name.find_first_of(" \n") == std::string::npos,
                "a name is one word, not \"", name, '"');
    TAPER_CHECK(tensor.defined() && tensor.scalar_type() != kBool, "\"", name,
                "\" is not a tensor of numbers");
    text += name + ' ' + to_string(tensor.scalar_type());
    for (int64_t size : tensor.sizes()) text += ' ' + std::to_string(size);
    text += '\n';
    const Tensor rows = raw::contiguous(tensor);
    kernels::dispatch_numbers(rows.scalar_type(), [&](auto tag) {
      using T = typename decltype(tag)::type;
      for (int64_t i = 0; i < rows.numel(); ++i) append_number(text, rows.data_ptr<T>()[i], '\n');
    });
  }
  return text;
}

// Takes words off the front; every one ends in a blank or the end of its line.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}
  size_t bytes_left() const { return rest_.size(); }
  // Whether the last word was the last of its line.
  bool at_line_end() const { return end_ == '\n'; }

  std::string_view next() {
    const size_t length = rest_.find_first_of(" \n");
    TAPER_CHECK(length != std::string_view::npos, "it ends in the middle");
    const std::string_view word = rest_.substr(0, length);
    end_ = rest_[length];
    rest_.remove_prefix(length + 1);
    return word;
  }
  // A word that is a number of that type from its first letter to its last.
  template <class T>
  T number() {
    const std::string_view word = next();
    T value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    TAPER_CHECK(error == std::errc() && end == word.data() + word.size(), "\"", word.substr(0, 40),
                "\" is not a number that fits");
    return value;
  }

 private:
  std::string_view rest_;
  char end_ = '\n';
};

ScalarType dtype_of(std::string_view word) {
  for (ScalarType dtype : {kFloat64, kFloat32, kInt64, kInt32, kUInt8}) {
    if (word == to_string(dtype)) return dtype;
  }
  taper::detail::throw_error<Error>("there is no dtype \"", word.substr(0, 40), '"');
}

TensorDict parse(std::string_view text) {
  Words words(text);
  TAPER_CHECK(words.next() == kFirstWord, "it does not begin with \"", kFirstWord, '"');
  TensorDict dict;
  for (auto left = words.number<size_t>(); left > 0; --left) {
    const std::string name(words.next());
    TAPER_CHECK(dict.find(name) == nullptr, "the name \"", name, "\" stands there twice");
    const ScalarType dtype = dtype_of(words.next());
    std::vector<int64_t> sizes;
    while (!words.at_line_end()) sizes.push_back(words.number<int64_t>());
    // An element takes two bytes at the least: no file makes us allocate more than a few times its
    // own size.
    const int64_t count = checked_numel(sizes);
    TAPER_CHECK(static_cast<uint64_t>(count) <= words.bytes_left() / 2, "\"", name, "\" claims ",
                count, " elements, more than follow");
    const Tensor tensor = raw::empty(sizes, dtype);
    kernels::dispatch_numbers(dtype, [&](auto tag) {
      using T = typename decltype(tag)::type;
      for (int64_t i = 0; i < count; ++i) tensor.data_ptr<T>()[i] = words.number<T>();
    });
    dict.tensors.emplace_back(name, tensor);
  }
  TAPER_CHECK(words.bytes_left() == 0, "something follows the last tensor");
  return dict;
}

}  // namespace

void save_text(const NamedTensors& tensors, const std::string& path) {
  const std::string text = as_text(tensors);
  AtomicFile file(path);
  file.write(text);
  file.commit();
}

TensorDict load_text(const std::string& path) {
  try {
    const InputFile file(path);
    std::string text(file.size(), '\0');
    file.read(text.data(), text.size(), 0);
    return parse(text);
  } catch (const Error& error) {
    throw Error("load_text: \"" + path + "\": " + error.what());
  }
}

}  // namespace taper::io
