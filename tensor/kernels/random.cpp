#include "taper/tensor/kernels/random.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>
#include <utility>
#include <vector>

#include "taper/tensor/kernels/random_maps.h"

namespace taper::kernels {
namespace {

constexpr int kWords = Mt19937::kStateWords;
// Draws are made a buffer at a time, so that the loops over words and over elements can be
// vectorised apart. Even, so that a double's two words stay together.
constexpr std::int64_t kBufferWords = 1024;

std::uint64_t join(const std::uint32_t* pair) {
  return static_cast<std::uint64_t>(pair[0]) << 32 | pair[1];
}

// Calls body(words, first, count) for successive runs of the n elements, words_each words an
// element.
template <class Body>
void for_words(Mt19937& engine, std::int64_t n, int words_each, Body body) {
  std::uint32_t words[kBufferWords];
  const std::int64_t run = kBufferWords / words_each;
  for (std::int64_t first = 0; first < n; first += run) {
    const std::int64_t count = std::min(run, n - first);
    engine.fill(words, count * words_each);
    body(static_cast<const std::uint32_t*>(words), first, count);
  }
}

constexpr std::uint64_t kMask53 = (std::uint64_t{1} << 53) - 1;

double uniform_double(Mt19937& engine) {
  return static_cast<double>(engine.next64() & kMask53) * 0x1p-53;
}

double normal_double(RandomState& state, double mean, double std) {
  double value = 0;
  if (state.next_double_normal) {
    value = *state.next_double_normal;
    state.next_double_normal.reset();
  } else {
    const double u = uniform_double(state.engine);
    const double v = uniform_double(state.engine);
    const double r = std::sqrt(-2.0 * std::log(1.0 - v));
    const double theta = 2.0 * std::numbers::pi * u;
    state.next_double_normal = r * std::sin(theta);
    value = r * std::cos(theta);
  }
  return std::fma(value, std, mean);
}

template <class T>
constexpr int kWordsOfUniform = std::is_same_v<T, double> ? 2 : 1;

}  // namespace

Mt19937::Mt19937(std::uint64_t seed) {
  std::uint32_t word = static_cast<std::uint32_t>(seed);
  state_.words[0] = word;
  for (std::uint32_t i = 1; i < kWords; ++i) {
    word = 1812433253U * (word ^ (word >> 30)) + i;
    state_.words[i] = word;
  }
  state_.left = 1;
  state_.next = 0;
}

void Mt19937::renew() {
  constexpr int kMiddle = 397;
  std::uint32_t* w = state_.words.data();
  const auto twist = [](std::uint32_t a, std::uint32_t b) {
    const std::uint32_t mixed = (a & 0x80000000U) | (b & 0x7fffffffU);
    return (mixed >> 1) ^ (0x9908b0dfU & (0U - (b & 1U)));
  };
  for (int i = 0; i < kWords - kMiddle; ++i) w[i] = w[i + kMiddle] ^ twist(w[i], w[i + 1]);
  for (int i = kWords - kMiddle; i < kWords - 1; ++i) {
    w[i] = w[i + kMiddle - kWords] ^ twist(w[i], w[i + 1]);
  }
  w[kWords - 1] = w[kMiddle - 1] ^ twist(w[kWords - 1], w[0]);
  state_.left = kWords;
  state_.next = 0;
}

void Mt19937::fill(std::uint32_t* out, std::int64_t n) {
  while (n > 0) {
    // As in next32(): the draw that renews does not count down again.
    std::int32_t taken = 0;
    if (state_.left == 1) {
      renew();
      taken = static_cast<std::int32_t>(std::min<std::int64_t>(n, kWords));
      state_.left = kWords + 1 - taken;
    } else {
      taken = static_cast<std::int32_t>(std::min<std::int64_t>(n, state_.left - 1));
      state_.left -= taken;
    }
    const std::uint32_t* words = state_.words.data() + state_.next;
    for (std::int32_t i = 0; i < taken; ++i) out[i] = temper(words[i]);
    state_.next += static_cast<std::uint32_t>(taken);
    out += taken;
    n -= taken;
  }
}

template <class T>
void fill_uniform(RandomState& state, T* out, std::int64_t n, T from, T to) {
  for_words(state.engine, n, kWordsOfUniform<T>,
            [&](const std::uint32_t* words, std::int64_t first, std::int64_t count) {
              map_uniform(words, count, from, to, out + first);
            });
}

template <class T>
void fill_normal_blocks(RandomState& state, T* out, std::int64_t n, T mean, T std) {
  fill_uniform(state, out, n, T{0}, T{1});
  map_normal(out, n / 16, mean, std);
  if (n % 16 != 0) {
    T* last = out + n - 16;
    fill_uniform(state, last, 16, T{0}, T{1});
    map_normal(last, 1, mean, std);
  }
}

template <class T>
void fill_normal_pairs(RandomState& state, T* out, std::int64_t n, double mean, double std) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(normal_double(state, mean, std));
}

