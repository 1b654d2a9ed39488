#pragma once

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "parity/parity.h"

// What the programs of elementwise operations share.
namespace parity::elementwise {

using torch::Scalar;
using torch::Tensor;

inline const double kInf = std::numeric_limits<double>::infinity();
inline const double kNaN = std::numeric_limits<double>::quiet_NaN();

// What f gives, or the message that it throws.
inline void outcome(Recorder& r, const std::string& name, const std::function<Tensor()>& f) {
  Tensor y;
  try {
    y = f();
  } catch (const std::exception&) {
    r.error(name, f);
    return;
  }
  r.value(name, y);
}

// The same with the node of the result, and the gradients of a sum of the results that weighs each
// differently.
inline void gradients(Recorder& r, const std::string& name, const std::vector<Tensor>& inputs,
                      const std::function<Tensor(const std::vector<Tensor>&)>& f) {
  std::vector<Tensor> leaves;
  for (const Tensor& x : inputs) {
    const Tensor leaf = x.detach().clone();
    leaves.push_back(leaf.is_floating_point() ? leaf.requires_grad_() : leaf);
  }
  outcome(r, name, [&] { return f(leaves); });
  try {
    const Tensor y = f(leaves);
    if (!y.requires_grad()) return;
    r.text(name + " node", y.grad_fn() != nullptr ? y.grad_fn()->name() : "none");
    const Tensor weights = (torch::arange(y.numel(), torch::kDouble) + 1).reshape(y.sizes());
    const Tensor sum = (y * weights.to(y.scalar_type())).sum();
    outcome(r, name + " backward", [&] {
      sum.backward();
      return torch::zeros({});
    });
  } catch (const std::exception&) {
    return;
  }
  for (size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].is_floating_point() && leaves[i].grad().defined()) {
      // A sum, because libtorch's zero gradients may have no memory.
      r.value(name + " gradient " + std::to_string(i),
              torch::zeros(leaves[i].sizes(), leaves[i].options()) + leaves[i].grad());
    }
  }
}

inline const std::vector<std::pair<std::string, torch::ScalarType>> kDtypes = {
    {"bool", torch::kBool}, {"byte", torch::kByte},   {"int", torch::kInt},
    {"long", torch::kLong}, {"float", torch::kFloat}, {"double", torch::kDouble}};

// Two lists of four elements in each dtype, the second without zeros.
inline Tensor first_of(torch::ScalarType dtype) {
  if (dtype == torch::kBool) return torch::tensor({true, false, true, false});
  if (dtype == torch::kByte) return torch::tensor({7, 0, 250, 3}).to(dtype);
  if (dtype == torch::kInt || dtype == torch::kLong) return torch::tensor({7, -5, -9, 3}).to(dtype);
  return torch::tensor({7.25, -5.5, 0.5, -0.0}, torch::kDouble).to(dtype);
}
inline Tensor second_of(torch::ScalarType dtype) {
  if (dtype == torch::kBool) return torch::tensor({true, false, true, false});
  if (dtype == torch::kByte) return torch::tensor({2, 1, 3, 4}).to(dtype);
  if (dtype == torch::kInt || dtype == torch::kLong) return torch::tensor({2, -1, 3, -4}).to(dtype);
  return torch::tensor({2.5, -1.5, 3.0, -0.75}, torch::kDouble).to(dtype);
}

inline const std::vector<std::pair<std::string, Scalar>> kNumbers = {
    {"true", Scalar(true)}, {"2", Scalar(2)},     {"-3", Scalar(-3)},  {"2.5", Scalar(2.5)},
    {"0", Scalar(0)},       {"0.0", Scalar(0.0)}, {"300", Scalar(300)}};

}  // namespace parity::elementwise
