#include "taper/io/safetensors.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/files.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/error.h"
#include "taper/tensor/factories.h"

namespace taper::io {
namespace {

using ::testing::ElementsAre;
using testing::from_hex;
using ::testing::HasSubstr;
using testing::read_file;
using testing::TempFolder;
using testing::write_file;

// Checked against the format's description, byte by byte.
constexpr const char* kFixture =
    "90 00 00 00 00 00 00 00"                          // 144 bytes of header
    "7b 22 5f 5f 6d 65 74 61 64 61 74 61 5f 5f 22 3a"  // {"__metadata__":
    "7b 22 66 6f 72 6d 61 74 22 3a 22 70 74 22 7d 2c"  // {"format":"pt"},
    "22 77 22 3a 7b 22 64 74 79 70 65 22 3a"           // "w":{"dtype":
    "22 46 33 32 22 2c 22 73 68 61 70 65 22 3a"        // "F32","shape":
    "5b 32 2c 32 5d 2c 22 64 61 74 61 5f 6f 66 66 73"  // [2,2],"data_offs
    "65 74 73 22 3a 5b 30 2c 31 36 5d 7d 2c"           // ets":[0,16]},
    "22 62 22 3a 7b 22 64 74 79 70 65 22 3a"           // "b":{"dtype":
    "22 42 4f 4f 4c 22 2c 22 73 68 61 70 65 22 3a"     // "BOOL","shape":
    "5b 32 5d 2c 22 64 61 74 61 5f 6f 66 66 73 65 74"  // [2],"data_offset
    "73 22 3a 5b 31 36 2c 31 38 5d 7d 7d"              // s":[16,18]}}
    "00 00 80 3f 00 00 00 c0 00 00 00 3f f9 02 15 50"  // 1, -2, 0.5, 1e10
    "01 00";                                           // true, false

NamedTensors fixture_tensors() {
  return {{"w", tensor({{1.0, -2.0}, {0.5, 1e10}})}, {"b", tensor({true, false})}};
}

// What load_safetensors throws for a file of these bytes; empty if nothing.
std::string load_error(const std::string& bytes) {
  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  write_file(path, bytes);
  try {
    load_safetensors(path);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("load_safetensors: \"" + path + "\": "));
    return error.what();
  }
  return "";
}

std::string with_length(const std::string& header, const std::string& data = "") {
  uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

template <class T>
std::vector<T> values(const Tensor& x) {
  return std::vector<T>(x.data_ptr<T>(), x.data_ptr<T>() + x.numel());
}

TEST(Safetensors, WritesTheFormatsBytes) {
  const TempFolder folder;
  save_safetensors(fixture_tensors(), folder / "x.safetensors", {{"format", "pt"}});
  EXPECT_EQ(read_file(folder / "x.safetensors"), from_hex(kFixture));
  EXPECT_EQ(folder.file_count(), 1);
}

TEST(Safetensors, ReadsTheFormatsBytes) {
  const TempFolder folder;
  write_file(folder / "x.safetensors", from_hex(kFixture));
  const TensorDict dict = load_safetensors(folder / "x.safetensors");
  ASSERT_EQ(dict.tensors.size(), 2u);
  EXPECT_EQ(dict.tensors[0].first, "w");
  EXPECT_TRUE(equal(dict.tensors[0].second, fixture_tensors()[0].second));
  EXPECT_EQ(dict.tensors[1].first, "b");
  EXPECT_TRUE(equal(dict.tensors[1].second, fixture_tensors()[1].second));
  EXPECT_EQ(dict.metadata, (Metadata{{"format", "pt"}}));
  EXPECT_EQ(dict.find("b"), &dict.tensors[1].second);
  EXPECT_EQ(dict.find("c"), nullptr);
}

// Made in Python by safetensors.numpy.save of version 0.8.0.
TEST(Safetensors, ReadsWhatPythonWrote) {
  const TempFolder folder;
  write_file(
      folder / "x.safetensors",
      from_hex(
          "80010000000000007b225f5f6d657461646174615f5f223a7b2277686f223a22c5bcc3b3c58277227d2c"
          "227374657073223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f6f66"
          "6673657473223a5b302c385d7d2c22612e776569676874223a7b226474797065223a22463634222c2273"
          "68617065223a5b322c335d2c22646174615f6f666673657473223a5b382c35365d7d2c2265223a7b2264"
          "74797065223a22463332222c227368617065223a5b302c345d2c22646174615f6f666673657473223a5b"
          "35362c35365d7d2c22696473223a7b226474797065223a22493332222c227368617065223a5b325d2c22"
          "646174615f6f666673657473223a5b35362c36345d7d2c226279746573223a7b226474797065223a2255"
          "38222c227368617065223a5b315d2c22646174615f6f666673657473223a5b36342c36355d7d2c226d61"
          "736b223a7b226474797065223a22424f4f4c222c227368617065223a5b335d2c22646174615f6f666673"
          "657473223a5b36352c36385d7d7d0700000000000000000000000000f03f000000000000004000000000"
          "00000840000000000000104000000000000014400000000000001840"
          "01000000feffffffff010001"));
  const TensorDict dict = load_safetensors(folder / "x.safetensors");
  EXPECT_EQ(dict.metadata, (Metadata{{"who", "\u017c\u00f3\u0142w"}}));
  ASSERT_EQ(dict.tensors.size(), 6u);
  EXPECT_EQ(dict.find("steps")->item<int64_t>(), 7);
  EXPECT_EQ(dict.find("steps")->dim(), 0);
  EXPECT_EQ(dict.find("a.weight")->sizes(), (std::vector<int64_t>{2, 3}));
  EXPECT_THAT(values<double>(*dict.find("a.weight")), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(dict.find("e")->sizes(), (std::vector<int64_t>{0, 4}));
  EXPECT_EQ(dict.find("e")->scalar_type(), kFloat);
  EXPECT_THAT(values<int32_t>(*dict.find("ids")), ElementsAre(1, -2));
  EXPECT_THAT(values<uint8_t>(*dict.find("bytes")), ElementsAre(255));
  EXPECT_THAT(values<bool>(*dict.find("mask")), ElementsAre(true, false, true));
}

TEST(Safetensors, KeepsEveryDtypeAndEveryBit) {
  const double inf = std::numeric_limits<double>::infinity();
  const NamedTensors tensors = {
      {"bool", tensor({{true, false, true}})},
      {"float", tensor({0.1, -0.0, inf, 1e-45}, kFloat)},
      {"byte", tensor({0, 255}, kUInt8)},
      {"long", tensor({std::numeric_limits<int64_t>::min(), int64_t{3}})},
      {"int", tensor({std::numeric_limits<int32_t>::min(), 7}, kInt)},
      {"double", tensor({0.1, -inf, 5e-324}, kDouble)},
      {"scalar", tensor(2.5, kDouble)},
      {"empty", zeros({3, 0, 2}, kInt)},
      {"", tensor({1})},
      {"quote\" back\\slash \n\t\x01 \u00e9", tensor({1})},
  };
  // A NaN with a payload.
  const uint32_t nan_bits = 0x7fa12345;
  std::memcpy(tensors[1].second.data_ptr(), &nan_bits, 4);
  const Metadata metadata = {{"", ""}, {"alphabet", "a\u0105\"\\\n"}, {"labels", "x,y"}};

  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  save_safetensors(TensorDict{tensors, metadata}, path);
  const TensorDict dict = load_safetensors(path);
  EXPECT_EQ(dict.metadata, metadata);
  ASSERT_EQ(dict.tensors.size(), tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    SCOPED_TRACE(tensors[i].first);
    const Tensor& before = tensors[i].second;
    const Tensor& after = dict.tensors[i].second;
    EXPECT_EQ(dict.tensors[i].first, tensors[i].first);
    EXPECT_EQ(after.scalar_type(), before.scalar_type());
    EXPECT_EQ(after.sizes(), before.sizes());
    EXPECT_EQ(std::memcmp(after.data_ptr(), before.data_ptr(), before.nbytes()), 0);
    EXPECT_FALSE(after.requires_grad());
  }
}

TEST(Safetensors, WritesStridedTensorsRowMajorAndLeavesTheTapeAlone) {
  const Tensor x = arange(12, kDouble).reshape({3, 4}).requires_grad_();
  const NamedTensors tensors = {{"t", x.t()},
                                {"column", x.select(1, 1)},
                                {"stepped", x.slice(1, 0, 4, 2)},
                                {"expanded", tensor({1.5}).expand({2, 3})},
                                {"result", x * 2}};
  const TempFolder folder;
  save_safetensors(tensors, folder / "x.safetensors");
  const TensorDict dict = load_safetensors(folder / "x.safetensors");
  for (size_t i = 0; i < tensors.size(); ++i) {
    EXPECT_TRUE(equal(dict.tensors[i].second, tensors[i].second)) << tensors[i].first;
    EXPECT_TRUE(dict.tensors[i].second.is_contiguous());
  }
}

// Python's own loaders map the file, where misaligned elements are slow.
TEST(Safetensors, AlignsElementsAndKeepsTheOrderOfTheHeader) {
  const TempFolder folder;
  save_safetensors({{"b", tensor({true})}, {"f", tensor({1.0})}, {"d", tensor({1.0}, kDouble)}},
                   folder / "x.safetensors");
  const std::string bytes = read_file(folder / "x.safetensors");
  EXPECT_THAT(bytes, HasSubstr(R"({"b":{"dtype":"BOOL","shape":[1],"data_offsets":[12,13]},)"
                               R"("f":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                               R"("d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})"));
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  EXPECT_EQ(length % 8, 0u);
}

TEST(Safetensors, WritesNoTensorsAtAll) {
  const TempFolder folder;
  save_safetensors(NamedTensors{}, folder / "x.safetensors");
  EXPECT_EQ(read_file(folder / "x.safetensors"), with_length("{}      "));
  EXPECT_TRUE(load_safetensors(folder / "x.safetensors").tensors.empty());
}

std::string save_error(const NamedTensors& tensors, const std::string& path,
                       const Metadata& metadata = {}) {
  try {
    save_safetensors(tensors, path, metadata);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Safetensors, RefusesWhatItCannotWriteAndLeavesTheOldFile) {
  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  write_file(path, "old");
  const Tensor one = tensor({1});
  EXPECT_THAT(save_error({{"a", Tensor()}}, path), HasSubstr("tensor \"a\" is undefined"));
  EXPECT_THAT(save_error({{"a", one}, {"a", one}}, path), HasSubstr("two tensors are named \"a\""));
  EXPECT_THAT(save_error({{"__metadata__", one}}, path), HasSubstr("cannot be named __metadata__"));
  EXPECT_THAT(save_error({{"\xff", one}}, path), HasSubstr("is not UTF-8"));
  EXPECT_THAT(save_error({{"a", one}}, path, {{"k", "\xc3"}}), HasSubstr("is not UTF-8"));
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(folder.file_count(), 1);

  EXPECT_THAT(save_error({{"a", one}}, folder / "none/x"), HasSubstr("No such file or directory"));
  EXPECT_THAT(save_error({{"a", one}}, folder.path().string()), HasSubstr("not a regular file"));
  EXPECT_EQ(folder.file_count(), 1);
}

TEST(Safetensors, LeavesTheOldFileWhenTheDiskIsFull) {
  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  save_safetensors(fixture_tensors(), path, {{"format", "pt"}});
  // A limit on the size of files fails a write halfway, as a full disk does.
  rlimit old_limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit = old_limit;
  limit.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const std::string message = save_error({{"a", zeros({1000, 1000})}}, path);
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(message, HasSubstr("cannot write: File too large"));
  EXPECT_EQ(read_file(path), from_hex(kFixture));
  EXPECT_EQ(folder.file_count(), 1);
}

TEST(Safetensors, ReplacesAFileWithItsPermissionsAndThroughLinks) {
  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  write_file(path, "old");
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  std::filesystem::create_symlink("x.safetensors", folder.path() / "link");
  save_safetensors(fixture_tensors(), folder / "link", {{"format", "pt"}});
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_file(path), from_hex(kFixture));
  struct stat info;
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0640u);
  EXPECT_EQ(folder.file_count(), 2);
}

TEST(Safetensors, NamesTheFileThatCannotBeRead) {
  const TempFolder folder;
  const auto error_of = [](const std::string& path) -> std::string {
    try {
      load_safetensors(path);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(error_of(folder / "none"), HasSubstr("No such file or directory"));
  EXPECT_THAT(error_of(folder / "none"), HasSubstr(folder / "none"));
  EXPECT_THAT(error_of(folder.path().string()), HasSubstr("not a regular file"));
}

TEST(Safetensors, RefusesWrongLengths) {
  EXPECT_THAT(load_error(""), HasSubstr("it is 0 bytes long"));
  EXPECT_THAT(load_error("1234567"), HasSubstr("it is 7 bytes long"));
  EXPECT_THAT(load_error(from_hex("00 00 00 00 00 00 00 00")), HasSubstr("does not begin with {"));
  EXPECT_THAT(load_error(from_hex("03 00 00 00 00 00 00 00") + "{}"),
              HasSubstr("claims 3 bytes, but 2 follow"));
  EXPECT_THAT(load_error(from_hex("01 e1 f5 05 00 00 00 00") + "{}"),
              HasSubstr("claims 100000001 bytes"));
  EXPECT_THAT(load_error(from_hex("ff ff ff ff ff ff ff ff") + "{}"), HasSubstr("more than"));
}

TEST(Safetensors, RefusesMalformedHeaders) {
  const auto tensor_a = [](const std::string& fields) { return "{\"a\":{" + fields + "}}"; };
  const std::string good = R"("dtype":"F32","shape":[1],"data_offsets":[0,4])";
  const std::string data(4, '\0');
  ASSERT_EQ(load_error(with_length(tensor_a(good), data)), "");
  ASSERT_EQ(load_error(with_length(tensor_a(good) + "   ", data)), "");

  struct Case {
    std::string header;
    const char* message;
  };
  const Case cases[] = {
      {" " + tensor_a(good), "does not begin with {"},
      {"[]", "does not begin with {"},
      {"{", "not valid JSON"},
      {tensor_a(good) + "}", "not valid JSON"},
      {tensor_a(good) + std::string(2, '\0'), "contains a zero byte"},
      {"{\"\xff\":" + tensor_a(good).substr(5), "not valid JSON in UTF-8"},
      {"{\"\xed\xa0\x80\":" + tensor_a(good).substr(5), "not valid JSON in UTF-8"},
      {R"({"\ud800":{}})", "not valid JSON"},
      {tensor_a(good + ","), "not valid JSON"},
      {"{/**/}", "not valid JSON"},
      {"{\"a\":{" + good + "},\"a\":{" + good + "}}", "has the key \"a\" twice"},
      {R"({"__metadata__":{},"__metadata__":{}})", "has the key \"__metadata__\" twice"},
      {R"({"__metadata__":{"k":"1","k":"2"}})", "has the metadata \"k\" twice"},
      {R"({"__metadata__":{"k":1}})", "must have a string as the metadata \"k\", got a number"},
      {R"({"__metadata__":{"k":{}}})", "must have a string as the metadata \"k\", got an object"},
      {R"({"__metadata__":{"k":null}})", "must have a string as the metadata \"k\", got null"},
      {R"({"__metadata__":[]})", "must have an object as __metadata__, got an array"},
      {R"({"a":1})", "must be described by an object, got a number"},
      {R"({"a":[]})", "must be described by an object, got an array"},
      {R"({"a":"F32"})", "must be described by an object, got a string"},
      {tensor_a(good + R"(,"dtype":"F32")"), "has the key dtype twice"},
      {tensor_a(good + R"(,"shape":[1])"), "has the key shape twice"},
      {tensor_a(good + R"(,"data_offsets":[0,4])"), "has the key data_offsets twice"},
      {tensor_a(good + R"(,"stride":[1])"), "has the unknown key \"stride\""},
      {tensor_a(R"("shape":[1],"data_offsets":[0,4])"), "lacks a dtype"},
      {tensor_a(R"("dtype":"F32","data_offsets":[0,4])"), "lacks a shape"},
      {tensor_a(R"("dtype":"F32","shape":[1])"), "lacks data_offsets"},
      {tensor_a(R"("dtype":"BF16","shape":[2],"data_offsets":[0,4])"),
       "tensor \"a\" has dtype \"BF16\", which is none of F64, F32, I64, I32, U8, BOOL"},
      {tensor_a(R"("dtype":"F16","shape":[2],"data_offsets":[0,4])"), "has dtype \"F16\""},
      {tensor_a(R"("dtype":"f32","shape":[1],"data_offsets":[0,4])"), "has dtype \"f32\""},
      {tensor_a(R"("dtype":6,"shape":[1],"data_offsets":[0,4])"), "must have a string as dtype"},
      {tensor_a(R"("dtype":"F32","shape":1,"data_offsets":[0,4])"), "an array of sizes as shape"},
      {tensor_a(R"("dtype":"F32","shape":[[1]],"data_offsets":[0,4])"),
       "sizes as shape, got an ar"},
      {tensor_a(R"("dtype":"F32","shape":["1"],"data_offsets":[0,4])"),
       "sizes as shape, got a str"},
      {tensor_a(R"("dtype":"F32","shape":[true],"data_offsets":[0,4])"),
       "sizes as shape, got a bo"},
      {tensor_a(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), "got a negative number"},
      {tensor_a(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])"),
       "not an integer of 64 bits"},
      {tensor_a(R"("dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4])"),
       "not an integer of 64 bits"},
      {tensor_a(R"("dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4])"),
       "has a dimension of 9223372036854775808"},
      {tensor_a(R"("dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4])"),
       "has a shape that overflows"},
      {tensor_a(R"("dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4])"),
       "has a shape that overflows"},
      {tensor_a(R"("dtype":"F32","shape":[0,9223372036854775807,2],"data_offsets":[0,4])"),
       "has a shape that overflows"},
      {tensor_a(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"),
       "needs 8 bytes for its shape and dtype, but its data_offsets span 4"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[0,8])"), "[0, 8] in a file with 4"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"), "[4, 0] in a file with 4"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,0])"),
       "in a file"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[0])"), "fewer than two data_offsets"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,8])"), "more than two data_off"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":[-0,4])"), "got a negative number"},
      {tensor_a(R"("dtype":"F32","shape":[1],"data_offsets":"0,4")"),
       "two byte offsets as data_off"},
      {tensor_a(R"("dtype":"U8","shape":[2],"data_offsets":[0,2])"), "leaves 2 bytes at the end"},
      {tensor_a(R"("dtype":"U8","shape":[2],"data_offsets":[2,4])"), "a hole: bytes 0 to 2"},
      {"{}", "leaves 4 bytes at the end"},
      {R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
       R"("b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
       "tensor \"b\" overlaps another tensor's bytes"},
      {R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
       R"("b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
       "a hole: bytes 1 to 2"},
      {R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
       R"("b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}})",
       "tensor \"b\" overlaps another tensor's bytes"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(load_error(with_length(c.header, data)), HasSubstr(c.message)) << c.header;
  }
}

