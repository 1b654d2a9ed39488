// The pages quote code that is compiled: a block of code under a line with a path in backquotes
// stands in that file.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// How many quoted blocks the page has; each must stand in its file.
size_t check_quotes(const std::string& page) {
  const std::filesystem::path root = TAPER_SOURCE_DIR;
  const std::string text = read(root / page);
  const std::string fence = "```";
  size_t count = 0;
  const std::regex opening("(?:^|\n)`([^`\n]+)`\n\n```cpp\n");
  for (std::sregex_iterator at(text.begin(), text.end(), opening), end; at != end; ++at) {
    const auto begin = static_cast<size_t>(at->position() + at->length());
    const std::string block = text.substr(begin, text.find(fence, begin) - begin);
    const std::string path = (*at)[1];
    EXPECT_NE(read(root / path).find(block), std::string::npos)
        << page << " quotes what is not in " << path << ":\n"
        << block;
    ++count;
  }
  return count;
}

TEST(Docs, PagesQuoteCompiledCode) {
  EXPECT_EQ(check_quotes("docs/adding-an-op.md"), 6U);
  EXPECT_EQ(check_quotes("docs/adding-a-layer.md"), 3U);
  EXPECT_EQ(check_quotes("docs/adding-a-reduction.md"), 2U);
  EXPECT_EQ(check_quotes("docs/adding-an-optimizer.md"), 3U);
  EXPECT_EQ(check_quotes("docs/adding-a-file-format.md"), 5U);
  EXPECT_EQ(check_quotes("docs/architecture.md"), 1U);
  EXPECT_EQ(check_quotes("docs/inspecting-gradients.md"), 7U);
  EXPECT_EQ(check_quotes("README.md"), 1U);
}

// Every file that the tour through the code names is there.
TEST(Docs, NamedFilesExist) {
  const std::filesystem::path root = TAPER_SOURCE_DIR;
  const std::string text = read(root / "docs/architecture.md") + read(root / "CONTRIBUTING.md");
  const std::regex path("`([a-z_]+/[a-z_/.-]+\\.(?:h|cpp|inc|md))`");
  size_t count = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), path), end; at != end; ++at, ++count) {
    EXPECT_TRUE(std::filesystem::exists(root / (*at)[1].str())) << (*at)[1] << " is not there";
  }
  EXPECT_GT(count, 30U);
}

// Every relative link leads to a file.
TEST(Docs, LinksLeadSomewhere) {
  const std::filesystem::path root = TAPER_SOURCE_DIR;
  const std::regex link("\\]\\(([^)#: ]+)\\)");
  std::vector<std::string> pages = {"README.md", "CONTRIBUTING.md", "examples/README.md"};
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md")
      pages.push_back("docs/" + entry.path().filename().string());
  }
  for (const std::string& page : pages) {
    const std::string text = read(root / page);
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      const std::filesystem::path target = (root / page).parent_path() / (*at)[1].str();
      EXPECT_TRUE(std::filesystem::exists(target)) << page << " links to " << (*at)[1];
    }
  }
}

}  // namespace
