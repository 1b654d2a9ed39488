#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/files.h"
#include "taper/autograd/ops.h"
#include "taper/io/safetensors.h"
#include "taper/nn/modules/linear.h"
#include "taper/nn/serialize.h"
#include "taper/tensor/error.h"
#include "taper/tensor/factories.h"

namespace taper::nn {
namespace {

using io::testing::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct NetImpl : Module {
  explicit NetImpl(int64_t hidden = 3)
      : a(register_module("a", Linear(2, hidden))), b(register_module("b", Linear(hidden, 1))) {
    steps = register_buffer("steps", zeros({1}, kLong));
  }
  Linear a;
  Linear b;
  Tensor steps;
};

std::vector<Tensor> snapshot(const Module& module) {
  std::vector<Tensor> values;
  for (const auto& item : module.state_dict()) values.push_back(item.value().clone());
  return values;
}

void expect_values(const Module& module, const std::vector<Tensor>& values) {
  size_t i = 0;
  for (const auto& item : module.state_dict()) {
    EXPECT_TRUE(equal(item.value(), values[i++])) << item.key();
  }
}

TEST(ModuleSafetensors, GoThereAndBack) {
  const TempFolder folder;
  const std::string path = folder / "net.safetensors";
  const NetImpl net;
  net.steps.data_ptr<int64_t>()[0] = 42;
  save_safetensors(net, path, {{"labels", "x y"}});

  const io::TensorDict file = io::load_safetensors(path);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) names.push_back(name);
  EXPECT_THAT(names, ElementsAre("steps", "a.weight", "a.bias", "b.weight", "b.bias"));

  NetImpl other;
  const Tensor weight = other.a->weight;
  const LoadReport report = load_safetensors(other, path);
  expect_values(other, snapshot(net));
  EXPECT_THAT(report.missing_keys, IsEmpty());
  EXPECT_THAT(report.unexpected_keys, IsEmpty());
  EXPECT_EQ(report.metadata, (io::Metadata{{"labels", "x y"}}));
  // In place: an optimizer that holds the parameters goes on with them.
  EXPECT_TRUE(weight.is_same(other.a->weight));
  EXPECT_TRUE(equal(weight, net.a->weight));
  EXPECT_TRUE(weight.requires_grad());
}

TEST(ModuleSafetensors, TakeHolders) {
  const TempFolder folder;
  const std::string path = folder / "linear.safetensors";
  const Linear one(2, 3);
  Linear two(2, 3);
  save_safetensors(one, path);
  load_safetensors(two, path);
  EXPECT_TRUE(equal(one->weight, two->weight));
}

TEST(ModuleSafetensors, ListEverythingThatDoesNotFitBeforeAnythingChanges) {
  const TempFolder folder;
  const std::string path = folder / "net.safetensors";
  io::NamedTensors tensors;
  for (const auto& item : NetImpl().state_dict()) tensors.emplace_back(item.key(), item.value());
  tensors.erase(tensors.begin() + 2);  // a.bias
  tensors.emplace_back("c.weight", ones({1}));
  tensors.emplace_back("d", ones({1}));
  io::save_safetensors(tensors, path);

  NetImpl wider(5);
  std::vector<Tensor> before = snapshot(wider);
  for (const bool strict : {true, false}) {
    try {
      load_safetensors(wider, path, strict);
      FAIL();
    } catch (const Error& error) {
      const std::string text = error.what();
      EXPECT_THAT(text, HasSubstr(path));
      EXPECT_THAT(text, HasSubstr("size mismatch for a.weight: copying a param with shape"));
      EXPECT_THAT(text, HasSubstr("size mismatch for b.weight"));
      EXPECT_EQ(text.find("Missing key(s) in state_dict: \"a.bias\"") != std::string::npos, strict);
      EXPECT_EQ(
          text.find("Unexpected key(s) in state_dict: \"c.weight\", \"d\"") != std::string::npos,
          strict);
    }
    expect_values(wider, before);
  }

  NetImpl net;
  before = snapshot(net);
  EXPECT_THROW(load_safetensors(net, path), Error);
  expect_values(net, before);

  const LoadReport report = load_safetensors(net, path, /*strict=*/false);
  EXPECT_THAT(report.missing_keys, ElementsAre("a.bias"));
  EXPECT_THAT(report.unexpected_keys, ElementsAre("c.weight", "d"));
  EXPECT_TRUE(equal(net.b->weight, tensors[2].second));
  EXPECT_TRUE(equal(net.a->bias, before[2]));
}

TEST(ModuleSafetensors, DamagedFilesChangeNothing) {
  const TempFolder folder;
  const std::string path = folder / "net.safetensors";
  save_safetensors(NetImpl(), path);
  const std::string bytes = io::testing::read_file(path);
  NetImpl net;
  const std::vector<Tensor> before = snapshot(net);
  for (size_t n = 0; n < bytes.size(); n += 7) {
    io::testing::write_file(path, bytes.substr(0, n));
    EXPECT_THROW(load_safetensors(net, path, false), Error);
  }
  expect_values(net, before);
}

TEST(ModuleSafetensors, ConvertToTheModulesDtype) {
  const TempFolder folder;
  const std::string path = folder / "net.safetensors";
  const NetImpl net;
  save_safetensors(net, path);
  NetImpl doubles;
  doubles.to(kDouble);
  load_safetensors(doubles, path);
  EXPECT_EQ(doubles.a->weight.scalar_type(), kDouble);
  EXPECT_TRUE(equal(doubles.a->weight, net.a->weight.to(kDouble)));
}

}  // namespace
}  // namespace taper::nn
