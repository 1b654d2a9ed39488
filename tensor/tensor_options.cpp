#include "taper/tensor/tensor_options.h"

#include <atomic>

#include "taper/tensor/error.h"

namespace taper {
namespace {
std::atomic<ScalarType> default_dtype{kFloat32};
}

ScalarType get_default_dtype() { return default_dtype.load(std::memory_order_relaxed); }

void set_default_dtype(ScalarType dtype) {
  TAPER_CHECK(is_floating_point(dtype),
              "only floating-point types are supported as the default type, got ", dtype);
  default_dtype.store(dtype, std::memory_order_relaxed);
}

}  // namespace taper
