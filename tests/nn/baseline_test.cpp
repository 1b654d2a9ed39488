#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "taper/taper.h"

namespace T = taper;
#include "baseline_cases.h"

namespace {

// Parameters, printing, outputs and gradients of every layer against libtorch 1.13.1's.
TEST(NnBaseline, EqualsLibtorch) {
  std::ifstream file(TAPER_SOURCE_DIR "/tests/nn/baseline.txt");
  ASSERT_TRUE(file);
  std::vector<std::pair<std::string, std::string>> expected;
  for (std::string line; std::getline(file, line);) {
    const size_t tab = line.find('\t');
    expected.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  const std::vector<baseline::Line> lines = baseline::run();
  ASSERT_EQ(lines.size(), expected.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    SCOPED_TRACE(lines[i].name);
    ASSERT_EQ(lines[i].name, expected[i].first);
    if (lines[i].figures.empty()) {
      EXPECT_EQ(lines[i].text, expected[i].second);
      continue;
    }
    double numel = 0;
    double sum = 0;
    double squares = 0;
    ASSERT_EQ(std::sscanf(expected[i].second.c_str(), "= %lf %lf %lf", &numel, &sum, &squares), 3);
    EXPECT_EQ(lines[i].figures[0], numel);
    // Float32 rounding of sums of up to a few thousand elements.
    const double tolerance = 2e-6 * (1 + std::sqrt(squares * numel));
    EXPECT_NEAR(lines[i].figures[1], sum, tolerance);
    EXPECT_NEAR(lines[i].figures[2], squares, tolerance * (1 + std::sqrt(squares)));
  }
}

}  // namespace
