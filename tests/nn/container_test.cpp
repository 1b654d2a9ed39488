#include <gtest/gtest.h>

#include <sstream>

#include "nn_testing.h"
#include "taper/taper.h"

namespace {

using namespace taper;

struct TwoImpl : nn::Module {
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
};
TAPER_MODULE(Two);

struct DefaultImpl : nn::Module {
  Tensor forward(const Tensor& a, int64_t times = 3) const { return a * times; }
  TAPER_FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(int64_t{3})})
};
TAPER_MODULE(Default);

TEST(Sequential, CallsOneAfterTheOther) {
  nn::Linear first(3, 4), last(4, 2);
  nn::Sequential net(first, nn::Tanh(), last);
  const Tensor x = randn({5, 3});
  EXPECT_TRUE(net->forward(x).equal(last(taper::tanh(first(x)))));
  EXPECT_EQ(net->size(), 3u);
  EXPECT_EQ(net[0], std::static_pointer_cast<nn::Module>(first.ptr()));
  EXPECT_EQ(&net->at<nn::LinearImpl>(2), last.get());
  EXPECT_EQ(net->ptr<nn::LinearImpl>(2), last.ptr());
  net->push_back(nn::ReLU());
  net->push_back("named", std::make_shared<nn::LinearImpl>(2, 1));
  net->push_back(nn::TanhImpl());
  EXPECT_EQ(net->named_children().keys(),
            (std::vector<std::string>{"0", "1", "2", "3", "named", "5"}));
  EXPECT_EQ(net->forward(x).sizes().vec(), (std::vector<int64_t>{5, 1}));
  nn::Sequential longer;
  longer->extend(*net);
  EXPECT_EQ(longer->size(), 6u);
}

TEST(Sequential, TakesNames) {
  nn::Sequential net({{"fc", nn::Linear(3, 4)}, {"act", nn::ReLU()}});
  EXPECT_EQ(net->named_parameters().keys(), (std::vector<std::string>{"fc.weight", "fc.bias"}));
  OrderedDict<std::string, nn::AnyModule> modules;
  modules.insert("a", nn::AnyModule(nn::Linear(3, 4)));
  nn::Sequential from_dict(std::move(modules));
  EXPECT_EQ(from_dict->named_children().keys(), (std::vector<std::string>{"a"}));
}

TEST(Sequential, TakesAnySignature) {
  const Tensor x = randn({5, 3});
  nn::Sequential two{Two(), Default()};
  EXPECT_TRUE(two->forward(x, x).equal((x + x) * 3));
  nn::Sequential gru(nn::Linear(3, 3), nn::GRU(3, 4));
  const auto [out, h] = gru->forward<std::tuple<Tensor, Tensor>>(x);
  EXPECT_EQ(out.sizes().vec(), (std::vector<int64_t>{5, 4}));
  nn::Sequential nested(nn::Linear(3, 4), nn::Sequential(nn::Tanh(), nn::Linear(4, 2)));
  EXPECT_EQ(nested->forward(x).sizes().vec(), (std::vector<int64_t>{5, 2}));
}

TEST(Sequential, NamesWhatIsWrong) {
  const Tensor x = randn({5, 4});
  nn::Sequential net(nn::Linear(4, 2));
  EXPECT_ERROR(nn::Sequential()->forward(x), "Cannot call forward() on an empty Sequential");
  EXPECT_ERROR(net->forward<int>(x),
               "The type of the return value is taper::Tensor, but you asked for type int");
  EXPECT_ERROR(net->ptr(1), "Index out of range");
  EXPECT_ERROR(
      net->at<nn::TanhImpl>(0),
      "Attempted to cast module of type taper::nn::LinearImpl to type taper::nn::TanhImpl");
  EXPECT_ERROR(net->forward(x, x),
               "taper::nn::LinearImpl's forward() method expects 1 argument(s), but received 2.");
  EXPECT_ERROR(net->forward(3),
               "Expected argument #0 to be of type taper::Tensor, but received value of type int");
  EXPECT_ERROR(net->push_back("0", nn::Tanh()), "Submodule '0' already defined");
  EXPECT_EQ(net->size(), 1u);
}

TEST(Sequential, ClonesDeep) {
  nn::Sequential net(
      {{"fc", nn::Linear(3, 4)}, {"inner", nn::Sequential(nn::Linear(4, 4), nn::Dropout())}});
  net[1]->eval();
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  EXPECT_TRUE(copy->is_training());
  EXPECT_FALSE(copy->ptr(1)->is_training());
  EXPECT_EQ(copy->state_dict().keys(), net->state_dict().keys());
  const Tensor x = randn({5, 3});
  const Tensor before = net->forward(x);
  EXPECT_TRUE(copy->forward(x).equal(before));
  {
    NoGradGuard no_grad;
    for (Tensor p : copy->parameters()) p.zero_();
  }
  EXPECT_TRUE(net->forward(x).equal(before));
  EXPECT_EQ(copy->forward(x).abs().sum().item<double>(), 0);
}

TEST(ModuleList, HoldsModules) {
  nn::ModuleList list(nn::Linear(1, 2), nn::Tanh());
  list->insert(1, nn::Linear(2, 3));
  list->push_back(nn::Linear(3, 4));
  EXPECT_EQ(list->size(), 4u);
  EXPECT_EQ(list->at<nn::LinearImpl>(1).options.out_features(), 3);
  EXPECT_EQ(list->named_children().keys(), (std::vector<std::string>{"0", "1", "2", "3"}));
  EXPECT_EQ(list->named_parameters()["1.weight"].size(0), 3);
  EXPECT_NE(list[2]->as<nn::Tanh>(), nullptr);
  EXPECT_ERROR(list->ptr(4), "Index out of range");
  auto copy = std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone());
  EXPECT_EQ(copy->size(), 4u);
  EXPECT_FALSE(copy->at<nn::LinearImpl>(0).weight.is_alias_of(list->at<nn::LinearImpl>(0).weight));
  size_t count = 0;
  for (const auto& module : *list) count += module != nullptr;
  EXPECT_EQ(count, 4u);
}

TEST(AnyModule, KnowsWhatItHolds) {
  nn::AnyModule any(nn::Linear(3, 4));
  EXPECT_FALSE(any.is_empty());
  EXPECT_EQ(any.type_info(), typeid(nn::LinearImpl));
  EXPECT_EQ(any.get<nn::LinearImpl>().options.out_features(), 4);
  EXPECT_EQ(any.forward(randn({2, 3})).sizes().vec(), (std::vector<int64_t>{2, 4}));
  nn::AnyModule copy = any;
  EXPECT_EQ(copy.ptr(), any.ptr());
  EXPECT_NE(any.clone().ptr(), any.ptr());
  nn::AnyModule empty;
  EXPECT_ERROR(empty.ptr(), "empty AnyModule");
  EXPECT_EQ(nn::AnyValue(3).get<int>(), 3);
  EXPECT_EQ(nn::AnyValue(3).try_get<float>(), nullptr);
  EXPECT_ERROR(nn::AnyValue(3).get<float>(),
               "Attempted to cast AnyValue to float, but its actual type is int");
}

}  // namespace
