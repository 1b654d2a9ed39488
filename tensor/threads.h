#pragma once

namespace taper {

/// How many threads a kernel may use, the calling one included: at first the hardware's. It must be
/// at least 1, else Error is thrown. Results do not depend on it: work is split at
/// places that follow from the sizes alone. (PyTorch: torch::set_num_threads.)
void set_num_threads(int count);
int get_num_threads();

}  // namespace taper
