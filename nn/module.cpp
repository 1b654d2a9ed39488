#include "taper/nn/module.h"

#include <cxxabi.h>

#include <cctype>
#include <cstdlib>
#include <ostream>
#include <string_view>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"

template class taper::OrderedDict<std::string, taper::Tensor>;
template class taper::OrderedDict<std::string, std::shared_ptr<taper::nn::Module>>;

namespace taper::nn {

namespace detail {

namespace {

// Where `from` begins a name: not within mytaper::.
void replace_prefixes(std::string& name, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = name.find(from, at)) != std::string::npos; at += to.size()) {
    const char before = at == 0 ? ' ' : name[at - 1];
    if (std::isalnum(static_cast<unsigned char>(before)) || before == '_' || before == ':')
      continue;
    name.replace(at, from.size(), to);
  }
}

}  // namespace

std::string type_name(const std::type_info& type) {
  int status = 0;
  char* text = abi::__cxa_demangle(type.name(), nullptr, nullptr, &status);
  std::string name = status == 0 ? text : type.name();
  std::free(text);
  replace_prefixes(name, "taper::Tensor", "at::Tensor");
  replace_prefixes(name, "taper::", "torch::");
  replace_prefixes(name, "std::optional<", "c10::optional<");
  return name;
}

}  // namespace detail

namespace {

std::string join_name(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + '.' + name;
}

void check_name(const char* what, const std::string& name) {
  TAPER_CHECK(!name.empty(), what, " name must not be empty");
  TAPER_CHECK(name.find('.') == std::string::npos, what, " name must not contain a dot (got '",
              name, "')");
}

// Calls f(name, module) for the modules below `module`, each before what is below it. Recursion
// goes as deep as the model's tree, which its author wrote by hand.
template <class F>
void walk(const OrderedDict<std::string, std::shared_ptr<Module>>& children,
          const std::string& prefix, const F& f) {
  for (const auto& child : children) {
    if (child.value() == nullptr) continue;
    const std::string name = join_name(prefix, child.key());
    f(name, child.value());
    walk(child.value()->named_children(), name, f);
  }
}

using NamedTensors = OrderedDict<std::string, Tensor>;

std::string quoted(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "\"" : ", \"") + name + '"';
  return text;
}

std::string size_text(IntArrayRef sizes) {
  taper::detail::MessageBuilder message;
  message.add("torch.Size(");
  message.add(sizes);
  message.add(")");
  return message.take();
}

}  // namespace

Module::Module() = default;
Module::Module(std::string name) : name_(std::move(name)) {}
Module::Module(const Module&) = default;
Module& Module::operator=(const Module&) = default;
Module::~Module() = default;

const std::string& Module::name() const {
  // Not in the constructor: there the dynamic type is not yet known.
  if (!name_) name_ = detail::type_name(typeid(*this));
  return *name_;
}

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("Parameter", name);
  TAPER_CHECK(!parameters_.contains(name), parameters_.key_description(), " '", name,
              "' already defined");
  if (tensor.defined()) tensor.set_requires_grad(requires_grad);
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_name("Submodule", name);
  children_.insert(std::move(name), std::move(module));
}

void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  children_[name] = std::move(module);
}

void Module::unregister_module(const std::string& name) {
  TAPER_CHECK(children_.contains(name), "No Module with name `", name, "` is registered");
  children_.erase(name);
}

NamedTensors Module::named_tensors(const char* what, NamedTensors Module::*held,
                                   bool recurse) const {
  NamedTensors result(what);
  const auto add = [&](const std::string& prefix, const Module& module) {
    for (const auto& item : module.*held) {
      if (item->defined()) result.insert(join_name(prefix, item.key()), *item);
    }
  };
  add({}, *this);
  if (recurse) {
    walk(children_, {}, [&](const std::string& name, const auto& module) { add(name, *module); });
  }
  return result;
}

NamedTensors Module::named_parameters(bool recurse) const {
  return named_tensors("Parameter", &Module::parameters_, recurse);
}

NamedTensors Module::named_buffers(bool recurse) const {
  return named_tensors("Buffer", &Module::buffers_, recurse);
}

std::vector<Tensor> Module::parameters(bool recurse) const {
  return named_parameters(recurse).values();
}

std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(
    const std::string& name_prefix, bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> result;
  if (include_self) result.insert(name_prefix, shared_from_this_checked());
  walk(children_, name_prefix,
       [&](const std::string& name, const auto& module) { result.insert(name, module); });
  return result;
}

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  return named_modules({}, include_self).values();
}

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const {
  return children_;
}

std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }

NamedTensors Module::state_dict() const {
  NamedTensors result;
  const auto add = [&](const std::string& prefix, const Module& module) {
    for (const NamedTensors* tensors : {&module.parameters_, &module.buffers_}) {
      for (const auto& item : *tensors) {
        if (item->defined()) result.insert(join_name(prefix, item.key()), item->detach());
      }
    }
  };
  add({}, *this);
  walk(children_, {}, [&](const std::string& name, const auto& module) { add(name, *module); });
  return result;
}

