#include "taper/autograd/functional.h"

#include "taper/autograd/autograd.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd::functional::internal {
namespace {

void check_defined(const variable_list& list, const char* what, const char* name) {
  for (size_t i = 0; i < list.size(); ++i) {
    TAPER_CHECK(list[i].defined(), "The ", what, " given to ", name,
                " must be either a Tensor or a list of Tensors but the value at index ", i,
                " is undefined.");
  }
}

void check_on_tape(const variable_list& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    TAPER_CHECK(outputs[i].requires_grad(), "Output ", i,
                " of the user-provided function does not require gradients. The outputs must be "
                "computed in a differentiable manner from the input when running in strict mode.");
  }
}

// Handles that the function alone sees: what it catches otherwise, even of the same tensors, is a
// constant.
variable_list own_handles(const variable_list& tensors, bool create_graph, bool want_gradient) {
  variable_list own;
  for (const Tensor& x : tensors) {
    own.push_back(create_graph && x.requires_grad() ? x.view_as(x)
                                                    : x.detach().requires_grad_(want_gradient));
  }
  return own;
}

// The results of a call that runs on the tape, whatever the surrounding mode.
struct Run {
  variable_list inputs;
  variable_list outputs;
};

Run run(const Callee& fn, const variable_list& inputs, const char* name, bool create_graph,
        bool strict) {
  TAPER_CHECK(!inputs.empty(), "The inputs given to ", name, " must not be empty.");
  check_defined(inputs, "inputs", name);
  Run result{own_handles(inputs, create_graph, true), {}};
  result.outputs = fn.call(result.inputs);
  check_defined(result.outputs, "outputs of the user-provided function", name);
  if (strict) check_on_tape(result.outputs);
  return result;
}

void check_scalar_output(const Callee& fn, const variable_list& outputs, const char* name) {
  TAPER_CHECK(!fn.gives_list, "The function given to ", name, " should return a single Tensor");
  TAPER_CHECK(outputs[0].numel() == 1, "The Tensor returned by the function given to ", name,
              " should contain a single element");
}

void check_v(const variable_list& v, const variable_list& like, bool like_is_list) {
  check_defined(v, "v", "this function");
  TAPER_CHECK(v.size() == like.size() || like_is_list,
              "The given v should contain a single Tensor.");
  TAPER_CHECK(v.size() == like.size(), "v is a tuple of invalid length: should be ", like.size(),
              " but got ", v.size(), ".");
  for (size_t i = 0; i < v.size(); ++i) {
    TAPER_CHECK(v[i].sizes() == like[i].sizes(),
                like_is_list ? "Entry " + std::to_string(i) + " in " : std::string(),
                "v has invalid size: should be ", like[i].sizes(), " but got ", v[i].sizes(), ".");
  }
}

void check_v_of_inputs(const variable_list& v, const variable_list& inputs, bool takes_list) {
  if (v.empty()) {
    TAPER_CHECK(inputs.size() == 1 && inputs[0].numel() == 1,
                "The vector v can only be None if the input to the user-provided function is a "
                "single Tensor with a single element.");
  } else {
    check_v(v, inputs, takes_list);
  }
}

// Undefined tensors for what no output leads to; outputs off the tape lead nowhere.
variable_list grad_if_any(const variable_list& outputs, const variable_list& inputs,
                          const variable_list& grad_outputs, bool create_graph,
                          bool retain_graph = false) {
  variable_list on_tape;
  variable_list weights;
  for (size_t k = 0; k < outputs.size(); ++k) {
    if (!outputs[k].defined() || !outputs[k].requires_grad()) continue;
    on_tape.push_back(outputs[k]);
    if (!grad_outputs.empty()) weights.push_back(grad_outputs[k]);
  }
  if (on_tape.empty()) return variable_list(inputs.size());
  return grad(on_tape, inputs, weights, retain_graph || create_graph, create_graph,
              /*allow_unused=*/true);
}

// The gradients of a strict call must lead on to a further derivative.
void check_requires_grad(const variable_list& grads, const char* before, const char* after) {
  for (size_t i = 0; i < grads.size(); ++i) {
    TAPER_CHECK(grads[i].defined(),
                "The output of the user-provided function is independent of input ", i,
                ". This is not allowed in strict mode.");
    TAPER_CHECK(grads[i].requires_grad(), before, i, after);
  }
}

