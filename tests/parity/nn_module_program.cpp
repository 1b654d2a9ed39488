// Module, the containers, AnyModule, OrderedDict and holders: what they hold, print, name and
// refuse.
#include "parity/parity.h"

namespace nn_module {

namespace nn = torch::nn;
using torch::Tensor;

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + " ";
  return text;
}

struct NetImpl : nn::Cloneable<NetImpl> {
  NetImpl() { reset(); }
  void reset() override {
    scale = register_parameter("scale", torch::ones({2}));
    frozen = register_parameter("frozen", torch::ones({2}), false);
    nothing = register_parameter("nothing", Tensor(), false);
    count = register_buffer("count", torch::zeros({1}, torch::kLong));
    fc = register_module("fc", nn::Linear(3, 4));
    tail = register_module("tail", nn::Sequential(nn::Linear(4, 2), nn::Dropout(0.25)));
  }
  Tensor forward(const Tensor& x) { return tail->forward(fc(x)) * scale; }
  Tensor scale, frozen, nothing, count;
  nn::Linear fc{nullptr};
  nn::Sequential tail{nullptr};
};
TORCH_MODULE(Net);

struct PlainImpl : nn::Module {
  PlainImpl() : fc(register_module("fc", nn::Linear(3, 4))) {}
  nn::Linear fc;
};
TORCH_MODULE(Plain);

struct TwoImpl : nn::Module {
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
};
TORCH_MODULE(Two);

struct DefaultImpl : nn::Module {
  Tensor forward(const Tensor& a, int64_t times = 3, double factor = 2) {
    return a * times * factor;
  }
  FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(int64_t{3})}, {2, nn::AnyValue(2.0)})
  int after = 0;  // still public
};
TORCH_MODULE(Default);

struct UndeclaredImpl : nn::Module {
  Tensor forward(const Tensor& a, int times = 3) { return a * times; }
};
TORCH_MODULE(Undeclared);

struct SplitImpl : nn::Module {
  std::tuple<Tensor, int> forward(Tensor x, std::string name) {
    return std::make_tuple(x, static_cast<int>(name.size()));
  }
};
TORCH_MODULE(Split);

struct JoinImpl : nn::Module {
  std::string forward(std::tuple<Tensor, int> x) { return std::to_string(std::get<1>(x)); }
};
TORCH_MODULE(Join);

struct ResidualImpl : nn::SequentialImpl {
  using nn::SequentialImpl::SequentialImpl;
  Tensor forward(Tensor x) { return x + nn::SequentialImpl::forward(x); }
};
TORCH_MODULE(Residual);

struct Forgetful : nn::Cloneable<Forgetful> {
  explicit Forgetful(int what = 0) {
    if (what == 0) register_parameter("w", torch::ones({1}));
    if (what == 1) register_buffer("w", torch::ones({1}));
    if (what == 2) register_module("w", nn::Linear(1, 1));
  }
  void reset() override {}
};

}  // namespace nn_module