template <class T>
void fill_log_normal(RandomState& state, T* out, std::int64_t n, double mean, double std) {
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<T>(std::exp(normal_double(state, mean, std)));
  }
}

template <class T>
void fill_geometric(RandomState& state, T* out, std::int64_t n, double p) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double draws = std::ceil(std::log(uniform_double(state.engine)) / std::log1p(-p));
    if constexpr (std::is_floating_point_v<T>) {
      out[i] = static_cast<T>(draws);
    } else {
      // Through int64, of which a narrow type keeps the low bits. log(0) gives infinity.
      out[i] = static_cast<T>(draws < 0x1p63 ? static_cast<std::int64_t>(draws)
                                             : std::numeric_limits<std::int64_t>::min());
    }
  }
}

template <class T>
void fill_cauchy(RandomState& state, T* out, std::int64_t n, double median, double sigma) {
  for (std::int64_t i = 0; i < n; ++i) {
    const double angle = std::numbers::pi * (uniform_double(state.engine) - 0.5);
    out[i] = static_cast<T>(median + sigma * std::tan(angle));
  }
}

template <class T>
void fill_exponential(RandomState& state, T* out, std::int64_t n, double lambda) {
  const double scale = -1.0 / lambda;
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<T>(scale * std::log(1.0 - uniform_double(state.engine)));
  }
}

template <class T>
void fill_bernoulli(RandomState& state, T* out, std::int64_t n, double p) {
  // k * 2^-53 < p for the integer k of a double uniform, without leaving the integers.
  const auto bound = static_cast<std::uint64_t>(std::ceil(p * 0x1p53));
  for_words(state.engine, n, 2,
            [&](const std::uint32_t* words, std::int64_t first, std::int64_t count) {
              for (std::int64_t i = 0; i < count; ++i) {
                // The sign of k - bound: a comparison would become a branch nobody can predict.
                const std::uint64_t below = ((join(words + 2 * i) & kMask53) - bound) >> 63;
                out[first + i] = static_cast<T>(static_cast<int>(below));
              }
            });
}

template <class T, class P>
std::int64_t fill_bernoulli(RandomState& state, T* out, std::int64_t n, const P* p) {
  for (std::int64_t i = 0; i < n; ++i) {
    if (!(p[i] >= P{0} && p[i] <= P{1})) return i;
    if constexpr (std::is_same_v<P, double>) {
      out[i] = static_cast<T>(uniform_double(state.engine) < p[i]);
    } else {
      const auto k = static_cast<float>(state.engine.next32() & 0xffffffU);
      out[i] = static_cast<T>(k * 0x1p-24f < p[i]);
    }
  }
  return n;
}

template <class T>
void fill_dropout_noise(RandomState& state, T* out, std::int64_t n, double p) {
  fill_bernoulli(state, out, n, 1.0 - p);
  const T kept = T{1} / static_cast<T>(1.0 - p);
  for (std::int64_t i = 0; i < n; ++i) out[i] = out[i] != T{0} ? kept : T{0};
}

