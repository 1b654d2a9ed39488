#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(TAPER_SOURCE_DIR "/") + path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The page quotes files of tests/nn, which are compiled and run there: a block of code under the
// line `path`.
TEST(Docs, AddingALayerQuotesCompiledCode) {
  const std::string page = read("docs/adding-a-layer.md");
  for (const std::string path : {"tests/nn/low_rank_linear.h", "tests/nn/low_rank_linear.cpp",
                                 "tests/nn/low_rank_linear_test.cpp"}) {
    const std::string block = "`" + path + "`\n\n```cpp\n" + read(path) + "```\n";
    EXPECT_NE(page.find(block), std::string::npos)
        << "docs/adding-a-layer.md does not quote " << path;
  }
}

}  // namespace