void check_jacobian_requires_grad(const variable_list& jacobian) {
  check_requires_grad(
      jacobian,
      "While computing the hessian, found that the jacobian of the user-provided function with "
      "respect to input ",
      " is independent of the input. This is not allowed in strict mode. You should ensure that "
      "your function is twice differentiable and that the jacobian depends on the inputs (this "
      "would be violated by a linear function for example).");
}

// What a strict call says of a derivative that is not there, around the index.
struct Independence {
  const char* before;
  const char* after;
  const char* of;  // whose independence create_graph finds
};

constexpr Independence kBackward = {
    "The output of the user-provided function is independent of input ",
    ". This is not allowed in strict mode.", "jacobian"};
constexpr Independence kBackwardTrick = {
    "The gradient with respect to the input is independent of entry ",
    " in the grad_outputs when using the double backward trick to compute forward mode gradients. "
    "This is not allowed in strict mode.",
    "jacobian"};
constexpr Independence kDoubleBackward = {
    "The jacobian of the user-provided function is independent of input ",
    ". This is not allowed in strict mode.", "hessian"};
constexpr Independence kDoubleBackwardTrick = {
    "The hessian of the user-provided function is independent of entry ",
    " in the grad_jacobian. This is not allowed in strict mode as it prevents from using the "
    "double "
    "backward trick to replace forward mode AD.",
    "hessian"};

variable_list with_zeros(variable_list grads, const variable_list& like, bool create_graph,
                         bool strict, const Independence& text) {
  for (size_t i = 0; i < grads.size(); ++i) {
    if (!grads[i].defined()) {
      TAPER_CHECK(!strict, text.before, i, text.after);
      grads[i] = raw::zeros(like[i].sizes(), like[i].scalar_type());
    }
    TAPER_CHECK(!(strict && create_graph) || grads[i].requires_grad(), "The ", text.of,
                " of the user-provided function is independent of input ", i,
                ". This is not allowed in strict mode when create_graph=True.");
  }
  return grads;
}

variable_list finished(variable_list list, bool create_graph) {
  if (!create_graph) {
    for (Tensor& x : list) x = x.detach();
  }
  return list;
}

// A gradient that is linear in these gives, by its own gradient, the product from the other side.
// Their values do not appear in it.
variable_list linear_variables(const variable_list& like) {
  variable_list zeros;
  for (const Tensor& x : like)
    zeros.push_back(raw::zeros(x.sizes(), x.scalar_type()).requires_grad_());
  return zeros;
}

// On the tape: where a gradient is to be taken, the user's NoGradGuard and InferenceMode are not
// meant.
using OnTape = InferenceMode;

}  // namespace

std::vector<variable_list> jacobian(const Callee& fn, const variable_list& inputs,
                                    bool create_graph, bool strict) {
  const OnTape on_tape(false);
  const Run ran = run(fn, inputs, "jacobian", create_graph, strict);
  std::vector<variable_list> table;
  for (size_t k = 0; k < ran.outputs.size(); ++k) {
    const Tensor& output = ran.outputs[k];
    std::vector<variable_list> rows(inputs.size());  // for each input, one of its size per element
    for (int64_t element = 0; element < output.numel(); ++element) {
      const Tensor one = raw::zeros(output.sizes(), output.scalar_type());
      raw::fill(raw::select(raw::view(one, {-1}), 0, element), 1);
      variable_list grads = grad_if_any({output}, ran.inputs, {one}, create_graph, true);
      for (size_t i = 0; i < inputs.size(); ++i) {
        Tensor& row = grads[i];
        if (row.defined()) {
          TAPER_CHECK(!(strict && create_graph) || row.requires_grad(),
                      "The jacobian of the user-provided function is independent of input ", i,
                      ". This is not allowed in strict mode when create_graph=True.");
        } else {
          TAPER_CHECK(!strict, "Output ", k,
                      " of the user-provided function is independent of input ", i,
                      ". This is not allowed in strict mode.");
          row = raw::zeros(inputs[i].sizes(), inputs[i].scalar_type());
        }
        rows[i].push_back(std::move(row));
      }
    }
    variable_list of_output;
    for (size_t i = 0; i < inputs.size(); ++i) {
      DimVector sizes(output.sizes());
      for (const int64_t size : inputs[i].sizes()) sizes.push_back(size);
      of_output.push_back(rows[i].empty() ? raw::zeros(sizes, inputs[i].scalar_type())
                                          : stack(rows[i]).view(sizes));
    }
    table.push_back(finished(std::move(of_output), create_graph));
  }
  return table;
}

