#pragma once

#include <array>
#include <cstdint>
#include <optional>

/// Random numbers in PyTorch's streams: the same seed gives the same bits as PyTorch 1.13.1 on an
/// x86-64 CPU with AVX2 and without MKL, on whatever machine this runs. Every filler writes `n`
/// elements to contiguous memory, in order, and advances the state by the words that PyTorch would
/// have drawn. Nothing here locks or checks its arguments: Generator holds the lock, the raw layer
/// knows PyTorch's error texts.
namespace taper::kernels {

/// The 32-bit Mersenne Twister (Matsumoto and Nishimura 1998).
class Mt19937 {
 public:
  static constexpr int kStateWords = 624;

  /// PyTorch's engine state, member by member: `left` counts down to the next renewal of all words
  /// (1 just after seeding), `next` is the index of the word that the next draw tempers.
  struct State {
    std::array<std::uint32_t, kStateWords> words;
    std::int32_t left;
    std::uint32_t next;
  };

  /// Only the low 32 bits of the seed count.
  explicit Mt19937(std::uint64_t seed = 5489);
  explicit Mt19937(const State& state) : state_(state) {}

  std::uint32_t next32() {
    if (--state_.left == 0) renew();
    return temper(state_.words[state_.next++]);
  }
  /// Two words, the first one high.
  std::uint64_t next64() {
    const std::uint64_t high = next32();
    return high << 32 | next32();
  }
  /// The next n words of next32().
  void fill(std::uint32_t* out, std::int64_t n);

  const State& state() const { return state_; }

 private:
  static std::uint32_t temper(std::uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
  }
  void renew();

  State state_;
};

/// All that a generator remembers. The scalar form of the normal distribution makes values in pairs
/// and keeps the second one here, across any other draws.
struct RandomState {
  explicit RandomState(std::uint64_t seed) : engine(seed), seed(seed) {}

  Mt19937 engine;
  std::uint64_t seed;
  std::optional<double> next_double_normal;
  /// PyTorch's CPU draws never use it; saved states carry it.
  std::optional<float> next_float_normal;
};

/// x * (to - from) + from, fused, with x = k * 2^-p in [0, 1), p = 24 (float) or 53 (double).
/// T is float or double.
template <class T>
void fill_uniform(RandomState& state, T* out, std::int64_t n, T from, T to);

/// PyTorch's form for contiguous memory: blocks of 16 uniforms, turned by Box-Muller. A last block
/// that is not full is drawn anew over the last 16 elements. Needs n >= 16; T is float or double.
template <class T>
void fill_normal_blocks(RandomState& state, T* out, std::int64_t n, T mean, T std);

/// PyTorch's form for fewer than 16 elements and for non-contiguous memory: in double, a pair at a
/// time. T is float or double.
template <class T>
void fill_normal_pairs(RandomState& state, T* out, std::int64_t n, double mean, double std);

/// -log(1 - x) / lambda with x a double uniform. T is float or double.
template <class T>
void fill_exponential(RandomState& state, T* out, std::int64_t n, double lambda);

/// ceil(log(x) / log(1 - p)) with x a double uniform: draws until a success. T is any dtype's type
/// but bool.
template <class T>
void fill_geometric(RandomState& state, T* out, std::int64_t n, double p);

/// median + sigma * tan(pi * (x - 1/2)) with x a double uniform. T is float or double.
template <class T>
void fill_cauchy(RandomState& state, T* out, std::int64_t n, double median, double sigma);

/// exp of what fill_normal_pairs draws, in double. T is float or double.
template <class T>
void fill_log_normal(RandomState& state, T* out, std::int64_t n, double mean, double std);

/// 1 with probability p, else 0. T is any dtype's type.
template <class T>
void fill_bernoulli(RandomState& state, T* out, std::int64_t n, double p);

/// The same with one probability per element, P float or double. Returns the number of elements
/// written: less than n when p[that number] is not in [0, 1].
template <class T, class P>
std::int64_t fill_bernoulli(RandomState& state, T* out, std::int64_t n, const P* p);

/// What training dropout multiplies with: bernoulli(1 - p) / (1 - p). T is float or double.
template <class T>
void fill_dropout_noise(RandomState& state, T* out, std::int64_t n, double p);

/// word % range + base; a 32-bit word unless T is int64, float or double and range >= 2^32.
/// Slightly biased where range does not divide the words' number, as in PyTorch. T is any dtype's
/// type.
template <class T>
void fill_random_range(RandomState& state, T* out, std::int64_t n, std::uint64_t range,
                       std::int64_t base);

/// Every int64 value alike. T is int64, float or double.
template <class T>
void fill_random_int64(RandomState& state, T* out, std::int64_t n);

/// random_() without bounds: 0 to the greatest value of an integer type, 0 or 1 for bool, 0 to
/// 2^24 (float) or 2^53 (double), both ends included. T is any dtype's type.
template <class T>
void fill_random_default(RandomState& state, T* out, std::int64_t n);

/// A random order of 0, ..., n - 1.
void fill_randperm(RandomState& state, std::int64_t* out, std::int64_t n);

/// For each row of scores [rows, categories] the columns of its k greatest elements, greatest
/// first: out [rows, k]. With scores = probability / exponential noise this draws k samples
/// without replacement. k <= categories; T is float or double.
template <class T>
void top_columns(const T* scores, std::int64_t rows, std::int64_t categories, std::int64_t k,
                 std::int64_t* out);

enum class MultinomialStatus { kOk, kNegative, kNotFinite, kZeroSum };

/// For each row of probabilities [rows, categories], which need not sum to 1, n_sample columns
/// drawn with replacement: out [rows, n_sample]. Stops at the first row that is no distribution.
/// T is float or double.
template <class T>
MultinomialStatus sample_with_replacement(RandomState& state, const T* probabilities,
                                          std::int64_t rows, std::int64_t categories,
                                          std::int64_t n_sample, std::int64_t* out);

}  // namespace taper::kernels
