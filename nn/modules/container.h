#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "taper/nn/any_module.h"

namespace taper::nn {

// A chain of modules, each called with what the one before it returned (torch::nn::Sequential).
// They are named 0, 1, ... or as given: Sequential({{"fc", Linear(3, 4)}, {"act", Tanh()}}).
class SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl() = default;
  SequentialImpl(const SequentialImpl&) = default;
  template <class First, class... Rest,
            class = std::enable_if_t<!std::is_same_v<std::decay_t<First>, SequentialImpl> ||
                                     sizeof...(Rest) != 0>>
  explicit SequentialImpl(First&& first, Rest&&... rest) {
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  // The last module's return value, which must be exactly a Return.
  template <class Return = Tensor, class... Inputs>
  Return forward(Inputs&&... inputs) {
    check_not_empty();
    AnyValue value = modules_.front().any_forward(std::forward<Inputs>(inputs)...);
    return take<Return>(forward_rest(std::move(value)));
  }
  AnyValue any_forward_list(std::vector<AnyValue>&& inputs);

  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  // A holder, a shared_ptr to a module, or a module (which is moved or copied in), under the next
  // number or a name.
  template <class M, class = std::enable_if_t<!std::is_same_v<std::decay_t<M>, AnyModule>>>
  void push_back(M&& module) {
    push_back(AnyModule(std::forward<M>(module)));
  }
  template <class M, class = std::enable_if_t<!std::is_same_v<std::decay_t<M>, AnyModule>>>
  void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class Container>
  void extend(const Container& modules) {
    for (const auto& module : modules) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  // The module at an index: as an M&, as a pointer, as a pointer to M. Throws outside the chain and
  // for another class.
  template <class M>
  M& at(size_t index) const {
    return checked(index).get<M>();
  }
  std::shared_ptr<Module> ptr(size_t index) const { return checked(index).ptr(); }
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    return checked(index).ptr<M>();
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }

 private:
  void check_not_empty() const;
  const AnyModule& checked(size_t index) const;
  AnyValue forward_rest(AnyValue value);
  template <class Return>
  static Return take(AnyValue value) {
    Return* result = value.try_get<Return>();
    TAPER_CHECK(result != nullptr, "The type of the return value is ",
                detail::type_name(value.type_info()), ", but you asked for type ",
                detail::type_name(typeid(Return)));
    return std::move(*result);
  }

  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  Sequential() = default;
  Sequential(std::initializer_list<NamedAnyModule> modules)
      : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}
};

namespace detail {

// `module` as an M; throws if it is none.
template <class M>
M& as_class(Module& module) {
  M* found = dynamic_cast<M*>(&module);
  TAPER_CHECK(found != nullptr, "Attempted to cast module of type ", type_name(typeid(module)),
              " to type ", type_name(typeid(M)));
  return *found;
}

}  // namespace detail

// Modules in a list, named 0, 1, ..., with no forward of its own (torch::nn::ModuleList).
class ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl() = default;
  ModuleListImpl(const ModuleListImpl&) = default;
  // As SequentialImpl's: such a constructor has to name the class that it must not copy.
  template <class First, class... Rest,
            class = std::enable_if_t<!std::is_same_v<std::decay_t<First>, ModuleListImpl> ||
                                     sizeof...(Rest) != 0>>
  explicit ModuleListImpl(First&& first, Rest&&... rest) {
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module);
  template <class M>
  void push_back(const ModuleHolder<M>& module) {
    push_back(std::static_pointer_cast<Module>(module.ptr()));
  }
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>>
  void push_back(M&& module) {
    push_back(std::static_pointer_cast<Module>(
        std::make_shared<std::decay_t<M>>(std::forward<M>(module))));
  }
  template <class Container>
  void extend(const Container& modules) {
    for (const auto& module : modules) push_back(module);
  }
  // Before the module that is at `index`; those from there on move up by one.
  void insert(size_t index, std::shared_ptr<Module> module);
  template <class M>
  void insert(size_t index, const ModuleHolder<M>& module) {
    insert(index, std::static_pointer_cast<Module>(module.ptr()));
  }
  template <class M, class = std::enable_if_t<detail::is_module_v<M>>>
  void insert(size_t index, M&& module) {
    insert(index, std::static_pointer_cast<Module>(
                      std::make_shared<std::decay_t<M>>(std::forward<M>(module))));
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }
  std::shared_ptr<Module> ptr(size_t index) const;
  // Null if the module is no M.
  template <class M>
  std::shared_ptr<M> ptr(size_t index) const {
    return std::dynamic_pointer_cast<M>(ptr(index));
  }
  // Throws if the module is no M.
  template <class M>
  M& at(size_t index) const {
    return detail::as_class<M>(*ptr(index));
  }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};
TAPER_MODULE(ModuleList);

// Modules by name, with no forward of its own (torch::nn::ModuleDict). What is taken out by pop()
// or clear() stays a registered submodule, as in PyTorch.
class ModuleDictImpl : public Cloneable<ModuleDictImpl> {
 public:
  using Modules = OrderedDict<std::string, std::shared_ptr<Module>>;
  using Iterator = Modules::Iterator;
  using ConstIterator = Modules::ConstIterator;

  ModuleDictImpl() = default;
  explicit ModuleDictImpl(
      const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
    update(modules);
  }
  explicit ModuleDictImpl(const Modules& modules) { update(modules); }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  std::vector<std::pair<std::string, std::shared_ptr<Module>>> items() const {
    return modules_.pairs();
  }
  std::vector<std::string> keys() const { return modules_.keys(); }
  std::vector<std::shared_ptr<Module>> values() const { return modules_.values(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool empty() const noexcept { return modules_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return modules_.contains(key); }
  // Throw for a name that is not there; at() for another class.
  std::shared_ptr<Module> operator[](const std::string& key) const { return modules_[key]; }
  template <class M>
  M& at(const std::string& key) const {
    return detail::as_class<M>(*modules_[key]);
  }
  std::shared_ptr<Module> pop(const std::string& key);
  void clear() { modules_.clear(); }
  // Adds modules; a name that is there already gets the new module.
  void update(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules);
  template <class Container>
  void update(const Container& modules) {
    for (const auto& item : modules) insert(item.key(), item.value());
  }

 private:
  void insert(const std::string& key, std::shared_ptr<Module> module);

  Modules modules_;
};
TAPER_MODULE(ModuleDict);

// Instantiated in the source, once for all users.
extern template class Cloneable<SequentialImpl>;
extern template class Cloneable<ModuleListImpl>;
extern template class Cloneable<ModuleDictImpl>;

}  // namespace taper::nn
