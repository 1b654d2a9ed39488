#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/autograd/node.h"

// Compares the derivatives that the tape computes with central differences.
namespace taper::autograd {

struct GradcheckOptions {
  double eps = 1e-6;   // the step: (f(x + eps) - f(x - eps)) / (2 eps)
  double atol = 1e-5;  // |analytic - numeric| <= atol + rtol * |numeric|
  double rtol = 1e-3;
  double nondet_tol = 0;        // how far two backward passes may differ
  bool raise_exception = true;  // throw taper::Error with the message instead of returning false
  // Compares v^T J u, for fixed pseudo-random u and v of length 1, instead of every element of
  // every Jacobian J: a backward and two forward passes for each output and input, whatever their
  // sizes, so that modules with 100,000 parameters can be checked. It may overlook what is wrong in
  // few elements of many; where it fails it searches for one, and names it. PyTorch's fast_mode.
  bool fast_mode = false;
};

// Some outputs from some inputs. It must compute the same at every call, and leave its inputs as
// they are.
using GradcheckFunction = std::function<variable_list(const variable_list&)>;

// Whether a check passed, and if not, where: which output, which input, which element, analytic and
// numeric value.
struct GradcheckResult {
  bool passed = true;
  std::string message;
  explicit operator bool() const { return passed; }
};

// Checks d outputs / d inputs for every input that requires a gradient: all elements, or
// projections in fast mode. Inputs are float64 and their elements do not share memory. `names`, if
// given, say in the message what the inputs are.
GradcheckResult check_gradients(const GradcheckFunction& fn, const variable_list& inputs,
                                const GradcheckOptions& options = {},
                                const std::vector<std::string>& names = {});
// The same for the second derivatives: checks the gradients of fn, with the given or fixed
// pseudo-random grad_outputs, as a function of inputs and grad_outputs.
GradcheckResult check_second_gradients(const GradcheckFunction& fn, const variable_list& inputs,
                                       const variable_list& grad_outputs = {},
                                       const GradcheckOptions& options = {},
                                       const std::vector<std::string>& names = {});

namespace internal {

bool report(const GradcheckResult& result, const GradcheckOptions& options);

// Any callable on the list of inputs, or on one tensor, that returns a tensor or a list of them.
template <class Fn>
GradcheckFunction as_gradcheck_function(Fn fn) {
  return [fn = std::move(fn)](const variable_list& inputs) -> variable_list {
    auto call = [&]() -> decltype(auto) {
      if constexpr (std::is_invocable_v<const Fn&, const variable_list&>) {
        return fn(inputs);
      } else {
        TAPER_CHECK(inputs.size() == 1, "gradcheck: a function of one tensor got ", inputs.size(),
                    " inputs");
        return fn(inputs[0]);
      }
    };
    if constexpr (std::is_convertible_v<decltype(call()), Tensor>) {
      return {call()};
    } else {
      return call();
    }
  };
}

}  // namespace internal

// torch.autograd.gradcheck: true, or throws (false without raise_exception).
template <class Fn>
bool gradcheck(Fn fn, const variable_list& inputs, const GradcheckOptions& options = {}) {
  return internal::report(
      check_gradients(internal::as_gradcheck_function(std::move(fn)), inputs, options), options);
}
template <class Fn>
bool gradgradcheck(Fn fn, const variable_list& inputs, const variable_list& grad_outputs = {},
                   const GradcheckOptions& options = {}) {
  return internal::report(check_second_gradients(internal::as_gradcheck_function(std::move(fn)),
                                                 inputs, grad_outputs, options),
                          options);
}

// The same with respect to the parameters of a module (an nn::Module or a holder of one), for
// `fn()`, which runs it. The module must be of float64: module->to(taper::kFloat64).
template <class Fn, class ModuleHandle>
GradcheckResult check_module_gradients(Fn fn, const ModuleHandle& module,
                                       const GradcheckOptions& options = {}, bool second = false) {
  variable_list parameters;
  std::vector<std::string> names;
  for (const auto& item : module->named_parameters()) {
    names.push_back(item.key());
    parameters.push_back(item.value());
  }
  auto forward = [&fn](const variable_list&) -> variable_list {
    if constexpr (std::is_convertible_v<decltype(fn()), Tensor>) {
      return {fn()};
    } else {
      return fn();
    }
  };
  return second ? check_second_gradients(forward, parameters, {}, options, names)
                : check_gradients(forward, parameters, options, names);
}
template <class Fn, class ModuleHandle>
bool gradcheck_parameters(Fn fn, const ModuleHandle& module, const GradcheckOptions& options = {}) {
  return internal::report(check_module_gradients(std::move(fn), module, options), options);
}
template <class Fn, class ModuleHandle>
bool gradgradcheck_parameters(Fn fn, const ModuleHandle& module,
                              const GradcheckOptions& options = {}) {
  return internal::report(check_module_gradients(std::move(fn), module, options, true), options);
}

}  // namespace taper::autograd