PARITY_PROGRAM(nn_module) {
  using namespace nn_module;
  Net net;
  r.text("parameters", join(net->named_parameters().keys()));
  r.text("own parameters", join(net->named_parameters(false).keys()));
  r.text("buffers", join(net->named_buffers().keys()));
  r.text("modules", join(net->named_modules().keys()));
  r.text("modules of", join(net->named_modules("net").keys()));
  r.text("modules below", join(net->named_modules("net", false).keys()));
  r.text("children", join(net->named_children().keys()));
  r.print("counts",
          net->parameters().size() * 100 + net->modules().size() * 10 + net->children().size());
  for (const auto& item : net->named_parameters()) {
    r.print("requires_grad " + item.key(), item->requires_grad());
  }
  r.print("net", net);
  r.print("plain", *Plain());
  r.print("base", nn::Module("given"));
  r.text("names", net->name() + nn::Linear(1, 1)->name() + nn::Module().name() +
                      nn::Sequential()->name() + nn::Module("given").name());
  std::ostringstream own_line;
  net->pretty_print(own_line);
  r.text("pretty_print", own_line.str());

  std::string applied;
  net->apply([&](nn::Module& m) { applied += m.name() + ","; });
  net->apply([&](const std::string& n, nn::Module&) { applied += n + ","; }, "x");
  net->apply([&](const std::shared_ptr<nn::Module>& m) { applied += m->name() + ","; });
  net->apply([&](const std::string& n, const std::shared_ptr<nn::Module>&) { applied += n + ","; });
  const nn::Module& constant = *net;
  constant.apply([&](const nn::Module& m) { applied += m.name() + ","; });
  constant.apply([&](const std::string& n, const nn::Module&) { applied += n + ","; }, "c");
  nn::Module::ModuleApplyFunction function = [&](nn::Module& m) { m.train(false); };
  net->apply(function);
  r.text("apply", applied);
  r.print("training", net->is_training());
  net->train();
  r.print("as", (net->as<Net>() != nullptr) + 2 * (net->as<nn::Linear>() != nullptr) +
                    4 * (net->fc->as<nn::LinearImpl>() != nullptr));

  net->forward(torch::ones({1, 3})).sum().backward();
  r.value("grad", net->fc->weight.grad());
  net->zero_grad();
  r.value("zero grad", net->fc->weight.grad());
  net->zero_grad(true);
  r.print("no grad", net->fc->weight.grad().defined());
  net->to(torch::kFloat64);
  r.value("double", net->fc->weight);
  r.print("count", net->count.scalar_type());
  net->to(torch::Device(torch::kCPU), torch::kFloat32);
  net->to(torch::kCPU);
  r.value("float", net->scale);
  const auto copy = std::dynamic_pointer_cast<NetImpl>(net->clone());
  r.value("clone", copy->fc->weight);
  r.draw("after clone", torch::rand({3}));
  net->fc = net->replace_module("fc", nn::Linear(3, 7));
  net->unregister_module("tail");
  r.print("changed", net);

  r.error("integers", [&] { net->to(torch::kLong); });
  r.error("no clone", [] { Plain()->clone(); });
  for (int what : {0, 1, 2}) {
    r.error("forgetful " + std::to_string(what), [&] { Forgetful(what).clone(); });
  }
  r.error("stack", [] { PlainImpl().modules(); });
  nn::Module m;
  const Tensor x = torch::ones({1});
  m.register_parameter("w", x);
  m.register_buffer("u", x);
  m.register_module("s", nn::Linear(1, 1));
  r.error("parameter name", [&] { m.register_parameter("", x); });
  r.error("parameter dot", [&] { m.register_parameter("a.b", x); });
  r.error("parameter twice", [&] { m.register_parameter("w", x); });
  r.error("parameter of integers",
          [&] { m.register_parameter("i", torch::ones({1}, torch::kLong)); });
  r.error("buffer name", [&] { m.register_buffer("", x); });
  r.error("buffer dot", [&] { m.register_buffer("a.b", x); });
  r.error("buffer twice", [&] { m.register_buffer("u", x); });
  r.error("module name", [&] { m.register_module("", nn::Linear(1, 1)); });
  r.error("module dot", [&] { m.register_module("a.b", nn::Linear(1, 1)); });
  r.error("module twice", [&] { m.register_module("s", nn::Linear(1, 1)); });
  r.error("replace", [&] { m.replace_module("q", nn::Linear(1, 1)); });
  r.error("unregister", [&] { m.unregister_module("q"); });
}

