#include "taper/tensor/threads.h"

#include "taper/tensor/error.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper {

void set_num_threads(int count) {
  TAPER_CHECK(count > 0, "Expected positive number of threads, got ", count);
  kernels::set_max_threads(count);
}

int get_num_threads() { return kernels::max_threads(); }

}  // namespace taper
