#include "taper/optim/lr_scheduler.h"

#include <limits>

#include "taper/optim/fields.h"
#include "taper/tensor/error.h"

namespace taper::optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {}

LRScheduler::~LRScheduler() = default;

void LRScheduler::step() {
  const std::vector<double> lrs = get_lrs();
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  TAPER_CHECK(
      lrs.size() == groups.size(),
      "Number of learning rates not equal to the number of param groups\nNumber of learning "
      "rates given: ",
      lrs.size(), "\nNumber of param groups: ", groups.size());
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(lrs[i]);
  ++step_count_;
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& group : optimizer_.param_groups()) {
    lrs.push_back(group.options().get_lr());
  }
  return lrs;
}

void LRScheduler::visit(FieldVisitor&) {}

io::TensorDict LRScheduler::state_dict() const {
  io::TensorDict dict;
  dict.metadata["scheduler"] = name();
  detail::FieldWriter writer(dict, "");
  int64_t count = step_count_;
  writer.field("step_count", count);
  // A writer only reads.
  const_cast<LRScheduler*>(this)->visit(writer);
  return dict;
}

void LRScheduler::load_state_dict(const io::TensorDict& dict) {
  detail::DictReader reader(dict);
  const std::string* whose = reader.text("scheduler");
  TAPER_CHECK(whose != nullptr && *whose == name(), name(), ": the state dict is ",
              whose != nullptr ? "one of " + *whose : "not a scheduler's");
  detail::FieldReader fields(reader, "", get_default_dtype_as_scalartype());
  int64_t count = 0;
  fields.field("step_count", count);
  TAPER_CHECK(count >= 0 && count <= std::numeric_limits<unsigned>::max(), name(),
              ": the state dict has the step_count ", count);
  visit(fields);
  reader.expect_all_read(name().c_str());
  step_count_ = static_cast<unsigned>(count);
}

}  // namespace taper::optim
