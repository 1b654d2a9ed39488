#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "parity/surface.h"

// What the programs about the tape share.
namespace parity::autograd_cases {

using surface::show;
using torch::Tensor;
using torch::autograd::variable_list;

// All arguments in one line.
template <class First, class... Rest>
std::string say(const First& first, const Rest&... rest) {
  std::ostringstream out;
  show(out, first);
  (((out << " | "), show(out, rest)), ...);
  return out.str();
}

// A gradient on the tape holds its leaf, and the leaf its gradient: whoever makes one lets it go.
inline void let_go(const Tensor& leaf) { leaf.mutable_grad() = Tensor(); }

// Nodes are named without namespaces and templates of libtorch's, as Python shows them:
// AccumulateGrad, not torch::autograd::AccumulateGrad; F, not torch::autograd::CppNode<F>.
inline std::string plain(std::string text) {
  const std::string space = "torch::autograd::", wrapper = "CppNode<";
  for (size_t at; (at = text.find(space)) != std::string::npos;) text.erase(at, space.size());
  for (size_t at; (at = text.find(wrapper)) != std::string::npos;) {
    text.erase(at, wrapper.size());
    text.erase(text.find('>', at), 1);
  }
  return text;
}

inline std::string grad_fn_name(const Tensor& x) {
  return x.grad_fn() ? plain(x.grad_fn()->name()) : "-";
}

// The same, in the texts of errors.
template <class F>
auto plainly(const F& f) {
  try {
    return f();
  } catch (const c10::Error& e) {
    throw std::runtime_error(plain(e.what_without_backtrace()));
  } catch (const std::exception& e) {
    throw std::runtime_error(plain(e.what()));
  }
}

// What the tape says of a tensor. The order matters: grad_fn brings a view up to date.
inline std::string state(const Tensor& x) {
  std::ostringstream out;
  out << grad_fn_name(x) << " output " << x.output_nr() << (x.is_leaf() ? " leaf" : "")
      << (x.requires_grad() ? " requires grad" : "") << (x.is_view() ? " view" : "") << " version "
      << x._version() << (x.retains_grad() ? " retains" : "");
  return out.str();
}
// After something was done.
template <class... X>
std::string states(const X&... tensors) {
  return say(state(tensors)...);
}

// Whether it throws, where the text is another case's matter.
template <class F>
std::string attempt(const F& f) {
  try {
    f();
  } catch (const std::exception&) {
    return "throws";
  }
  return "passes";
}

// Distinct float64 elements that the four operations keep exact.
inline Tensor numbers(torch::IntArrayRef sizes, double first = 1) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  return (torch::arange(numel, torch::kFloat64) + first).reshape(sizes).clone();
}
inline Tensor leaf(torch::IntArrayRef sizes, double first = 1) {
  return numbers(sizes, first).requires_grad_();
}

}  // namespace parity::autograd_cases

// A block in whose errors nodes are named.
#define NAMED(name, ...) add(r, name, [&] { return plainly([&] { __VA_ARGS__ }); })
