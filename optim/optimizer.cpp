#include "taper/optim/optimizer.h"

#include <algorithm>
#include <cstdlib>

#include "taper/autograd/grad_mode.h"
#include "taper/io/safetensors.h"
#include "taper/optim/dense.h"
#include "taper/optim/fields.h"
#include "taper/tensor/error.h"
#include "taper/tensor/raw/core.h"

namespace taper::optim {
namespace {

std::string group_prefix(size_t group) { return "param_groups." + std::to_string(group) + '.'; }
std::string state_prefix(size_t position) { return "state." + std::to_string(position) + '.'; }

void check_leaves(const std::vector<Tensor>& parameters) {
  for (const Tensor& p : parameters) {
    TAPER_CHECK(p.defined(), "can't optimize an undefined Tensor");
    TAPER_CHECK(p.is_leaf(), "can't optimize a non-leaf Tensor");
  }
}

// What `shown`, options or a state, shows to a visitor.
template <class Shown>
void write_fields(const Shown& shown, io::TensorDict& dict, const std::string& prefix) {
  detail::FieldWriter writer(dict, prefix);
  // visit() is not const, because readers set what it shows.
  shown.clone()->visit(writer);
}

template <class Shown>
bool equal_when_written(const Shown& a, const Shown& b) {
  io::TensorDict x, y;
  write_fields(a, x, "");
  write_fields(b, y, "");
  const auto same = [](const auto& one, const auto& other) {
    return one.first == other.first && detail::same(one.second, other.second);
  };
  return x.metadata == y.metadata &&
         std::equal(x.tensors.begin(), x.tensors.end(), y.tensors.begin(), y.tensors.end(), same);
}

}  // namespace

bool detail::same_fields(const OptimizerOptions& a, const OptimizerOptions& b) {
  return equal_when_written(a, b);
}

bool detail::same_fields(const OptimizerParamState& a, const OptimizerParamState& b) {
  return equal_when_written(a, b);
}

OptimizerOptions::~OptimizerOptions() = default;

std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const {
  taper::detail::throw_error<Error>(
      "clone() has not been implemented for torch::optim::OptimizerOptions. Subclass "
      "torch::optim::OptimizerCloneableOptions<YourOptimizerOptions> instead of "
      "torch::optim::OptimizerOptions to inherit the ability to clone.");
}

void OptimizerOptions::visit(FieldVisitor&) {
  taper::detail::throw_error<Error>(
      "these optimizer options cannot be saved: override OptimizerOptions::visit in your subclass");
}

void OptimizerOptions::check() const {}

double OptimizerOptions::get_lr() const {
  taper::detail::throw_error<Error>(
      "double get_lr() has not been overidden and implemented in subclass of "
      "torch::optim::OptimizerOptions, you must override it in your subclass.");
}

void OptimizerOptions::set_lr(double) {
  taper::detail::throw_error<Error>(
      "double set_lr() has not been overidden and implemented in subclass of "
      "torch::optim::OptimizerOptions, you must override it in your subclass.");
}

OptimizerParamState::~OptimizerParamState() = default;

std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const {
  taper::detail::throw_error<Error>(
      "clone() has not been implemented for torch::optim::OptimizerParamState. Subclass "
      "torch::optim::OptimizerCloneableParamState<YourOptimizerParamState> instead of "
      "torch::optim::OptimizerParamState to inherit the ability to clone.");
}

void OptimizerParamState::visit(FieldVisitor&) {
  taper::detail::throw_error<Error>(
      "this optimizer state cannot be saved: override OptimizerParamState::visit in your subclass");
}

OptimizerStateMap::mapped_type& OptimizerStateMap::operator[](const std::string& key) {
  return (*this)[pointer(key)];
}
OptimizerStateMap::mapped_type& OptimizerStateMap::at(const std::string& key) {
  return at(pointer(key));
}
const OptimizerStateMap::mapped_type& OptimizerStateMap::at(const std::string& key) const {
  return at(pointer(key));
}
OptimizerStateMap::iterator OptimizerStateMap::find(const std::string& key) {
  return find(pointer(key));
}
OptimizerStateMap::const_iterator OptimizerStateMap::find(const std::string& key) const {
  return find(pointer(key));
}
size_t OptimizerStateMap::count(const std::string& key) const { return count(pointer(key)); }
size_t OptimizerStateMap::erase(const std::string& key) { return erase(pointer(key)); }

const void* OptimizerStateMap::pointer(const std::string& key) {
  return reinterpret_cast<const void*>(std::strtoull(key.c_str(), nullptr, 16));
}

OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& other)
    : params_(other.params_), options_(other.options_ ? other.options_->clone() : nullptr) {}

OptimizerParamGroup& OptimizerParamGroup::operator=(const OptimizerParamGroup& other) {
  return *this = OptimizerParamGroup(other);
}

constexpr const char* kNoOptions =
    "Expected has_options() to be true, but got false. (The parameter group has no options.)";

OptimizerOptions& OptimizerParamGroup::options() {
  TAPER_CHECK(has_options(), kNoOptions);
  return *options_;
}

