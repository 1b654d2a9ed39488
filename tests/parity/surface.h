#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "parity/parity.h"

// Cases whose answers are written down as text: dtype, sizes, elements to the last digit, what is
// on the tape; of an error, its kind and its first sentence.
namespace parity::surface {

using torch::Tensor;

template <class V>
void show(std::ostream& out, const V& value) {
  out << value;
}
inline void show(std::ostream& out, bool value) { out << (value ? "true" : "false"); }
inline void show_number(std::ostream& out, double value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  out << (std::isnan(value) ? "nan" : text);
}
inline void show(std::ostream& out, double value) { show_number(out, value, 17); }
inline void show(std::ostream& out, float value) { show_number(out, value, 9); }
inline void show(std::ostream& out, signed char value) { out << static_cast<int>(value); }
inline void show(std::ostream& out, unsigned char value) { out << static_cast<int>(value); }

// FNV-1a.
inline uint64_t hash(const std::string& text) {
  uint64_t value = 14695981039346656037U;
  for (char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return value;
}
inline std::string digest(const std::string& text) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "%06x", static_cast<unsigned>(hash(text) & 0xffffff));
  return digits;
}

template <class E>
void show_elements(std::ostream& out, const Tensor& dense) {
  const E* data = dense.data_ptr<E>();
  constexpr int64_t kShown = 12;
  std::string all;
  for (int64_t i = 0; i < dense.numel(); ++i) {
    if (i < (dense.numel() <= kShown ? kShown : 4)) {
      out << (i == 0 ? "" : " ");
      show(out, data[i]);
    }
    std::ostringstream text;
    show(text, data[i]);
    all += text.str() + ' ';
  }
  if (dense.numel() > kShown) out << " ... " << digest(all);
}

// Float[2, 3] 0 1 2 3 4 5; strides only where they are not those of the sizes.
inline void show(std::ostream& out, const Tensor& x) {
  if (!x.defined()) {
    out << "undefined";
    return;
  }
  out << torch::toString(x.scalar_type()) << x.sizes();
  if (!x.is_contiguous()) out << " strides " << x.strides();
  if (x.requires_grad()) out << (x.grad_fn() ? " on the tape" : " requires grad");
  out << ": ";
  const Tensor dense = x.detach().contiguous();
  switch (x.scalar_type()) {
    case torch::kFloat:
      return show_elements<float>(out, dense);
    case torch::kDouble:
      return show_elements<double>(out, dense);
    case torch::kLong:
      return show_elements<int64_t>(out, dense);
    case torch::kInt:
      return show_elements<int32_t>(out, dense);
    case torch::kByte:
      return show_elements<uint8_t>(out, dense);
    case torch::kBool:
      return show_elements<bool>(out, dense);
    default:
      out << "?";
  }
}
template <class V>
void show(std::ostream& out, const std::vector<V>& list) {
  out << '{';
  for (size_t i = 0; i < list.size(); ++i) {
    out << (i == 0 ? "" : "; ");
    show(out, list[i]);
  }
  out << '}';
}
template <class A, class B>
void show(std::ostream& out, const std::pair<A, B>& two) {
  show(out, two.first);
  out << " | ";
  show(out, two.second);
}

template <class Call>
void add(Recorder& r, const std::string& name, Call call) {
  std::string shortened;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name.compare(i, 7, "torch::") == 0) i += 7;
    shortened += name[i];
  }
  const auto refused = [&](const char* kind) {
    r.text(shortened + " throws", kind);
    r.error(shortened, [] { throw; });
  };
  std::ostringstream text;
  try {
    show(text, call());
    r.text(shortened, text.str());
  } catch (const c10::IndexError&) {
    refused("IndexError");
  } catch (const c10::ValueError&) {
    refused("ValueError");
  } catch (const c10::TypeError&) {
    refused("TypeError");
  } catch (const c10::NotImplementedError&) {
    refused("NotImplementedError");
  } catch (const std::exception&) {
    refused("Error");  // libtorch throws std::runtime_error in a few places
  }
}

}  // namespace parity::surface

// An expression, or a block that returns.
#define CASE(...) add(r, #__VA_ARGS__, [&] { return (__VA_ARGS__); })
#define BLOCK(name, ...) add(r, name, [&] { __VA_ARGS__ })
