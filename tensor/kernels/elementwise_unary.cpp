// The forward loops of formulas with one operand. This source, elementwise_binary.cpp and
// elementwise_vjp.cpp have one frame in common, which Highway wants in each source, and are three
// because each takes long to compile: they do so side by side.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/elementwise_unary.cpp"
#include "hwy/foreach_target.h"
#include "taper/tensor/kernels/elementwise_loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

Loop unary(Formula formula, ScalarType type) {
  switch (formula) {
#define TAPER_CASE(Name, domain) \
  case Formula::Name:            \
    return forward_loop_of<1, Name, Domain::domain>(type);
    TAPER_UNARY_FORMULAS(TAPER_CASE)
#undef TAPER_CASE
    default:
      return nullptr;
  }
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {

HWY_EXPORT(unary);

Loop unary_loop(Formula formula, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(unary)(formula, type);
}

}  // namespace taper::kernels
#endif
