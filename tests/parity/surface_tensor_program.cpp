#include "parity/surface.h"

namespace parity::surface {

PARITY_PROGRAM(surface_tensors) {
  using torch::Device;
  // --- resize_
  BLOCK("resize_ shrink", Tensor x = torch::arange(6).to(torch::kFloat); x.resize_({2, 2});
        return x;);
  BLOCK("resize_ view semantic", Tensor x = torch::arange(6).to(torch::kFloat);
        Tensor y = x.view({2, 3}); x.resize_({3}); y.fill_(1); return x;);
  BLOCK("resize_ grow keeps", Tensor x = torch::arange(3).to(torch::kFloat); x.resize_({2, 3});
        return x.view(-1).slice(0, 0, 3).clone(););
  BLOCK("resize_ grow storage", Tensor x = torch::arange(3).to(torch::kFloat);
        void* p = x.storage().unsafeGetStorageImpl(); x.resize_({20, 3});
        return p == (void*)x.storage().unsafeGetStorageImpl(););
  BLOCK("resize_ shared grow", Tensor x = torch::arange(3).to(torch::kFloat); Tensor y = x.detach();
        x.resize_({20}); x.fill_(7); std::ostringstream o; show(o, y); return o.str(););
  BLOCK("resize_ strides", Tensor x = torch::arange(6).to(torch::kFloat).view({2, 3}).t();
        x.resize_({3, 2}); return x;);
  BLOCK("resize_ noncontig other", Tensor x = torch::arange(6).to(torch::kFloat).view({2, 3}).t();
        x.resize_({2, 2}); return x;);
  BLOCK("resize_ offset", Tensor x = torch::arange(6).to(torch::kFloat).slice(0, 2);
        x.resize_({2, 2}); std::ostringstream o; show(o, x);
        o << x.storage_offset() << " " << x.storage().nbytes(); return o.str(););
  BLOCK("resize_ offset grow", Tensor x = torch::arange(6).to(torch::kFloat).slice(0, 2);
        x.resize_({2, 4}); std::ostringstream o; show(o, x.slice(0, 0, 1));
        o << x.storage_offset() << " " << x.storage().nbytes(); return o.str(););
  BLOCK("resize_ requires grad", Tensor x = torch::ones({2}).requires_grad_(); x.resize_({3});
        return x;);
  BLOCK("resize_ requires grad same", Tensor x = torch::ones({2}).requires_grad_(); x.resize_({2});
        return x;);
  BLOCK("resize_ requires grad nograd", Tensor x = torch::ones({2}).requires_grad_();
        torch::NoGradGuard g; x.resize_({1}); return x;);
  BLOCK("resize_ version", Tensor x = torch::ones({2}); x.resize_({1}); return x._version(););
  BLOCK("resize_ zero", Tensor x = torch::ones({2}); x.resize_({0, 3}); std::ostringstream o;
        show(o, x); o << x.storage().nbytes(); return o.str(););
  BLOCK("resize_ scalar", Tensor x = torch::ones({2}); x.resize_({}); return x;);
  BLOCK("resize_ fmt", Tensor x = torch::ones({2});
        x.resize_({1, 2, 3, 4}, torch::MemoryFormat::ChannelsLast); return x.strides().vec(););
  BLOCK("resize_ fmt p", Tensor x = torch::ones({2});
        x.resize_({1, 2}, torch::MemoryFormat::Preserve); return x.strides().vec(););
  BLOCK("resize_as_", Tensor x = torch::ones({2}); return x.resize_as_(torch::ones({1, 2})););
  BLOCK("resize_as_ noncontig", Tensor x = torch::arange(6);
        return x.resize_as_(torch::ones({2, 3}).t()););
  BLOCK("resize_as_ preserve", Tensor x = torch::arange(6);
        return x.resize_as_(torch::ones({2, 3}).t(), torch::MemoryFormat::Preserve););
  BLOCK("resize_as_ grad", Tensor x = torch::ones({2}).requires_grad_();
        return x.resize_as_(torch::ones({1, 2})););
  BLOCK("resize_ of borrowed", float d[4] = {1, 2, 3, 4}; Tensor x = torch::from_blob(d, {4});
        x.resize_({2, 4}); return x.sizes().vec(););
  BLOCK("resize_ of borrowed shrink", float d[4] = {1, 2, 3, 4};
        Tensor x = torch::from_blob(d, {4}); x.resize_({2}); return x.clone(););
  BLOCK("resize_ const", const Tensor x = torch::ones({2}); x.resize_({1}); return x;);
  BLOCK("resize_ on tape", Tensor w = torch::ones({2}).requires_grad_(); Tensor x = w * 2;
        x.resize_({1}); return x;);
  // --- set_data
  BLOCK("set_data", Tensor x = torch::ones({2}).requires_grad_(); x.set_data(torch::zeros({3}));
        return x;);
  BLOCK("set_data dtype", Tensor x = torch::ones({2}); x.set_data(torch::zeros({3}, torch::kInt));
        return x;);
  BLOCK("set_data dtype grad", Tensor x = torch::ones({2}).requires_grad_();
        x.set_data(torch::zeros({3}, torch::kInt)); return x;);
  BLOCK("set_data double grad", Tensor x = torch::ones({2}).requires_grad_();
        x.set_data(torch::zeros({3}, torch::kDouble)); return x;);
  BLOCK("set_data nonleaf", Tensor x = torch::ones({2}).requires_grad_() * 2;
        x.set_data(torch::zeros({3})); return x;);
  BLOCK("set_data undefined", Tensor x = torch::ones({2}); x.set_data(Tensor()); return x;);
  BLOCK("set_data shares", Tensor x = torch::ones({2}); Tensor y = torch::zeros({2}); x.set_data(y);
        y.fill_(5); return x;);
  BLOCK("set_data version", Tensor x = torch::ones({2}); x.add_(1); Tensor y = torch::zeros({2});
        x.set_data(y); return x._version(););
  BLOCK("set_data noncontig", Tensor x = torch::ones({2});
        x.set_data(torch::arange(6).view({2, 3}).t()); return x;);
  // --- data
  BLOCK("data", Tensor x = torch::ones({2}).requires_grad_(); x.data().fill_(3);
        std::ostringstream o; show(o, x);
        o << x._version() << x.data().requires_grad() << x.data().is_leaf(); return o.str(););
  BLOCK("variable_data", Tensor x = torch::ones({2}).requires_grad_(); return x.variable_data(););
  BLOCK("tensor_data", Tensor x = torch::ones({2}).requires_grad_(); return x.tensor_data(););
  // --- new_*
  CASE(torch::ones({1}, torch::kInt).new_zeros({2}));
  CASE(torch::ones({1}, torch::kInt).new_ones({2}));
  CASE(torch::ones({1}, torch::kInt).new_full({2}, 3.7));
  CASE(torch::ones({1}, torch::kBool).new_full({2}, 3.7));
  CASE(torch::ones({1}, torch::kDouble).new_full({2}, 3, torch::kInt));
  CASE(torch::ones({1}, torch::kDouble).new_zeros({2}, torch::requires_grad()));
  CASE(torch::ones({1}).requires_grad_().new_zeros({2}));
  CASE(torch::ones({1}).new_empty({2, 3}).sizes().vec());
  CASE(torch::ones({1}).new_empty({0}, torch::kLong));
  CASE(torch::ones({1}).new_empty_strided({2, 3}, {1, 2}).strides().vec());
  CASE(torch::empty_strided({2, 3}, {1, 2}).strides().vec());
  CASE(torch::empty_strided({2, 3}, {1, 2}, torch::kLong).dtype());
  CASE(torch::empty_strided({2, 3}, {1}).dtype());
  CASE(torch::empty_strided({2, 3}, {-1, 1}).dtype());
  CASE(torch::empty_strided({2, -3}, {1, 1}).dtype());
  CASE(torch::empty_strided({2, 3}, {0, 0}).storage().nbytes());
  CASE(torch::empty_strided({2, 3}, {10, 2}).storage().nbytes());
  // --- relations
  BLOCK("is_same", Tensor x = torch::ones({2}); Tensor y = x; std::ostringstream o;
        o << x.is_same(y) << x.is_same(x.view({2})) << x.is_alias_of(x.view({2}))
          << x.is_alias_of(x.clone()) << Tensor().is_same(Tensor()) << x.is_set_to(y)
          << x.is_set_to(x.view({2})) << x.is_set_to(x.view({2, 1})) << x.is_set_to(x.slice(0, 1))
          << x.is_set_to(x.detach());
        return o.str(););
  BLOCK("TensorBase", Tensor x = torch::arange(6).view({2, 3}); const at::TensorBase& base = x;
        std::ostringstream o; o << base.sizes() << base.strides() << base.dtype() << base.is_same(x)
                                << base.defined() << base.requires_grad();
        return o.str(););
  CASE(torch::is_same_size(torch::ones({2}), torch::zeros({2})));
  CASE(torch::ones({2}).is_same_size(torch::ones({2, 1})));
  BLOCK("storage", Tensor x = torch::arange(6).to(torch::kFloat); Tensor y = x.slice(0, 2);
        std::ostringstream o;
        o << (x.storage().data() == y.storage().data()) << (y.storage().data<float>()[1])
          << (x.storage().data_ptr().get() == x.data_ptr()) << x.storage().nbytes()
          << (x.storage().unsafeGetStorageImpl() == y.storage().unsafeGetStorageImpl())
          << x.storage().is_alias_of(y.storage()) << x.storage().device() << (bool)x.storage()
          << x.storage().use_count() << x.has_storage() << x.storage().unique() << x.use_count()
          << x.storage().device_type();
        return o.str(););
  BLOCK("flags", Tensor x = torch::ones({2}); std::ostringstream o;
        o << x.is_leaf() << x.output_nr() << x.is_floating_point() << x.is_signed()
          << x.is_complex() << x.is_cpu() << x.is_cuda() << x.is_sparse() << x.is_quantized()
          << x.is_meta() << x.is_conj() << x.is_neg() << x.is_mps() << x.is_contiguous();
        return o.str(););
  CASE(torch::ones({2}, torch::kByte).is_signed());
  CASE(torch::ones({2}, torch::kBool).is_signed());
  CASE(torch::is_floating_point(torch::ones({2})));
  CASE(torch::is_signed(torch::ones({2})));
  CASE(torch::is_complex(torch::ones({2})));
  CASE(torch::numel(torch::ones({2, 3})));
  CASE(torch::is_nonzero(torch::ones({1})));
  CASE(torch::is_nonzero(torch::ones({2})));
  CASE(torch::is_nonzero(torch::zeros({0})));
  CASE(torch::zeros({1, 1}).is_nonzero());
  CASE(torch::full({}, NAN).is_nonzero());
  CASE(torch::ones({}, torch::kBool).is_nonzero());
  CASE(torch::ones({2, 3}).nbytes());
  CASE(torch::ones({2, 3}).itemsize());
  CASE(torch::ones({2, 3}, torch::kLong).element_size());
  CASE(torch::ones({2, 3}).numel());
  CASE(torch::ones({2, 3}).ndimension());
  CASE(torch::ones({2, 3}).layout());
  CASE(torch::ones({2, 3}).size(-1));
  CASE(torch::ones({2, 3}).size(2));
  CASE(torch::ones({}).size(0));
  CASE(torch::size(torch::ones({2, 3}), 1));
  CASE(torch::ones({2, 3}).stride(0));
  CASE(torch::ones({2, 3}).stride(-3));
  CASE(torch::stride(torch::ones({2, 3}), 0));
  CASE(torch::ones({2}).suggest_memory_format());
  CASE(torch::ones({2, 3}).type_as(torch::ones({1}, torch::kInt)));
  CASE(torch::ones({6}).view_as(torch::ones({2, 3})));
  CASE(torch::ones({3}).expand_as(torch::ones({2, 3})).strides().vec());
  CASE(torch::ones({6}).reshape_as(torch::ones({2, 3})).sizes().vec());
  CASE(torch::ones({6}).view_as(torch::ones({2, 2})));
  CASE(torch::ones({3}).expand_as(torch::ones({2, 2})));
  // --- written where several elements are one
  CASE(torch::ones({1}).expand({3}).fill_(2));
  CASE(torch::ones({1}).expand({3}).zero_());
  CASE(torch::ones({1}).expand({3}).add_(1));
  CASE(torch::ones({1}).expand({3}).copy_(torch::ones({3})));
  CASE(torch::ones({1}).expand({3}).logical_not_());
  CASE(torch::ones({1}).expand({3}).masked_fill_(torch::ones({3}, torch::kBool), 5));
  // --- item
  CASE(torch::tensor(1.5).item<double>());
  CASE(torch::tensor(1.5).item<float>());
  CASE(torch::tensor(1.5).item<int>());
  CASE(torch::tensor(1.5).item<int64_t>());
  CASE(torch::tensor(1.5).item<bool>());
  CASE(torch::tensor(200).item<uint8_t>());
  CASE(torch::tensor(300).item<uint8_t>());
  CASE(torch::tensor(1.5).item().type());
  CASE(torch::tensor(3).item().type());
  CASE(torch::tensor(true).item().type());
  CASE(torch::tensor(uint8_t{3}).item().type());
  CASE(torch::tensor(3).item().toInt());
  CASE(torch::ones({2}).item());
  CASE(torch::ones({0}).item());
  CASE(torch::ones({1, 1}).item<float>());
  CASE(torch::tensor(1e300, torch::kDouble).item<float>());
  CASE(torch::tensor(3).item<int8_t>());
  CASE(torch::tensor(3).item<int16_t>());
  CASE(torch::tensor(NAN).item<int>());
  // --- data_ptr
  CASE(torch::ones({2}).data_ptr<double>() != nullptr);
  CASE(torch::ones({2}).data_ptr<float>()[1]);
  CASE(torch::ones({2}, torch::kInt).data_ptr<int>()[1]);
  CASE(torch::ones({2}, torch::kInt).data_ptr<int64_t>()[1]);
  BLOCK("accessor", Tensor x = torch::arange(6).to(torch::kFloat).view({2, 3});
        auto a = x.accessor<float, 2>(); std::ostringstream o;
        o << a[1][2] << a.size(0) << a.stride(0) << a[1].size(0) << a.sizes() << a[0].strides();
        a[0][0] = 5; o << x[0][0].item<float>(); return o.str(););
  BLOCK("accessor wrong dtype", Tensor x = torch::ones({2}); auto a = x.accessor<double, 1>();
        return a[0];);
  BLOCK("accessor wrong dim", Tensor x = torch::ones({2}); auto a = x.accessor<float, 2>();
        return a[0][0];);
  // --- to
  CASE(torch::ones({2}).to(torch::kInt));
  CASE(torch::ones({2}).to(torch::kCPU));
  CASE(torch::ones({2}).to(Device("cpu")));
  CASE(torch::ones({2}).to("cpu"));
  CASE(torch::ones({2}).to(Device("cpu"), torch::kDouble));
  CASE(torch::ones({2}).to(torch::ones({1}, torch::kLong).options()));
  CASE(torch::ones({2}).to(torch::ones({1}, torch::kLong)));
  CASE(torch::ones({2}).to(torch::ones({1}, torch::kLong).dtype()));
  CASE(torch::ones({2}).to(torch::dtype(torch::kDouble).device(torch::kCPU)));
  CASE(torch::ones({2}).to(torch::TensorOptions().requires_grad(true)));
  CASE(torch::ones({2}).to(torch::kFloat, false, true));
  CASE(torch::ones({2}).to(torch::kFloat, true));
  CASE(torch::ones({2, 3})
           .t()
           .to(torch::kDouble, false, false, torch::MemoryFormat::Contiguous)
           .strides()
           .vec());
  CASE(torch::ones({2, 3})
           .t()
           .to(torch::kFloat, false, true, torch::MemoryFormat::Contiguous)
           .strides()
           .vec());
  CASE(torch::ones({2, 3})
           .t()
           .to(torch::kFloat, false, false, torch::MemoryFormat::Contiguous)
           .strides()
           .vec());
  CASE(torch::ones({2}).to(torch::TensorOptions(), false, true));
  CASE(torch::ones({2}).to());
  CASE(torch::ones({2}).to(torch::memory_format(torch::MemoryFormat::Preserve)));
  CASE(torch::ones({2}).to(torch::memory_format(torch::MemoryFormat::Preserve), false, false,
                           torch::MemoryFormat::Contiguous));
  CASE(torch::ones({2}).requires_grad_().to(torch::kDouble));
  CASE(torch::ones({2}).cpu());
  CASE(torch::ones({2}).toType(torch::kDouble));
  BLOCK("to same", Tensor x = torch::ones({2}); std::ostringstream o;
        o << x.is_same(x.to(torch::kFloat)) << x.is_same(x.to(torch::kCPU)) << x.is_same(x.to(x))
          << x.is_same(x.to(x.options())) << x.is_same(x.cpu()) << x.is_same(x.contiguous())
          << x.is_same(x.to(torch::kFloat, false, true)) << x.is_same(x.type_as(x))
          << x.is_same(x.toType(torch::kFloat)) << x.is_same(x.to("cpu:0"))
          << x.is_same(x.to("cpu"));
        return o.str(););
  CASE(torch::tensor({-1.7, 2.5, 300.0}).to(torch::kInt));
  CASE(torch::tensor({0.5, 0.0, NAN}).to(torch::kBool));
  CASE(torch::tensor({INFINITY}).to(torch::kLong));
  CASE(torch::tensor({3e9}).to(torch::kInt));
  CASE(torch::tensor({3e9, -1., 256., 300.5}).to(torch::kByte));
  CASE(torch::tensor({-1, 256, 511}).to(torch::kByte));
  CASE(torch::tensor({int64_t{1} << 32}).to(torch::kInt));
  CASE(torch::tensor({NAN, -INFINITY}).to(torch::kInt));
  CASE(torch::tensor({NAN, -INFINITY}).to(torch::kByte));
  // --- requires_grad
  CASE(torch::ones({2}).requires_grad_().requires_grad());
  CASE(torch::ones({2}, torch::kInt).requires_grad_());
  CASE(torch::ones({2}).set_requires_grad(true));
  CASE(torch::ones({2}, torch::kInt).set_requires_grad(true));
  CASE((torch::ones({2}).requires_grad_() * 2).requires_grad_(false));
  CASE(torch::ones({2}, torch::requires_grad()));
  CASE(torch::ones({2}, torch::dtype(torch::kInt).requires_grad(true)));
  // --- undefined
  CASE(Tensor().defined());
  CASE(Tensor().device());
  CASE(Tensor().requires_grad());
  CASE(Tensor().clone());
  CASE(Tensor().to(torch::kInt));
  CASE(Tensor().sum());
  CASE(Tensor().options());
  CASE(Tensor().use_count());
  CASE(Tensor().grad());
  CASE(Tensor().is_leaf());
  CASE(Tensor().is_inference());
  CASE(torch::is_inference(torch::ones({1})));
  BLOCK("undefined backward", Tensor().backward(); return 0;);
  CASE(Tensor().item<float>());
  CASE(Tensor().zero_());
  CASE(Tensor().requires_grad_());
  CASE(Tensor().is_cuda());
  BLOCK("assign temporary", Tensor x = torch::zeros({2, 2}); x[0] = torch::ones({2}); x[1] = 3;
        x.select(0, 1)[0] = 4.5; return x;);
  BLOCK("print list", std::ostringstream o;
        o << torch::TensorList({torch::ones({1}), torch::zeros({2})}); return o.str(););
  BLOCK("swap", Tensor a = torch::ones({1}); Tensor b = torch::zeros({1}); std::swap(a, b);
        return a;);
  BLOCK(
      "InferenceMode", Tensor w = torch::ones({2}).requires_grad_(); Tensor y;
      std::ostringstream o; {
        torch::InferenceMode g;
        y = w * 2;
        o << y.requires_grad() << torch::InferenceMode::is_enabled()
          << torch::GradMode::is_enabled() << torch::ones({2}).requires_grad_().requires_grad();
        {
          torch::AutoGradMode m(true);
          Tensor z = w * 3;
          o << z.requires_grad() << (y * w).requires_grad();
        }
        {
          torch::InferenceMode off(false);
          Tensor z = w * 3;
          o << z.requires_grad();
        }
        o << torch::GradMode::is_enabled();
      } o << torch::GradMode::is_enabled()
          << (w + 1).requires_grad() << torch::InferenceMode::is_enabled();
      return o.str(););
  BLOCK(
      "inference tensors", Tensor x; Tensor w = torch::ones({2}).requires_grad_(); {
        torch::InferenceMode g;
        x = torch::ones({2});
      } std::ostringstream o;
      o << x.is_inference() << x.view({1, 2}).is_inference() << x.clone().is_inference()
        << (x + w).requires_grad() << w.is_inference();
      return o.str(););
  BLOCK(
      "inference tensor in place", Tensor x; {
        torch::InferenceMode g;
        x = torch::ones({2});
      } x.mul_(2);
      return 0;);
  BLOCK(
      "inference tensor saved", Tensor x; {
        torch::InferenceMode g;
        x = torch::ones({2});
      } return x * torch::ones({2}).requires_grad_(););
  BLOCK("inference tensor's version", torch::InferenceMode g; return torch::ones({2})._version(););
  BLOCK(
      "GradMode", std::ostringstream o; o << torch::GradMode::is_enabled(); {
        torch::NoGradGuard g;
        o << torch::GradMode::is_enabled();
        {
          torch::AutoGradMode m(true);
          o << torch::GradMode::is_enabled();
        }
      } return o.str(););
}

}  // namespace parity::surface
