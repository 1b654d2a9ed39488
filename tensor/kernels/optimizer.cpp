#include "taper/tensor/kernels/optimizer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/optimizer.cpp"
#include "hwy/foreach_target.h"  // must come before what includes highway.h
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

// Calls op with the position of each vector of the K arrays. The rest, shorter than a vector, goes
// through the same code in a buffer. Array 0 is not written.
template <int K, class T, class Op>
HWY_INLINE void for_each_vector(T* const (&arrays)[K], std::int64_t n, const Op& op) {
  constexpr auto kLanes = static_cast<std::int64_t>(Vec<T>::kLanes);
  std::int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    T* at[K];
    for (int k = 0; k < K; ++k) at[k] = arrays[k] + i;
    op(at);
  }
  if (i == n) return;
  alignas(64) T buffer[K][Vec<T>::kLanes];
  T* at[K];
  for (int k = 0; k < K; ++k) {
    at[k] = buffer[k];
    Vec<T>(1.0).store(buffer[k]);
    for (std::int64_t j = i; j < n; ++j) buffer[k][j - i] = arrays[k][j];
  }
  op(at);
  for (int k = 1; k < K; ++k) {
    for (std::int64_t j = i; j < n; ++j) arrays[k][j] = buffer[k][j - i];
  }
}

template <class T>
void sgd_plain(const SgdStep& step, std::int64_t n, T* grad, T* param) {
  const Vec<T> decay(step.weight_decay);
  const Vec<T> minus_lr(-step.lr);
  const bool decays = step.weight_decay != 0;
  T* const arrays[] = {grad, param};
  for_each_vector<2, T>(arrays, n, [&](T* const* at) HWY_ATTR {
    const auto p = Vec<T>::load(at[1]);
    auto d = Vec<T>::load(at[0]);
    if (decays) d = mul_add(p, decay, d);
    mul_add(d, minus_lr, p).store(at[1]);
  });
}

template <class T>
void sgd_momentum(const SgdStep& step, std::int64_t n, T* grad, T* param, T* buffer) {
  const Vec<T> decay(step.weight_decay);
  const Vec<T> minus_lr(-step.lr);
  const Vec<T> momentum(step.momentum);
  const Vec<T> rest(1 - step.dampening);
  const bool decays = step.weight_decay != 0;
  T* const arrays[] = {grad, param, buffer};
  for_each_vector<3, T>(arrays, n, [&](T* const* at) HWY_ATTR {
    const auto p = Vec<T>::load(at[1]);
    auto d = Vec<T>::load(at[0]);
    if (decays) d = mul_add(p, decay, d);
    auto b = d;
    if (!step.first) b = mul_add(d, rest, Vec<T>::load(at[2]) * momentum);
    b.store(at[2]);
    d = step.nesterov ? mul_add(b, momentum, d) : b;
    mul_add(d, minus_lr, p).store(at[1]);
  });
}

template <bool kAmsgrad, class T>
void adam(const AdamStep& step, std::int64_t n, T* grad, T* param, T* avg, T* avg_sq,
          T* max_avg_sq) {
  const Vec<T> decay(step.weight_decay);
  const Vec<T> shrink(step.shrink);
  const Vec<T> beta1(step.beta1);
  const Vec<T> rest1(1 - step.beta1);
  const Vec<T> beta2(step.beta2);
  const Vec<T> rest2(1 - step.beta2);
  const Vec<T> denominator(step.denominator);
  const Vec<T> eps(step.eps);
  const Vec<T> minus_step_size(-step.step_size);
  const bool decays = step.weight_decay != 0;
  constexpr int kArrays = kAmsgrad ? 5 : 4;
  T* arrays[kArrays] = {grad, param, avg, avg_sq};
  if constexpr (kAmsgrad) arrays[4] = max_avg_sq;
  for_each_vector<kArrays, T>(arrays, n, [&](T* const* at) HWY_ATTR {
    const auto p = Vec<T>::load(at[1]) * shrink;
    auto g = Vec<T>::load(at[0]);
    if (decays) g = mul_add(p, decay, g);
    const auto m = mul_add(g, rest1, Vec<T>::load(at[2]) * beta1);
    m.store(at[2]);
    auto v = mul_add(rest2 * g, g, Vec<T>::load(at[3]) * beta2);
    v.store(at[3]);
    if constexpr (kAmsgrad) {
      v = maximum(v, Vec<T>::load(at[4]));
      v.store(at[4]);
    }
    const auto s = sqrt(v) / denominator + eps;
    (p + minus_step_size * m / s).store(at[1]);
  });
}

