#include "taper/autograd/function.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "taper/tensor/raw/core.h"

namespace taper::autograd {

SavedValue::SavedValue(Tensor value) : value_(std::move(value)) {}
SavedValue::SavedValue(double value) : value_(value) {}
SavedValue::SavedValue(bool value) : value_(value) {}
SavedValue::SavedValue(Integer value) : value_(value.value) {}
SavedValue::SavedValue(std::string value) : value_(std::move(value)) {}
SavedValue::SavedValue(const char* value) : value_(std::string(value)) {}
SavedValue::SavedValue(std::vector<int64_t> value) : value_(std::move(value)) {}

namespace {

template <class T>
const T& saved(const std::any& value, const char* wanted) {
  const T* held = std::any_cast<T>(&value);
  TAPER_CHECK(held != nullptr, "Expected ", wanted, " but got another kind of value in saved_data");
  return *held;
}

}  // namespace

const Tensor& SavedValue::toTensor() const { return saved<Tensor>(value_, "Tensor"); }
double SavedValue::toDouble() const { return saved<double>(value_, "Double"); }
int64_t SavedValue::toInt() const { return saved<int64_t>(value_, "Int"); }
bool SavedValue::toBool() const { return saved<bool>(value_, "Bool"); }
const std::string& SavedValue::toStringRef() const { return saved<std::string>(value_, "String"); }
const std::vector<int64_t>& SavedValue::toIntVector() const {
  return saved<std::vector<int64_t>>(value_, "IntList");
}
namespace {

// The position of `tensor` among `list`, or its size.
size_t find_same(const variable_list& list, const Tensor& tensor) {
  return static_cast<size_t>(
      std::find_if(list.begin(), list.end(), [&](const Tensor& t) { return t.is_same(tensor); }) -
      list.begin());
}

}  // namespace

std::string demangled(const char* type_name) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(type_name, nullptr, nullptr, &status), std::free);
  return status == 0 ? text.get() : type_name;
}

variable_list AutogradContext::get_saved_variables() const {
  if (freed_) internal::throw_backward_twice();
  variable_list tensors;
  tensors.reserve(saved_.size());
  for (const SavedTensor& saved : saved_) tensors.push_back(saved());
  return tensors;
}

namespace {

// The backward that runs in this thread, if one does: several threads may run one node.
struct Running {
  const AutogradContext* context;
  const Backward* backward;
};
thread_local Running running{nullptr, nullptr};

}  // namespace

bool AutogradContext::needs_input_grad(size_t k) const {
  TAPER_CHECK_INDEX(k < needed_.size(), "needs_input_grad: index ", k, " out of range for ",
                    needed_.size(), " tensor arguments");
  return running.context == this ? running.backward->needs(k) : needed_[k] != 0;
}

void FunctionNode::add_argument(const Tensor* tensor) {
  is_tensor_.push_back(tensor != nullptr ? 1 : 0);
  if (tensor == nullptr) return;
  inputs_.push_back(*tensor);
  context_.needed_.push_back(tensor->defined() && tensor->requires_grad() ? 1 : 0);
}

namespace {

// An in-place change of a view that a user's function made would go around that function's
// backward. Views among several outputs are all refused.
void refuse_changes_of_views(const variable_list& outputs, const variable_list& dirty) {
  for (const Tensor& output : outputs) {
    if (!output.is_view() || find_same(dirty, output) < dirty.size()) continue;
    output.unsafeGetTensorImpl()->view_kind = outputs.size() > 1
                                                  ? taper::detail::ViewKind::kMultiOutput
                                                  : taper::detail::ViewKind::kInCustomFunction;
  }
}

}  // namespace

