#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "taper/io/tensor_dict.h"
#include "taper/nn/arg.h"
#include "taper/optim/field_visitor.h"
#include "taper/tensor/tensor.h"

namespace taper::optim {

// Hyper-parameters of a group of parameters. Derive from OptimizerCloneableOptions<Yours>.
class OptimizerOptions {
 public:
  OptimizerOptions() = default;
  OptimizerOptions(const OptimizerOptions&) = default;
  OptimizerOptions& operator=(const OptimizerOptions&) = default;
  virtual ~OptimizerOptions();
  // Throws taper::Error unless overridden.
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  // Shows every option to the visitor. Throws taper::Error unless overridden.
  virtual void visit(FieldVisitor& visitor);
  // Throws taper::Error for values that make no sense.
  virtual void check() const;
  // What LR schedulers read and write; throw taper::Error unless overridden.
  virtual double get_lr() const;
  virtual void set_lr(double lr);
};

template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

// The same for options with an `lr`, which is what schedulers set.
template <class Derived>
class OptionsWithRate : public OptimizerCloneableOptions<Derived> {
 public:
  double get_lr() const override { return static_cast<const Derived&>(*this).lr(); }
  void set_lr(double lr) override { static_cast<Derived&>(*this).lr(lr); }
};

// What an optimizer remembers of one parameter between steps. Derive from
// OptimizerCloneableParamState<Yours>.
class OptimizerParamState {
 public:
  OptimizerParamState() = default;
  OptimizerParamState(const OptimizerParamState&) = default;
  OptimizerParamState& operator=(const OptimizerParamState&) = default;
  virtual ~OptimizerParamState();
  // Throws taper::Error unless overridden.
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  // Shows every field to the visitor. Throws taper::Error unless overridden.
  virtual void visit(FieldVisitor& visitor);

 private:
  friend class Optimizer;
  Tensor parameter_;  // kept alive: its address is the key of this state
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

namespace detail {
// Whether both show a visitor the same fields.
bool same_fields(const OptimizerOptions& a, const OptimizerOptions& b);
bool same_fields(const OptimizerParamState& a, const OptimizerParamState& b);
}  // namespace detail

// Options are equal, and states are, if all that they show to a visitor is.
template <class T, class = std::enable_if_t<std::is_base_of_v<OptimizerOptions, T> ||
                                            std::is_base_of_v<OptimizerParamState, T>>>
bool operator==(const T& a, const T& b) {
  return detail::same_fields(a, b);
}

// Parameters that share options. Without options of its own, the optimizer's defaults are taken.
class OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  OptimizerParamGroup(const OptimizerParamGroup& other);
  OptimizerParamGroup(OptimizerParamGroup&&) noexcept = default;
  OptimizerParamGroup& operator=(const OptimizerParamGroup& other);
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) noexcept = default;
  ~OptimizerParamGroup() = default;

  bool has_options() const { return options_ != nullptr; }
  // Throw taper::Error if there are none.
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }

 private:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
};

// States by the parameter's unsafeGetTensorImpl(), or by that pointer as a stream writes it, which
// is libtorch's key (c10::guts::to_string).
class OptimizerStateMap
    : public std::unordered_map<const void*, std::unique_ptr<OptimizerParamState>> {
  using Base = std::unordered_map<const void*, std::unique_ptr<OptimizerParamState>>;

 public:
  using Base::at;
  using Base::count;
  using Base::erase;
  using Base::find;
  using Base::operator[];
  mapped_type& operator[](const std::string& key);
  mapped_type& at(const std::string& key);
  const mapped_type& at(const std::string& key) const;
  iterator find(const std::string& key);
  const_iterator find(const std::string& key) const;
  size_t count(const std::string& key) const;
  size_t erase(const std::string& key);

 private:
  // Null for what is no pointer.
  static const void* pointer(const std::string& key);
};

// The base of the optimizers (torch::optim::Optimizer): groups of parameters, each with its
// options, and a state per parameter. Copies are made by state_dict() and load_state_dict().
class Optimizer {
 public:
  // Evaluates the model anew: zeroes the gradients, computes the loss, calls backward() on it and
  // returns it.
  using LossClosure = std::function<Tensor()>;
  // What has not been stepped yet has none.
  using StateMap = OptimizerStateMap;

