#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "nn_testing.h"
#include "taper/taper.h"

namespace {

using namespace taper;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct NetImpl : nn::Cloneable<NetImpl> {
  NetImpl() { NetImpl::reset(); }
  void reset() override {
    scale = register_parameter("scale", ones({2}));
    count = register_buffer("count", zeros({1}));
    fc = register_module("fc", nn::Linear(3, 4));
    tail = register_module("tail", nn::Sequential(nn::Linear(4, 2), nn::Dropout(0.25)));
  }
  Tensor forward(const Tensor& x) { return tail->forward(fc(x)) * scale; }

  Tensor scale, count;
  nn::Linear fc{nullptr};
  nn::Sequential tail{nullptr};
};
TAPER_MODULE(Net);

// Without Cloneable, as scripts write it.
struct PlainImpl : nn::Module {
  PlainImpl() : fc(register_module("fc", nn::Linear(3, 4))) {}
  nn::Linear fc;
};
TAPER_MODULE(Plain);

TEST(Module, NamesParametersInOrder) {
  Net net;
  EXPECT_THAT(net->named_parameters().keys(),
              ElementsAre("scale", "fc.weight", "fc.bias", "tail.0.weight", "tail.0.bias"));
  EXPECT_THAT(net->named_parameters(false).keys(), ElementsAre("scale"));
  EXPECT_EQ(net->parameters().size(), 5u);
  EXPECT_THAT(net->named_buffers().keys(), ElementsAre("count"));
  EXPECT_EQ(net->buffers(false).size(), 1u);
  EXPECT_THAT(net->named_modules().keys(), ElementsAre("", "fc", "tail", "tail.0", "tail.1"));
  EXPECT_THAT(net->named_modules("net", false).keys(),
              ElementsAre("net.fc", "net.tail", "net.tail.0", "net.tail.1"));
  EXPECT_EQ(net->modules().front(), net.ptr());
  EXPECT_THAT(net->named_children().keys(), ElementsAre("fc", "tail"));
  EXPECT_EQ(net->children().size(), 2u);
  for (const Tensor& parameter : net->parameters()) EXPECT_TRUE(parameter.requires_grad());
  EXPECT_FALSE(net->count.requires_grad());
  EXPECT_TRUE(net->named_parameters()["fc.weight"].is_same(net->fc->weight));
}

TEST(Module, NeedsASharedPtrForItself) {
  PlainImpl plain;
  EXPECT_EQ(plain.modules(false).size(), 1u);
  EXPECT_ERROR(plain.modules(), "not stored in a shared_ptr");
}

TEST(Module, RefusesBadNames) {
  NetImpl net;
  const Tensor x = ones({1});
  EXPECT_ERROR(net.register_parameter("", x), "Parameter name must not be empty");
  EXPECT_ERROR(net.register_parameter("a.b", x),
               "Parameter name must not contain a dot (got 'a.b')");
  EXPECT_ERROR(net.register_parameter("scale", x), "Parameter 'scale' already defined");
  EXPECT_ERROR(net.register_buffer("", x), "Buffer name must not be empty");
  EXPECT_ERROR(net.register_buffer("a.b", x), "Buffer name must not contain a dot (got 'a.b')");
  EXPECT_ERROR(net.register_buffer("count", x), "Buffer 'count' already defined");
  EXPECT_ERROR(net.register_module("", nn::Linear(1, 1)), "Submodule name must not be empty");
  EXPECT_ERROR(net.register_module("a.b", nn::Linear(1, 1)),
               "Submodule name must not contain a dot (got 'a.b')");
  EXPECT_ERROR(net.register_module("fc", nn::Linear(1, 1)), "Submodule 'fc' already defined");
  EXPECT_ERROR(net.replace_module("q", nn::Linear(1, 1)), "Submodule 'q' is not defined");
  EXPECT_ERROR(net.unregister_module("q"), "No Module with name `q` is registered");
  EXPECT_ERROR(net.register_parameter("i", ones({1}, kInt64)), "can require gradients");
  EXPECT_FALSE(net.register_parameter("i", ones({1}, kInt64), false).requires_grad());
  EXPECT_FALSE(x.requires_grad());
}

TEST(Module, ReplacesAndUnregisters) {
  Net net;
  net->fc = net->replace_module("fc", nn::Linear(3, 7));
  EXPECT_EQ(net->named_parameters()["fc.weight"].size(0), 7);
  net->unregister_module("tail");
  EXPECT_THAT(net->named_children().keys(), ElementsAre("fc"));
}

TEST(Module, UndefinedTensorsTakeANameOnly) {
  nn::Linear linear(nn::LinearOptions(3, 4).bias(false));
  EXPECT_FALSE(linear->bias.defined());
  EXPECT_THAT(linear->named_parameters().keys(), ElementsAre("weight"));
  EXPECT_THAT(linear->state_dict().keys(), ElementsAre("weight"));
  EXPECT_ERROR(linear->register_parameter("bias", ones({4})), "already defined");
}

TEST(Module, PrintsAsLibtorch) {
  std::ostringstream text;
  text << Net();
  EXPECT_THAT(text.str(),
              HasSubstr("NetImpl(\n"
                        "  (fc): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
                        "  (tail): torch::nn::Sequential(\n"
                        "    (0): torch::nn::Linear(in_features=4, out_features=2, bias=true)\n"
                        "    (1): torch::nn::Dropout(p=0.25, inplace=false)\n"
                        "  )\n"
                        ")"));
  struct Named : nn::Module {
    Named() : Module("given") {}
  };
  std::ostringstream named;
  named << Named();
  EXPECT_EQ(named.str(), "given");
  EXPECT_EQ(nn::Linear(1, 1)->name(), "torch::nn::LinearImpl");
}

TEST(Module, TrainAndEvalReachAll) {
  Net net;
  EXPECT_TRUE(net->is_training());
  net->eval();
  net->apply([](nn::Module& m) { EXPECT_FALSE(m.is_training()); });
  net->train();
  net->apply([](const nn::Module& m) { EXPECT_TRUE(m.is_training()); });
}

TEST(Module, AppliesEveryKindOfFunction) {
  Net net;
  std::vector<std::string> names;
  net->apply([&](const std::string& name, nn::Module&) { names.push_back(name); });
  EXPECT_THAT(names, ElementsAre("", "fc", "tail", "tail.0", "tail.1"));
  names.clear();
  net->apply(
      [&](const std::string& name, const std::shared_ptr<nn::Module>&) { names.push_back(name); },
      "net");
  EXPECT_THAT(names, ElementsAre("net", "net.fc", "net.tail", "net.tail.0", "net.tail.1"));
  size_t count = 0;
  net->apply(
      [&](const std::shared_ptr<nn::Module>& m) { count += m->as<nn::Linear>() != nullptr; });
  EXPECT_EQ(count, 2u);
  const NetImpl& constant = *net;
  constant.apply(
      [&](const std::string&, const nn::Module& m) { count += m.as<nn::LinearImpl>() != nullptr; });
  EXPECT_EQ(count, 4u);
  EXPECT_EQ(net->as<nn::Linear>(), nullptr);
}

TEST(Module, ChangesDtypeUnderEveryHandle) {
  Net net;
  net->forward(randn({5, 3})).sum().backward();
  const Tensor weight = net->fc->weight;
  const Tensor before = weight.detach().clone();
  net->to(kFloat64);
  EXPECT_EQ(weight.scalar_type(), kFloat64);
  EXPECT_TRUE(weight.is_same(net->fc->weight));
  EXPECT_TRUE(weight.requires_grad());
  EXPECT_TRUE(weight.detach().equal(before.to(kFloat64)));
  EXPECT_EQ(weight.grad().scalar_type(), kFloat64);
  EXPECT_EQ(net->count.scalar_type(), kFloat64);
  net->zero_grad(true);
  net->forward(randn({5, 3}, kFloat64)).sum().backward();
  EXPECT_EQ(weight.grad().scalar_type(), kFloat64);
  net->to(Device(kCPU), kFloat32);
  EXPECT_EQ(weight.scalar_type(), kFloat32);
}

TEST(Module, RefusesOtherDevicesAndIntegralParameters) {
  Net net;
  net->cpu();
  net->to(kCPU);
  EXPECT_ERROR(net->to(kCUDA), "cuda");
  EXPECT_ERROR(net->to(Device("cuda:1"), kFloat64), "cuda");
  EXPECT_ERROR(net->clone(Device(kCUDA)), "cuda");
  EXPECT_ERROR(net->to(kInt64), "floating point");
  for (const auto& item : net->state_dict()) EXPECT_EQ(item->scalar_type(), kFloat32) << item.key();
}

TEST(Module, ZeroesGradients) {
  Net net;
  net->forward(randn({5, 3})).sum().backward();
  const Tensor grad = net->fc->weight.grad();
  EXPECT_GT(grad.abs().sum().item<double>(), 0);
  net->zero_grad();
  EXPECT_EQ(net->fc->weight.grad().abs().sum().item<double>(), 0);
  net->zero_grad(/*set_to_none=*/true);
  EXPECT_FALSE(net->fc->weight.grad().defined());
}

TEST(Module, StateDictSharesMemoryAndLoads) {
  Net a, b;
  const auto state = a->state_dict();
  EXPECT_THAT(state.keys(), ElementsAre("scale", "count", "fc.weight", "fc.bias", "tail.0.weight",
                                        "tail.0.bias"));
  for (const auto& item : state) EXPECT_FALSE(item->requires_grad());
  EXPECT_TRUE(state["fc.weight"].is_alias_of(a->fc->weight));

  a->count.fill_(3);
  const Tensor handle = b->fc->weight;
  const nn::IncompatibleKeys keys = b->load_state_dict(state);
  EXPECT_TRUE(keys.missing_keys.empty());
  EXPECT_TRUE(keys.unexpected_keys.empty());
  EXPECT_TRUE(handle.is_same(b->fc->weight));
  EXPECT_TRUE(b->fc->weight.requires_grad());
  const auto loaded = b->state_dict();
  for (const auto& item : state) EXPECT_TRUE(item->equal(loaded[item.key()])) << item.key();
  EXPECT_FALSE(b->fc->weight.is_alias_of(a->fc->weight));

  // Into another dtype.
  b->to(kFloat64);
  b->load_state_dict(state);
  EXPECT_EQ(b->fc->weight.scalar_type(), kFloat64);
}

TEST(Module, LoadStateDictTellsAllErrorsBeforeItChanges) {
  Net net;
  auto state = Net()->state_dict();
  state.erase("scale");
  state.erase("count");
  state.insert("extra", ones({1}));
  state.insert("more", ones({1}));
  state["fc.weight"] = ones({4, 5});
  const Tensor before = net->fc->bias.detach().clone();
  EXPECT_ERROR(net->load_state_dict(state),
               "NetImpl:\n"
               "\tMissing key(s) in state_dict: \"scale\", \"count\". \n"
               "\tUnexpected key(s) in state_dict: \"extra\", \"more\". \n"
               "\tsize mismatch for fc.weight: copying a param with shape torch.Size([4, 5]) from "
               "checkpoint, the shape "
               "in current model is torch.Size([4, 3]).");
  EXPECT_ERROR(net->load_state_dict(state, false), "size mismatch for fc.weight");
  EXPECT_TRUE(net->fc->bias.detach().equal(before));

  state.erase("fc.weight");
  const nn::IncompatibleKeys keys = net->load_state_dict(state, /*strict=*/false);
  EXPECT_THAT(keys.missing_keys, ElementsAre("scale", "count", "fc.weight"));
  EXPECT_THAT(keys.unexpected_keys, ElementsAre("extra", "more"));
  EXPECT_TRUE(net->fc->bias.detach().equal(state["fc.bias"]));
  state["fc.bias"] = Tensor();
  EXPECT_ERROR(net->load_state_dict(state, false), "undefined tensor for fc.bias");
}

TEST(Module, ClonesDeep) {
  Net net;
  net->eval();
  net->fc->weight.set_requires_grad(false);
  auto copy = std::dynamic_pointer_cast<NetImpl>(net->clone());
  ASSERT_NE(copy, nullptr);
  EXPECT_FALSE(copy->is_training());
  EXPECT_FALSE(copy->tail->ptr(1)->is_training());
  EXPECT_FALSE(copy->fc->weight.requires_grad());
  EXPECT_TRUE(copy->fc->bias.requires_grad());
  const auto state = net->state_dict();
  const auto copied = copy->state_dict();
  EXPECT_EQ(state.keys(), copied.keys());
  for (const auto& item : state) {
    EXPECT_TRUE(item->equal(copied[item.key()])) << item.key();
    EXPECT_FALSE(item->is_alias_of(copied[item.key()])) << item.key();
  }
  // The clone computes with its own parameters.
  const Tensor x = randn({2, 3});
  const Tensor before = net->forward(x);
  {
    NoGradGuard no_grad;
    for (Tensor parameter : copy->parameters()) parameter.fill_(0.5);
  }
  EXPECT_TRUE(net->forward(x).equal(before));
  EXPECT_FALSE(copy->forward(x).equal(before));
  net->to(kFloat64);
  EXPECT_EQ(std::dynamic_pointer_cast<NetImpl>(net->clone())->fc->weight.scalar_type(), kFloat64);
}

TEST(Module, ClonesWeightsGivenByOption) {
  const Tensor given = randn({4, 2});
  nn::Embedding embedding = nn::Embedding::from_pretrained(given);
  EXPECT_FALSE(embedding->weight.requires_grad());
  auto copy = std::dynamic_pointer_cast<nn::EmbeddingImpl>(embedding->clone());
  EXPECT_TRUE(copy->weight.equal(given));
  EXPECT_FALSE(copy->weight.is_alias_of(embedding->weight));
  EXPECT_TRUE(embedding->weight.is_alias_of(given));

  nn::NLLLoss loss(nn::NLLLossOptions().weight(given.select(1, 0)));
  auto loss_copy = std::dynamic_pointer_cast<nn::NLLLossImpl>(loss->clone());
  EXPECT_TRUE(loss_copy->weight.equal(loss->weight));
  EXPECT_FALSE(loss_copy->weight.is_alias_of(loss->weight));
}

TEST(Module, CloneNeedsCloneable) {
  EXPECT_ERROR(Plain()->clone(), "clone() has not been implemented for ");
  EXPECT_ERROR(Plain()->clone(), "> instead of torch::nn::Module to inherit the ability to clone.");
  // As a submodule it is what reset() made.
  struct HoldsPlain : nn::Cloneable<HoldsPlain> {
    HoldsPlain() { HoldsPlain::reset(); }
    void reset() override { register_module("plain", Plain()); }
  };
  HoldsPlain holds;
  EXPECT_FALSE(holds.named_parameters()["plain.fc.weight"].equal(
      holds.clone()->named_parameters()["plain.fc.weight"]));
  struct ForgetfulImpl : nn::Cloneable<ForgetfulImpl> {
    ForgetfulImpl() { register_parameter("w", ones({1})); }
    void reset() override {}
  };
  EXPECT_ERROR(ForgetfulImpl().clone(),
               "The cloned module does not have the same number of parameters");
}

TEST(ModuleHolder, SharesAndMayBeEmpty) {
  nn::Linear a(3, 4);
  nn::Linear b = a;
  EXPECT_EQ(a.get(), b.get());
  EXPECT_EQ(a.ptr(), b.ptr());
  EXPECT_TRUE(a);
  nn::Linear empty{nullptr};
  EXPECT_TRUE(empty.is_empty());
  EXPECT_FALSE(empty);
  EXPECT_ERROR(empty->weight, "Accessing empty ModuleHolder");
  EXPECT_ERROR(empty(ones({1, 3})), "Accessing empty ModuleHolder");
  nn::Linear not_default;
  EXPECT_TRUE(not_default.is_empty());
  nn::Dropout with_default;
  EXPECT_FALSE(with_default.is_empty());
  nn::Linear from_pointer = std::make_shared<nn::LinearImpl>(2, 2);
  EXPECT_EQ(from_pointer->options.in_features(), 2);
  const Tensor x = randn({2, 3});
  EXPECT_TRUE(a(x).equal(a->forward(x)));
}

TEST(OrderedDict, KeepsOrder) {
  OrderedDict<std::string, int> dict;
  dict.insert("b", 1);
  dict.insert("a", 2);
  EXPECT_THAT(dict.keys(), ElementsAre("b", "a"));
  EXPECT_THAT(dict.values(), ElementsAre(1, 2));
  EXPECT_EQ(dict[0].key(), "b");
  EXPECT_EQ(*dict[1], 2);
  EXPECT_EQ(dict["a"], 2);
  EXPECT_EQ(dict.find("q"), nullptr);
  EXPECT_TRUE(dict.contains("b"));
  EXPECT_EQ(dict.front().value(), 1);
  EXPECT_EQ(dict.back().value(), 2);
  EXPECT_ERROR(dict.insert("a", 3), "Key 'a' already defined");
  EXPECT_ERROR(dict["q"], "Key 'q' is not defined");
  EXPECT_ERROR(dict[2], "Index 2 is out of bounds");
  EXPECT_ERROR(dict.erase("q"), "Key 'q' doesn't exist");
  EXPECT_ERROR((OrderedDict<std::string, int>("Thing")["q"]), "Thing 'q' is not defined");
  EXPECT_ERROR((OrderedDict<std::string, int>().front()), "Called front() on an empty OrderedDict");

  OrderedDict<std::string, int> other = {{"c", 3}, {"a", 4}};
  EXPECT_ERROR(dict.update(other), "Key 'a' already defined");
  EXPECT_EQ(dict.size(), 2u);
  other.erase("a");
  dict.update(other);
  dict.erase("b");
  EXPECT_THAT(dict.pairs(), ElementsAre(std::pair<std::string, int>("a", 2),
                                        std::pair<std::string, int>("c", 3)));
  EXPECT_EQ(dict["c"], 3);
  EXPECT_TRUE(dict == (OrderedDict<std::string, int>{{"a", 2}, {"c", 3}}));
  dict.clear();
  EXPECT_TRUE(dict.is_empty());
}

TEST(Arg, ChainsSettersAndGets) {
  auto options = nn::GRUOptions(3, 4).num_layers(2).bidirectional(true);
  EXPECT_EQ(options.num_layers(), 2);
  EXPECT_TRUE(options.bidirectional());
  options.dropout() = 0.5;
  EXPECT_EQ(options.dropout(), 0.5);
  EXPECT_EQ(enumtype::get_enum_name(nn::RNNOptions(1, 1).nonlinearity()), "kTanh");
}

}  // namespace
