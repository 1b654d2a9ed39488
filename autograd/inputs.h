#pragma once

#include <cstddef>
#include <initializer_list>
#include <vector>

#include "taper/tensor/tensor.h"

namespace taper::autograd {

// An input of a recorded operation, by reference.
struct InputRef {
  InputRef(const Tensor& tensor) : tensor(&tensor) {}
  const Tensor* tensor;
};

class Inputs {
 public:
  // The braces at the call live to the end of the call.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  Inputs(const std::initializer_list<InputRef>& list) : data_(list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  Inputs(const std::vector<InputRef>& list) : data_(list.data()), size_(list.size()) {}
  size_t size() const { return size_; }
  const Tensor& operator[](size_t i) const { return *data_[i].tensor; }
  bool requires_grad(size_t i) const { return (*this)[i].defined() && (*this)[i].requires_grad(); }

 private:
  const InputRef* data_;
  size_t size_;
};

}  // namespace taper::autograd
