// Holds the records of taper and libtorch against each other:
//   parity_compare TAPER_FOLDER LIBTORCH_FOLDER PROGRAM...
//   parity_compare --text TAPER_FILE LIBTORCH_FILE     what two programs printed: the same words,
//   and
//                                                      numbers that agree as float losses do
// Prints what differs and how much was compared; fails if anything differs, or nothing was
// compared.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "parity/known_differences.h"
#include "parity/tolerances.h"

namespace parity {
namespace {

struct Entry {
  char kind = 0;
  std::string name;
  std::string dtype;  // empty for a text
  std::vector<int64_t> sizes;
  std::string bytes;
  bool is_text() const { return dtype.empty(); }
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), data_(read_file(path)) {}

  std::vector<Entry> entries() {
    std::vector<Entry> all;
    while (at_ < data_.size()) {
      Entry e;
      e.kind = take(1)[0];
      e.name = string();
      if (e.kind == 't' || e.kind == 'e') {
        e.bytes = string();
      } else {
        e.dtype = string();
        e.sizes.resize(static_cast<size_t>(number()));
        size_t count = 1;
        for (int64_t& size : e.sizes) count *= static_cast<size_t>(size = number());
        e.bytes = take(count * element_size(e.dtype));
      }
      all.push_back(std::move(e));
    }
    return all;
  }

  static size_t element_size(const std::string& dtype) {
    if (dtype == "Double" || dtype == "Long") return 8;
    if (dtype == "Float" || dtype == "Int") return 4;
    return 1;
  }