template <class T>
void fill_random_range(RandomState& state, T* out, std::int64_t n, std::uint64_t range,
                       std::int64_t base) {
  constexpr bool kMayBeWide =
      std::is_same_v<T, std::int64_t> || std::is_same_v<T, float> || std::is_same_v<T, double>;
  constexpr std::uint64_t kTwo32 = std::uint64_t{1} << 32;
  const auto shifted = [base](std::uint64_t value) {
    // Unsigned, for the sum may pass 2^63 on its way to a negative number.
    return static_cast<T>(static_cast<std::int64_t>(value + static_cast<std::uint64_t>(base)));
  };
  if (kMayBeWide && range >= kTwo32) {
    for_words(state.engine, n, 2,
              [&](const std::uint32_t* words, std::int64_t first, std::int64_t count) {
                for (std::int64_t i = 0; i < count; ++i) {
                  out[first + i] = shifted(join(words + 2 * i) % range);
                }
              });
  } else if (range >= kTwo32) {  // int32 over its whole range
    for_words(state.engine, n, 1,
              [&](const std::uint32_t* words, std::int64_t first, std::int64_t count) {
                for (std::int64_t i = 0; i < count; ++i) out[first + i] = shifted(words[i]);
              });
  } else {
    const auto range32 = static_cast<std::uint32_t>(range);
    for_words(state.engine, n, 1,
              [&](const std::uint32_t* words, std::int64_t first, std::int64_t count) {
                for (std::int64_t i = 0; i < count; ++i) {
                  out[first + i] = shifted(words[i] % range32);
                }
              });
  }
}

template <class T>
void fill_random_int64(RandomState& state, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    out[i] = static_cast<T>(static_cast<std::int64_t>(state.engine.next64()));
  }
}

template <class T>
void fill_random_default(RandomState& state, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) {
    if constexpr (std::is_same_v<T, bool>) {
      out[i] = (state.engine.next32() & 1U) != 0;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
      out[i] = static_cast<T>(state.engine.next64() & kMax);
    } else if constexpr (std::is_integral_v<T>) {
      out[i] = static_cast<T>(state.engine.next32() &
                              static_cast<std::uint32_t>(std::numeric_limits<T>::max()));
    } else if constexpr (std::is_same_v<T, float>) {
      out[i] = static_cast<T>(state.engine.next32() % ((std::uint32_t{1} << 24) + 1));
    } else {
      out[i] = static_cast<T>(state.engine.next64() % (kMask53 + 2));
    }
  }
}

void fill_randperm(RandomState& state, std::int64_t* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = i;
  for (std::int64_t i = 0; i < n - 1; ++i) {
    const std::uint32_t word = state.engine.next32();
    // A remainder of 32 bits costs less than half as much as one of 64.
    const std::int64_t left = n - i;
    const std::uint32_t step = left <= 0xffffffff ? word % static_cast<std::uint32_t>(left) : word;
    std::swap(out[i], out[i + step]);
  }
}

template <class T>
void top_columns(const T* scores, std::int64_t rows, std::int64_t categories, std::int64_t k,
                 std::int64_t* out) {
  using Entry = std::pair<T, std::int64_t>;
  // Equal scores (of categories with probability 0) come in the order in which PyTorch's choice of
  // these very algorithms leaves them.
  const auto greater = [](const Entry& a, const Entry& b) {
    return (std::isnan(a.first) && !std::isnan(b.first)) || a.first > b.first;
  };
  std::vector<Entry> entries(static_cast<std::size_t>(categories));
  for (std::int64_t row = 0; row < rows; ++row, scores += categories, out += k) {
    if (k == 1) {
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < categories; ++i) {
        if (greater({scores[i], i}, {scores[best], best})) best = i;
      }
      *out = best;
      continue;
    }
    for (std::int64_t i = 0; i < categories; ++i) {
      entries[static_cast<std::size_t>(i)] = {scores[i], i};
    }
    const auto begin = entries.begin();
    if (k * 64 <= categories) {
      std::partial_sort(begin, begin + k, entries.end(), greater);
    } else {
      std::nth_element(begin, begin + k - 1, entries.end(), greater);
      std::sort(begin, begin + k - 1, greater);
    }
    for (std::int64_t i = 0; i < k; ++i) out[i] = entries[static_cast<std::size_t>(i)].second;
  }
}

