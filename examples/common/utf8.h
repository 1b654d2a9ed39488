#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "common/flags.h"

namespace examples {

// The code points of a text; false if it is not UTF-8.
inline bool decode_utf8(const std::string& text, std::u32string& out) {
  out.clear();
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<uint8_t>(text[i]);
    const size_t length = first < 0x80   ? 1
                          : first < 0xC2 ? 0
                          : first < 0xE0 ? 2
                          : first < 0xF0 ? 3
                          : first < 0xF5 ? 4
                                         : 0;
    if (length == 0 || i + length > text.size()) return false;
    char32_t code = length == 1 ? first : first & (0x7FU >> length);
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<uint8_t>(text[i + k]);
      if ((next & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (next & 0x3FU);
    }
    // Forms that are too long, surrogates and what is beyond Unicode are not UTF-8.
    const bool too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (too_long || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return false;
    out.push_back(code);
    i += length;
  }
  return true;
}

inline std::string encode_utf8(const std::u32string& text) {
  std::string out;
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  for (const char32_t code : text) {
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | (code >> 6U));
      put(0x80 | (code & 0x3FU));
    } else if (code < 0x10000) {
      put(0xE0 | (code >> 12U));
      put(0x80 | ((code >> 6U) & 0x3FU));
      put(0x80 | (code & 0x3FU));
    } else {
      put(0xF0 | (code >> 18U));
      put(0x80 | ((code >> 12U) & 0x3FU));
      put(0x80 | ((code >> 6U) & 0x3FU));
      put(0x80 | (code & 0x3FU));
    }
  }
  return out;
}

// The small letter of a capital in Latin-1 and Latin Extended-A; other characters as they are.
inline char32_t to_lower(char32_t code) {
  if (code >= U'A' && code <= U'Z') return code + 32;
  if (code >= 0xC0 && code <= 0xDE && code != 0xD7) return code + 32;
  if (code == 0x130) return U'i';
  if (code == 0x178) return 0xFF;
  const bool capital_is_even = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
  const bool capital_is_odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
  if (capital_is_even && code % 2 == 0) return code + 1;
  if (capital_is_odd && code % 2 == 1) return code + 1;
  return code;
}

// The lines of a UTF-8 file without blanks at their ends, empty lines left out.
inline std::vector<std::u32string> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw UsageError("cannot read " + path);
  std::vector<std::u32string> lines;
  std::string line;
  std::u32string decoded;
  for (size_t number = 1; std::getline(file, line); ++number) {
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos) continue;
    line = line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
    if (!decode_utf8(line, decoded)) {
      throw UsageError(path + ", line " + std::to_string(number) + ": not UTF-8");
    }
    lines.push_back(decoded);
  }
  if (file.bad()) throw UsageError("cannot read " + path);
  return lines;
}

}  // namespace examples