PARITY_PROGRAM(nn_containers) {
  using namespace nn_module;
  const Tensor x = torch::ones({2, 3});
  nn::Sequential net({{"fc", nn::Linear(3, 4)}, {"act", nn::ReLU()}});
  net->push_back(nn::Linear(4, 4));
  net->push_back("named", std::make_shared<nn::TanhImpl>());
  net->push_back(nn::SoftmaxImpl(1));
  net->push_back("any", nn::AnyModule(nn::Dropout(0.5)));
  nn::Sequential more;
  more->extend(*net);
  more->push_back(Residual(nn::Linear(4, 4), nn::Tanh()));
  r.print("net", net);
  r.print("more", more);
  r.value("out", more->forward(x));
  r.draw("after", torch::rand({2}));
  r.print("size", net->size() + 100 * more->size());
  r.text("children", join(net->named_children().keys()));
  std::string iterated;
  for (const auto& module : *net) iterated += module.ptr()->name() + " ";
  r.text("iterated", iterated);
  r.text("at", net->at<nn::LinearImpl>(0).name() + net[1]->name() +
                   net->ptr<nn::LinearImpl>(2)->name() + net->ptr(3)->name());
  torch::OrderedDict<std::string, nn::AnyModule> modules;
  modules.insert("a", nn::AnyModule(nn::Linear(3, 4)));
  r.print("dict", nn::Sequential(std::move(modules)));
  nn::Sequential any_types{Split(), Join()};
  r.text("any types", any_types->forward<std::string>(x, std::string("three")));
  r.print("empty", nn::Sequential());
  r.value("functional",
          nn::Sequential(nn::Functional(torch::relu), nn::Functional(torch::tanh))->forward(x));
  r.print("functional print", nn::Functional(torch::tril, 1));
  r.value("bound", nn::Functional(torch::tril, -1)(x));

  nn::AnyModule any{Default()};
  r.value("default 1", any.forward(x));
  r.value("default 2", any.forward(x, int64_t{5}));
  r.value("default 3", any.forward(x, int64_t{5}, 0.5));
  r.error("default 0", [&] { any.forward(); });
  r.error("default 4", [&] { any.forward(x, int64_t{5}, 0.5, 1); });
  r.error("default type", [&] { any.forward(x, 5); });
  r.error("undeclared", [&] { nn::AnyModule(Undeclared()).forward(x); });
  r.error("too many", [&] { nn::AnyModule(Two()).forward(x, x, x); });
  r.error("not a tensor", [&] { nn::AnyModule(Two()).forward(x, 1.5); });
  nn::AnyModule nothing;
  r.error("empty forward", [&] { nothing.forward(x); });
  r.error("empty get", [&] { nothing.get<nn::LinearImpl>(); });
  r.error("empty ptr", [&] { nothing.ptr(); });
  r.error("empty type", [&] { nothing.type_info(); });
  r.error("other class", [&] { any.get<nn::TanhImpl>(); });
  r.error("value", [] { nn::AnyValue(3).get<float>(); });
  r.error("value of tuple", [&] { nn::AnyValue(std::make_tuple(x, x)).get<std::string>(); });
  nothing = std::make_shared<nn::TanhImpl>();
  r.print("assigned", nothing.get<nn::Tanh>());

  r.error("empty chain", [&] { nn::Sequential()->forward(x); });
  r.error("range", [&] { net->ptr(17); });
  r.error("class", [&] { net->at<nn::TanhImpl>(0); });
  r.error("return", [&] { nn::Sequential(nn::Linear(3, 4))->forward<int>(x); });
  r.error("arguments", [&] { nn::Sequential(nn::Linear(3, 4))->forward(x, x); });
  r.error("chain", [&] {
    nn::Sequential(nn::GRU(3, 4), nn::Linear(4, 4))->forward(torch::ones({1, 1, 3}));
  });
  r.error("tuple", [&] { nn::Sequential(nn::LSTM(3, 4))->forward(torch::ones({1, 1, 3})); });
  r.error("twice", [&] { nn::Sequential(nn::Tanh())->push_back("0", nn::Tanh()); });

  nn::ModuleList list(nn::Linear(1, 2), nn::Tanh());
  list->insert(1, nn::Linear(2, 3));
  list->push_back(nn::ReLU());
  r.print("list", list);
  r.print("no list", nn::ModuleList());
  r.error("list range", [&] { list->ptr(4); });
  r.error("list insert", [&] { list->insert(9, nn::Tanh()); });
  nn::ModuleDict dict(torch::OrderedDict<std::string, std::shared_ptr<nn::Module>>{
      {"a", nn::Linear(1, 2).ptr()}, {"b", nn::Tanh().ptr()}});
  r.print("module dict", dict);
  dict->pop("a");
  r.text("keys", join(dict->keys()) + join(dict->named_children().keys()));
  r.error("module dict key", [&] { dict["q"]; });
  nn::ParameterList parameters(torch::ones({2}), torch::zeros({2, 3}, torch::kFloat64));
  r.print("parameter list", parameters);
  r.error("parameter range", [&] { parameters->at(2); });
  nn::ParameterDict named(torch::OrderedDict<std::string, Tensor>{{"a", torch::ones({2})}});
  r.print("parameter dict", named);
  r.error("parameter key", [&] { named["q"]; });
  r.error("parameter twice", [&] { named->insert("a", x); });
}

