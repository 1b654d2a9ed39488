#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "taper/autograd/list_function.h"

// Jacobians, Hessians and their products with vectors, of a function as a whole: PyTorch's
// torch.autograd.functional.
//
// `fn` maps a Tensor or a variable_list to a Tensor or a variable_list: any callable, a module
// included. What goes in and comes out takes the same form: with a Tensor -> Tensor function all
// results are Tensors.
//
//   Tensor J = jacobian([](const Tensor& x) { return x.exp(); }, x);
//   auto J = jacobian([](const variable_list& in) { return in[0].mm(in[1]); }, {a, b});  // J[0]
//
// The function sees handles of its own on the inputs: these, whether they want a gradient or not,
// are left as they are, and no grad() is touched. The results are constants, unless with
// create_graph: then they are on the tape, as functions of the inputs that want a gradient and of
// whatever else the function uses. What does not depend on an input has zero derivatives; with
// strict it throws instead, which finds an input that was detached by mistake.
//
// All throw taper::Error, in PyTorch's words.
namespace taper::autograd::functional {

namespace internal {

using autograd::internal::as_list;
using autograd::internal::from_list;
using autograd::internal::ListFunction;
template <class Fn>
using Input = autograd::internal::InputOf<Fn>;
template <class Fn>
using Output = autograd::internal::OutputOf<Fn>;

// A function as the sources see it, and the form in which its user gives and wants lists.
struct Callee {
  ListFunction call;
  bool takes_list;
  bool gives_list;
};

// [output][input], without the index of what is one Tensor.
template <class Out, class In>
struct TableOf {
  using type = variable_list;
};
template <>
struct TableOf<Tensor, Tensor> {
  using type = Tensor;
};
template <>
struct TableOf<variable_list, variable_list> {
  using type = std::vector<variable_list>;
};
template <class Out, class In>
using Table = typename TableOf<Out, In>::type;

template <class Out, class In>
Table<Out, In> from_table(std::vector<variable_list> table) {
  if constexpr (std::is_same_v<Out, Tensor>) {
    return from_list<In>(std::move(table[0]));
  } else if constexpr (std::is_same_v<In, Tensor>) {
    variable_list column;
    for (variable_list& row : table) column.push_back(std::move(row[0]));
    return column;
  } else {
    return table;
  }
}

template <class First, class Second>
std::pair<First, Second> from_lists(std::pair<variable_list, variable_list> lists) {
  return {from_list<First>(std::move(lists.first)), from_list<Second>(std::move(lists.second))};
}

template <class Fn>
Callee callee(Fn& fn) {
  return {
      [&fn](const variable_list& inputs) { return autograd::internal::call_with_list(fn, inputs); },
      std::is_same_v<Input<Fn>, variable_list>, std::is_same_v<Output<Fn>, variable_list>};
}

using Lists = std::pair<variable_list, variable_list>;
std::vector<variable_list> jacobian(const Callee& fn, const variable_list& inputs,
                                    bool create_graph, bool strict);
std::vector<variable_list> hessian(const Callee& fn, const variable_list& inputs, bool create_graph,
                                   bool strict);
Lists vjp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict);
Lists jvp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict);
Lists vhp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict);
Lists hvp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict);

}  // namespace internal

// J[o..., i...] = d fn(x)[o...] / d x[i...], of the shape [sizes of the output, sizes of the
// input]; one for each output and input: [output][input], where these are lists. One backward pass
// for each element of the outputs. torch.autograd.functional.jacobian.
template <class Fn>
internal::Table<internal::Output<Fn>, internal::Input<Fn>> jacobian(
    Fn fn, const internal::Input<Fn>& inputs, bool create_graph = false, bool strict = false) {
  return internal::from_table<internal::Output<Fn>, internal::Input<Fn>>(
      internal::jacobian(internal::callee(fn), internal::as_list(inputs), create_graph, strict));
}

// H[i..., j...] = d^2 fn(x) / d x[i...] d x[j...] of a function with one output of one element, of
// the shape [sizes of the input, sizes of the input]; for a list of inputs [input][input].
// torch.autograd.functional.hessian.
template <class Fn>
internal::Table<internal::Input<Fn>, internal::Input<Fn>> hessian(Fn fn,
                                                                  const internal::Input<Fn>& inputs,
                                                                  bool create_graph = false,
                                                                  bool strict = false) {
  return internal::from_table<internal::Input<Fn>, internal::Input<Fn>>(
      internal::hessian(internal::callee(fn), internal::as_list(inputs), create_graph, strict));
}

// (fn(x), v^T J): one backward pass. v has the sizes of the outputs, and may be left out for one
// output of one element. torch.autograd.functional.vjp.
template <class Fn>
std::pair<internal::Output<Fn>, internal::Input<Fn>> vjp(Fn fn, const internal::Input<Fn>& inputs,
                                                         const internal::Output<Fn>& v = {},
                                                         bool create_graph = false,
                                                         bool strict = false) {
  return internal::from_lists<internal::Output<Fn>, internal::Input<Fn>>(internal::vjp(
      internal::callee(fn), internal::as_list(inputs), internal::as_list(v), create_graph, strict));
}

// (fn(x), J v): how the outputs change when the inputs move along v, which has their sizes, and may
// be left out for one input of one element. A backward of a backward, since v^T J is linear in v.
// torch.autograd.functional.jvp.
template <class Fn>
std::pair<internal::Output<Fn>, internal::Output<Fn>> jvp(Fn fn, const internal::Input<Fn>& inputs,
                                                          const internal::Input<Fn>& v = {},
                                                          bool create_graph = false,
                                                          bool strict = false) {
  return internal::from_lists<internal::Output<Fn>, internal::Output<Fn>>(internal::jvp(
      internal::callee(fn), internal::as_list(inputs), internal::as_list(v), create_graph, strict));
}

// (fn(x), v^T H) of a function with one output of one element, v as in jvp: two backward passes,
// where the Hessian itself takes one for each element. torch.autograd.functional.vhp.
template <class Fn>
std::pair<Tensor, internal::Input<Fn>> vhp(Fn fn, const internal::Input<Fn>& inputs,
                                           const internal::Input<Fn>& v = {},
                                           bool create_graph = false, bool strict = false) {
  return internal::from_lists<Tensor, internal::Input<Fn>>(internal::vhp(
      internal::callee(fn), internal::as_list(inputs), internal::as_list(v), create_graph, strict));
}

// (fn(x), H v): the same as vhp for a function that is twice continuously differentiable, by a
// third backward pass. torch.autograd.functional.hvp.
template <class Fn>
std::pair<Tensor, internal::Input<Fn>> hvp(Fn fn, const internal::Input<Fn>& inputs,
                                           const internal::Input<Fn>& v = {},
                                           bool create_graph = false, bool strict = false) {
  return internal::from_lists<Tensor, internal::Input<Fn>>(internal::hvp(
      internal::callee(fn), internal::as_list(inputs), internal::as_list(v), create_graph, strict));
}

}  // namespace taper::autograd::functional
