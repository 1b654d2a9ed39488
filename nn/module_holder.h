#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <type_traits>
#include <utility>

#include "taper/tensor/error.h"

namespace taper::nn {

class Module;

namespace detail {

struct ModuleHolderTag {};

template <class T>
inline constexpr bool is_module_holder_v = std::is_base_of_v<ModuleHolderTag, std::decay_t<T>>;
template <class T>
inline constexpr bool is_module_v = std::is_base_of_v<Module, std::decay_t<T>>;

}  // namespace detail

// A handle to a module: copying it shares the module, as copying a Tensor shares its elements
// (torch::nn::ModuleHolder). Default construction makes the module where it can be made without
// arguments, and an empty handle where it cannot; nullptr makes an empty one: `Linear
// fc{nullptr};`. Using an empty handle throws taper::Error.
template <class Contained>
class ModuleHolder : detail::ModuleHolderTag {
 public:
  using ContainedType = Contained;

  ModuleHolder() {
    if constexpr (std::is_default_constructible_v<Contained>) impl_ = std::make_shared<Contained>();
  }
  ModuleHolder(std::nullptr_t) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {}
  // Linear(3, 4) makes a LinearImpl(3, 4).
  template <class Head, class... Tail,
            class = std::enable_if_t<!(sizeof...(Tail) == 0 &&
                                       std::is_base_of_v<ModuleHolder, std::decay_t<Head>>)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail)
      : impl_(std::make_shared<Contained>(std::forward<Head>(head), std::forward<Tail>(tail)...)) {}

  explicit operator bool() const noexcept { return !is_empty(); }
  bool is_empty() const noexcept { return impl_ == nullptr; }

  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  Contained* get() { return ptr().get(); }
  const Contained* get() const { return ptr().get(); }
  const std::shared_ptr<Contained>& ptr() const {
    TAPER_CHECK(!is_empty(), "Accessing empty ModuleHolder");
    return impl_;
  }

  // Calls forward.
  template <class... Args>
  decltype(auto) operator()(Args&&... args) {
    return get()->forward(std::forward<Args>(args)...);
  }
  template <class Index>
  decltype(auto) operator[](Index&& index) {
    return (*get())[std::forward<Index>(index)];
  }

 protected:
  std::shared_ptr<Contained> impl_;
};

template <class Contained>
std::ostream& operator<<(std::ostream& stream, const ModuleHolder<Contained>& module) {
  return stream << *module;
}

}  // namespace taper::nn

// Declares `Name`, the holder of the module class ImplType.
#define TAPER_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::taper::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::taper::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                  \
  }

// TAPER_MODULE(Net) declares Net, the holder of NetImpl.
#define TAPER_MODULE(Name) TAPER_MODULE_IMPL(Name, Name##Impl)
