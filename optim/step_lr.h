#pragma once

#include "taper/optim/lr_scheduler.h"

namespace taper::optim {

// Multiplies every learning rate by gamma once in step_size steps (torch::optim::StepLR). As in
// libtorch the first step() leaves the rates as they are, so they change at the steps
// step_size + 1, 2 step_size + 1, ...; Python's scheduler, whose constructor counts as a step,
// changes them one step earlier.
class StepLR : public LRScheduler {
 public:
  // Throws taper::Error for step_size 0.
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

  std::string name() const override { return "StepLR"; }

 private:
  std::vector<double> get_lrs() override;

  const unsigned step_size_;
  const double gamma_;
};

}  // namespace taper::optim
