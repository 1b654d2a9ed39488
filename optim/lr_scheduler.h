#pragma once

#include <string>
#include <vector>

#include "taper/io/tensor_dict.h"
#include "taper/optim/optimizer.h"

namespace taper::optim {

// Changes the learning rates of an optimizer's groups from epoch to epoch
// (torch::optim::LRScheduler). The optimizer must outlive it. Call step() once an epoch, after the
// optimizer's steps.
class LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  virtual ~LRScheduler();
  LRScheduler(const LRScheduler&) = delete;
  LRScheduler& operator=(const LRScheduler&) = delete;

  // Sets the learning rates to get_lrs() and counts the step.
  void step();

  // The count and whatever visit() shows, to be saved; the learning rates themselves are in the
  // optimizer's state_dict().
  io::TensorDict state_dict() const;
  // The inverse. Throws taper::Error, and changes nothing, for another scheduler's dict.
  void load_state_dict(const io::TensorDict& dict);

  virtual std::string name() const { return "LRScheduler"; }

 protected:
  // The learning rate of each group for the step that step_count_ steps came before.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  // Shows what a subclass remembers besides the count.
  virtual void visit(FieldVisitor& visitor);

  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

}  // namespace taper::optim