void FunctionNode::check_dirty(const variable_list& outputs) {
  std::vector<InputRef> refs(inputs_.begin(), inputs_.end());
  const bool records = internal::should_record(refs);
  for (const Tensor& dirty : context_.dirty_) {
    TAPER_CHECK(find_same(outputs, dirty) < outputs.size(),
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the "
                "Function.");
    TAPER_CHECK(!records || !dirty.requires_grad() || dirty.is_view() || !dirty.is_leaf(),
                "a leaf Variable that requires grad has been used in an in-place operation.");
    TAPER_CHECK(!records || !dirty.is_view() || outputs.size() == 1,
                "If your Function modifies inplace an input that is a view of another Tensor, your "
                "Function cannot return more than one Tensor. Clone the input, or let one Function "
                "change it and another do the rest.");
    internal::check_inplace(dirty, refs);
  }
}

void FunctionNode::finish(variable_list& outputs) {
  std::vector<InputRef> refs(inputs_.begin(), inputs_.end());
  for (const Tensor& output : outputs)
    TAPER_CHECK(output.defined(), name_, ": forward returned an undefined tensor");
  check_dirty(outputs);
  for (const Tensor& dirty : context_.dirty_) dirty.unsafeGetTensorImpl()->version().bump();
  for (Tensor& output : outputs) {
    // An input that comes back unchanged gets a handle of its own: its history is another.
    const size_t input = find_same(inputs_, output);
    if (input == inputs_.size() || find_same(context_.dirty_, output) < context_.dirty_.size())
      continue;
    variable_list& constants = context_.non_differentiable_;
    const bool constant = find_same(constants, output) < constants.size();
    output = raw::alias(output);
    if (constant) constants.push_back(output);
    const bool wanted = internal::should_record(refs) && !constant;
    if (wanted || !inputs_[input].requires_grad())
      internal::mark_view(output, inputs_[input], false);
  }
  refuse_changes_of_views(outputs, context_.dirty_);
  if (internal::should_record(refs)) {
    internal::connect_inputs(*this, refs);
    Save save(this, refs, outputs.data(), nullptr);
    for (const Tensor& tensor : context_.to_save_) {
      size_t k = find_same(outputs, tensor);
      context_.saved_.push_back(k < outputs.size() ? save.output(k) : save.input(tensor));
    }
    NodePtr self(this);
    for (const Tensor& output : outputs) {
      if (find_same(context_.non_differentiable_, output) < context_.non_differentiable_.size()) {
        add_output(output);
      } else if (find_same(context_.dirty_, output) < context_.dirty_.size()) {
        internal::rebase_history(output, self);
      } else {
        internal::set_history(output, self);
      }
    }
  }
  // What is not needed any more would keep graphs alive.
  inputs_.clear();
  context_.to_save_.clear();
  context_.dirty_.clear();
  context_.non_differentiable_.clear();
}

void FunctionNode::apply(Backward& ctx) {
  variable_list grads;
  for (size_t k = 0; k < ctx.num_out_grads(); ++k) {
    grads.push_back(context_.materialize_grads_ ? ctx.materialized_out_grad(k) : ctx.out_grad(k));
  }
  const Running outer = running;
  struct Restore {
    const Running& outer;
    ~Restore() { running = outer; }
  } restore{outer};
  running = {&context_, &ctx};
  variable_list results = backward_(&context_, std::move(grads));
  // Undefined tensors past the last argument are allowed, as in PyTorch.
  while (results.size() > is_tensor_.size() && !results.back().defined()) results.pop_back();
  TAPER_CHECK(results.size() == is_tensor_.size(), "function ", name_,
              " returned an incorrect number of gradients (expected ", is_tensor_.size(), ", got ",
              results.size(), ")");
  size_t input = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    if (is_tensor_[i] != 0) {
      ctx.grad(input++, results[i]);
    } else {
      TAPER_CHECK(!results[i].defined(), "function ", name_,
                  " returned a gradient different that is defined at position ", i + 1,
                  ", but the corresponding forward input was not a Variable");
    }
  }
}

void FunctionNode::release_variables() {
  context_.freed_ = !context_.saved_.empty() || context_.freed_;
  context_.saved_.clear();
}

}  // namespace taper::autograd