template <class T>
void adagrad(const AdagradStep& step, std::int64_t n, T* grad, T* param, T* sum) {
  const Vec<T> decay(step.weight_decay);
  const Vec<T> eps(step.eps);
  const Vec<T> minus_lr(-step.lr);
  const bool decays = step.weight_decay != 0;
  T* const arrays[] = {grad, param, sum};
  for_each_vector<3, T>(arrays, n, [&](T* const* at) HWY_ATTR {
    const auto p = Vec<T>::load(at[1]);
    auto g = Vec<T>::load(at[0]);
    if (decays) g = mul_add(p, decay, g);
    const auto s = mul_add(g, g, Vec<T>::load(at[2]));
    s.store(at[2]);
    (p + minus_lr * g / (sqrt(s) + eps)).store(at[1]);
  });
}

template <bool kCentered, bool kMomentum, class T>
void rmsprop(const RmspropStep& step, std::int64_t n, T* grad, T* param, T* square_avg, T* grad_avg,
             T* buffer) {
  const Vec<T> decay(step.weight_decay);
  const Vec<T> alpha(step.alpha);
  const Vec<T> rest(1 - step.alpha);
  const Vec<T> eps(step.eps);
  const Vec<T> momentum(step.momentum);
  const Vec<T> minus_lr(-step.lr);
  const Vec<T> minus_one(-1.0);
  const bool decays = step.weight_decay != 0;
  constexpr int kArrays = 3 + kCentered + kMomentum;
  constexpr int kBuffer = 3 + kCentered;
  T* arrays[kArrays] = {grad, param, square_avg};
  if constexpr (kCentered) arrays[3] = grad_avg;
  if constexpr (kMomentum) arrays[kBuffer] = buffer;
  for_each_vector<kArrays, T>(arrays, n, [&](T* const* at) HWY_ATTR {
    const auto p = Vec<T>::load(at[1]);
    auto g = Vec<T>::load(at[0]);
    if (decays) g = mul_add(p, decay, g);
    auto s = mul_add(rest * g, g, Vec<T>::load(at[2]) * alpha);
    s.store(at[2]);
    if constexpr (kCentered) {
      const auto m = mul_add(g, rest, Vec<T>::load(at[3]) * alpha);
      m.store(at[3]);
      s = mul_add(minus_one * m, m, s);
    }
    const auto root = sqrt(s) + eps;
    if constexpr (kMomentum) {
      const auto b = Vec<T>::load(at[kBuffer]) * momentum + g / root;
      b.store(at[kBuffer]);
      mul_add(b, minus_lr, p).store(at[1]);
    } else {
      (p + minus_lr * g / root).store(at[1]);
    }
  });
}

// A gradient stands beside what is written in one array of pointers; it is only read.
template <class T>
T* elements(const void* p) {
  return static_cast<T*>(const_cast<void*>(p));
}

template <class T>
void sgd_of(const SgdStep& step, std::int64_t begin, std::int64_t end, const void* grad,
            void* param, void* buffer) {
  const std::int64_t n = end - begin;
  if (buffer == nullptr) {
    sgd_plain(step, n, elements<T>(grad) + begin, elements<T>(param) + begin);
  } else {
    sgd_momentum(step, n, elements<T>(grad) + begin, elements<T>(param) + begin,
                 elements<T>(buffer) + begin);
  }
}

template <class T>
void adam_of(const AdamStep& step, std::int64_t begin, std::int64_t end, const void* grad,
             void* param, void* avg, void* avg_sq, void* max_avg_sq) {
  const std::int64_t n = end - begin;
  T* const g = elements<T>(grad) + begin;
  T* const p = elements<T>(param) + begin;
  T* const m = elements<T>(avg) + begin;
  T* const v = elements<T>(avg_sq) + begin;
  if (max_avg_sq == nullptr) {
    adam<false, T>(step, n, g, p, m, v, nullptr);
  } else {
    adam<true, T>(step, n, g, p, m, v, elements<T>(max_avg_sq) + begin);
  }
}

