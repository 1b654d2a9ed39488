#include "taper/io/safetensors_header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "taper/tensor/error.h"

namespace taper::io::detail {
namespace {

using nlohmann::json;

constexpr const char* kMetadataKey = "__metadata__";
// More than any program makes, few enough for every loop over dimensions.
constexpr size_t kMaxDims = 64;

constexpr std::array<std::pair<const char*, ScalarType>, 6> kDtypes = {{
    {"F64", kFloat64},
    {"F32", kFloat32},
    {"I64", kInt64},
    {"I32", kInt32},
    {"U8", kUInt8},
    {"BOOL", kBool},
}};

// For messages: quoted and cut, for a broken file's names may be megabytes of anything.
std::string excerpt(std::string_view text) {
  constexpr size_t kMost = 200;
  std::string s(text.substr(0, kMost));
  if (text.size() > kMost) s += "...";
  return '"' + s + '"';
}

template <class... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  taper::detail::throw_error<Error>("the header ", parts...);
}

template <class... Parts>
[[noreturn]] void refuse_tensor(const std::string& name, const Parts&... parts) {
  taper::detail::throw_error<Error>("tensor ", excerpt(name), " ", parts...);
}

// Takes the parser's events one by one and knows at each what may come next. No tree is built: one
// would swallow duplicate keys, and its depth would be the file's to choose.
class HeaderReader {
 public:
  SafetensorsHeader take() { return std::move(header_); }

  bool null() { return unexpected("null"); }
  bool boolean(bool) { return unexpected("a boolean"); }
  bool number_integer(json::number_integer_t) { return unexpected("a negative number"); }
  bool number_float(json::number_float_t, const json::string_t&) {
    return unexpected("a number that is not an integer of 64 bits");
  }
  bool binary(json::binary_t&) { return unexpected("binary data"); }

  bool number_unsigned(json::number_unsigned_t value) {
    if (state_ == State::kInShape) {
      if (value > std::numeric_limits<int64_t>::max()) {
        refuse_tensor(entry_.name, "has a dimension of ", value);
      }
      if (entry_.shape.size() == kMaxDims) {
        refuse_tensor(entry_.name, "has more than ", kMaxDims, " dimensions");
      }
      entry_.shape.push_back(static_cast<int64_t>(value));
      return true;
    }
    if (state_ == State::kInOffsets) {
      if (offsets_read_ == 0) entry_.begin = value;
      if (offsets_read_ == 1) entry_.end = value;
      if (++offsets_read_ > 2) refuse_tensor(entry_.name, "has more than two data_offsets");
      return true;
    }
    return unexpected("a number");
  }

  bool string(json::string_t& value) {
    if (state_ == State::kDtype) {
      entry_.dtype = parse_dtype(value);
      state_ = State::kField;
      return true;
    }
    if (state_ == State::kMetadataValue) {
      if (!header_.metadata.emplace(metadata_key_, std::move(value)).second) {
        refuse("has the metadata ", excerpt(metadata_key_), " twice");
      }
      state_ = State::kMetadataKey;
      return true;
    }
    return unexpected("a string");
  }

  bool start_object(size_t) {
    switch (state_) {
      case State::kStart:
      case State::kEntry:
      case State::kMetadata:
        state_ = state_ == State::kStart   ? State::kName
                 : state_ == State::kEntry ? State::kField
                                           : State::kMetadataKey;
        return true;
      default:
        return unexpected("an object");
    }
  }

  bool key(json::string_t& key) {
    switch (state_) {
      case State::kName:
        if (!names_.insert(key).second) refuse("has the key ", excerpt(key), " twice");
        if (key == kMetadataKey) {
          state_ = State::kMetadata;
        } else {
          entry_ = {};
          entry_.name = std::move(key);
          has_dtype_ = has_shape_ = has_offsets_ = false;
          offsets_read_ = 0;
          state_ = State::kEntry;
        }
        return true;
      case State::kMetadataKey:
        metadata_key_ = std::move(key);
        state_ = State::kMetadataValue;
        return true;
      default:  // kField: the parser calls this inside objects only
        start_field(key);
        return true;
    }
  }