const OptimizerOptions& OptimizerParamGroup::options() const {
  TAPER_CHECK(has_options(), kNoOptions);
  return *options_;
}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups,
                     std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  TAPER_CHECK(defaults_ != nullptr, "an optimizer needs default options");
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
  defaults_->check();
}

Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
                std::move(defaults)) {}

Optimizer::~Optimizer() = default;

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  check_leaves(param_group.params());
  for (const Tensor& p : param_group.params()) {
    TAPER_CHECK(state_.count(p.unsafeGetTensorImpl()) == 0,
                "some parameters appear in more than one parameter group");
  }
  OptimizerParamGroup group = param_group;
  if (!group.has_options()) group.set_options(defaults_->clone());
  param_groups_.push_back(std::move(group));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  check_leaves(parameters);
  TAPER_CHECK(!param_groups_.empty(), "Optimizer::add_parameters: there is no parameter group");
  std::vector<Tensor>& first = param_groups_.front().params();
  first.insert(first.end(), parameters.begin(), parameters.end());
}

void Optimizer::zero_grad(bool set_to_none) {
  const NoGradGuard no_grad;
  for (OptimizerParamGroup& group : param_groups_) {
    for (Tensor& p : group.params()) {
      Tensor& grad = p.mutable_grad();
      if (!grad.defined()) continue;
      if (set_to_none) {
        grad.reset();
        continue;
      }
      // A gradient from backward(create_graph) hangs on its graph.
      if (grad.requires_grad()) grad = grad.detach();
      grad.zero_();
    }
  }
}

size_t Optimizer::size() const {
  size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

Tensor Optimizer::evaluate(const LossClosure& closure) {
  if (closure == nullptr) return {};
  const AutoGradMode with_grad(true);
  return closure();
}

std::unique_ptr<OptimizerParamState> Optimizer::make_state() const {
  taper::detail::throw_error<Error>(
      name(), " cannot load a state: override Optimizer::make_state in your subclass");
}

void Optimizer::check_state(const OptimizerParamState&, const Tensor&) const {}

io::TensorDict Optimizer::state_dict() const {
  io::TensorDict dict;
  dict.metadata["optimizer"] = name();
  size_t position = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    Tensor positions = raw::empty({static_cast<int64_t>(group.params().size())}, kInt64);
    auto* p = positions.data_ptr<int64_t>();
    for (const Tensor& parameter : group.params()) {
      *p++ = static_cast<int64_t>(position);
      const auto state = state_.find(parameter.unsafeGetTensorImpl());
      if (state != state_.end()) {
        write_fields(*state->second, dict, state_prefix(position));
      }
      ++position;
    }
    dict.tensors.emplace_back(group_prefix(g) + "params", positions);
    write_fields(group.options(), dict, group_prefix(g));
  }
  return dict;
}

void Optimizer::load_state_dict(const io::TensorDict& dict) {
  detail::DictReader reader(dict);
  const std::string* whose = reader.text("optimizer");
  TAPER_CHECK(whose != nullptr && *whose == name(), name(), ": the state dict is ",
              whose != nullptr ? "one of " + *whose : "not an optimizer's");

  size_t groups = 0;
  while (reader.tensor(group_prefix(groups) + "params") != nullptr) ++groups;
  TAPER_CHECK(groups == param_groups_.size(), name(),
              ": loaded state dict has a different number of parameter groups: ", groups, ", not ",
              param_groups_.size());

  // Everything is built beside the old state, so that an error leaves that as it was.
  std::vector<std::unique_ptr<OptimizerOptions>> options;
  StateMap states;
  size_t position = 0;
  for (size_t g = 0; g < groups; ++g) {
    const std::vector<Tensor>& params = param_groups_[g].params();
    const int64_t count = reader.tensor(group_prefix(g) + "params")->numel();
    TAPER_CHECK(count == static_cast<int64_t>(params.size()), name(),
                ": loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group: group ",
                g, " has ", count, " parameters, not ", params.size());
    options.push_back(param_groups_[g].options().clone());
    detail::FieldReader options_reader(reader, group_prefix(g), get_default_dtype_as_scalartype());
    options.back()->visit(options_reader);
    options.back()->check();
    for (const Tensor& p : params) {
      const std::string prefix = state_prefix(position++);
      if (!reader.has_prefix(prefix)) continue;
      std::unique_ptr<OptimizerParamState> state = make_state();
      detail::FieldReader state_reader(reader, prefix, p.scalar_type());
      state->visit(state_reader);
      check_state(*state, p);
      state->parameter_ = p;
      states[p.unsafeGetTensorImpl()] = std::move(state);
    }
  }
  reader.expect_all_read(name().c_str());

  for (size_t g = 0; g < groups; ++g) param_groups_[g].set_options(std::move(options[g]));
  state_ = std::move(states);
}

void save(const Optimizer& optimizer, const std::string& path, const io::Metadata& metadata) {
  io::TensorDict dict = optimizer.state_dict();
  for (const auto& [key, value] : metadata) {
    TAPER_CHECK(dict.metadata.emplace(key, value).second, "optim::save: the metadata \"", key,
                "\" is the optimizer's own");
  }
  io::save_safetensors(dict, path);
}

void load(Optimizer& optimizer, const std::string& path) {
  optimizer.load_state_dict(io::load_safetensors(path));
}

}  // namespace taper::optim
