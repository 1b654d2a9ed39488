#include "parity/surface.h"

namespace parity::surface {

PARITY_PROGRAM(surface_types) {
  using torch::Scalar;
  const auto str = [](const Scalar& s) {
    std::ostringstream o;
    o << s;
    return o.str();
  };
  int count = 0;
  for (const Scalar& s : {Scalar(),
                          Scalar(true),
                          Scalar(false),
                          Scalar(3),
                          Scalar(int64_t{-5}),
                          Scalar(uint8_t{200}),
                          Scalar(int8_t{-3}),
                          Scalar(int16_t{-300}),
                          Scalar(2.5f),
                          Scalar(2.5),
                          Scalar(0.1f),
                          Scalar(-0.0),
                          Scalar(1e300),
                          Scalar(300),
                          Scalar(-1),
                          Scalar(int64_t{1} << 40),
                          Scalar(INT64_MIN),
                          Scalar(INFINITY),
                          Scalar(NAN),
                          Scalar(-1.5),
                          Scalar(1e20),
                          Scalar(255.9),
                          Scalar(256.0),
                          Scalar(-0.5),
                          Scalar(2147483648.0),
                          Scalar(1e39)}) {
    add(r, "Scalar " + std::to_string(count++) + ": " + str(s), [&] {
      std::ostringstream o;
      o << s.type() << ' ' << s.isFloatingPoint() << s.isIntegral(false) << s.isIntegral(true)
        << s.isBoolean() << s.isComplex() << ' ' << s.equal(1) << s.equal(true) << s.equal(2.5)
        << s.equal(3) << s.equal(0) << s.toBool() << s.to<bool>();
      // "!" where the number does not fit.
      const auto add = [&o](auto convert) {
        o << ' ';
        try {
          show(o, convert());
        } catch (const std::exception&) {
          o << '!';
        }
      };
      add([&] { return s.toDouble(); });
      add([&] { return s.toFloat(); });
      add([&] { return s.toLong(); });
      add([&] { return s.toInt(); });
      add([&] { return s.toShort(); });
      add([&] { return s.toByte(); });
      add([&] { return s.toChar(); });
      add([&] { return s.to<double>(); });
      add([&] { return s.to<float>(); });
      add([&] { return s.to<int64_t>(); });
      add([&] { return s.to<int>(); });
      add([&] { return s.to<int16_t>(); });
      add([&] { return s.to<uint8_t>(); });
      add([&] { return s.to<int8_t>(); });
      add([&] { return -s; });
      add([&] { return (-s).type(); });
      return o.str();
    });
  }
  CASE(Scalar(1e300).toFloat());
  CASE(Scalar(1e300).toLong());
  CASE(Scalar(1e300).toInt());
  CASE(Scalar(1e300).toShort());
  CASE(Scalar(1e300).toByte());
  CASE(Scalar(1e300).toChar());
  CASE(-Scalar(true));
  CASE(Scalar(2.5).log());
  CASE(Scalar(100).log());
  BLOCK("Scalar assign", Scalar a = 1; a = 2.5; Scalar b(a); b = true; return str(a) + str(b););
  using torch::Device;
  for (const char* text :
       {"",        "cpu",     "cpu:0", "cpu:1",   "cuda",     "cuda:0", "cuda:3",  "cuda:127",
        "cuda:-1", "cuda:01", "cuda:", "cuda:1a", "gpu",      "CPU",    "cpu:-1",  "mps",
        "meta",    "xla:2",   "hip",   ":0",      "cpu cuda", " cpu",   "cuda:1:2"}) {
    add(r, std::string("Device ") + text, [&] {
      Device d{std::string(text)};
      std::ostringstream o;
      o << d << " " << d.str() << " " << d.type() << " " << int(d.index()) << " " << d.has_index()
        << d.is_cpu() << d.is_cuda() << d.is_mps() << d.is_meta();
      return o.str();
    });
  }
  CASE(Device(torch::kCPU) == Device("cpu"));
  CASE(Device(torch::kCPU) == Device("cpu:0"));
  CASE(Device(torch::kCPU) != torch::kCPU);
  CASE(Device(torch::kCUDA, 1));
  CASE(Device(torch::DeviceType::CUDA, 1).type());
  BLOCK("set_index", Device d(torch::kCUDA); d.set_index(2); return d.str(););
  CASE(torch::kCUDA);
  CASE(torch::kCPU);
  CASE(torch::kMeta);
  CASE(torch::kMPS);
  CASE(std::hash<Device>()(Device("cuda:2")) == std::hash<Device>()(Device("cuda:2")));
  CASE(torch::zeros({2}, torch::kCUDA));
  CASE(torch::zeros({2}, torch::Device("cuda:1")));
  CASE(torch::ones({2}).to(torch::kCUDA));
  CASE(torch::ones({2}).to(torch::Device(torch::kCUDA, 0), torch::kDouble));
  CASE(torch::ones({2}).cuda());
  CASE(torch::ones({2}).to("cuda"));
  CASE(torch::randn({2}, torch::device(torch::kCUDA)));
  CASE(torch::empty({2}, torch::kCUDA));
  CASE(torch::full({2}, 1, torch::kCUDA));
  CASE(torch::arange(3, torch::kCUDA));
  CASE(torch::tensor({1, 2}, torch::kCUDA));
  CASE(torch::eye(3, torch::kCUDA));
  CASE(torch::ones({2}).new_zeros({2}, torch::kCUDA));
  CASE(torch::zeros_like(torch::ones({2}), torch::kCUDA));
  CASE(torch::zeros({2}, torch::kMPS));
  CASE(torch::zeros({2}, torch::Device("cpu:0")));
  CASE(torch::zeros({2}, torch::Device("cpu:0")).device());
  CASE(torch::ones({2}).to(torch::Device("cpu:0")).device());
  CASE(torch::ones({2}).device());
  CASE(torch::ones({2}).get_device());
  CASE(torch::zeros({2}, torch::Device("cpu:1")).device());
  CASE(torch::zeros({2}, torch::TensorOptions().pinned_memory(true)));
  CASE(torch::zeros({2}, torch::TensorOptions().pinned_memory(false)));
  CASE(torch::empty({2, 3, 4, 5},
                    torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast))
           .strides()
           .vec());
  CASE(torch::empty({2, 3, 4, 5}, torch::TensorOptions(torch::kDouble),
                    torch::MemoryFormat::ChannelsLast)
           .strides()
           .vec());
  CASE(torch::empty({2, 3}, torch::TensorOptions(torch::kDouble), torch::MemoryFormat::Preserve)
           .strides()
           .vec());
  CASE(torch::empty({2, 3}, torch::TensorOptions().memory_format(torch::MemoryFormat::Contiguous),
                    torch::MemoryFormat::Contiguous)
           .strides()
           .vec());
  CASE(torch::ones({2, 3}).contiguous(torch::MemoryFormat::Preserve).strides().vec());
  CASE(torch::ones({2, 3}).contiguous(torch::MemoryFormat::ChannelsLast).strides().vec());
  CASE(torch::ones({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast).strides().vec());
  CASE(torch::ones({2, 3, 4, 5}).is_contiguous(torch::MemoryFormat::ChannelsLast));
  CASE(torch::ones({2, 3, 4, 5}).is_contiguous(torch::MemoryFormat::Preserve));
  CASE(torch::ones({2, 3}).is_contiguous(torch::MemoryFormat::Preserve));
  CASE(torch::ones({2, 3}).t().clone(torch::MemoryFormat::Contiguous).strides().vec());
  CASE(torch::zeros_like(torch::ones({2, 3}).t(), torch::TensorOptions(),
                         torch::MemoryFormat::Contiguous)
           .strides()
           .vec());
  CASE(torch::zeros_like(torch::ones({2, 3}).t(), torch::TensorOptions(torch::kDouble),
                         torch::MemoryFormat::Preserve)
           .strides()
           .vec());
  CASE(torch::zeros({2, 3}, torch::TensorOptions().memory_format(torch::MemoryFormat::Contiguous))
           .strides()
           .vec());
  CASE(torch::zeros_like(torch::ones({2, 3}).t(),
                         torch::TensorOptions().memory_format(torch::MemoryFormat::Contiguous))
           .strides()
           .vec());
  CASE(torch::MemoryFormat::ChannelsLast);
  CASE(torch::MemoryFormat::Contiguous);
  CASE(torch::MemoryFormat::Preserve);
  CASE(torch::kStrided);
  CASE(torch::TensorOptions());
  CASE(torch::TensorOptions(torch::kFloat64));
  CASE(torch::TensorOptions("cuda:1"));
  CASE(torch::TensorOptions(torch::kCUDA));
  CASE(torch::TensorOptions({torch::kCUDA, 1}));
  CASE(torch::TensorOptions(torch::kCPU, 0));
  CASE(torch::TensorOptions(torch::kStrided));
  CASE(torch::TensorOptions(torch::MemoryFormat::Preserve));
  CASE(torch::dtype(torch::kLong)
           .device(torch::kCPU)
           .layout(torch::kStrided)
           .requires_grad(true)
           .pinned_memory(false)
           .memory_format(torch::MemoryFormat::Contiguous));
  CASE(torch::dtype<int64_t>());
  CASE(torch::TensorOptions().dtype<double>());
  CASE(torch::dtype(torch::dtype(torch::kInt).dtype()));
  CASE(torch::device(torch::Device("cpu")));
  CASE(torch::device({torch::kCUDA, 1}));
  CASE(torch::device_index(1));
  CASE(torch::TensorOptions().device("cuda:1").device_index());
  CASE(torch::TensorOptions().device(torch::kCUDA, 1).device());
  CASE(torch::layout(torch::kStrided));
  CASE(torch::requires_grad());
  CASE(torch::memory_format(torch::MemoryFormat::Preserve));
  CASE(torch::TensorOptions().has_dtype());
  CASE(torch::TensorOptions(torch::kInt).has_dtype());
  CASE(torch::TensorOptions().dtype_opt().has_value());
  CASE(torch::TensorOptions(torch::kInt).dtype_opt().value());
  CASE(torch::TensorOptions(torch::kInt).dtype_opt() == torch::kInt);
  CASE(torch::TensorOptions().device_opt().has_value());
  CASE(torch::TensorOptions().layout_opt().has_value());
  CASE(torch::TensorOptions().requires_grad_opt().has_value());
  CASE(torch::TensorOptions().pinned_memory_opt().has_value());
  CASE(torch::TensorOptions().memory_format_opt().has_value());
  CASE(torch::TensorOptions().pinned_memory());
  CASE(torch::TensorOptions().is_sparse());
  CASE(torch::TensorOptions(torch::kInt)
           .requires_grad(true)
           .merge_in(torch::TensorOptions(torch::kDouble).requires_grad(false)));
  CASE(torch::TensorOptions(torch::kInt).requires_grad(true).merge_in(torch::TensorOptions()));
  CASE(torch::TensorOptions(torch::kInt).merge_memory_format(torch::MemoryFormat::Preserve));
  CASE(torch::TensorOptions(torch::kInt).type_equal(torch::TensorOptions(torch::kInt)));
  CASE(torch::TensorOptions(torch::kInt).type_equal(torch::TensorOptions()));
  CASE(torch::toString(torch::TensorOptions(torch::kInt)));
  CASE(torch::ones({1}, torch::kInt).options());
  CASE(torch::ones({1}).requires_grad_().options());
  CASE(torch::get_default_dtype());
  CASE(torch::get_default_dtype() == torch::kFloat);
  CASE(torch::get_default_dtype_as_scalartype());
  BLOCK("set_default_dtype(double)",
        torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kDouble));
        std::ostringstream o;
        o << torch::get_default_dtype() << torch::ones({1}).dtype() << torch::tensor({1.5}).dtype()
          << torch::tensor(1).dtype() << torch::arange(3.).dtype()
          << (torch::ones({1}, torch::kInt) / 2).dtype() << torch::TensorOptions()
          << torch::full({1}, 1.5).dtype() << torch::tensor(1.5f).dtype()
          << torch::ones({2}, torch::kLong).mul(1.5).dtype();
        torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kFloat)); return o.str(););
  BLOCK(
      "dtypes", std::ostringstream o; for (auto t
                                           : {torch::kByte, torch::kInt, torch::kLong,
                                              torch::kFloat, torch::kDouble, torch::kBool}) {
        o << t << ' ' << torch::toString(t) << ' ' << torch::elementSize(t)
          << torch::isFloatingType(t) << torch::isIntegralType(t, false)
          << torch::isIntegralType(t, true) << torch::isComplexType(t) << torch::isSignedType(t)
          << ' ' << torch::scalarTypeToTypeMeta(t) << ' ' << torch::scalarTypeToTypeMeta(t).name()
          << torch::scalarTypeToTypeMeta(t).itemsize() << "; ";
      } return o.str(););
  BLOCK("promote", std::ostringstream o;
        for (auto a
             : {torch::kByte, torch::kInt, torch::kLong, torch::kFloat, torch::kDouble,
                torch::kBool}) for (auto b
                                    : {torch::kByte, torch::kInt, torch::kLong, torch::kFloat,
                                       torch::kDouble, torch::kBool}) o
        << torch::promoteTypes(a, b) << torch::promote_types(a, b) << torch::canCast(a, b)
        << torch::can_cast(a, b) << ' ';
        return o.str(););
  CASE(torch::ScalarType::Undefined);
  CASE(torch::CppTypeToScalarType<float>::value);
  CASE(torch::CppTypeToScalarType<bool>());
  CASE(torch::CppTypeToScalarType<int64_t>::value);
  CASE(torch::typeMetaToScalarType(torch::ones({1}).dtype()));
  CASE(torch::ones({1}).dtype() == torch::kFloat);
  CASE(torch::kFloat == torch::ones({1}).dtype());
  CASE(torch::ones({1}).dtype() != torch::kFloat);
  CASE(torch::ones({1}).dtype() == torch::ones({1}, torch::kInt).dtype());
  CASE(torch::ones({1}).dtype());
  CASE(torch::ones({1}).dtype().name());
  CASE(torch::ones({1}).scalar_type());
  CASE(torch::ones({1}).dtype().isScalarType(torch::kFloat));
  CASE(torch::ones({1}).dtype().toScalarType());
  CASE(torch::result_type(torch::ones({1}), torch::ones({1}, torch::kDouble)));
  CASE(torch::result_type(torch::ones({1}), 2.5));
  CASE(torch::result_type(torch::ones({1}, torch::kInt), 2.5));
  CASE(torch::result_type(torch::ones({1}, torch::kInt), torch::ones({}, torch::kDouble)));
  CASE(torch::result_type(2, torch::ones({1})));
  CASE(torch::result_type(2, 2.5));
  CASE(torch::result_type(true, 1));
  CASE(torch::ones({1}).toString());
  CASE(torch::ones({1}, torch::kBool).toString());
  CASE(torch::ones({1}, torch::kByte).type().toString());
  CASE(torch::Tensor().toString());
  CASE(torch::ones({1}).type());
  CASE(torch::ones({1}).type().scalarType());
  CASE(torch::ones({1}).type() == torch::zeros({3}).type());
  CASE(torch::ones({1}).type() == torch::zeros({3}, torch::kInt).type());
  CASE(torch::CPU(torch::kFloat));
  CASE(torch::ones({2}).to(torch::ones({1}, torch::kInt).type()));
  CASE(torch::ones({2}).toType(torch::kInt));
}