template <class T>
void rmsprop_of(const RmspropStep& step, std::int64_t begin, std::int64_t end, const void* grad,
                void* param, void* square_avg, void* grad_avg, void* buffer) {
  const std::int64_t n = end - begin;
  T* const g = elements<T>(grad) + begin;
  T* const p = elements<T>(param) + begin;
  T* const s = elements<T>(square_avg) + begin;
  T* const m = grad_avg == nullptr ? nullptr : elements<T>(grad_avg) + begin;
  T* const b = buffer == nullptr ? nullptr : elements<T>(buffer) + begin;
  if (m == nullptr) {
    if (b == nullptr) {
      rmsprop<false, false, T>(step, n, g, p, s, m, b);
    } else {
      rmsprop<false, true, T>(step, n, g, p, s, m, b);
    }
  } else if (b == nullptr) {
    rmsprop<true, false, T>(step, n, g, p, s, m, b);
  } else {
    rmsprop<true, true, T>(step, n, g, p, s, m, b);
  }
}

void Sgd(ScalarType type, const SgdStep& step, std::int64_t begin, std::int64_t end,
         const void* grad, void* param, void* buffer) {
  if (type == ScalarType::Float) {
    sgd_of<float>(step, begin, end, grad, param, buffer);
  } else {
    sgd_of<double>(step, begin, end, grad, param, buffer);
  }
}

void Adam(ScalarType type, const AdamStep& step, std::int64_t begin, std::int64_t end,
          const void* grad, void* param, void* avg, void* avg_sq, void* max_avg_sq) {
  if (type == ScalarType::Float) {
    adam_of<float>(step, begin, end, grad, param, avg, avg_sq, max_avg_sq);
  } else {
    adam_of<double>(step, begin, end, grad, param, avg, avg_sq, max_avg_sq);
  }
}

void Adagrad(ScalarType type, const AdagradStep& step, std::int64_t begin, std::int64_t end,
             const void* grad, void* param, void* sum) {
  const std::int64_t n = end - begin;
  if (type == ScalarType::Float) {
    adagrad(step, n, elements<float>(grad) + begin, elements<float>(param) + begin,
            elements<float>(sum) + begin);
  } else {
    adagrad(step, n, elements<double>(grad) + begin, elements<double>(param) + begin,
            elements<double>(sum) + begin);
  }
}

void Rmsprop(ScalarType type, const RmspropStep& step, std::int64_t begin, std::int64_t end,
             const void* grad, void* param, void* square_avg, void* grad_avg, void* buffer) {
  if (type == ScalarType::Float) {
    rmsprop_of<float>(step, begin, end, grad, param, square_avg, grad_avg, buffer);
  } else {
    rmsprop_of<double>(step, begin, end, grad, param, square_avg, grad_avg, buffer);
  }
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {
namespace {

HWY_EXPORT(Sgd);
HWY_EXPORT(Adam);
HWY_EXPORT(Adagrad);
HWY_EXPORT(Rmsprop);

// Enough work to be worth another thread: some 20 us from the cache.
constexpr std::int64_t kGrain = 16384;

}  // namespace

void sgd_step(ScalarType type, std::int64_t n, const SgdStep& step, const void* grad, void* param,
              void* buffer) {
  const auto run = HWY_DYNAMIC_DISPATCH(Sgd);
  parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    run(type, step, begin, end, grad, param, buffer);
  });
}

void adam_step(ScalarType type, std::int64_t n, const AdamStep& step, const void* grad, void* param,
               void* avg, void* avg_sq, void* max_avg_sq) {
  const auto run = HWY_DYNAMIC_DISPATCH(Adam);
  parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    run(type, step, begin, end, grad, param, avg, avg_sq, max_avg_sq);
  });
}

void adagrad_step(ScalarType type, std::int64_t n, const AdagradStep& step, const void* grad,
                  void* param, void* sum) {
  const auto run = HWY_DYNAMIC_DISPATCH(Adagrad);
  parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    run(type, step, begin, end, grad, param, sum);
  });
}

void rmsprop_step(ScalarType type, std::int64_t n, const RmspropStep& step, const void* grad,
                  void* param, void* square_avg, void* grad_avg, void* buffer) {
  const auto run = HWY_DYNAMIC_DISPATCH(Rmsprop);
  parallel_for(0, n, kGrain, [&](std::int64_t begin, std::int64_t end) {
    run(type, step, begin, end, grad, param, square_avg, grad_avg, buffer);
  });
}

}  // namespace taper::kernels
#endif  // HWY_ONCE
