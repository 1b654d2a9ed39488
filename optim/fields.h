#pragma once

#include <set>
#include <string>

#include "taper/io/tensor_dict.h"
#include "taper/optim/field_visitor.h"

namespace taper::optim::detail {

// Puts the fields it visits into a dict under "<prefix><name>": numbers as 0-dim tensors of double,
// int64 or bool, strings as metadata, the tensors of a deque as "<prefix><name>.<i>". Tensors are
// shared, not copied.
class FieldWriter : public FieldVisitor {
 public:
  FieldWriter(io::TensorDict& dict, std::string prefix) : dict_(dict), prefix_(std::move(prefix)) {}
  void field(const char* name, double& value) override;
  void field(const char* name, int64_t& value) override;
  void field(const char* name, bool& value) override;
  void field(const char* name, std::optional<int64_t>& value) override;
  void field(const char* name, std::optional<std::string>& value) override;
  void field(const char* name, Tensor& value) override;
  void field(const char* name, std::deque<Tensor>& value) override;

 private:
  void add(const char* name, Tensor value);

  io::TensorDict& dict_;
  std::string prefix_;
};

// Reads a dict of that form, and knows at the end what nobody asked for.
class DictReader {
 public:
  explicit DictReader(const io::TensorDict& dict);
  // Null if there is none.
  const Tensor* tensor(const std::string& name);
  const std::string* text(const std::string& name);
  bool has_prefix(const std::string& prefix) const;
  // Throws taper::Error naming the tensors that were not read.
  void expect_all_read(const char* who) const;

 private:
  std::map<std::string, const Tensor*> tensors_;
  const io::Metadata& metadata_;
  std::set<std::string> read_;
};

// Sets the fields it visits from a reader; tensors are copied, floating ones as `dtype`. Throws
// taper::Error for a field that is missing or of another kind.
class FieldReader : public FieldVisitor {
 public:
  FieldReader(DictReader& reader, std::string prefix, ScalarType dtype)
      : reader_(reader), prefix_(std::move(prefix)), dtype_(dtype) {}
  void field(const char* name, double& value) override;
  void field(const char* name, int64_t& value) override;
  void field(const char* name, bool& value) override;
  void field(const char* name, std::optional<int64_t>& value) override;
  void field(const char* name, std::optional<std::string>& value) override;
  void field(const char* name, Tensor& value) override;
  void field(const char* name, std::deque<Tensor>& value) override;

 private:
  // The number of that name and dtype; undefined if there is none.
  Tensor number(const char* name, ScalarType dtype);
  Tensor required_number(const char* name, ScalarType dtype);
  Tensor own_copy(const Tensor& tensor) const;

  DictReader& reader_;
  std::string prefix_;
  ScalarType dtype_;
};

}  // namespace taper::optim::detail
