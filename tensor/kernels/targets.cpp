#include "taper/tensor/kernels/targets.h"

#include "hwy/highway.h"
#include "hwy/targets.h"

namespace taper::kernels {

std::vector<std::int64_t> supported_targets() {
  std::vector<std::int64_t> targets;
  // The better a target the lower its bit.
  for (std::int64_t rest = hwy::SupportedTargets() & HWY_TARGETS; rest != 0; rest &= rest - 1) {
    targets.push_back(rest & -rest);
  }
  return targets;
}

const char* target_name(std::int64_t target) { return hwy::TargetName(target); }

void use_target_for_test(std::int64_t target) { hwy::SetSupportedTargetsForTest(target); }

}  // namespace taper::kernels
