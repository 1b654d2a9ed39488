#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/nn/module.h"

namespace taper::nn {

// A module behind an AnyModule, with its forward made to take and return AnyValues.
class AnyModulePlaceholder {
 public:
  explicit AnyModulePlaceholder(std::shared_ptr<Module> module) : module(std::move(module)) {}
  virtual ~AnyModulePlaceholder() = default;
  virtual AnyValue forward(std::vector<AnyValue>&& arguments) = 0;
  // The same behind another module of the same class.
  virtual std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const = 0;

  std::shared_ptr<Module> module;
};

template <class M, class Return, class... Args>
class AnyModuleHolder final : public AnyModulePlaceholder {
 public:
  explicit AnyModuleHolder(std::shared_ptr<M> m) : AnyModulePlaceholder(m), module_(std::move(m)) {}

  AnyValue forward(std::vector<AnyValue>&& arguments) override {
    // Through the base, where this class is a friend.
    const Module& base = *module_;
    const size_t given = arguments.size();
    for (auto& [position, value] : base._forward_default_args()) {
      if (position == arguments.size()) arguments.push_back(std::move(value));
    }
    TAPER_CHECK(arguments.size() == sizeof...(Args), module_->name(),
                "'s forward() method expects ", sizeof...(Args), " argument(s), but received ",
                given, ".");
    return call(arguments, std::index_sequence_for<Args...>());
  }
  std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const override {
    return std::make_shared<AnyModuleHolder>(std::dynamic_pointer_cast<M>(std::move(other)));
  }

 private:
  template <size_t... I>
  AnyValue call(std::vector<AnyValue>& arguments, std::index_sequence<I...>) {
    return AnyValue(module_->forward(argument<std::decay_t<Args>>(arguments[I], I)...));
  }
  template <class T>
  static T&& argument(AnyValue& value, size_t index) {
    T* found = value.try_get<T>();
    TAPER_CHECK(found != nullptr, "Expected argument #", index, " to be of type ",
                detail::demangle(typeid(T).name()), ", but received value of type ",
                detail::demangle(value.type_info().name()));
    return std::move(*found);
  }

  std::shared_ptr<M> module_;
};

// Any module with a forward, its class known only when the program runs (torch::nn::AnyModule).
// Copies share the module.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>>
  explicit AnyModule(std::shared_ptr<M> module) {
    TAPER_CHECK(module != nullptr, "AnyModule: expected a module, got a null pointer");
    if constexpr (forwards_any<M>(0)) {
      content_ = std::make_shared<Forwarding<M>>(std::move(module));
    } else {
      content_ = hold(std::move(module), &M::forward);
    }
  }
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>, class = void>
  explicit AnyModule(M&& module)
      : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}

  // Deep: AnyModule with the module's clone().
  AnyModule clone(const std::optional<Device>& device = std::nullopt) const {
    AnyModule copy;
    if (!is_empty()) copy.content_ = content_->with(content_->module->clone(device));
    return copy;
  }

  // Calls the module's forward with exactly the types of its parameters; throws taper::Error for
  // others.
  template <class... Args>
  AnyValue any_forward(Args&&... args) {
    std::vector<AnyValue> arguments;
    arguments.reserve(sizeof...(Args));
    (arguments.push_back(to_value(std::forward<Args>(args))), ...);
    return checked().forward(std::move(arguments));
  }
  AnyValue any_forward_list(std::vector<AnyValue>&& arguments) {
    return checked().forward(std::move(arguments));
  }
  template <class Return = Tensor, class... Args>
  Return forward(Args&&... args) {
    return any_forward(std::forward<Args>(args)...).template get<Return>();
  }

  template <class M>
  M& get() const {
    return *ptr<M>();
  }
  std::shared_ptr<Module> ptr() const { return checked().module; }
  template <class M>
  std::shared_ptr<M> ptr() const {
    auto module = std::dynamic_pointer_cast<M>(ptr());
    TAPER_CHECK(module != nullptr, "Attempted to cast module of type ", ptr()->name(), " to type ",
                detail::demangle(typeid(M).name()));
    return module;
  }
  const std::type_info& type_info() const {
    const Module& module = *ptr();
    return typeid(module);
  }
  bool is_empty() const noexcept { return content_ == nullptr; }

 private:
  // For containers: their forward is a template, and takes what their first module takes.
  template <class M>
  class Forwarding final : public AnyModulePlaceholder {
   public:
    explicit Forwarding(std::shared_ptr<M> m) : AnyModulePlaceholder(m), module_(std::move(m)) {}
    AnyValue forward(std::vector<AnyValue>&& arguments) override {
      return module_->any_forward_list(std::move(arguments));
    }
    std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const override {
      return std::make_shared<Forwarding>(std::dynamic_pointer_cast<M>(std::move(other)));
    }

   private:
    std::shared_ptr<M> module_;
  };

  template <class M>
  static constexpr auto forwards_any(int) -> decltype(&M::any_forward_list, true) {
    return true;
  }
  template <class M>
  static constexpr bool forwards_any(long) {
    return false;
  }
  template <class M, class Class, class Return, class... Args>
  static std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module,
                                                    Return (Class::*)(Args...)) {
    return std::make_shared<AnyModuleHolder<M, Return, Args...>>(std::move(module));
  }
  template <class M, class Class, class Return, class... Args>
  static std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module,
                                                    Return (Class::*)(Args...) const) {
    return std::make_shared<AnyModuleHolder<M, Return, Args...>>(std::move(module));
  }
  template <class T>
  static AnyValue to_value(T&& value) {
    if constexpr (std::is_same_v<std::decay_t<T>, AnyValue>) {
      return std::forward<T>(value);
    } else {
      return AnyValue(std::forward<T>(value));
    }
  }
  AnyModulePlaceholder& checked() const {
    TAPER_CHECK(!is_empty(), "Cannot call forward() on an empty AnyModule");
    return *content_;
  }

  std::shared_ptr<AnyModulePlaceholder> content_;
};

// A module and its name in a Sequential: {"fc", Linear(3, 4)}.
class NamedAnyModule {
 public:
  template <class M,
            class = std::enable_if_t<detail::is_module_v<M> || detail::is_module_holder_v<M>>>
  NamedAnyModule(std::string name, M&& module)
      : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}
  template <class M>
  NamedAnyModule(std::string name, std::shared_ptr<M> module)
      : NamedAnyModule(std::move(name), AnyModule(std::move(module))) {}
  NamedAnyModule(std::string name, AnyModule module)
      : name_(std::move(name)), module_(std::move(module)) {}

  const std::string& name() const noexcept { return name_; }
  const AnyModule& module() const noexcept { return module_; }
  AnyModule& module() noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace taper::nn
