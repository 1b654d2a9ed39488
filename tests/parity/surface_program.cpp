// What a tensor says of itself, how it is made, resized, converted, and the small types around it.
#include <limits>
#include <vector>

#include "parity/parity.h"

namespace {
using torch::Tensor;
}  // namespace

PARITY_PROGRAM(properties) {
  const Tensor x = torch::arange(12, torch::kFloat32).view({3, 4});
  const Tensor y = x.t();
  r.print("sizes", y.sizes());
  r.print("strides", y.strides());
  r.print("size", y.size(-1));
  r.print("stride", y.stride(0));
  r.print("dim", y.dim());
  r.print("ndimension", y.ndimension());
  r.print("numel", y.numel());
  r.print("nbytes", y.nbytes());
  r.print("itemsize", y.itemsize());
  r.print("element_size", y.element_size());
  r.print("offset", x[1].storage_offset());
  r.print("contiguous", y.is_contiguous());
  r.print("contiguous after", y.contiguous().is_contiguous());
  r.print("floating", y.is_floating_point());
  r.print("signed", y.to(torch::kUInt8).is_signed());
  r.print("complex", y.is_complex());
  r.print("cuda", y.is_cuda());
  r.print("cpu", y.is_cpu());
  r.print("sparse", y.is_sparse());
  r.print("device", y.device());
  r.print("layout", y.layout());
  r.print("dtype", y.dtype());
  r.print("same dtype", y.dtype() == torch::kFloat32);
  r.print("other dtype", y.dtype() != torch::kFloat64);
  r.print("dtype of type", y.dtype() == caffe2::TypeMeta::Make<float>());
  r.print("scalar_type", y.scalar_type());
  r.print("alias", y.is_alias_of(x));
  r.print("same", x.is_same(x));
  r.print("not same", x.is_same(y));
  r.print("storage alias", x.storage().is_alias_of(y.storage()));
  r.print("storage bytes", x.storage().nbytes());
  r.print("view", y.is_view());
  r.print("base", y._base().is_same(x._base()));
  r.print("leaf", y.is_leaf());
  r.print("requires_grad", y.requires_grad());
  r.print("undefined", Tensor().defined());
  const Tensor z = x.clone().requires_grad_();
  const Tensor w = z.exp();
  r.print("output_nr", w.output_nr());
  r.print("version", w._version());
  r.print("grad_fn", w.grad_fn()->name());
  r.print("w leaf", w.is_leaf());
  r.print("w data", w.data().requires_grad());
  r.print("grad defined", z.grad().defined());
  const auto parts = z.unbind(0);
  r.print("third output_nr", parts[2].output_nr());
  r.print("type name", x.toString());
  r.value("accessor", torch::tensor(double{x.accessor<float, 2>()[1][2]}));
  r.value("data_ptr", torch::tensor(double{x.data_ptr<float>()[5]}));
  r.print("item int", torch::tensor(7.9).item<int>());
  r.print("item bool", torch::tensor(2).item<bool>());
  r.print("item long", torch::tensor(-3).item<int64_t>());
  r.print("item float", torch::tensor(0.1).item<float>());
  r.print("item double", torch::tensor(0.1, torch::kFloat64).item<double>());
  r.print("item", torch::tensor(5).item());
  r.print("is_nonzero", torch::tensor(5).is_nonzero());
}

PARITY_PROGRAM(conversions) {
  const Tensor x = torch::tensor({-2.7, -0.5, 0.0, 0.5, 1.5, 300.25}, torch::kFloat64);
  for (const torch::ScalarType type :
       {torch::kFloat32, torch::kFloat64, torch::kInt32, torch::kInt64, torch::kBool}) {
    const std::string name = c10::str(type);
    r.value("to " + name, x.to(type));
    r.value("toType " + name, x.toType(type));
    r.value("type_as " + name, x.type_as(torch::zeros({1}, type)));
    r.value("new_zeros " + name, torch::zeros({1}, type).new_zeros({2}));
    r.value("new_ones " + name, torch::zeros({1}, type).new_ones({2, 2}));
    r.value("new_full " + name, torch::zeros({1}, type).new_full({2}, 1));
    r.print("new_empty " + name, torch::zeros({1}, type).new_empty({2, 3}).sizes());
    r.value("full " + name, torch::full({2}, 1, type));
    r.value("arange " + name,
            type == torch::kBool ? torch::ones({1}) : torch::arange(1, 9, 2, type));
    r.value("eye " + name, torch::eye(2, 3, type));
    r.value("zeros_like " + name, torch::zeros_like(x, type));
    r.value("ones_like " + name, torch::ones_like(x, type));
    r.value("full_like " + name, torch::full_like(x, 1, type));
  }
  r.value("to byte", x.abs().to(torch::kUInt8).slice(0, 0, 5));
  r.value("to other", x.to(torch::zeros({1}, torch::kFloat32)));
  r.value("to options", x.to(torch::TensorOptions().dtype(torch::kInt64)));
  r.value("to device and dtype", x.to(torch::Device("cpu"), torch::kFloat32));
  r.print("to itself", x.to(torch::kFloat64).is_same(x));
  r.print("to a copy", x.to(torch::kFloat64, false, true).is_same(x));
  r.value("cpu", x.cpu());
  r.value("view_as", x.view_as(torch::zeros({2, 3})));
  r.value("reshape_as", x.reshape_as(torch::zeros({3, 2})));
  r.value("expand_as", torch::ones({2, 1}).expand_as(torch::zeros({3, 2, 4})));
  Tensor z = torch::zeros({2});
  z.set_data(torch::ones({3, 3}));
  r.value("set_data", z);
  z.data().fill_(4);
  r.value("through data", z);
  r.print("version", z._version());
  r.value("full of bool", torch::full({2}, true));
  r.value("full of int", torch::full({2}, 3));
  r.value("full of double", torch::full({2}, 3.5));
  r.value("scalar_tensor", torch::scalar_tensor(3));
  r.value("linspace", torch::linspace(-1, 1, 7));
  r.value("linspace one", torch::linspace(3, 9, 1));
  r.value("linspace double", torch::linspace(0, 1, 11, torch::kFloat64));
  r.value("arange float", torch::arange(0.0, 1.0, 0.1));
  r.value("arange down", torch::arange(5, 0, -2));
  r.value("arange", torch::arange(4));
  r.value("arange end", torch::arange(4.5));
  float numbers[] = {1, 2, 3, 4, 5, 6};
  r.value("from_blob", torch::from_blob(numbers, {2, 3}));
  r.value("from_blob strides", torch::from_blob(numbers, {3, 2}, {1, 3}));
  r.value("tensor of ints", torch::tensor({1, 2, 3}));
  r.value("tensor of floats", torch::tensor({1.f, 2.f}));
  r.value("tensor of doubles", torch::tensor({1., 2.}));
  r.value("tensor nested", torch::tensor({{1, 2}, {3, 4}}));
  r.value("tensor of bools", torch::tensor({{true}, {false}}));
  r.value("tensor of a vector", torch::tensor(std::vector<double>{1, 2}));
  r.value("tensor of a long vector", torch::tensor(std::vector<int64_t>{1, 2}));
  r.value("tensor of an int vector", torch::tensor(std::vector<int>{1, 2}));
  r.value("tensor as float", torch::tensor({1, 2}, torch::kFloat32));
  r.value("tensor of nothing", torch::tensor(std::vector<float>{}));
  r.value("tensor of an ArrayRef", torch::tensor(at::ArrayRef<double>({1.5, 2.5})));
  r.value("empty braces", torch::tensor({}));
  torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
  r.value("default double", torch::ones({2}) * torch::tensor({1.5}));
  r.value("mean of default", torch::arange(3).to(torch::kFloat32).add(0.5));
  r.value("ints to default", torch::arange(3) / 2);
  torch::set_default_dtype(caffe2::TypeMeta::Make<float>());
}

