#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "taper/io/tensor_dict.h"

// The JSON header of a safetensors file, apart from files and elements.
namespace taper::io::detail {

// The format's own limit, which keeps a broken length from allocating the machine's memory.
inline constexpr uint64_t kMaxSafetensorsHeader = 100'000'000;

struct SafetensorsEntry {
  std::string name;
  ScalarType dtype = ScalarType::Undefined;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the end of the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;
  Metadata metadata;
};

// Throws taper::Error unless `json` is such a header and its tensors cover `data_bytes` exactly.
SafetensorsHeader parse_safetensors_header(std::string_view json, uint64_t data_bytes);

// The inverse. Throws taper::Error for text that is not UTF-8 and a header above the limit.
std::string make_safetensors_header(const SafetensorsHeader& header);

}  // namespace taper::io::detail