 private:
  std::string take(size_t size) {
    if (size > data_.size() - at_) throw std::runtime_error(path_ + " ends too early");
    at_ += size;
    return data_.substr(at_ - size, size);
  }
  int64_t number() {
    int64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string string() { return take(static_cast<size_t>(number())); }

  std::string path_;
  std::string data_;
  size_t at_ = 0;
};

struct Totals {
  int64_t values = 0, tensors = 0, texts = 0, errors = 0, known = 0, differences = 0;
  void operator+=(const Totals& other) {
    values += other.values;
    tensors += other.tensors;
    texts += other.texts;
    errors += other.errors;
    known += other.known;
    differences += other.differences;
  }
  void print(const std::string& what) const {
    std::printf("%s: %lld values of %lld tensors, %lld texts and %lld errors compared, ",
                what.c_str(), static_cast<long long>(values), static_cast<long long>(tensors),
                static_cast<long long>(texts), static_cast<long long>(errors));
    if (known != 0) std::printf("%lld differ as is known, ", static_cast<long long>(known));
    std::printf("%lld differ\n", static_cast<long long>(differences));
  }
};

template <class T>
std::vector<T> elements(const std::string& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <class T>
bool next_to_each_other(T a, T b) {
  return a == b || std::nextafter(a, b) == b;
}

bool agrees(double a, double b, double magnitude, Tolerance tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::fabs(a - b) <= tolerance.absolute + tolerance.relative * magnitude;
}

// What is wrong with a, or nothing.
template <class T>
std::string compare_floats(const Entry& a, const Entry& b) {
  constexpr bool is_double = sizeof(T) == 8;
  const Tolerance tolerance = a.kind == 'b'   ? kLbfgsLoss
                              : a.kind == 'l' ? (is_double ? kDoubleLoss : kFloatLoss)
                                              : (is_double ? kDoubleValue : kFloatValue);
  const std::vector<T> x = elements<T>(a.bytes);
  const std::vector<T> y = elements<T>(b.bytes);
  int64_t wrong = 0;
  std::string first;
  double magnitude = 0;
  for (const T value : y) {
    if (std::isfinite(value))
      magnitude = std::max(magnitude, std::fabs(static_cast<double>(value)));
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const bool same = a.kind == 'd' ? next_to_each_other(x[i], y[i])
                                    : agrees(static_cast<double>(x[i]), static_cast<double>(y[i]),
                                             magnitude, tolerance);
    if (same) continue;
    if (wrong++ == 0) {
      char text[200];
      std::snprintf(text, sizeof text, "element %zu is %.17g, libtorch's is %.17g", i,
                    static_cast<double>(x[i]), static_cast<double>(y[i]));
      first = text;
    }
  }
  if (wrong > 1) first += " (and " + std::to_string(wrong - 1) + " more)";
  return first;
}

std::string shape_text(const Entry& e) {
  std::string text = e.dtype + " [";
  for (size_t i = 0; i < e.sizes.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(e.sizes[i]);
  }
  return text + "]";
}

// libtorch's first sentence, without the full stop.
std::string first_sentence(const std::string& message) {
  std::string sentence = message.substr(0, std::min(message.find('\n'), message.find(". ")));
  while (!sentence.empty() && (sentence.back() == '.' || sentence.back() == ' '))
    sentence.pop_back();
  return sentence;
}

std::string compare_entries(const Entry& a, const Entry& b) {
  if (a.kind != b.kind || a.is_text() != b.is_text()) {
    return "is " + (a.is_text() ? a.bytes : shape_text(a)) + ", libtorch's " +
           (b.is_text() ? b.bytes : shape_text(b));
  }
  if (a.kind == 'e') {
    const bool thrown = a.bytes[0] != '(' && b.bytes[0] != '(';
    if (thrown && a.bytes.find(first_sentence(b.bytes)) != std::string::npos) return "";
    return "says\n      " + a.bytes + "\n    libtorch\n      " + first_sentence(b.bytes);
  }
  if (a.kind == 't') {
    return a.bytes == b.bytes ? "" : "reads\n" + a.bytes + "\n    libtorch's\n" + b.bytes;
  }
  if (a.dtype != b.dtype || a.sizes != b.sizes) {
    return "is " + shape_text(a) + ", libtorch's " + shape_text(b);
  }
  if (a.bytes == b.bytes) return "";
  if (a.kind == 'd' &&
      std::none_of(kLooseDraws.begin(), kLooseDraws.end(), [&](const LooseDraw& d) {
        return a.name.compare(0, d.prefix.size(), d.prefix) == 0;
      })) {
    const std::string detail = a.dtype == "Float"    ? compare_floats<float>(a, b)
                               : a.dtype == "Double" ? compare_floats<double>(a, b)
                                                     : "";
    return "is not the same bits" + (detail.empty() ? detail : ": " + detail);
  }
  if (a.dtype == "Float") return compare_floats<float>(a, b);
  if (a.dtype == "Double") return compare_floats<double>(a, b);
  return "has other integers";
}

Totals compare_records(const std::string& ours, const std::string& theirs,
                       const std::string& program) {
  const std::vector<Entry> a = Reader(ours + "/" + program + ".record").entries();
  const std::vector<Entry> b = Reader(theirs + "/" + program + ".record").entries();
  Totals totals;
  std::vector<bool> needed(kKnownDifferences.size());
  const auto differs = [&](const std::string& name, const std::string& how) {
    const std::string full = program + "/" + name;
    bool known = false;
    for (size_t i = 0; i < needed.size(); ++i) {
      const KnownDifference& line = kKnownDifferences[i];
      if (full.compare(0, line.prefix.size(), line.prefix) == 0 &&
          full.find(line.part) != std::string::npos) {
        needed[i] = known = true;
      }
    }
    if (known) {
      ++totals.known;
      return;
    }
    if (++totals.differences <= 40) std::printf("  %s %s\n", name.c_str(), how.c_str());
  };
  std::map<std::string, const Entry*> mine;
  for (const Entry& e : a) {
    if (!mine.emplace(e.name, &e).second) differs(e.name, "is recorded twice");
  }
  for (const Entry& e : b) {
    const auto found = mine.find(e.name);
    if (found == mine.end()) {
      differs(e.name, "is missing");
      continue;
    }
    const std::string how = compare_entries(*found->second, e);
    if (!how.empty()) differs(e.name, how);
    if (e.kind == 'e') {
      ++totals.errors;
    } else if (e.is_text()) {
      ++totals.texts;
    } else {
      ++totals.tensors;
      totals.values += static_cast<int64_t>(e.bytes.size() / Reader::element_size(e.dtype));
    }
    mine.erase(found);
  }
  for (const auto& left : mine) differs(left.first, "is not in libtorch's record");
  for (size_t i = 0; i < needed.size(); ++i) {
    const std::string_view prefix = kKnownDifferences[i].prefix;
    if (!needed[i] && prefix.compare(0, program.size() + 1, program + "/") == 0) {
      ++totals.differences;
      std::printf("  nothing differs any more that begins with %.*s: known_differences.h\n",
                  static_cast<int>(prefix.size()), prefix.data());
    }
  }
  totals.print(program);
  return totals;
}

bool same_word(const std::string& a, const std::string& b) {
  if (a == b) return true;
  char* a_end = nullptr;
  char* b_end = nullptr;
  const double x = std::strtod(a.c_str(), &a_end);
  const double y = std::strtod(b.c_str(), &b_end);
  return a_end != a.c_str() && std::strcmp(a_end, b_end) == 0 &&
         agrees(x, y, std::fabs(y), kFloatLoss);
}

int compare_texts(const std::string& ours, const std::string& theirs) {
  std::istringstream a(read_file(ours)), b(read_file(theirs));
  std::string x, y;
  int64_t words = 0, differences = 0;
  while (true) {
    const bool more = static_cast<bool>(a >> x);
    if (more != static_cast<bool>(b >> y)) {
      std::printf("  one text is longer than the other\n");
      ++differences;
      break;
    }
    if (!more) break;
    ++words;
    if (!same_word(x, y) && ++differences <= 20) {
      std::printf("  word %lld is %s, libtorch's %s\n", static_cast<long long>(words), x.c_str(),
                  y.c_str());
    }
  }
  std::printf("%lld words compared, %lld differ\n", static_cast<long long>(words),
              static_cast<long long>(differences));
  return words == 0 || differences != 0;
}

int run(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--text") == 0) return compare_texts(argv[2], argv[3]);
  if (argc < 4) {
    std::fprintf(stderr, "usage: parity_compare TAPER_FOLDER LIBTORCH_FOLDER PROGRAM...\n");
    return 2;
  }
  Totals all;
  for (int i = 3; i < argc; ++i) all += compare_records(argv[1], argv[2], argv[i]);
  if (argc > 4) all.print("in all");
  return all.differences != 0 || all.values + all.texts + all.errors == 0;
}

}  // namespace
}  // namespace parity

int main(int argc, char** argv) {
  try {
    return parity::run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
}
