#include "taper/optim/fields.h"

#include "taper/tensor/error.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {

FieldVisitor::~FieldVisitor() = default;

namespace detail {

void FieldWriter::add(const char* name, Tensor value) {
  dict_.tensors.emplace_back(prefix_ + name, std::move(value));
}

void FieldWriter::field(const char* name, double& value) {
  add(name, raw::scalar_tensor(value, kFloat64));
}

void FieldWriter::field(const char* name, int64_t& value) {
  add(name, raw::scalar_tensor(value, kInt64));
}

void FieldWriter::field(const char* name, bool& value) {
  add(name, raw::scalar_tensor(value, kBool));
}

void FieldWriter::field(const char* name, std::optional<int64_t>& value) {
  if (value) field(name, *value);
}

void FieldWriter::field(const char* name, std::optional<std::string>& value) {
  if (value) dict_.metadata[prefix_ + name] = *value;
}

void FieldWriter::field(const char* name, Tensor& value) {
  if (value.defined()) add(name, value);
}

void FieldWriter::field(const char* name, std::deque<Tensor>& value) {
  for (size_t i = 0; i < value.size(); ++i) {
    dict_.tensors.emplace_back(prefix_ + name + '.' + std::to_string(i), value[i]);
  }
}

DictReader::DictReader(const io::TensorDict& dict) : metadata_(dict.metadata) {
  for (const auto& [name, tensor] : dict.tensors) {
    TAPER_CHECK(tensor.defined(), "the tensor \"", name, "\" of the state dict is undefined");
    tensors_.emplace(name, &tensor);
  }
}

const Tensor* DictReader::tensor(const std::string& name) {
  const auto at = tensors_.find(name);
  if (at == tensors_.end()) return nullptr;
  read_.insert(name);
  return at->second;
}

const std::string* DictReader::text(const std::string& name) {
  const auto at = metadata_.find(name);
  return at == metadata_.end() ? nullptr : &at->second;
}

bool DictReader::has_prefix(const std::string& prefix) const {
  const auto at = tensors_.lower_bound(prefix);
  return at != tensors_.end() && at->first.compare(0, prefix.size(), prefix) == 0;
}

void DictReader::expect_all_read(const char* who) const {
  std::string unexpected;
  for (const auto& [name, tensor] : tensors_) {
    if (read_.count(name) == 0) unexpected += (unexpected.empty() ? "\"" : ", \"") + name + '"';
  }
  TAPER_CHECK(unexpected.empty(), who, ": unexpected key(s) in the state dict: ", unexpected);
}

Tensor FieldReader::number(const char* name, ScalarType dtype) {
  const Tensor* tensor = reader_.tensor(prefix_ + name);
  if (tensor == nullptr) return {};
  TAPER_CHECK(tensor->dim() == 0 && tensor->scalar_type() == dtype, "\"", prefix_, name,
              "\" of the state dict: expected a single ", dtype, ", got ", tensor->scalar_type(),
              tensor->sizes());
  return *tensor;
}

Tensor FieldReader::required_number(const char* name, ScalarType dtype) {
  Tensor value = number(name, dtype);
  TAPER_CHECK(value.defined(), "the state dict lacks \"", prefix_, name, "\"");
  return value;
}

// Not a share: the state is changed in place, and the dict is the caller's.
Tensor FieldReader::own_copy(const Tensor& tensor) const {
  if (tensor.is_floating_point() && tensor.scalar_type() != dtype_) return raw::to(tensor, dtype_);
  return raw::clone(tensor);
}

void FieldReader::field(const char* name, double& value) {
  value = required_number(name, kFloat64).item<double>();
}

void FieldReader::field(const char* name, int64_t& value) {
  value = required_number(name, kInt64).item<int64_t>();
}

void FieldReader::field(const char* name, bool& value) {
  value = required_number(name, kBool).item<bool>();
}

void FieldReader::field(const char* name, std::optional<int64_t>& value) {
  const Tensor found = number(name, kInt64);
  value = found.defined() ? std::optional(found.item<int64_t>()) : std::nullopt;
}

void FieldReader::field(const char* name, std::optional<std::string>& value) {
  const std::string* found = reader_.text(prefix_ + name);
  value = found != nullptr ? std::optional(*found) : std::nullopt;
}

void FieldReader::field(const char* name, Tensor& value) {
  const Tensor* found = reader_.tensor(prefix_ + name);
  value = found != nullptr ? own_copy(*found) : Tensor();
}

void FieldReader::field(const char* name, std::deque<Tensor>& value) {
  value.clear();
  while (const Tensor* found =
             reader_.tensor(prefix_ + name + '.' + std::to_string(value.size()))) {
    value.push_back(own_copy(*found));
  }
}

}  // namespace detail
}  // namespace taper::optim
