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

// As libtorch's own models do it: a chain with a forward that is no template.
struct ResidualImpl : nn::SequentialImpl {
  using nn::SequentialImpl::SequentialImpl;
  Tensor forward(Tensor x) { return x + nn::SequentialImpl::forward(x); }
};
TAPER_MODULE(Residual);

TEST(Sequential, CallsASubclassByItsOwnForward) {
  const Tensor x = randn({2, 3});
  nn::Linear fc(3, 3);
  nn::Sequential net(Residual(fc, nn::Tanh()), nn::Identity());
  EXPECT_TRUE(net->forward(x).equal(x + taper::tanh(fc(x))));
}

TEST(Sequential, CallsWithDefaultArguments) {
  const Tensor x = ones({1});
  nn::AnyModule any{Default()};
  EXPECT_EQ(any.forward(x).item<float>(), 3);
  EXPECT_EQ(any.forward(x, int64_t{5}).item<float>(), 5);
  EXPECT_ERROR(any.forward(),
               "DefaultImpl's forward() method expects at least 1 argument(s) and at most 2 "
               "argument(s), but received 0.");
  EXPECT_ERROR(any.forward(x, int64_t{5}, 1), "but received 3.");
  EXPECT_ERROR(nn::AnyModule(Two()).forward(x),
               "TwoImpl's forward() method expects 2 argument(s), but received 1. If ");
  EXPECT_ERROR(nn::AnyModule(Two()).forward(x),
               "make sure the forward() method is declared with a corresponding "
               "`FORWARD_HAS_DEFAULT_ARGS` macro.");
}

TEST(Sequential, TakesFunctions) {
  nn::Functional relu(taper::relu);
  EXPECT_EQ(relu(ones({1}) * -1).item<float>(), 0);
  nn::Functional leaky(taper::leaky_relu, 0.5);
  EXPECT_EQ(leaky->forward(ones({1}) * -4).item<float>(), -2);
  EXPECT_FALSE(relu->is_serializable());
  EXPECT_TRUE(nn::Linear(1, 1)->is_serializable());
  nn::Sequential net(nn::Functional([](Tensor x) { return x + 1; }), leaky);
  EXPECT_EQ(net->forward(ones({1}) * -5).item<float>(), -2);
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  EXPECT_EQ(copy->forward(ones({1}) * -5).item<float>(), -2);
  std::ostringstream text;
  text << net;
  EXPECT_EQ(text.str(),
            "torch::nn::Sequential(\n  (0): torch::nn::Functional()\n"
            "  (1): torch::nn::Functional()\n)");
}

TEST(Sequential, NamesWhatIsWrong) {
  const Tensor x = randn({5, 4});
  nn::Sequential net(nn::Linear(4, 2));
  EXPECT_ERROR(nn::Sequential()->forward(x), "Cannot call forward() on an empty Sequential");
  EXPECT_ERROR(net->forward<int>(x),
               "The type of the return value is at::Tensor, but you asked for type int");
  EXPECT_ERROR(net->ptr(1), "Index out of range");
  EXPECT_ERROR(
      net->at<nn::TanhImpl>(0),
      "Attempted to cast module of type torch::nn::LinearImpl to type torch::nn::TanhImpl");
  EXPECT_ERROR(net->forward(x, x),
               "torch::nn::LinearImpl's forward() method expects 1 argument(s), but received 2.");
  EXPECT_ERROR(net->forward(3),
               "Expected argument #0 to be of type at::Tensor, but received value of type int");
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
  EXPECT_EQ(list->ptr<nn::TanhImpl>(0), nullptr);
  EXPECT_ERROR(list->at<nn::TanhImpl>(0), "Attempted to cast module of type");
  auto copy = std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone());
  EXPECT_EQ(copy->size(), 4u);
  EXPECT_FALSE(copy->at<nn::LinearImpl>(0).weight.is_alias_of(list->at<nn::LinearImpl>(0).weight));
  size_t count = 0;
  for (const auto& module : *list) count += module != nullptr;
  EXPECT_EQ(count, 4u);
}

TEST(ModuleDict, HoldsModulesByName) {
  nn::ModuleDict dict(std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>>{
      {"fc", nn::Linear(1, 2).ptr()}, {"act", nn::Tanh().ptr()}});
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"fc", "act"}));
  EXPECT_EQ(dict->values().size(), 2u);
  EXPECT_EQ(dict->items().front().first, "fc");
  EXPECT_TRUE(dict->contains("act"));
  EXPECT_EQ(dict->at<nn::LinearImpl>("fc").options.out_features(), 2);
  EXPECT_NE(dict["act"]->as<nn::Tanh>(), nullptr);
  OrderedDict<std::string, std::shared_ptr<nn::Module>> more{{"fc", nn::Linear(3, 4).ptr()},
                                                             {"last", nn::ReLU().ptr()}};
  dict->update(more);
  EXPECT_EQ(dict->size(), 3u);
  EXPECT_EQ(dict->named_parameters()["fc.weight"].size(1), 3);
  auto copy = std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone());
  EXPECT_FALSE(
      copy->at<nn::LinearImpl>("fc").weight.is_alias_of(dict->at<nn::LinearImpl>("fc").weight));
  EXPECT_NE(dict->pop("fc"), nullptr);
  EXPECT_ERROR(dict->pop("fc"), "Key 'fc' is not defined");
  EXPECT_ERROR(dict["fc"], "Key 'fc' is not defined");
  EXPECT_EQ(dict->size(), 2u);
  EXPECT_EQ(dict->named_children().size(), 3u);
  dict->update(more);
  EXPECT_EQ(dict->named_children().size(), 3u);
  dict->clear();
  EXPECT_TRUE(dict->empty());
  std::ostringstream text;
  text << copy->as<nn::ModuleDict>()->keys().size() << *copy;
  EXPECT_EQ(text.str(),
            "3torch::nn::ModuleDict(\n"
            "  (fc): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
            "  (act): torch::nn::Tanh()\n  (last): torch::nn::ReLU()\n)");
}

