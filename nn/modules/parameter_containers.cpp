#include "taper/nn/modules/parameter_containers.h"

#include <ostream>

#include "taper/autograd/grad_mode.h"
#include "taper/tensor/printing.h"

namespace taper::nn {

template class Cloneable<ParameterListImpl>;
template class Cloneable<ParameterDictImpl>;

namespace {

// One line for each, as libtorch prints them.
void print(std::ostream& stream, const OrderedDict<std::string, Tensor>& parameters) {
  for (const auto& item : parameters) {
    stream << '(' << item.key() << "): Parameter containing: [" << item->scalar_type()
           << " of size " << item->sizes() << "]\n";
  }
}

// A leaf of its own with the same values.
Tensor copy_of(const Tensor& parameter) {
  const NoGradGuard no_grad;
  return parameter.clone().requires_grad_(parameter.requires_grad());
}

}  // namespace

std::shared_ptr<Module> ParameterListImpl::clone(const std::optional<Device>& device) const {
  if (device) taper::detail::check_cpu(*device, "Module::clone");
  auto copy = std::make_shared<ParameterListImpl>();
  copy->train(is_training());
  for (const auto& item : parameters_) copy->append(copy_of(*item));
  return copy;
}

void ParameterListImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ParameterList(\n";
  print(stream, parameters_);
  stream << ')';
}

void ParameterListImpl::append(const Tensor& parameter) {
  register_parameter(std::to_string(size()), parameter, parameter.requires_grad());
}

Tensor& ParameterListImpl::at(size_t index) {
  TAPER_CHECK(index < size(), "Index out of range");
  return parameters_[index].value();
}

const Tensor& ParameterListImpl::at(size_t index) const {
  TAPER_CHECK(index < size(), "Index out of range");
  return parameters_[index].value();
}

std::shared_ptr<Module> ParameterDictImpl::clone(const std::optional<Device>& device) const {
  if (device) taper::detail::check_cpu(*device, "Module::clone");
  auto copy = std::make_shared<ParameterDictImpl>();
  copy->train(is_training());
  for (const auto& item : parameters_) copy->parameters_.insert(item.key(), copy_of(*item));
  return copy;
}

void ParameterDictImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::ParameterDict(\n";
  print(stream, parameters_);
  stream << ')';
}

Tensor& ParameterDictImpl::insert(std::string key, Tensor parameter) {
  const bool trains = parameter.requires_grad();
  return register_parameter(std::move(key), std::move(parameter), trains);
}

Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor parameter = parameters_[key];
  parameters_.erase(key);
  return parameter;
}

}  // namespace taper::nn
