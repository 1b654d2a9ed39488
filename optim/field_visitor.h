#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "taper/tensor/tensor.h"

namespace taper::optim {

// Options and states show their fields to a visitor by one function, visit(): that is how they are
// saved and restored. What is optional (a tensor may be undefined) is left out when it is not
// there.
class FieldVisitor {
 public:
  virtual ~FieldVisitor();
  virtual void field(const char* name, double& value) = 0;
  virtual void field(const char* name, int64_t& value) = 0;
  virtual void field(const char* name, bool& value) = 0;
  virtual void field(const char* name, std::optional<int64_t>& value) = 0;
  virtual void field(const char* name, std::optional<std::string>& value) = 0;
  virtual void field(const char* name, Tensor& value) = 0;
  virtual void field(const char* name, std::deque<Tensor>& value) = 0;
};

}  // namespace taper::optim