TEST(ParameterList, HoldsParameters) {
  nn::ParameterList list(ones({2}).requires_grad_(), zeros({2, 3}, kFloat64));
  list->append(full({1}, 7));
  EXPECT_EQ(list->size(), 3u);
  EXPECT_TRUE(list->at(0).requires_grad());
  EXPECT_FALSE(list[1].requires_grad());
  EXPECT_EQ(list->named_parameters().keys(), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_ERROR(list->at(3), "Index out of range");
  nn::ParameterList more;
  more->extend(*list);
  *more += std::vector<Tensor>{ones({1})};
  EXPECT_EQ(more->size(), 4u);
  EXPECT_TRUE(more->at(0).is_same(list->at(0)));
  auto copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  EXPECT_TRUE(copy->at(0).requires_grad());
  EXPECT_TRUE(copy->at(0).is_leaf());
  EXPECT_FALSE(copy->at(0).is_alias_of(list->at(0)));
  EXPECT_FALSE(copy->at(2).requires_grad());
  std::ostringstream text;
  text << nn::ParameterList(ones({2}), zeros({2, 3}, kFloat64));
  EXPECT_EQ(text.str(),
            "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [2]]\n"
            "(1): Parameter containing: [Double of size [2, 3]]\n)");
}

TEST(ParameterDict, HoldsParametersByName) {
  nn::ParameterDict dict(OrderedDict<std::string, Tensor>{{"a", ones({2})}});
  dict->insert("b", zeros({3}).requires_grad_());
  EXPECT_EQ(dict->keys(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(dict->values().size(), 2u);
  EXPECT_TRUE(dict["b"].requires_grad());
  EXPECT_EQ(dict->get("a").numel(), 2);
  EXPECT_ERROR(dict["q"], "Key 'q' is not defined");
  EXPECT_ERROR(dict->insert("a", ones({1})), "Key 'a' already defined");
  dict->update(OrderedDict<std::string, Tensor>{{"a", zeros({5})}});
  EXPECT_EQ(dict->get("a").numel(), 5);
  auto copy = std::dynamic_pointer_cast<nn::ParameterDictImpl>(dict->clone());
  EXPECT_EQ(copy->keys(), dict->keys());
  EXPECT_FALSE(copy->get("b").is_alias_of(dict->get("b")));
  EXPECT_EQ(dict->pop("a").numel(), 5);
  EXPECT_FALSE(dict->contains("a"));
  EXPECT_EQ(dict->size(), 1u);
  dict->clear();
  EXPECT_TRUE(dict->empty());
}

TEST(AnyModule, KnowsWhatItHolds) {
  nn::AnyModule any(nn::Linear(3, 4));
  EXPECT_FALSE(any.is_empty());
  EXPECT_EQ(any.type_info(), typeid(nn::LinearImpl));
  EXPECT_EQ(any.get<nn::LinearImpl>().options.out_features(), 4);
  EXPECT_EQ(any.forward(randn({2, 3})).sizes().vec(), (std::vector<int64_t>{2, 4}));
  nn::AnyModule other;
  other = std::make_shared<nn::TanhImpl>();
  EXPECT_EQ(other.type_info(), typeid(nn::TanhImpl));
  other = nn::Linear(1, 2);
  EXPECT_EQ(other.get<nn::LinearImpl>().options.out_features(), 2);
  other = nn::ReLUImpl();
  EXPECT_EQ(other.type_info(), typeid(nn::ReLUImpl));
  other = any;
  EXPECT_EQ(other.ptr(), any.ptr());
  nn::AnyModule copy = any;
  EXPECT_EQ(copy.ptr(), any.ptr());
  EXPECT_NE(any.clone().ptr(), any.ptr());
  nn::AnyModule empty;
  EXPECT_ERROR(empty.ptr(), "Cannot call ptr() on an empty AnyModule");
  EXPECT_ERROR(empty.type_info(), "Cannot call type_info() on an empty AnyModule");
  EXPECT_ERROR(empty.get<nn::LinearImpl>(), "Cannot call get() on an empty AnyModule");
  EXPECT_ERROR(empty.forward(1), "Cannot call forward() on an empty AnyModule");
  EXPECT_TRUE(empty.clone().is_empty());
  EXPECT_ERROR(
      any.get<nn::TanhImpl>(),
      "Attempted to cast module of type torch::nn::LinearImpl to type torch::nn::TanhImpl");
  EXPECT_EQ(any.get<nn::Linear>().get(), &any.get<nn::LinearImpl>());
  EXPECT_EQ(nn::AnyValue(3).get<int>(), 3);
  EXPECT_EQ(nn::AnyValue(3).try_get<float>(), nullptr);
  EXPECT_ERROR(nn::AnyValue(3).get<float>(),
               "Attempted to cast AnyValue to float, but its actual type is int");
}

}  // namespace
