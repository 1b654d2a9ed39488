// Tensors, lists and numbers as a stream writes them.

#include <iomanip>
#include <iostream>

#include "parity/surface.h"

namespace parity::surface {
namespace {

template <class V>
std::string text(const V& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace

PARITY_PROGRAM(surface_printing) {
  CASE(text(Tensor()));
  CASE(text(torch::tensor(3)));
  CASE(text(torch::tensor(-1.5)));
  CASE(text(torch::tensor(true)));
  CASE(text(torch::tensor(1e10)));
  CASE(text(torch::tensor({1, -20, 300})));
  CASE(text(torch::tensor({int64_t{1234567890123}, int64_t{-1}})));
  CASE(text(torch::tensor({0, 255}, torch::kByte)));
  CASE(text(torch::tensor({true, false})));
  CASE(text(torch::tensor({1., 2., 3.})));
  CASE(text(torch::tensor({0.1, -0.25, 100.125})));
  CASE(text(torch::tensor({1e-8, 1.0})));
  CASE(text(torch::tensor({123456., 0.5})));
  CASE(text(torch::tensor({1e20, 1e-20})));
  CASE(text(torch::tensor({1e200, 1e-200}, torch::kDouble)));
  CASE(text(torch::tensor({0.001, 0.002})));
  CASE(text(torch::tensor({-0.0, 0.0})));
  CASE(text(torch::tensor({1.f, INFINITY, -INFINITY, NAN})));
  CASE(text(torch::tensor({0.5f, INFINITY, NAN})));
  CASE(text(torch::full({3}, NAN)));
  CASE(text(torch::zeros({0})));
  CASE(text(torch::zeros({0, 3})));
  CASE(text(torch::zeros({3, 0}, torch::kLong)));
  CASE(text(torch::zeros({2, 0, 3})));
  CASE(text(torch::arange(6.).view({2, 3})));
  CASE(text(torch::arange(6.).view({2, 3}).t()));
  CASE(text(torch::arange(60.).view({2, 30})));
  CASE(text(torch::arange(60.).view({2, 30}) / 7 * 1e6));
  CASE(text(torch::arange(24.).view({2, 3, 4})));
  CASE(text(torch::arange(24.).view({2, 2, 2, 3}) / 10));
  CASE(text(torch::arange(12).view({2, 2, 3}).to(torch::kInt)));
  CASE(text(torch::ones({1, 1})));
  CASE(text(torch::ones({2}).requires_grad_()));
  CASE(text(torch::ones({2}).requires_grad_() * 2));
  CASE(text(torch::ones({2, 3}).expand({2, 2, 3})));
  BLOCK("print narrow", std::ostringstream o; at::print(o, torch::arange(40.).view({2, 20}), 30);
        return o.str(););
  BLOCK("print wide", std::ostringstream o; at::print(o, torch::arange(40.).view({2, 20}), 300);
        return o.str(););
  BLOCK("stream formats", std::ostringstream o;
        o << std::fixed << std::setprecision(2) << 1.5 << torch::tensor({0.5, 2.}) << 1.5;
        return o.str(););
  BLOCK("several", std::ostringstream o; o << torch::ones({2}) << '\n'
                                           << torch::tensor({1}) << '\n';
        return o.str(););
  CASE(text(torch::ones({2, 3}).sizes()));
  CASE(text(torch::ones({2, 3}).strides()));
  CASE(text(torch::ones({}).sizes()));
  CASE(text(torch::ArrayRef<double>({0.5, 1.5})));
  CASE(text(torch::ArrayRef<std::string>({"a", "b"})));
  CASE(text(torch::TensorList({torch::ones({1}), torch::zeros({2})})));
  CASE(text(torch::Scalar(2.5)));
  CASE(text(torch::Scalar(7)));
  CASE(text(torch::Scalar(true)));
  CASE(text(torch::Scalar(1e-20)));
  CASE(text(torch::kFloat));
  CASE(text(torch::ones({1}, torch::kLong).dtype()));
  CASE(text(torch::Device("cuda:1")));
  CASE(text(torch::ones({1}).options()));
}

}  // namespace parity::surface
