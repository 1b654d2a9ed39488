#include "taper/tensor/kernels/nll.h"

#include <cstdint>

#include "taper/tensor/kernels/dispatch.h"

namespace taper::kernels {
namespace {

// Calls body(position of the target, where its class stands in x, the class's weight).
template <class T, class Body>
void for_targets(const NllShape& shape, const std::int64_t* target, const void* weight, Body body) {
  const T* weights = static_cast<const T*>(weight);
  for (std::int64_t i = 0; i < shape.n; ++i) {
    for (std::int64_t k = 0; k < shape.inner; ++k) {
      const std::int64_t place = i * shape.inner + k;
      const std::int64_t t = target[place];
      if (t == shape.ignored) continue;
      body(place, (i * shape.classes + t) * shape.inner + k,
           weights == nullptr ? T{1} : weights[t]);
    }
  }
}

}  // namespace

void nll(ScalarType type, const NllShape& shape, const void* x, const std::int64_t* target,
         const void* weight, void* losses) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* out = static_cast<T*>(losses);
    for (std::int64_t i = 0; i < shape.n * shape.inner; ++i) out[i] = T{0};
    for_targets<T>(shape, target, weight, [&](std::int64_t place, std::int64_t at, T w) {
      out[place] = -w * static_cast<const T*>(x)[at];
    });
  });
}

NllSums nll_sums(ScalarType type, const NllShape& shape, const void* x, const std::int64_t* target,
                 const void* weight) {
  NllSums sums{0, 0};
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_targets<T>(shape, target, weight, [&](std::int64_t, std::int64_t at, T w) {
      if (x != nullptr) {
        sums.losses -= static_cast<double>(w) * static_cast<double>(static_cast<const T*>(x)[at]);
      }
      sums.weights += static_cast<double>(w);
    });
  });
  return sums;
}

void nll_backward(ScalarType type, const NllShape& shape, const void* g, bool one_gradient,
                  double factor, const std::int64_t* target, const void* weight, void* dx) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_targets<T>(shape, target, weight, [&](std::int64_t place, std::int64_t at, T w) {
      const T gradient = static_cast<const T*>(g)[one_gradient ? 0 : place];
      static_cast<T*>(dx)[at] = -w * gradient * static_cast<T>(factor);
    });
  });
}

}  // namespace taper::kernels
