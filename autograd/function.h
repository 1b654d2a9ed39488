#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "taper/autograd/node.h"
#include "taper/autograd/record.h"

// Operations of one's own, with a backward of one's own: torch::autograd::Function.
namespace taper::autograd {

using tensor_list = variable_list;

// A value that forward leaves for backward under a name (the kinds of c10::IValue that scripts
// use). Reading another kind than was written throws taper::Error.
class SavedValue {
 public:
  SavedValue() = default;
  SavedValue(Tensor value);
  SavedValue(double value);
  SavedValue(bool value);
  template <class T, class = std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>>>
  SavedValue(T value) : SavedValue(Integer{static_cast<int64_t>(value)}) {}
  SavedValue(std::string value);
  SavedValue(const char* value);
  SavedValue(std::vector<int64_t> value);

  bool isNone() const { return !value_.has_value(); }
  const Tensor& toTensor() const;
  double toDouble() const;
  int64_t toInt() const;
  bool toBool() const;
  const std::string& toStringRef() const;
  const std::vector<int64_t>& toIntVector() const;

 private:
  struct Integer {
    int64_t value;
  };
  explicit SavedValue(Integer value);
  std::any value_;
};

class FunctionNode;

// What forward hands over to backward.
class AutogradContext {
 public:
  AutogradContext() = default;
  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

  // Inputs or outputs of forward; anything else is better kept in saved_data.
  void save_for_backward(variable_list tensors) { to_save_ = std::move(tensors); }
  // Throws if a saved tensor was changed in place, or the graph was freed.
  variable_list get_saved_variables() const;
  // Inputs that forward changed in place and returns.
  void mark_dirty(const variable_list& inputs) { dirty_ = inputs; }
  // Outputs that need no gradient.
  void mark_non_differentiable(const variable_list& outputs) { non_differentiable_ = outputs; }
  // Whether backward gets zeros (the default) or undefined tensors for outputs that were not used.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }
  // Whether the gradient of the k-th tensor among forward's arguments is wanted; in backward, by
  // the pass that runs.
  bool needs_input_grad(size_t k) const;

  std::map<std::string, SavedValue> saved_data;

 private:
  friend class FunctionNode;
  variable_list to_save_;
  variable_list dirty_;
  variable_list non_differentiable_;
  std::vector<SavedTensor> saved_;
  std::vector<char> needed_;
  bool materialize_grads_ = true;
  bool freed_ = false;
};

// The node of a user's function.
class FunctionNode final : public Node {
 public:
  using BackwardFunction = variable_list (*)(AutogradContext*, variable_list);

  FunctionNode(std::string name, BackwardFunction backward)
      : name_(std::move(name)), backward_(backward) {}
  std::string name() const override { return name_; }
  void apply(Backward& ctx) override;
  void release_variables() override;

  AutogradContext& context() { return context_; }
  // Notes an argument of forward: whether it is a tensor, and which.
  void add_argument(const Tensor* tensor);
  void add_argument_of(const Tensor& tensor) { add_argument(&tensor); }
  // Each element is an argument of its own.
  void add_argument_of(const TensorList& list) {
    for (const Tensor& tensor : list) add_argument(&tensor);
  }
  void add_argument_of(const std::optional<Tensor>& maybe) {
    add_argument(maybe && maybe->defined() ? &*maybe : nullptr);
  }
  template <class T>
  void add_argument_of(const T& argument) {
    if constexpr (std::is_convertible_v<const T&, const Tensor&>) {
      const Tensor& tensor = argument;
      add_argument(&tensor);
    } else {
      add_argument(nullptr);
    }
  }
  // Puts what forward returned on the tape, if any argument wants a gradient.
  void finish(variable_list& outputs);

 private:
  // Throws unless the inputs marked as dirty may be changed and are returned.
  void check_dirty(const variable_list& outputs);

  std::string name_;
  BackwardFunction backward_;
  AutogradContext context_;
  std::vector<char> is_tensor_;  // for each argument of forward
  variable_list inputs_;         // only until finish()
};

std::string demangled(const char* type_name);

// Derive as `struct F : Function<F>`, with
//   static Tensor (or variable_list) forward(AutogradContext* ctx, arguments...);
//   static variable_list backward(AutogradContext* ctx, variable_list grad_outputs);
// backward returns one tensor for each argument of forward, undefined for what is no tensor (a
// TensorList counts as its elements, an std::vector<Tensor> as no tensor). Call
// F::apply(arguments...). forward runs outside the tape; backward is recorded when a graph of the
// gradients is wanted.
template <class F>
struct Function {
  template <class X = F, class... Args>
  static auto apply(Args&&... args) -> decltype(X::forward(nullptr, args...)) {
    auto* node = new FunctionNode(demangled(typeid(F).name()),
                                  [](AutogradContext* ctx, variable_list grads) {
                                    return X::backward(ctx, std::move(grads));
                                  });
    NodePtr owner(node);
    (node->add_argument_of(args), ...);
    using Result = decltype(X::forward(nullptr, args...));
    Result result = [&] {
      NoGradGuard no_grad;
      return X::forward(&node->context(), std::forward<Args>(args)...);
    }();
    if constexpr (std::is_same_v<Result, Tensor>) {
      variable_list outputs{std::move(result)};
      node->finish(outputs);
      return outputs[0];
    } else {
      node->finish(result);
      return result;
    }
  }
};

}  // namespace taper::autograd
