// The contiguous loop around a formula, for Vec and for Lane. Included once per instruction set.

#if defined(TAPER_KERNELS_ELEMENTWISE_LOOPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef TAPER_KERNELS_ELEMENTWISE_LOOPS_INL_H_
#undef TAPER_KERNELS_ELEMENTWISE_LOOPS_INL_H_
#else
#define TAPER_KERNELS_ELEMENTWISE_LOOPS_INL_H_
#endif

#include <cstddef>
#include <cstring>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/elementwise_loops.h"
#include "taper/tensor/kernels/math-inl.h"
#include "taper/tensor/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {

#include "taper/tensor/kernels/formulas-inl.h"
#include "taper/tensor/kernels/formulas_binary-inl.h"
#include "taper/tensor/kernels/formulas_loss-inl.h"
#include "taper/tensor/kernels/formulas_special-inl.h"

// Calls op(x0, ..., x(K-1)) with the vectors at p[k] + i.
template <int K, class T, class Op>
HWY_INLINE Vec<T> apply_at(const Op& op, const T* const* p, std::size_t i) {
  if constexpr (K == 1) {
    return op(Vec<T>::load(p[0] + i));
  } else if constexpr (K == 2) {
    return op(Vec<T>::load(p[0] + i), Vec<T>::load(p[1] + i));
  } else {
    return op(Vec<T>::load(p[0] + i), Vec<T>::load(p[1] + i), Vec<T>::load(p[2] + i));
  }
}

// Every element goes through the same vector code. The last vector reaches back over elements that
// the loop has done too; it is computed first, for in place it must see their old values.
template <int K, class T, class Op>
HWY_INLINE void vector_loop(const Op& op, const void* const* in, void* out, std::size_t n) {
  constexpr std::size_t kLanes = Vec<T>::kLanes;
  T* y = static_cast<T*>(out);
  const T* p[K];
  for (int k = 0; k < K; ++k) p[k] = static_cast<const T*>(in[k]);
  if (n >= kLanes) {
    const std::size_t last = n - kLanes;
    const Vec<T> tail = apply_at<K>(op, p, last);
    for (std::size_t i = 0; i < last; i += kLanes) apply_at<K>(op, p, i).store(y + i);
    tail.store(y + last);
    return;
  }
  // The unused lanes hold 1, which no formula finds hard.
  alignas(64) T buffer[K][kLanes];
  const T* q[K];
  for (int k = 0; k < K; ++k) {
    Vec<T>(1.0).store(buffer[k]);
    for (std::size_t i = 0; i < n; ++i) buffer[k][i] = p[k][i];
    q[k] = buffer[k];
  }
  apply_at<K>(op, q, 0).store(buffer[0]);
  for (std::size_t i = 0; i < n; ++i) y[i] = buffer[0][i];
}

template <int K, class T, class Op>
HWY_INLINE void lane_loop(const Op& op, const void* const* in, void* out, std::size_t n) {
  T* y = static_cast<T*>(out);
  const T* a = static_cast<const T*>(in[0]);
  const T* b = static_cast<const T*>(in[K > 1 ? 1 : 0]);
  const T* c = static_cast<const T*>(in[K > 2 ? 2 : 0]);
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (K == 1) {
      y[i] = op(Lane<T>{a[i]}).v;
    } else if constexpr (K == 2) {
      y[i] = op(Lane<T>{a[i]}, Lane<T>{b[i]}).v;
    } else {
      y[i] = op(Lane<T>{a[i]}, Lane<T>{b[i]}, Lane<T>{c[i]}).v;
    }
  }
}

// The struct is copied out of its bytes, so that the compiler knows that no store changes it.
template <class F>
HWY_INLINE F formula_of(const Params& params) {
  F formula;
  std::memcpy(static_cast<void*>(&formula), params.bytes, sizeof(F));
  return formula;
}

template <int K, class F, class T>
void forward_loop(const Params& params, const void* const* in, void* out, std::size_t n) {
  const F formula = formula_of<F>(params);
  const auto op = [&](const auto&... x) HWY_ATTR { return formula.f(x...); };
  if constexpr (std::is_floating_point_v<T>) {
    vector_loop<K, T>(op, in, out, n);
  } else {
    lane_loop<K, T>(op, in, out, n);
  }
}

// The loop of formula F for a dtype of its domain, else null.
template <int K, class F, Domain kDomain>
Loop forward_loop_of(ScalarType type) {
  if constexpr (has_floats(kDomain)) {
    if (type == ScalarType::Float) return &forward_loop<K, F, float>;
    if (type == ScalarType::Double) return &forward_loop<K, F, double>;
  }
  if constexpr (has_integers(kDomain)) {
    if (type == ScalarType::Long) return &forward_loop<K, F, std::int64_t>;
    if (type == ScalarType::Int) return &forward_loop<K, F, std::int32_t>;
    if (type == ScalarType::Byte) return &forward_loop<K, F, std::uint8_t>;
  }
  if constexpr (has_bools(kDomain)) {
    if (type == ScalarType::Bool) return &forward_loop<K, F, bool>;
  }
  return nullptr;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