IncompatibleKeys Module::load_state_dict(const NamedTensors& state_dict, bool strict) {
  NamedTensors own = this->state_dict();
  IncompatibleKeys keys;
  std::vector<std::string> errors;
  for (const auto& item : own) {
    const Tensor* source = state_dict.find(item.key());
    if (source == nullptr) {
      keys.missing_keys.push_back(item.key());
    } else if (!source->defined()) {
      errors.push_back("undefined tensor for " + item.key() + ".");
    } else if (source->sizes() != item->sizes()) {
      errors.push_back("size mismatch for " + item.key() + ": copying a param with shape " +
                       size_text(source->sizes()) +
                       " from checkpoint, the shape in current model is " +
                       size_text(item->sizes()) + ".");
    }
  }
  for (const auto& item : state_dict) {
    if (!own.contains(item.key())) keys.unexpected_keys.push_back(item.key());
  }
  if (strict && !keys.unexpected_keys.empty()) {
    errors.insert(errors.begin(),
                  "Unexpected key(s) in state_dict: " + quoted(keys.unexpected_keys) + ". ");
  }
  if (strict && !keys.missing_keys.empty()) {
    errors.insert(errors.begin(),
                  "Missing key(s) in state_dict: " + quoted(keys.missing_keys) + ". ");
  }
  if (!errors.empty()) {
    std::string message = "Error(s) in loading state_dict for " + name() + ":";
    for (const std::string& error : errors) message += "\n\t" + error;
    throw Error(message);
  }
  NoGradGuard no_grad;
  for (auto& item : own) {
    if (const Tensor* source = state_dict.find(item.key())) item->copy_(*source);
  }
  return keys;
}

void Module::train(bool on) {
  for (const auto& child : children_) child.value()->train(on);
  is_training_ = on;
}

void Module::to(Device device, ScalarType dtype, bool non_blocking) {
  taper::detail::check_cpu(device, "aten::empty_strided");
  to(dtype, non_blocking);
}

void Module::to(Device device, bool) { taper::detail::check_copy_to_cpu(device); }

void Module::to(ScalarType dtype, bool non_blocking) {
  // Before anything changes: a parameter that wants a gradient cannot become integral.
  if (!is_floating_point(dtype)) {
    for (const auto& item : named_parameters()) {
      TAPER_CHECK(!item->requires_grad(),
                  "data set to a tensor that requires gradients must be floating point or complex "
                  "dtype (Module::to: parameter '",
                  item.key(), "', got ", dtype, ")");
    }
  }
  for (const auto& child : children_) child.value()->to(dtype, non_blocking);
  NoGradGuard no_grad;
  for (const NamedTensors* tensors : {&parameters_, &buffers_}) {
    for (const auto& item : *tensors) {
      const Tensor& tensor = *item;
      if (!tensor.defined() || tensor.scalar_type() == dtype) continue;
      tensor.set_data(tensor.to(dtype));
      if (tensor.grad().defined()) tensor.mutable_grad() = tensor.grad().to(dtype);
    }
  }
}

void Module::zero_grad(bool set_to_none) {
  for (const auto& child : children_) child.value()->zero_grad(set_to_none);
  for (const auto& item : parameters_) {
    const Tensor& parameter = *item;
    if (!parameter.defined() || !parameter.grad().defined()) continue;
    if (set_to_none) {
      parameter.mutable_grad().reset();
    } else {
      // Detached: after backward(create_graph) the gradient has a graph of its own.
      Tensor& grad = parameter.mutable_grad();
      grad = grad.detach();
      grad.zero_();
    }
  }
}

std::shared_ptr<Module> Module::clone(const std::optional<Device>&) const {
  throw Error("clone() has not been implemented for " + name() +
              ". Subclass torch::nn::Cloneable<" + name() +
              "> instead of torch::nn::Module to inherit the ability to clone.");
}

// As libtorch: a submodule that cannot be cloned is left as reset() made it.
void Module::clone_(Module&, const std::optional<Device>&) {}

bool Module::is_serializable() const { return true; }

void Module::copy_state_from(const Module& other, const std::optional<Device>& device) {
  const auto check = [](size_t ours, size_t theirs, const char* what, const char* function) {
    TAPER_CHECK(ours == theirs, "The cloned module does not have the same number of ", what,
                "s as the original module after calling reset(). Are you sure you called ",
                function, "() inside reset() and not the constructor?");
  };
  check(parameters_.size(), other.parameters_.size(), "parameter", "register_parameter");
  check(buffers_.size(), other.buffers_.size(), "buffer", "register_buffer");
  check(children_.size(), other.children_.size(), "child module", "register_module");
  NoGradGuard no_grad;
  const auto copy = [](NamedTensors& to, const NamedTensors& from) {
    for (const auto& item : from) {
      if (!item->defined()) continue;
      Tensor& tensor = to[item.key()];
      TAPER_CHECK(tensor.defined(), "The cloned module did not register '", item.key(),
                  "' in reset()");
      tensor.set_data(item->clone());
      tensor.set_requires_grad(item->requires_grad());
    }
  };
  copy(parameters_, other.parameters_);
  copy(buffers_, other.buffers_);
  for (const auto& child : other.children_) children_[child.key()]->clone_(*child.value(), device);
}

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

void Module::print_tree(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  stream << "(\n";
  const std::string inner = indentation + "  ";
  for (const auto& child : children_) {
    stream << inner << '(' << child.key() << "): ";
    child.value()->print_tree(stream, inner);
    stream << '\n';
  }
  stream << indentation << ')';
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  std::shared_ptr<const Module> self = weak_from_this().lock();
  TAPER_CHECK(self != nullptr,
              "It looks like you attempted to retrieve your top-level module as a shared_ptr, but "
              "it is not stored in a "
              "shared_ptr. Use std::make_shared<",
              name(),
              "> instead of creating your module on the stack, or alternatively do not try to "
              "access your top-level "
              "module at all by passing /*include_self=*/false to modules() or named_modules()");
  return std::const_pointer_cast<Module>(self);
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.print_tree(stream, {});
  return stream;
}

}  // namespace taper::nn
