#include "io/text.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/files.h"
#include "taper/taper.h"

namespace taper::io {
namespace {

using testing::TempFolder;

const char* const kText =
    "tensors 3\n"
    "weight Float 2 2\n0.1\n-0\ninf\n1e-45\n"
    "step Long\n7\n"
    "none Byte 0 3\n";

NamedTensors tensors() {
  const float inf = std::numeric_limits<float>::infinity();
  return {{"weight", tensor({0.1F, -0.0F, inf, 1e-45F}).view({2, 2})},
          {"step", tensor(int64_t{7})},
          {"none", empty({0, 3}, kUInt8)}};
}

// What load_text throws for a file of that text; empty if nothing.
std::string load_error(const std::string& text) {
  const TempFolder folder;
  testing::write_file(folder / "x.txt", text);
  try {
    load_text(folder / "x.txt");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Text, WritesAndReadsTheSameBits) {
  const TempFolder folder;
  save_text(tensors(), folder / "x.txt");
  EXPECT_EQ(testing::read_file(folder / "x.txt"), kText);
  const TensorDict dict = load_text(folder / "x.txt");
  ASSERT_EQ(dict.tensors.size(), 3u);
  for (const auto& [name, tensor] : tensors()) {
    EXPECT_EQ(dict.find(name)->dtype(), tensor.dtype());
    EXPECT_TRUE(equal(*dict.find(name), tensor)) << name;
  }
}

TEST(Text, RefusesWhatItCannotWriteAndLeavesTheOldFile) {
  const TempFolder folder;
  save_text(tensors(), folder / "x.txt");
  EXPECT_THROW(save_text({{"two words", ones({1})}}, folder / "x.txt"), Error);
  EXPECT_THROW(save_text({{"mask", ones({1}, kBool)}}, folder / "x.txt"), Error);
  EXPECT_THROW(save_text({{"nothing", Tensor()}}, folder / "x.txt"), Error);
  EXPECT_EQ(testing::read_file(folder / "x.txt"), kText);
}

TEST(Text, RefusesBrokenFiles) {
  const std::string good = kText;
  EXPECT_EQ(load_error(good), "");
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_NE(load_error(good.substr(0, length)), "") << length;
  }
  EXPECT_THAT(load_error(good + "more\n"), ::testing::HasSubstr("follows the last tensor"));
  const std::pair<const char*, const char*> cases[] = {
      {"pictures 1\n", "does not begin with \"tensors\""},
      {"tensors 1\nx Half 1\n0\n", "no dtype \"Half\""},
      {"tensors 1\nx Byte 1\n256\n", "\"256\" is not a number that fits"},
      {"tensors 1\nx Float 1\n1.5x\n", "\"1.5x\" is not a number that fits"},
      {"tensors 1\nx Float -1\n", "negative"},
      {"tensors 1\nx Float 1000000 1000000\n0\n", "more than follow"},
      {"tensors 2\nx Int 0\nx Int 0\n", "\"x\" stands there twice"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(load_error(text), ::testing::HasSubstr(message)) << text;
  }
}

}  // namespace
}  // namespace taper::io
