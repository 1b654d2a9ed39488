#include "taper/tensor/kernels/random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/random_baseline.h"
#include "kernels/random_reference.h"
#include "taper/tensor/kernels/random_maps.h"

namespace taper::kernels {
namespace {

std::uint64_t fnv1a(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = 1469598103934665603U;
  for (std::size_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 1099511628211U;
  return hash;
}

// vector<bool> has no data().
template <class T>
struct Elements {
  explicit Elements(std::int64_t size)
      : n(size), data(std::make_unique<T[]>(static_cast<std::size_t>(size))) {}
  T* get() const { return data.get(); }
  T& operator[](std::int64_t i) const { return data[static_cast<std::size_t>(i)]; }

  std::int64_t n;
  std::unique_ptr<T[]> data;
};

// As a line of the reference shows a result.
template <class T>
std::string show(const Elements<T>& x) {
  char text[64];
  std::snprintf(
      text, sizeof text, "%016llx",
      static_cast<unsigned long long>(fnv1a(x.get(), static_cast<std::size_t>(x.n) * sizeof(T))));
  std::string shown = text;
  for (std::int64_t i = 0; i < x.n && i < 4; ++i) {
    if constexpr (std::is_floating_point_v<T>) {
      std::snprintf(text, sizeof text, " %.*g", std::numeric_limits<T>::max_digits10,
                    static_cast<double>(x[i]));
    } else {
      std::snprintf(text, sizeof text, " %lld", static_cast<long long>(x[i]));
    }
    shown += text;
  }
  return shown;
}

template <class T>
struct Type {
  using type = T;
};

template <class Body>
std::string with_floating(const std::string& dtype, Body body) {
  return dtype == "f32" ? body(Type<float>{}) : body(Type<double>{});
}

template <class Body>
std::string with_any(const std::string& dtype, Body body) {
  if (dtype == "i64") return body(Type<std::int64_t>{});
  if (dtype == "i32") return body(Type<std::int32_t>{});
  if (dtype == "u8") return body(Type<std::uint8_t>{});
  if (dtype == "b") return body(Type<bool>{});
  return with_floating(dtype, body);
}

double weight(std::int64_t i, int kind) {
  if (kind == 0) return static_cast<double>((i * 7919) % 97 + 1) / 97.0;
  if (kind == 1) return static_cast<double>((i * 7919) % 3 == 0 ? 0 : i % 5 + 1);
  return 1.0;
}

template <class T>
std::string multinomial(RandomState& state, std::istringstream& in) {
  std::int64_t rows = 0;
  std::int64_t categories = 0;
  std::int64_t samples = 0;
  bool replacement = false;
  int kind = 0;
  in >> rows >> categories >> samples >> replacement >> kind;
  Elements<T> p(rows * categories);
  for (std::int64_t i = 0; i < p.n; ++i) p[i] = static_cast<T>(weight(i, kind));
  Elements<std::int64_t> out(rows * samples);
  if (replacement) {
    EXPECT_EQ(sample_with_replacement(state, p.get(), rows, categories, samples, out.get()),
              MultinomialStatus::kOk);
  } else {
    Elements<T> scores(p.n);
    fill_exponential(state, scores.get(), p.n, 1);
    for (std::int64_t i = 0; i < p.n; ++i) scores[i] = p[i] / scores[i];
    top_columns(scores.get(), rows, categories, samples, out.get());
  }
  return show(out);
}

// What one line of the reference draws, shown as there.
std::string draw(const std::string& line, RandomState& state) {
  std::istringstream in(line);
  std::string op;
  in >> op;
  if (op == "randperm") {
    std::int64_t n = 0;
    in >> n;
    Elements<std::int64_t> out(n);
    fill_randperm(state, out.get(), n);
    return show(out);
  }
  std::string dtype;
  in >> dtype;
  if (op == "multi") {
    return with_floating(
        dtype, [&](auto type) { return multinomial<typename decltype(type)::type>(state, in); });
  }
  std::int64_t n = 0;
  in >> n;
  if (op == "uniform" || op == "normal" || op == "normals" || op == "expo" || op == "dropout") {
    double a = 0;
    double b = 0;
    in >> a >> b;
    return with_floating(dtype, [&](auto type) {
      using T = typename decltype(type)::type;
      Elements<T> out(n);
      if (op == "uniform") {
        fill_uniform(state, out.get(), n, static_cast<T>(a), static_cast<T>(b));
      } else if (op == "normal" && n >= 16) {
        fill_normal_blocks(state, out.get(), n, static_cast<T>(a), static_cast<T>(b));
      } else if (op == "expo") {
        fill_exponential(state, out.get(), n, a);
      } else if (op == "dropout") {
        RandomState seeded(static_cast<std::uint64_t>(b));
        fill_dropout_noise(seeded, out.get(), n, a);
      } else {
        fill_normal_pairs(state, out.get(), n, a, b);
      }
      return show(out);
    });
  }
  if (op == "randomint64") {
    if (dtype == "f64") {
      Elements<double> out(n);
      fill_random_int64(state, out.get(), n);
      return show(out);
    }
    Elements<std::int64_t> out(n);
    fill_random_int64(state, out.get(), n);
    return show(out);
  }
  return with_any(dtype, [&](auto type) {
    using T = typename decltype(type)::type;
    Elements<T> out(n);
    if (op == "random") {
      fill_random_default(state, out.get(), n);
    } else if (op == "randomft") {
      std::int64_t from = 0;
      std::int64_t to = 0;
      in >> from >> to;
      fill_random_range(state, out.get(), n,
                        static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from), from);
    } else if (op == "bern") {
      double p = 0;
      in >> p;
      fill_bernoulli(state, out.get(), n, p);
    } else if (op == "bernt") {
      std::string p_dtype;
      in >> p_dtype;
      with_floating(p_dtype, [&](auto p_type) {
        using P = typename decltype(p_type)::type;
        Elements<P> p(n);
        for (std::int64_t i = 0; i < n; ++i) p[i] = static_cast<P>((i * 37) % 101) / P{100};
        EXPECT_EQ(fill_bernoulli(state, out.get(), n, static_cast<const P*>(p.get())), n);
        return std::string();
      });
    } else {
      ADD_FAILURE() << "unknown op in " << line;
    }
    return show(out);
  });
}

TEST(Random, DrawsWhatPyTorchDraws) {
  std::istringstream reference(kTorchDraws);
  RandomState state(0);
  int draws = 0;
  for (std::string line; std::getline(reference, line);) {
    if (line.rfind("seed ", 0) == 0) {
      state = RandomState(std::stoull(line.substr(5)));
      continue;
    }
    const auto arrow = line.find(" => ");
    if (arrow == std::string::npos) continue;
    EXPECT_EQ(draw(line.substr(0, arrow), state), line.substr(arrow + 4)) << "in " << line;
    ++draws;
  }
  EXPECT_GT(draws, 100);
}

TEST(Random, EngineIsTheStandardMersenneTwister) {
  Mt19937 engine(5489);
  std::uint32_t word = 0;
  for (int i = 0; i < 10000; ++i) word = engine.next32();
  EXPECT_EQ(word, 4123659995U);  // the C++ standard's check value
}

TEST(Random, WordsFilledAreWordsDrawn) {
  // Runs of every length up to two renewals, so that each begins and ends everywhere in the state.
  Mt19937 filled(3);
  Mt19937 drawn(3);
  for (int n = 0; n < 2 * Mt19937::kStateWords; ++n) {
    std::vector<std::uint32_t> words(static_cast<std::size_t>(n));
    filled.fill(words.data(), n);
    for (const std::uint32_t word : words) ASSERT_EQ(word, drawn.next32()) << "in a run of " << n;
    ASSERT_EQ(filled.state().left, drawn.state().left);
    ASSERT_EQ(filled.state().next, drawn.state().next);
  }
}

TEST(Random, WideWordIsTwoWordsTheFirstOneHigh) {
  Mt19937 a(0);
  Mt19937 b(0);
  const std::uint64_t high = a.next32();
  EXPECT_EQ(b.next64(), high << 32 | a.next32());
}

TEST(Random, SeedsEqualInTheirLowHalfAreTheSame) {
  EXPECT_EQ(Mt19937(5).next32(), Mt19937((std::uint64_t{1} << 32) + 5).next32());
}

TEST(Random, CopiedStateGoesOnAlike) {
  RandomState a(17);
  float ignored[3];
  fill_normal_pairs(a, ignored, 3, 0.0, 1.0);
  RandomState b = a;
  ASSERT_TRUE(b.next_double_normal.has_value());
  double x[5];
  double y[5];
  fill_normal_pairs(a, x, 5, 0.0, 1.0);
  fill_normal_pairs(b, y, 5, 0.0, 1.0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(x[i], y[i]);
}

TEST(Random, SecondNormalOfAPairSurvivesOtherDraws) {
  RandomState a(21);
  RandomState b(21);
  double pair[2];
  fill_normal_pairs(a, pair, 2, 0.0, 1.0);
  double first = 0;
  double second = 0;
  float other[20];
  fill_normal_pairs(b, &first, 1, 0.0, 1.0);
  fill_uniform(b, other, 20, 0.0f, 1.0f);
  fill_normal_blocks(b, other, 20, 0.0f, 1.0f);
  fill_normal_pairs(b, &second, 1, 0.0, 1.0);
  EXPECT_EQ(first, pair[0]);
  EXPECT_EQ(second, pair[1]);
}

TEST(Random, BernoulliStopsAtWhatIsNoProbability) {
  RandomState state(1);
  float out[4];
  const float above[4] = {0.0f, 1.0f, 1.5f, 0.5f};
  EXPECT_EQ(fill_bernoulli(state, out, 4, above), 2);
  const double nan[4] = {0.0, 1.0, 0.5, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_EQ(fill_bernoulli(state, out, 4, nan), 3);
  const float below[1] = {-0.1f};
  EXPECT_EQ(fill_bernoulli(state, out, 1, below), 0);
}

TEST(Random, SamplingNamesWhatIsNoDistribution) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  RandomState state(1);
  std::int64_t out[2];
  const auto status = [&](float a, float b) {
    const float p[2] = {a, b};
    return sample_with_replacement(state, p, 1, 2, 2, out);
  };
  EXPECT_EQ(status(0.5f, 0.5f), MultinomialStatus::kOk);
  EXPECT_EQ(status(0.5f, -1.0f), MultinomialStatus::kNegative);
  EXPECT_EQ(status(std::numeric_limits<float>::quiet_NaN(), 1.0f), MultinomialStatus::kNegative);
  EXPECT_EQ(status(kInf, 1.0f), MultinomialStatus::kNotFinite);
  EXPECT_EQ(status(0.0f, 0.0f), MultinomialStatus::kZeroSum);
}

// Sanitizers make this a hundred times slower, and look for other things.
#ifdef TAPER_SANITIZED
constexpr std::int64_t kRunsSkipped = 64;
#else
constexpr std::int64_t kRunsSkipped = 1;
#endif

// The maps for the best instruction set of this machine against those for the least one, where no
// FMA instruction exists. Every float uniform occurs as the argument of log and of sin and cos.
TEST(RandomMaps, NormalsAreTheSameBitsWithoutFma) {
  constexpr std::int64_t kAll = 1 << 24;
  constexpr std::int64_t kRun = 1 << 16;
  std::vector<float> best(2 * kRun);
  for (std::int64_t begin = 0; begin < kAll; begin += kRun * kRunsSkipped) {
    for (std::int64_t i = 0; i < 2 * kRun; ++i) {
      const std::int64_t k = begin + i / 16 * 8 + i % 8;
      // An odd factor visits each multiple of 2^-24 once.
      const std::int64_t draw = i % 16 < 8 ? k : k * 5 % kAll;
      best[static_cast<std::size_t>(i)] = static_cast<float>(draw) * 0x1p-24f;
    }
    std::vector<float> least = best;
    map_normal(best.data(), kRun / 8, 0.25f, 1.7f);
    baseline_map_normal(least.data(), kRun / 8, 0.25f, 1.7f);
    ASSERT_EQ(std::memcmp(best.data(), least.data(), best.size() * sizeof(float)), 0) << begin;
  }
}

TEST(RandomMaps, UniformsAreTheSameBitsWithoutFma) {
  constexpr std::int64_t kSize = 100003;
  std::vector<std::uint32_t> words(2 * kSize);
  Mt19937(77).fill(words.data(), 2 * kSize);
  std::vector<float> floats(kSize);
  std::vector<float> floats_least(kSize);
  map_uniform(words.data(), kSize, -0.31f, 0.77f, floats.data());
  baseline_map_uniform(words.data(), kSize, -0.31f, 0.77f, floats_least.data());
  EXPECT_EQ(floats, floats_least);
  std::vector<double> doubles(kSize);
  std::vector<double> doubles_least(kSize);
  map_uniform(words.data(), kSize, -0.31, 0.77, doubles.data());
  baseline_map_uniform(words.data(), kSize, -0.31, 0.77, doubles_least.data());
  EXPECT_EQ(doubles, doubles_least);
}

}  // namespace
}  // namespace taper::kernels
