#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/elementwise_binary.cpp"
#include "hwy/foreach_target.h"
#include "taper/tensor/kernels/elementwise_loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

Loop binary(Formula formula, ScalarType type) {
  switch (formula) {
#define TAPER_CASE(Name, domain) \
  case Formula::Name:            \
    return forward_loop_of<2, Name, Domain::domain>(type);
    TAPER_BINARY_FORMULAS(TAPER_CASE)
#undef TAPER_CASE
    default:
      return nullptr;
  }
}

Loop ternary(Formula formula, ScalarType type) {
  switch (formula) {
#define TAPER_CASE(Name, domain) \
  case Formula::Name:            \
    return forward_loop_of<3, Name, Domain::domain>(type);
    TAPER_TERNARY_FORMULAS(TAPER_CASE)
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

HWY_EXPORT(binary);
HWY_EXPORT(ternary);

Loop binary_loop(Formula formula, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(binary)(formula, type);
}

Loop ternary_loop(Formula formula, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(ternary)(formula, type);
}

}  // namespace taper::kernels
#endif
