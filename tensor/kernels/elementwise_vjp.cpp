#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/elementwise_vjp.cpp"
#include "hwy/foreach_target.h"
#include "taper/tensor/kernels/elementwise_loops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

template <class F, class T>
void unary_vjp_of(const Params& params, const void* const* in, void* out, std::size_t n) {
  const F formula = formula_of<F>(params);
  vector_loop<2, T>([&](const Vec<T>& g, const Vec<T>& saved)
                        HWY_ATTR { return formula.vjp(g, saved); },
                    in, out, n);
}

template <class F, class T, int kWhich>
void binary_vjp_of(const Params& params, const void* const* in, void* out, std::size_t n) {
  const F formula = formula_of<F>(params);
  vector_loop<3, T>(
      [&](const Vec<T>& g, const Vec<T>& a, const Vec<T>& b) HWY_ATTR {
        if constexpr (kWhich == 0) {
          return formula.vjp_a(g, a, b);
        } else {
          return formula.vjp_b(g, a, b);
        }
      },
      in, out, n);
}

template <class F, Domain kDomain>
Loop unary_vjp_for(ScalarType type) {
  if constexpr (has_floats(kDomain)) {
    if (type == ScalarType::Float) return &unary_vjp_of<F, float>;
    if (type == ScalarType::Double) return &unary_vjp_of<F, double>;
  }
  return nullptr;
}

Loop unary_vjp(Formula formula, ScalarType type) {
  switch (formula) {
#define TAPER_CASE(Name, domain) \
  case Formula::Name:            \
    return unary_vjp_for<Name, Domain::domain>(type);
    TAPER_UNARY_FORMULAS(TAPER_CASE)
#undef TAPER_CASE
    default:
      return nullptr;
  }
}

template <class F, Domain kDomain>
Loop binary_vjp_for(int which, ScalarType type) {
  if constexpr (has_floats(kDomain) && requires { &F::template vjp_a<Vec<float>>; }) {
    if (type == ScalarType::Float) {
      return which == 0 ? &binary_vjp_of<F, float, 0> : &binary_vjp_of<F, float, 1>;
    }
    if (type == ScalarType::Double) {
      return which == 0 ? &binary_vjp_of<F, double, 0> : &binary_vjp_of<F, double, 1>;
    }
  }
  return nullptr;
}

Loop binary_vjp(Formula formula, int which, ScalarType type) {
  switch (formula) {
#define TAPER_CASE(Name, domain) \
  case Formula::Name:            \
    return binary_vjp_for<Name, Domain::domain>(which, type);
    TAPER_BINARY_FORMULAS(TAPER_CASE)
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

HWY_EXPORT(unary_vjp);
HWY_EXPORT(binary_vjp);

Loop unary_vjp_loop(Formula formula, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(unary_vjp)(formula, type);
}

Loop binary_vjp_loop(Formula formula, int which, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(binary_vjp)(formula, which, type);
}

}  // namespace taper::kernels
#endif
