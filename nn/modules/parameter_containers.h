#pragma once

#include <string>
#include <utility>
#include <vector>

#include "taper/nn/module.h"

namespace taper::nn {

// Parameters in a list, named 0, 1, ... (torch::nn::ParameterList). They train if they require
// gradients: nothing here asks them to.
class ParameterListImpl : public Cloneable<ParameterListImpl> {
 public:
  using Item = OrderedDict<std::string, Tensor>::Item;
  using Iterator = std::vector<Item>::iterator;
  using ConstIterator = std::vector<Item>::const_iterator;

  ParameterListImpl() = default;
  ParameterListImpl(const ParameterListImpl&) = default;
  template <class First, class... Rest,
            class = std::enable_if_t<!detail::is_module_v<First> || sizeof...(Rest) != 0>>
  explicit ParameterListImpl(First&& first, Rest&&... rest) {
    append(std::forward<First>(first));
    (append(std::forward<Rest>(rest)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  void append(const Tensor& parameter);
  void append(const Item& item) { append(item.value()); }
  template <class Container>
  void extend(const Container& parameters) {
    for (const auto& parameter : parameters) append(parameter);
  }
  template <class Container>
  ParameterListImpl& operator+=(const Container& parameters) {
    extend(parameters);
    return *this;
  }

  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  Tensor& at(size_t index);
  const Tensor& at(size_t index) const;
  Tensor& operator[](size_t index) { return at(index); }
  const Tensor& operator[](size_t index) const { return at(index); }
  size_t size() const noexcept { return parameters_.size(); }
  bool is_empty() const noexcept { return parameters_.is_empty(); }
};
TAPER_MODULE(ParameterList);

// Parameters by name (torch::nn::ParameterDict).
class ParameterDictImpl : public Cloneable<ParameterDictImpl> {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterDictImpl() = default;
  explicit ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters) {
    parameters_ = parameters;
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override {}
  void pretty_print(std::ostream& stream) const override;

  // Under a new name, which must not be there.
  Tensor& insert(std::string key, Tensor parameter);
  Tensor pop(const std::string& key);
  // Replaces the parameters of these names, which must be there.
  template <class Container>
  void update(const Container& parameters) {
    for (const auto& item : parameters) parameters_[item.key()] = item.value();
  }
  void clear() { parameters_.clear(); }

  std::vector<std::string> keys() const { return parameters_.keys(); }
  std::vector<Tensor> values() const { return parameters_.values(); }
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return parameters_.contains(key); }
  Tensor& get(const std::string& key) { return parameters_[key]; }
  const Tensor& get(const std::string& key) const { return parameters_[key]; }
  Tensor& operator[](const std::string& key) { return parameters_[key]; }
  const Tensor& operator[](const std::string& key) const { return parameters_[key]; }
};
TAPER_MODULE(ParameterDict);

// Instantiated in the source, once for all users.
extern template class Cloneable<ParameterListImpl>;
extern template class Cloneable<ParameterDictImpl>;

}  // namespace taper::nn