PARITY_PROGRAM(nn_ordered_dict) {
  using namespace nn_module;
  torch::OrderedDict<std::string, int> dict("Thing");
  r.error("missing", [&] { dict["q"]; });
  r.error("front", [&] { dict.front(); });
  r.error("back", [&] { dict.back(); });
  r.error("no index", [&] { dict[0]; });
  r.error("erase", [&] { dict.erase("q"); });
  dict.insert("b", 1);
  std::string key = "a";
  dict.insert(key, 2) = 7;
  r.error("twice", [&] { dict.insert("a", 2); });
  torch::OrderedDict<std::string, int> other{{"c", 3}, {"d", 4}};
  dict.update(other);
  dict.update(torch::OrderedDict<std::string, int>{{"e", 5}});
  dict.erase("c");
  std::string text = dict.key_description() + dict.front().key() + dict.back().key();
  for (const auto& item : dict) text += item.key() + std::to_string(*item);
  for (auto& item : dict) item.value() += 1;
  for (const auto& pair : dict.pairs()) text += pair.first + std::to_string(pair.second);
  for (int value : dict.values()) text += std::to_string(value);
  for (const auto& item : dict.items()) text += item.pair().first;
  r.text("dict", text + join(dict.keys()) + std::to_string(dict.size()));
  const auto copy = dict;
  r.print("equal", (copy == dict) + 2 * (copy == other) + 4 * copy.contains("b") +
                       8 * (copy.find("q") == nullptr) + 16 * (*copy.find("e") == 6));
  r.print("index", copy[1].value() + copy["d"] * 10);
  dict.clear();
  r.print("empty", dict.is_empty());
  torch::OrderedDict<int, int> numbers;
  numbers.insert(3, 4);
  r.error("number", [&] { numbers[7]; });
  r.error("number twice", [&] { numbers.insert(3, 4); });
}

PARITY_PROGRAM(nn_holder) {
  using namespace nn_module;
  nn::Linear empty(nullptr);
  r.print("empty", empty.is_empty() + 2 * static_cast<bool>(empty));
  r.error("arrow", [&] { empty->weight.sizes(); });
  r.error("get", [&] { empty.get(); });
  r.error("ptr", [&] { empty.ptr(); });
  r.error("star", [&] { *empty; });
  empty = nn::Linear(2, 3);
  nn::Linear same = empty;
  nn::Linear from_pointer(std::make_shared<nn::LinearImpl>(2, 2));
  r.print("same", (same.get() == empty.get()) + 2 * (same.ptr() == from_pointer.ptr()));
  r.value("call", from_pointer(torch::ones({1, 2})));
  auto options = nn::GRUOptions(3, 4).num_layers(2).bias(false);
  options.dropout() = 0.5;
  r.print("options", options.dropout() + static_cast<double>(options.num_layers()) +
                         static_cast<double>(options.bias()));
  r.text("enum", torch::enumtype::get_enum_name(nn::RNNOptions(1, 1).nonlinearity()));
}