TEST(Safetensors, RefusesTooManyDimensionsAndDeepNesting) {
  std::string ones = "1";
  for (int i = 0; i < 64; ++i) ones += ",1";
  const std::string header =
      R"({"a":{"dtype":"U8","shape":[)" + ones + R"(],"data_offsets":[0,1]}})";
  EXPECT_THAT(load_error(with_length(header, "x")), HasSubstr("more than 64 dimensions"));
  EXPECT_THAT(load_error(with_length(R"({"a":)" + std::string(1'000'000, '['))),
              HasSubstr("must be described by an object, got an array"));
  const std::string long_name(1000, 'n');
  EXPECT_LT(load_error(with_length("{\"" + long_name + "\":1}")).size(), 600u);
}

TEST(Safetensors, RefusesABoolThatIsNeither) {
  const std::string header = R"({"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}})";
  EXPECT_EQ(load_error(with_length(header, std::string("\0\1\0", 3))), "");
  EXPECT_THAT(load_error(with_length(header, std::string("\0\2\0", 3))),
              HasSubstr("tensor \"a\" has a BOOL that is neither 0 nor 1"));
}

// A damaged file is refused or, where the damage hits values and names only, still means tensors
// that fill the file exactly.
void expect_error_or_sane(const std::string& path, const std::string& bytes) {
  write_file(path, bytes);
  try {
    const TensorDict dict = load_safetensors(path);
    size_t total = 0;
    for (const auto& [name, x] : dict.tensors) {
      total += x.nbytes();
      const auto* p = static_cast<const uint8_t*>(x.data_ptr());
      if (x.scalar_type() == kBool) {
        for (size_t i = 0; i < x.nbytes(); ++i) ASSERT_LE(p[i], 1);
      }
    }
    uint64_t header = 0;
    std::memcpy(&header, bytes.data(), 8);
    ASSERT_EQ(8 + header + total, bytes.size());
  } catch (const Error&) {
    // Any other exception fails the test.
  }
}

TEST(Safetensors, SurvivesDamageAtEveryByte) {
  const TempFolder folder;
  const std::string path = folder / "x.safetensors";
  const std::string good = from_hex(kFixture);
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = good;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      expect_error_or_sane(path, bytes);
    }
    for (char c : {'\0', '0', '9', '"', '{', '}', '[', ']', ',', '-', '\xff'}) {
      std::string bytes = good;
      bytes[i] = c;
      expect_error_or_sane(path, bytes);
    }
  }
}

TEST(Safetensors, RefusesEveryTruncationAndAddition) {
  const std::string good = from_hex(kFixture);
  for (size_t n = 0; n < good.size(); ++n) {
    EXPECT_NE(load_error(good.substr(0, n)), "") << n;
  }
  EXPECT_NE(load_error(good + '\0'), "");
  // Everything after the length moves by one.
  EXPECT_NE(load_error(good.substr(0, 8) + ' ' + good.substr(8)), "");
}

}  // namespace
}  // namespace taper::io