template <class T>
MultinomialStatus sample_with_replacement(RandomState& state, const T* probabilities,
                                          std::int64_t rows, std::int64_t categories,
                                          std::int64_t n_sample, std::int64_t* out) {
  std::vector<T> cumulative(static_cast<std::size_t>(categories));
  for (std::int64_t row = 0; row < rows; ++row, probabilities += categories, out += n_sample) {
    T sum = 0;
    for (std::size_t i = 0; i < cumulative.size(); ++i) {
      const T p = probabilities[i];
      if (!(p >= T{0})) return MultinomialStatus::kNegative;
      if (!std::isfinite(p)) return MultinomialStatus::kNotFinite;
      sum += p;
      cumulative[i] = sum;
    }
    if (!(sum > T{0})) return MultinomialStatus::kZeroSum;
    for (T& c : cumulative) c /= sum;
    cumulative.back() = T{1};
    for (std::int64_t i = 0; i < n_sample; ++i) {
      const double u = uniform_double(state.engine);
      const auto found = std::lower_bound(cumulative.begin(), cumulative.end(), u,
                                          [](T c, double value) { return c < value; });
      out[i] = found - cumulative.begin();
    }
  }
  return MultinomialStatus::kOk;
}

#define TAPER_INSTANTIATE_FLOATING(T)                                                           \
  template void fill_uniform(RandomState&, T*, std::int64_t, T, T);                             \
  template void fill_normal_blocks(RandomState&, T*, std::int64_t, T, T);                       \
  template void fill_normal_pairs(RandomState&, T*, std::int64_t, double, double);              \
  template void fill_exponential(RandomState&, T*, std::int64_t, double);                       \
  template void fill_log_normal(RandomState&, T*, std::int64_t, double, double);                \
  template void fill_cauchy(RandomState&, T*, std::int64_t, double, double);                    \
  template void fill_dropout_noise(RandomState&, T*, std::int64_t, double);                     \
  template void top_columns(const T*, std::int64_t, std::int64_t, std::int64_t, std::int64_t*); \
  template MultinomialStatus sample_with_replacement(RandomState&, const T*, std::int64_t,      \
                                                     std::int64_t, std::int64_t, std::int64_t*);
TAPER_INSTANTIATE_FLOATING(float)
TAPER_INSTANTIATE_FLOATING(double)
#undef TAPER_INSTANTIATE_FLOATING

#define TAPER_INSTANTIATE_ALL(T)                                                                \
  template void fill_bernoulli(RandomState&, T*, std::int64_t, double);                         \
  template std::int64_t fill_bernoulli(RandomState&, T*, std::int64_t, const float*);           \
  template std::int64_t fill_bernoulli(RandomState&, T*, std::int64_t, const double*);          \
  template void fill_random_range(RandomState&, T*, std::int64_t, std::uint64_t, std::int64_t); \
  template void fill_random_default(RandomState&, T*, std::int64_t);
TAPER_INSTANTIATE_ALL(std::uint8_t)
TAPER_INSTANTIATE_ALL(std::int32_t)
TAPER_INSTANTIATE_ALL(std::int64_t)
TAPER_INSTANTIATE_ALL(float)
TAPER_INSTANTIATE_ALL(double)
TAPER_INSTANTIATE_ALL(bool)
#undef TAPER_INSTANTIATE_ALL

template void fill_geometric(RandomState&, std::uint8_t*, std::int64_t, double);
template void fill_geometric(RandomState&, std::int32_t*, std::int64_t, double);
template void fill_geometric(RandomState&, std::int64_t*, std::int64_t, double);
template void fill_geometric(RandomState&, float*, std::int64_t, double);
template void fill_geometric(RandomState&, double*, std::int64_t, double);

template void fill_random_int64(RandomState&, std::int64_t*, std::int64_t);
template void fill_random_int64(RandomState&, float*, std::int64_t);
template void fill_random_int64(RandomState&, double*, std::int64_t);

}  // namespace taper::kernels
