#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/nn/any_value.h"
#include "taper/nn/module_holder.h"
#include "taper/nn/ordered_dict.h"
#include "taper/tensor/device.h"
#include "taper/tensor/tensor.h"

namespace taper::nn {

// What load_state_dict found: names the module has and the dict has not, and the other way round.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys;
  std::vector<std::string> unexpected_keys;
};

// The base of every layer and model (torch::nn::Module): a tree of named submodules, parameters
// (trained) and buffers (state that is not). Derive from it, or from Cloneable<Derived> for
// clone(), and register what it holds; the names of parameters in a tree are joined by dots,
// "fc.weight", as in PyTorch.
class Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction =
      std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  Module();
  // Without a name it is the class's own, "NetImpl".
  explicit Module(std::string name);
  // A copy shares parameters, buffers and submodules; clone() does not. No moves: through the
  // virtual base of Cloneable one could happen twice.
  Module(const Module&);
  Module& operator=(const Module&);
  virtual ~Module();

  const std::string& name() const;
  // False for what holds no state that a file could keep, as Functional.
  virtual bool is_serializable() const;

  // --- Building. A name must be new, not empty and without a dot; an undefined tensor takes a name
  // and no more. ---
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  template <class M>
  std::shared_ptr<M> register_module(std::string name, std::shared_ptr<M> module) {
    add_child(std::move(name), module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> register_module(std::string name, ModuleHolder<M> module) {
    return register_module(std::move(name), module.ptr());
  }
  // Puts `module` where a submodule of that name is; throws if there is none.
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, std::shared_ptr<M> module) {
    replace_child(name, module);
    return module;
  }
  template <class M>
  std::shared_ptr<M> replace_module(const std::string& name, ModuleHolder<M> module) {
    return replace_module(name, module.ptr());
  }
  void unregister_module(const std::string& name);

  // --- Looking. A module comes before its submodules, and these in the order of their
  // registration. Undefined tensors are left out; a tensor or module registered twice comes twice.
  // ---
  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  // With the module itself these need it to be owned by a shared_ptr, as a holder's module is.
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(
      const std::string& name_prefix = {}, bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  // Calls `function` on this module and all below it, with the name before it or not: it takes
  // (Module&), (const std::string&, Module&), or a const std::shared_ptr<Module>& in place of the
  // Module&.
  template <class F>
  void apply(const F& function, const std::string& name_prefix = {});
  template <class F>
  void apply(const F& function, const std::string& name_prefix = {}) const;

  // --- State ---
  // All parameters and buffers, each module's parameters before its buffers, detached and sharing
  // memory: PyTorch's keys in PyTorch's order.
  OrderedDict<std::string, Tensor> state_dict() const;
  // Copies the values of the entries into the parameters and buffers of the same names, in place.
  // If `strict`, missing and unexpected keys are errors; a different size is always one. All errors
  // are told in one taper::Error, before anything changes.
  IncompatibleKeys load_state_dict(const OrderedDict<std::string, Tensor>& state_dict,
                                   bool strict = true);

  // Training mode, which decides what Dropout does.
  virtual void train(bool on = true);
  void eval() { train(false); }
  virtual bool is_training() const noexcept { return is_training_; }

  // Changes dtype of all parameters, their gradients and all buffers; every handle on them stays
  // valid. The one device is the CPU: any other throws taper::Error.
  virtual void to(Device device, ScalarType dtype, bool non_blocking = false);
  virtual void to(ScalarType dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);
  void cpu() { to(Device(kCPU)); }

  virtual void zero_grad(bool set_to_none = false);

  // A deep copy. Only a Cloneable has one; others throw taper::Error, and as submodules of a
  // Cloneable they stay what its reset() made.
  virtual std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const;

  // This module's line of the printed tree.
  virtual void pretty_print(std::ostream& stream) const;

  // This module as an M, or null: module->as<Linear>() and module->as<LinearImpl>() are both a
  // LinearImpl*.
  template <class M>
  auto as() noexcept {
    if constexpr (detail::is_module_holder_v<M>) {
      return dynamic_cast<typename M::ContainedType*>(this);
    } else {
      return dynamic_cast<M*>(this);
    }
  }
  template <class M>
  auto as() const noexcept {
    if constexpr (detail::is_module_holder_v<M>) {
      return dynamic_cast<const typename M::ContainedType*>(this);
    } else {
      return dynamic_cast<const M*>(this);
    }
  }

 protected:
  // Positions and values of forward's last arguments when it is called through an AnyModule: see
  // TAPER_FORWARD_HAS_DEFAULT_ARGS.
  virtual std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const { return {}; }

  OrderedDict<std::string, Tensor> parameters_{"Parameter"};

 private:
  template <class Derived>
  friend class Cloneable;
  template <class M, class... Args>
  friend class AnyModuleHolder;
  friend std::ostream& operator<<(std::ostream& stream, const Module& module);

  virtual void clone_(Module& other, const std::optional<Device>& device);
  void copy_state_from(const Module& other, const std::optional<Device>& device);
  void add_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  // What `held` names here and, if `recurse`, in all submodules.
  OrderedDict<std::string, Tensor> named_tensors(const char* what,
                                                 OrderedDict<std::string, Tensor> Module::*held,
                                                 bool recurse) const;
  void print_tree(std::ostream& stream, const std::string& indentation) const;
  std::shared_ptr<Module> shared_from_this_checked() const;

  OrderedDict<std::string, Tensor> buffers_{"Buffer"};
  OrderedDict<std::string, std::shared_ptr<Module>> children_{"Submodule"};
  mutable std::optional<std::string> name_;
  bool is_training_ = true;
};

std::ostream& operator<<(std::ostream& stream, const Module& module);

}  // namespace taper::nn