std::vector<variable_list> hessian(const Callee& fn, const variable_list& inputs, bool create_graph,
                                   bool strict) {
  const Callee scalar = {[&](const variable_list& xs) -> variable_list {
                           variable_list outputs = fn.call(xs);
                           check_defined(outputs, "outputs of the user-provided function",
                                         "hessian");
                           if (strict) check_on_tape(outputs);
                           check_scalar_output(fn, outputs, "hessian");
                           return {outputs[0].squeeze()};
                         },
                         true, false};
  const Callee gradient = {[&](const variable_list& xs) -> variable_list {
                             variable_list grads = jacobian(scalar, xs, true, false)[0];
                             if (strict) check_jacobian_requires_grad(grads);
                             return grads;
                           },
                           true, true};
  return jacobian(gradient, inputs, create_graph, strict);
}

Lists vjp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict) {
  const OnTape on_tape(false);
  Run ran = run(fn, inputs, "vjp", create_graph, strict);
  if (v.empty()) {
    TAPER_CHECK(ran.outputs.size() == 1 && ran.outputs[0].numel() == 1,
                "The vector v can only be None if the user-provided function returns a single "
                "Tensor with a single element.");
  } else {
    check_v(v, ran.outputs, fn.gives_list);
  }
  variable_list product = with_zeros(
      grad_if_any(ran.outputs, ran.inputs, own_handles(v, create_graph, false), create_graph),
      ran.inputs, create_graph, strict, kBackward);
  return {finished(std::move(ran.outputs), create_graph),
          finished(std::move(product), create_graph)};
}

Lists jvp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict) {
  const OnTape on_tape(false);
  check_defined(inputs, "inputs", "jvp");
  check_v_of_inputs(v, inputs, fn.takes_list);
  Run ran = run(fn, inputs, "jvp", create_graph, strict);
  const variable_list weights = linear_variables(ran.outputs);
  const variable_list grads = grad_if_any(ran.outputs, ran.inputs, weights, true);
  if (strict) {
    check_requires_grad(grads, "The gradient with respect to input ",
                        " is independent of the inputs of the user-provided function. This is not "
                        "allowed in strict mode.");
  }
  variable_list product =
      with_zeros(grad_if_any(grads, weights, own_handles(v, create_graph, false), create_graph),
                 ran.outputs, create_graph, strict, kBackwardTrick);
  return {finished(std::move(ran.outputs), create_graph),
          finished(std::move(product), create_graph)};
}

namespace {

// A call of a function of one element, and its gradient on the tape.
struct GradientRun : Run {
  variable_list gradient;
};

GradientRun run_gradient(const Callee& fn, const variable_list& inputs, const variable_list& v,
                         const char* name, bool create_graph, bool strict) {
  check_defined(inputs, "inputs", name);
  check_v_of_inputs(v, inputs, fn.takes_list);
  GradientRun ran{run(fn, inputs, name, create_graph, strict), {}};
  check_scalar_output(fn, ran.outputs, name);
  ran.gradient = grad_if_any(ran.outputs, ran.inputs, {}, true);
  if (strict) check_jacobian_requires_grad(ran.gradient);
  return ran;
}

}  // namespace

Lists vhp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict) {
  const OnTape on_tape(false);
  GradientRun ran = run_gradient(fn, inputs, v, "vhp", create_graph, strict);
  variable_list product = with_zeros(
      grad_if_any(ran.gradient, ran.inputs, own_handles(v, create_graph, false), create_graph),
      ran.inputs, create_graph, strict, kDoubleBackward);
  return {finished(std::move(ran.outputs), create_graph),
          finished(std::move(product), create_graph)};
}

Lists hvp(const Callee& fn, const variable_list& inputs, const variable_list& v, bool create_graph,
          bool strict) {
  const OnTape on_tape(false);
  GradientRun ran = run_gradient(fn, inputs, v, "hvp", create_graph, strict);
  const variable_list weights = linear_variables(ran.inputs);
  const variable_list twice = grad_if_any(ran.gradient, ran.inputs, weights, true);
  variable_list product =
      with_zeros(grad_if_any(twice, weights, own_handles(v, create_graph, false), create_graph),
                 ran.inputs, create_graph, strict, kDoubleBackwardTrick);
  return {finished(std::move(ran.outputs), create_graph),
          finished(std::move(product), create_graph)};
}

}  // namespace taper::autograd::functional::internal
