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

namespace detail {

// `other` as an M, for AnyModulePlaceholder::with.
template <class M>
std::shared_ptr<M> same_class(std::shared_ptr<Module> other) {
  auto module = std::dynamic_pointer_cast<M>(std::move(other));
  TAPER_CHECK(module != nullptr, "AnyModule: the clone of a module of type ", type_name(typeid(M)),
              " is of another type");
  return module;
}

// Adds the defaults of what `arguments` lack; throws if that leaves other than `expected` ones.
void complete_arguments(std::vector<AnyValue>& arguments, size_t expected, const std::string& type,
                        std::vector<std::pair<size_t, AnyValue>>&& defaults);

}  // namespace detail

template <class M, class... Args>
class AnyModuleHolder final : public AnyModulePlaceholder {
 public:
  explicit AnyModuleHolder(std::shared_ptr<M> m) : AnyModulePlaceholder(m), module_(std::move(m)) {}

  AnyValue forward(std::vector<AnyValue>&& arguments) override {
    // Through the base, where this class is a friend.
    const Module& base = *module_;
    detail::complete_arguments(arguments, sizeof...(Args), detail::type_name(typeid(M)),
                               base._forward_default_args());
    return call(arguments, std::index_sequence_for<Args...>());
  }
  std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const override {
    return std::make_shared<AnyModuleHolder>(detail::same_class<M>(std::move(other)));
  }

 private:
  template <size_t... I>
  AnyValue call([[maybe_unused]] std::vector<AnyValue>& arguments, std::index_sequence<I...>) {
    return AnyValue(module_->forward(argument<std::decay_t<Args>>(arguments[I], I)...));
  }
  template <class T>
  static T&& argument(AnyValue& value, size_t index) {
    T* found = value.try_get<T>();
    TAPER_CHECK(found != nullptr, "Expected argument #", index, " to be of type ",
                detail::type_name(typeid(T)), ", but received value of type ",
                detail::type_name(value.type_info()));
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
    if constexpr (has_one_forward<M>(0)) {
      content_ = hold(std::move(module), &M::forward);
    } else {
      content_ = std::make_shared<Forwarding<M>>(std::move(module));
    }
  }
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>, class = void>
  explicit AnyModule(M&& module)
      : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}

  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>>
  AnyModule& operator=(M&& module) {
    return *this = AnyModule(std::forward<M>(module));
  }
  template <class M>
  AnyModule& operator=(const ModuleHolder<M>& holder) {
    return *this = AnyModule(holder);
  }

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
    checked("forward");
    std::vector<AnyValue> arguments;
    arguments.reserve(sizeof...(Args));
    (arguments.push_back(to_value(std::forward<Args>(args))), ...);
    return content_->forward(std::move(arguments));
  }
  AnyValue any_forward_list(std::vector<AnyValue>&& arguments) {
    return checked("forward").forward(std::move(arguments));
  }
  template <class Return = Tensor, class... Args>
  Return forward(Args&&... args) {
    return any_forward(std::forward<Args>(args)...).template get<Return>();
  }

  // The module as an M, or in the holder M.
  template <class M, std::enable_if_t<detail::is_module_v<M>, int> = 0>
  M& get() const {
    return *cast<M>(checked("get"));
  }
  template <class M, std::enable_if_t<detail::is_module_holder_v<M>, int> = 0>
  M get() const {
    return M(cast<typename M::ContainedType>(checked("get")));
  }
  std::shared_ptr<Module> ptr() const { return checked("ptr").module; }
  template <class M>
  std::shared_ptr<M> ptr() const {
    return cast<M>(checked("ptr"));
  }
  const std::type_info& type_info() const {
    const Module& module = *checked("type_info").module;
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
      return std::make_shared<Forwarding>(detail::same_class<M>(std::move(other)));
    }

   private:
    std::shared_ptr<M> module_;
  };

  // A subclass of Sequential with a forward of its own is called by that.
  template <class M>
  static constexpr auto has_one_forward(int) -> decltype(&M::forward, true) {
    return true;
  }
  template <class M>
  static constexpr bool has_one_forward(long) {
    return false;
  }
  template <class M, class Class, class Return, class... Args>
  static std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module,
                                                    Return (Class::*)(Args...)) {
    return std::make_shared<AnyModuleHolder<M, Args...>>(std::move(module));
  }
  template <class M, class Class, class Return, class... Args>
  static std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module,
                                                    Return (Class::*)(Args...) const) {
    return std::make_shared<AnyModuleHolder<M, Args...>>(std::move(module));
  }
  template <class T>
  static AnyValue to_value(T&& value) {
    if constexpr (std::is_same_v<std::decay_t<T>, AnyValue>) {
      return std::forward<T>(value);
    } else {
      return AnyValue(std::forward<T>(value));
    }
  }
  template <class M>
  static std::shared_ptr<M> cast(const AnyModulePlaceholder& content) {
    auto module = std::dynamic_pointer_cast<M>(content.module);
    TAPER_CHECK(module != nullptr, "Attempted to cast module of type ",
                detail::type_name(typeid(*content.module.get())), " to type ",
                detail::type_name(typeid(M)));
    return module;
  }
  AnyModulePlaceholder& checked(const char* function) const {
    TAPER_CHECK(!is_empty(), "Cannot call ", function, "() on an empty AnyModule");
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