  bool end_object() {
    if (state_ == State::kField) {
      if (!has_dtype_) refuse_tensor(entry_.name, "lacks a dtype");
      if (!has_shape_) refuse_tensor(entry_.name, "lacks a shape");
      if (!has_offsets_) refuse_tensor(entry_.name, "lacks data_offsets");
      header_.entries.push_back(std::move(entry_));
    }
    state_ = state_ == State::kName ? State::kEnd : State::kName;
    return true;
  }

  bool start_array(size_t) {
    if (state_ == State::kShape) {
      state_ = State::kInShape;
    } else if (state_ == State::kOffsets) {
      state_ = State::kInOffsets;
    } else {
      return unexpected("an array");
    }
    return true;
  }

  bool end_array() {
    if (state_ == State::kInOffsets && offsets_read_ != 2) {
      refuse_tensor(entry_.name, "has fewer than two data_offsets");
    }
    state_ = State::kField;
    return true;
  }

  bool parse_error(size_t position, const std::string&, const json::exception&) {
    refuse("is not valid JSON in UTF-8 at byte ", position);
  }

 private:
  // What has just been read, which says what may follow.
  enum class State {
    kStart,
    kName,  // in the outer object
    kEntry,
    kField,  // in a tensor's object
    kDtype,
    kShape,
    kInShape,
    kOffsets,
    kInOffsets,
    kMetadata,
    kMetadataKey,  // in the metadata's object
    kMetadataValue,
    kEnd,
  };

  void start_field(const std::string& key) {
    bool* seen = nullptr;
    if (key == "dtype") {
      seen = &has_dtype_;
      state_ = State::kDtype;
    } else if (key == "shape") {
      seen = &has_shape_;
      state_ = State::kShape;
    } else if (key == "data_offsets") {
      seen = &has_offsets_;
      state_ = State::kOffsets;
    } else {
      refuse_tensor(entry_.name, "has the unknown key ", excerpt(key));
    }
    if (std::exchange(*seen, true)) refuse_tensor(entry_.name, "has the key ", key, " twice");
  }

  ScalarType parse_dtype(const std::string& text) const {
    for (const auto& [name, dtype] : kDtypes) {
      if (text == name) return dtype;
    }
    refuse_tensor(entry_.name, "has dtype ", excerpt(text),
                  ", which is none of F64, F32, I64, I32, U8, BOOL");
  }

  bool unexpected(const char* got) const {
    switch (state_) {
      case State::kStart:
        refuse("must be a JSON object, got ", got);
      case State::kMetadata:
        refuse("must have an object as ", kMetadataKey, ", got ", got);
      case State::kMetadataValue:
        refuse("must have a string as the metadata ", excerpt(metadata_key_), ", got ", got);
      case State::kEntry:
        refuse_tensor(entry_.name, "must be described by an object, got ", got);
      case State::kDtype:
        refuse_tensor(entry_.name, "must have a string as dtype, got ", got);
      case State::kShape:
      case State::kInShape:
        refuse_tensor(entry_.name, "must have an array of sizes as shape, got ", got);
      default:
        refuse_tensor(entry_.name, "must have two byte offsets as data_offsets, got ", got);
    }
  }

  State state_ = State::kStart;
  SafetensorsHeader header_;
  std::unordered_set<std::string> names_;
  SafetensorsEntry entry_;
  std::string metadata_key_;
  int offsets_read_ = 0;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

// False on overflow. Sizes of zero are left out of the product, so that the order of the dimensions
// does not decide whether a shape is too large.
bool bytes_of(const SafetensorsEntry& entry, uint64_t& bytes) {
  bytes = element_size(entry.dtype);
  bool is_empty = false;
  for (int64_t size : entry.shape) {
    if (size == 0) {
      is_empty = true;
    } else if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes) ||
               bytes > std::numeric_limits<int64_t>::max()) {
      return false;
    }
  }
  if (is_empty) bytes = 0;
  return true;
}

