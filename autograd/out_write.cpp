#include "taper/autograd/out_write.h"

#include <cstdio>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/views.h"
#include "taper/tensor/raw/core.h"

namespace taper::autograd::internal {

void check_out(const Tensor& out) {
  TAPER_CHECK(out.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "'out'");
  check_may_change(out);
}

void refuse_gradient(const char* name) {
  TAPER_CHECK(!GradMode::is_enabled(), name,
              "(): functions with out=... arguments don't support automatic differentiation, but "
              "one of the arguments requires grad.");
}

void fit(const Tensor& out, IntArrayRef sizes, IntArrayRef strides) {
  if (out.sizes() == sizes) return;
  if (out.numel() != 0) {
    static const bool warned = [&] {
      detail::MessageBuilder text;
      text.add("Warning: An output with one or more elements was resized since it had shape ");
      text.add(out.sizes());
      text.add(", which does not match the required output shape ");
      text.add(sizes);
      text.add(". Give an output tensor no elements, as by resize_({0}), or the right sizes.\n");
      std::fputs(text.take().c_str(), stderr);
      return true;
    }();
    static_cast<void>(warned);
  }
  raw::resize(out, sizes, strides);
}

}  // namespace taper::autograd::internal