// Compiled once, in module.cpp.
extern template class taper::OrderedDict<std::string, taper::Tensor>;
extern template class taper::OrderedDict<std::string, std::shared_ptr<taper::nn::Module>>;

namespace taper::nn {

// A module that can be cloned: all its parameters, buffers and submodules are registered in
// reset(), which its constructor calls.
template <class Derived>
class Cloneable : public virtual Module {
 public:
  using Module::Module;

  // Registers everything anew, with fresh initial values.
  virtual void reset() = 0;

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    if (device) taper::detail::check_copy_to_cpu(*device);
    auto copy = std::make_shared<Derived>(static_cast<const Derived&>(*this));
    copy->parameters_.clear();
    copy->buffers_.clear();
    copy->children_.clear();
    copy->reset();
    copy->Module::copy_state_from(*this, device);
    return copy;
  }

 private:
  void clone_(Module& other, const std::optional<Device>& device) final {
    auto clone = std::dynamic_pointer_cast<Derived>(other.clone(device));
    TAPER_CHECK(clone != nullptr,
                "Attempted to clone submodule, but it is of a different type than the submodule it "
                "was to be cloned into");
    static_cast<Derived&>(*this) = std::move(*clone);
  }
};

// A module that has options and nothing to register.
template <class Derived, class Options>
class OptionsModule : public Cloneable<Derived> {
 public:
  explicit OptionsModule(const Options& options = {}) : options(options) {}
  void reset() override {}

  Options options;
};

template <class F>
void Module::apply(const F& function, const std::string& name_prefix) {
  if constexpr (std::is_invocable_v<const F&, Module&>) {
    function(*this);
    for (const auto& module : modules(false)) function(*module);
  } else if constexpr (std::is_invocable_v<const F&, const std::string&, Module&>) {
    function(name_prefix, *this);
    for (const auto& item : named_modules(name_prefix, false)) function(item.key(), *item.value());
  } else {
    static_cast<const Module*>(this)->apply(function, name_prefix);
  }
}

template <class F>
void Module::apply(const F& function, const std::string& name_prefix) const {
  if constexpr (std::is_invocable_v<const F&, const Module&>) {
    function(*this);
    for (const auto& module : modules(false)) function(static_cast<const Module&>(*module));
  } else if constexpr (std::is_invocable_v<const F&, const std::string&, const Module&>) {
    function(name_prefix, *this);
    for (const auto& item : named_modules(name_prefix, false)) {
      function(item.key(), static_cast<const Module&>(*item.value()));
    }
  } else if constexpr (std::is_invocable_v<const F&, const std::shared_ptr<Module>&>) {
    for (const auto& module : modules()) function(module);
  } else {
    for (const auto& item : named_modules(name_prefix)) function(item.key(), item.value());
  }
}

}  // namespace taper::nn

// In a module whose forward has default arguments: their positions and values, for calls through
// Sequential, as TAPER_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}).
#define TAPER_FORWARD_HAS_DEFAULT_ARGS(...)                                                      \
 protected:                                                                                      \
  std::vector<std::pair<size_t, ::taper::nn::AnyValue>> _forward_default_args() const override { \
    return {__VA_ARGS__};                                                                        \
  }
