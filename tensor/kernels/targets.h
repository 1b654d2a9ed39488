#pragma once

#include <cstdint>
#include <vector>

/// The instruction sets for which the kernels are compiled, for tests that go through all of them.
namespace taper::kernels {

/// One bit for each instruction set that this machine can run, the best first.
std::vector<std::int64_t> supported_targets();
/// "AVX2", ...
const char* target_name(std::int64_t target);
/// All kernels run with this instruction set from now on; 0 goes back to the best. Not to be called
/// while kernels run.
void use_target_for_test(std::int64_t target);

}  // namespace taper::kernels
