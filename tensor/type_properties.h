#pragma once

#include <iosfwd>
#include <string>

#include "taper/tensor/tensor_options.h"

namespace taper {

// What Tensor::type() gives: a dtype on the CPU under the name that old programs print and compare
// (at::DeprecatedTypeProperties).
class DeprecatedTypeProperties {
 public:
  explicit DeprecatedTypeProperties(ScalarType type) : type_(type) {}

  ScalarType scalarType() const { return type_; }
  TypeMeta typeMeta() const { return type_; }
  Layout layout() const { return kStrided; }
  DeviceType device_type() const { return kCPU; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  DeprecatedTypeProperties toScalarType(ScalarType type) const {
    return DeprecatedTypeProperties(type);
  }
  DeprecatedTypeProperties cpu() const { return *this; }
  TensorOptions options() const { return TensorOptions(type_).device(kCPU).layout(kStrided); }
  operator TensorOptions() const { return options(); }
  std::string toString() const;  // "CPUFloatType"

  friend bool operator==(DeprecatedTypeProperties a, DeprecatedTypeProperties b) {
    return a.type_ == b.type_;
  }
  friend bool operator!=(DeprecatedTypeProperties a, DeprecatedTypeProperties b) {
    return a.type_ != b.type_;
  }

 private:
  ScalarType type_;
};

std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type);

// CPU(kFloat): PyTorch's old spelling of a type.
inline DeprecatedTypeProperties CPU(ScalarType type) { return DeprecatedTypeProperties(type); }

}  // namespace taper