PARITY_PROGRAM(small_types) {
  const torch::Scalar half(0.5), seven(7), yes(true);
  r.print("half", half.toDouble());
  r.print("half int", half.toInt());
  r.print("seven", seven.toLong());
  r.print("kinds", c10::str(half.isFloatingPoint(), seven.isIntegral(false), yes.isIntegral(true),
                            yes.isBoolean(), seven.isFloatingPoint()));
  r.print("types", c10::str(half.type(), ' ', seven.type(), ' ', yes.type()));
  r.print("to", seven.to<float>());
  r.print("equal", seven.equal(7));
  r.print("minus", -seven);
  r.print("sum", torch::ones({2}).add(half).sum().item());
  for (const char* text : {"cpu", "cuda", "cuda:1", "meta"}) {
    const torch::Device device(text);
    r.print(std::string("device ") + text, device);
    r.print(std::string("device parts ") + text,
            c10::str(device.type(), ' ', int{device.index()}, ' ', device.is_cpu(),
                     device.is_cuda(), device.has_index(), ' ', device.str()));
  }
  r.print("devices equal", torch::Device(torch::kCPU) == torch::Device("cpu"));
  const std::vector<int64_t> values = {3, 1, 4, 1, 5};
  const at::IntArrayRef list(values);
  r.print("list", list);
  r.print("slice", list.slice(1, 3));
  r.print("rest", list.slice(3));
  r.print("ends", c10::str(list.front(), list.back(), list.size(), list.empty()));
  r.print("equal lists", list.equals({3, 1, 4, 1, 5}) && list == values);
  r.print("vec", torch::tensor(list.vec()).sum().item<int64_t>());
  c10::optional<double> maybe;
  r.print("nothing", maybe.has_value());
  maybe = 2.5;
  r.print("something", *maybe + maybe.value_or(1));
  r.print("none", maybe == c10::nullopt);
  const torch::TensorOptions options =
      torch::TensorOptions().dtype(torch::kFloat64).device(torch::kCPU).requires_grad(true);
  r.print("option parts",
          c10::str(options.dtype(), ' ', options.device(), ' ', options.layout(), ' ',
                   options.requires_grad(), options.has_dtype(), options.has_layout()));
  r.value("made", torch::ones({2}, options).detach());
  torch::OrderedDict<std::string, int> dict({{"a", 1}, {"b", 2}});
  dict.insert("c", 3);
  r.print("dict", c10::str(dict.size(), dict["b"], dict[2].key(), dict.front().value(),
                           dict.back().key(), dict.contains("z"), dict.is_empty()));
  dict.erase("a");
  torch::OrderedDict<std::string, int> more;
  more.insert("d", 9);
  dict.update(more);
  int total = 0;
  for (const auto& item : dict) total += *item;
  r.print("total", total);
  r.print("found", *dict.find("d"));
  r.print("pairs", dict.pairs().back().first);
  r.print("description", dict.key_description());
  dict.clear();
  r.print("cleared", dict.size());
  r.print("cuda", c10::str(torch::cuda::is_available(), torch::cuda::device_count()));
  r.print("promoted", torch::promote_types(torch::kInt32, torch::kFloat32));
  r.print("result", torch::result_type(torch::ones({1}, torch::kInt32), 1.5));
  r.print("can_cast", torch::can_cast(torch::kFloat32, torch::kInt64));
  r.print("threads", torch::get_num_threads());
}
