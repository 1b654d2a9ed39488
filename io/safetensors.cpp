#include "taper/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

#include "taper/io/atomic_file.h"
#include "taper/io/input_file.h"
#include "taper/io/safetensors_header.h"
#include "taper/tensor/error.h"
#include "taper/tensor/raw/core.h"

namespace taper::io {
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian, and elements are copied as they are");

using detail::SafetensorsEntry;
using detail::SafetensorsHeader;

constexpr uint64_t kLengthBytes = 8;

// Positions of the tensors in the file: wider elements first, else as given.
std::vector<size_t> file_order(const std::vector<SafetensorsEntry>& entries) {
  std::vector<size_t> order(entries.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return element_size(entries[a].dtype) > element_size(entries[b].dtype);
  });
  return order;
}

SafetensorsHeader describe(const NamedTensors& tensors, const Metadata& metadata) {
  SafetensorsHeader header;
  header.metadata = metadata;
  for (const auto& [name, tensor] : tensors) {
    TAPER_CHECK(tensor.defined(), "tensor \"", name, "\" is undefined");
    SafetensorsEntry& entry = header.entries.emplace_back();
    entry.name = name;
    entry.dtype = tensor.scalar_type();
    entry.shape = tensor.sizes().vec();
  }
  uint64_t offset = 0;
  for (size_t i : file_order(header.entries)) {
    header.entries[i].begin = offset;
    offset += tensors[i].second.nbytes();
    header.entries[i].end = offset;
  }
  return header;
}

TensorDict read_file(const InputFile& file) {
  TAPER_CHECK(file.size() >= kLengthBytes, "it is ", file.size(),
              " bytes long, too short for a safetensors file");
  uint64_t header_bytes = 0;
  file.read(&header_bytes, kLengthBytes, 0);
  TAPER_CHECK(header_bytes <= detail::kMaxSafetensorsHeader, "its header claims ", header_bytes,
              " bytes, more than the ", detail::kMaxSafetensorsHeader, " that the format allows");
  const uint64_t rest = file.size() - kLengthBytes;
  TAPER_CHECK(header_bytes <= rest, "its header claims ", header_bytes, " bytes, but ", rest,
              " follow");
  std::string text(header_bytes, '\0');
  file.read(text.data(), header_bytes, kLengthBytes);
  SafetensorsHeader header = detail::parse_safetensors_header(text, rest - header_bytes);

  TensorDict dict;
  dict.metadata = std::move(header.metadata);
  dict.tensors.reserve(header.entries.size());
  for (const SafetensorsEntry& entry : header.entries) {
    Tensor tensor = raw::empty(entry.shape, entry.dtype);
    const uint64_t bytes = entry.end - entry.begin;
    file.read(tensor.data_ptr(), bytes, kLengthBytes + header_bytes + entry.begin);
    if (entry.dtype == kBool) {
      // A bool of another value would be undefined behaviour in every loop that reads it.
      const auto* p = static_cast<const uint8_t*>(tensor.data_ptr());
      TAPER_CHECK(std::all_of(p, p + bytes, [](uint8_t x) { return x <= 1; }), "tensor \"",
                  entry.name, "\" has a BOOL that is neither 0 nor 1");
    }
    dict.tensors.emplace_back(entry.name, std::move(tensor));
  }
  return dict;
}

}  // namespace

void save_safetensors(const NamedTensors& tensors, const std::string& path,
                      const Metadata& metadata) {
  try {
    const SafetensorsHeader header = describe(tensors, metadata);
    const std::string text = detail::make_safetensors_header(header);
    AtomicFile file(path);
    const uint64_t header_bytes = text.size();
    file.write(&header_bytes, kLengthBytes);
    file.write(text);
    for (size_t i : file_order(header.entries)) {
      const Tensor rows = raw::contiguous(tensors[i].second);
      file.write(rows.data_ptr(), rows.nbytes());
    }
    file.commit();
  } catch (const Error& error) {
    throw Error("save_safetensors: \"" + path + "\": " + error.what());
  }
}

void save_safetensors(const TensorDict& dict, const std::string& path) {
  save_safetensors(dict.tensors, path, dict.metadata);
}

TensorDict load_safetensors(const std::string& path) {
  try {
    return read_file(InputFile(path));
  } catch (const Error& error) {
    throw Error("load_safetensors: \"" + path + "\": " + error.what());
  }
}

}  // namespace taper::io