PARITY_PROGRAM(surface_small_types) {
  BLOCK("irange", int64_t sum = 0; for (const auto i
                                        : c10::irange(5)) sum += i;
        for (const auto i
             : c10::irange(2, 4)) sum = 10 * sum + i;
        for (const auto i
             : c10::irange(4, 2)) sum = 10 * sum + i;
        return sum;);
  const std::vector<int64_t> three = {1, 2, 3};
  const at::IntList list = c10::makeArrayRef(three);
  CASE(list);
  CASE(list == c10::makeArrayRef(three.data(), 3));
  CASE(c10::makeArrayRef(list[1]).size());
  const c10::OptionalArrayRef<int64_t> some(list);
  CASE(some.has_value());
  CASE(some->size());
  CASE(c10::OptionalArrayRef<int64_t>().has_value());
  CASE(c10::DeviceTypeName(torch::kCPU));
  CASE(c10::DeviceTypeName(torch::kHIP, true));
  for (const torch::DeviceType type : {torch::kCPU, torch::kCUDA, torch::kHIP, torch::kXLA,
                                       torch::kXPU, torch::kMPS, torch::kMeta}) {
    add(r, "Device of a type: " + c10::DeviceTypeName(type), [&] { return torch::Device(type); });
  }
  for (const torch::Layout layout :
       {torch::kStrided, torch::kSparse, torch::kSparseCsr, torch::kSparseCsc, torch::kSparseBsr,
        torch::kSparseBsc, torch::kMkldnn}) {
    std::ostringstream name;
    name << layout;
    add(r, "layout " + name.str(), [&] { return torch::TensorOptions().layout(layout); });
  }
  const Tensor x = torch::ones({3});
  const c10::DataPtr& data = x.storage().data_ptr();
  CASE(data.get() == x.data_ptr());
  CASE(data.device());
  const at::DeprecatedTypeProperties& type = x.type();
  CASE(type.toString());
  CASE(type.scalarType());
  at::Context& context = at::globalContext();
  CASE(context.hasCUDA());
  CASE(at::get_parallel_info().empty());
}

}  // namespace parity::surface