  // Throws taper::Error for an undefined parameter, one that is not a leaf, and default options
  // that make no sense. As in libtorch there may be no parameters yet, options of a group are taken
  // as they are, and a parameter that stands twice is stepped twice.
  Optimizer(std::vector<OptimizerParamGroup> param_groups,
            std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  Optimizer& operator=(Optimizer&&) = delete;
  virtual ~Optimizer();

  // Throws as the constructors, and for a parameter that has a state already; nothing is added
  // then.
  void add_param_group(const OptimizerParamGroup& param_group);
  // Adds to the first group.
  void add_parameters(const std::vector<Tensor>& parameters);

  // Changes the parameters by their gradients; one without a gradient stays as it is. With a
  // closure, evaluates it first (with gradients recorded) and returns its loss; else an undefined
  // tensor.
  virtual Tensor step(LossClosure closure = nullptr) = 0;

  // Fills the gradients with zeros, or lets them go.
  void zero_grad(bool set_to_none = false);

  // The parameters of the first group.
  const std::vector<Tensor>& parameters() const { return param_groups_.front().params(); }
  std::vector<Tensor>& parameters() { return param_groups_.front().params(); }
  // How many parameters there are in all groups.
  size_t size() const;
  OptimizerOptions& defaults() { return *defaults_; }
  const OptimizerOptions& defaults() const { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const { return param_groups_; }
  StateMap& state() { return state_; }
  const StateMap& state() const { return state_; }

  // The options and states as named tensors, by the position of the parameter (counted through all
  // groups): "state.<position>.<field>", "param_groups.<group>.<option>" as 0-dim tensors,
  // "param_groups.<group>.params" with the positions; the metadata "optimizer" is name(). The
  // states are shared with the optimizer: save or clone them before the next step.
  io::TensorDict state_dict() const;
  // The inverse: options and states become those of the dict (copies), and training goes on as if
  // it had not stopped. Throws taper::Error, and changes nothing, for another optimizer's dict,
  // other groups, missing or unexpected entries, and tensors of other sizes than the parameters.
  void load_state_dict(const io::TensorDict& dict);

  // "SGD", "Adam", ...; what tells one optimizer's state_dict from another's.
  virtual std::string name() const { return "Optimizer"; }

 protected:
  // An empty state, for load_state_dict. Throws taper::Error unless overridden.
  virtual std::unique_ptr<OptimizerParamState> make_state() const;
  // Throws taper::Error if `state`, just loaded, is not one of `parameter`.
  virtual void check_state(const OptimizerParamState& state, const Tensor& parameter) const;

  // closure() with gradients recorded; an undefined tensor without a closure.
  static Tensor evaluate(const LossClosure& closure);
  // The group's options, which must be of that type.
  template <class Options>
  static Options& options_of(OptimizerParamGroup& group);
  // The parameter's state; `State` is made the first time.
  template <class State>
  State& state_of(const Tensor& parameter);

  std::vector<OptimizerParamGroup> param_groups_;
  StateMap state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

// The optimizer's state_dict() to and from a safetensors file; `metadata` is written beside it.
// Throw as io::save_safetensors, io::load_safetensors and load_state_dict; a load that throws
// changes nothing.
void save(const Optimizer& optimizer, const std::string& path, const io::Metadata& metadata = {});
void load(Optimizer& optimizer, const std::string& path);

template <class Options>
Options& Optimizer::options_of(OptimizerParamGroup& group) {
  auto* options = dynamic_cast<Options*>(&group.options());
  TAPER_CHECK(options != nullptr, "a parameter group has another optimizer's options");
  return *options;
}

template <class State>
State& Optimizer::state_of(const Tensor& parameter) {
  std::unique_ptr<OptimizerParamState>& state = state_[parameter.unsafeGetTensorImpl()];
  if (state == nullptr) {
    state = std::make_unique<State>();
    state->parameter_ = parameter;
  }
  auto* own = dynamic_cast<State*>(state.get());
  TAPER_CHECK(own != nullptr, "a parameter has another optimizer's state");
  return *own;
}

// The base of an optimizer that changes each parameter by its own gradient: what is left to write
// is update(). `Options` are those of a group, `State` is what is remembered of a parameter.
template <class Options, class State>
class OptimizerOf : public Optimizer {
 public:
  explicit OptimizerOf(std::vector<OptimizerParamGroup> param_groups, Options defaults = {})
      : Optimizer(std::move(param_groups), std::make_unique<Options>(std::move(defaults))) {}
  explicit OptimizerOf(std::vector<Tensor> params, Options defaults = {})
      : Optimizer(std::move(params), std::make_unique<Options>(std::move(defaults))) {}

  Tensor step(LossClosure closure = nullptr) override {
    const Tensor loss = evaluate(closure);
    for (OptimizerParamGroup& group : param_groups_) {
      const Options& options = options_of<Options>(group);
      for (const Tensor& p : group.params()) {
        if (p.grad().defined()) update(p, options);
      }
    }
    return loss;
  }

 protected:
  // Changes the parameter, which has a gradient, and its state_of<State>().
  virtual void update(const Tensor& parameter, const Options& options) = 0;
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return std::make_unique<State>();
  }
};

}  // namespace taper::optim