void check_layout(const std::vector<SafetensorsEntry>& entries, uint64_t data_bytes) {
  std::vector<const SafetensorsEntry*> in_file;
  in_file.reserve(entries.size());
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin > entry.end || entry.end > data_bytes) {
      refuse_tensor(entry.name, "has data_offsets [", entry.begin, ", ", entry.end,
                    "] in a file with ", data_bytes, " bytes of data");
    }
    uint64_t bytes = 0;
    if (!bytes_of(entry, bytes)) refuse_tensor(entry.name, "has a shape that overflows");
    if (bytes != entry.end - entry.begin) {
      refuse_tensor(entry.name, "needs ", bytes, " bytes for its shape and dtype, but its ",
                    "data_offsets span ", entry.end - entry.begin);
    }
    in_file.push_back(&entry);
  }
  std::sort(in_file.begin(), in_file.end(), [](const auto* a, const auto* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t covered = 0;
  for (const SafetensorsEntry* entry : in_file) {
    if (entry->begin < covered) refuse_tensor(entry->name, "overlaps another tensor's bytes");
    if (entry->begin > covered) {
      refuse("leaves a hole: bytes ", covered, " to ", entry->begin, " belong to no tensor");
    }
    covered = entry->end;
  }
  if (covered != data_bytes) {
    refuse("leaves ", data_bytes - covered, " bytes at the end that belong to no tensor");
  }
}

const char* dtype_name(ScalarType dtype) {
  for (const auto& [name, value] : kDtypes) {
    if (value == dtype) return name;
  }
  return "";
}

std::string json_string(const std::string& text) {
  try {
    return json(text).dump();
  } catch (const json::type_error&) {
    taper::detail::throw_error<Error>("the text ", excerpt(text), " is not UTF-8");
  }
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, uint64_t data_bytes) {
  if (text.empty() || text.front() != '{') refuse("does not begin with {");
  // The JSON parser would take a zero byte for the end of the text.
  if (text.find('\0') != std::string_view::npos) refuse("contains a zero byte");
  HeaderReader reader;
  json::sax_parse(text.begin(), text.end(), &reader);
  SafetensorsHeader header = reader.take();
  check_layout(header.entries, data_bytes);
  return header;
}

std::string make_safetensors_header(const SafetensorsHeader& header) {
  std::string text = "{";
  const auto next = [&] {
    if (text.size() > 1) text += ',';
  };
  if (!header.metadata.empty()) {
    text += json_string(kMetadataKey) + ":{";
    bool first = true;
    for (const auto& [key, value] : header.metadata) {
      if (!std::exchange(first, false)) text += ',';
      text += json_string(key) + ':' + json_string(value);
    }
    text += '}';
  }
  std::unordered_set<std::string_view> names;
  for (const SafetensorsEntry& entry : header.entries) {
    TAPER_CHECK(entry.name != kMetadataKey, "a tensor cannot be named ", kMetadataKey);
    TAPER_CHECK(names.insert(entry.name).second, "two tensors are named ", excerpt(entry.name));
    next();
    text += json_string(entry.name) + ":{\"dtype\":\"" + dtype_name(entry.dtype) + "\",\"shape\":[";
    for (size_t i = 0; i < entry.shape.size(); ++i) {
      if (i > 0) text += ',';
      text += std::to_string(entry.shape[i]);
    }
    text += "],\"data_offsets\":[" + std::to_string(entry.begin) + ',' + std::to_string(entry.end) +
            "]}";
  }
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  TAPER_CHECK(text.size() <= kMaxSafetensorsHeader, "the header would take ", text.size(),
              " bytes, more than ", kMaxSafetensorsHeader);
  return text;
}

}  // namespace taper::io::detail
