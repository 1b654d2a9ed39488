// Operations that write into a tensor that they are given: what becomes of its sizes, dtype,
// version and memory, and what is refused.

#include "parity/surface.h"

namespace parity::surface {
namespace {

// Five digits: exp and its kin may differ in the last ones.
std::string rough(const Tensor& x) {
  std::ostringstream out;
  out << torch::toString(x.scalar_type()) << x.sizes();
  if (!x.is_contiguous()) out << " strides " << x.strides();
  if (x.requires_grad()) out << (x.grad_fn() ? " on the tape" : " requires grad");
  const Tensor flat = x.detach().to(torch::kDouble).contiguous().view(-1);
  for (int64_t i = 0; i < flat.numel(); ++i) {
    out << (i == 0 ? ": " : " ");
    show_number(out, flat.data_ptr<double>()[i], 5);
  }
  return out.str();
}

struct Op {
  const char* name;
  bool keeps_shape;  // so that out may be x
  void (*call)(Tensor& out, const Tensor& x, const Tensor& y);
};
#define OP_AS(name, keeps_shape, ...)                                      \
  {                                                                        \
    name, keeps_shape,                                                     \
        []([[maybe_unused]] Tensor& out, [[maybe_unused]] const Tensor& x, \
           [[maybe_unused]] const Tensor& y) { __VA_ARGS__; }              \
  }
#define OP(name, ...) OP_AS(name, true, __VA_ARGS__)
#define SHAPE_OP(name, ...) OP_AS(name, false, __VA_ARGS__)
const Op kOps[] = {
    OP("add", torch::add_out(out, x, y)),
    OP("add alpha", torch::add_out(out, x, y, 2)),
    OP("sub", torch::sub_out(out, x, y)),
    OP("mul", torch::mul_out(out, x, y)),
    OP("div", torch::div_out(out, x, y)),
    OP("div trunc", torch::div_out(out, x, y, "trunc")),
    OP("floor_divide", torch::floor_divide_out(out, x, y)),
    OP("remainder", torch::remainder_out(out, x, y)),
    OP("remainder scalar", torch::remainder_out(out, x, 2)),
    OP("fmod", torch::fmod_out(out, x, y)),
    OP("pow", torch::pow_out(out, x, y)),
    OP("pow scalar", torch::pow_out(out, x, 2)),
    OP("pow scalar base", torch::pow_out(out, 2, y)),
    OP("atan2", torch::atan2_out(out, x, y)),
    OP("maximum", torch::maximum_out(out, x, y)),
    OP("minimum", torch::minimum_out(out, x, y)),
    OP("max", torch::max_out(out, x, y)),
    OP("min", torch::min_out(out, x, y)),
    OP("lerp scalar", torch::lerp_out(out, x, y, 0.25)),
    OP("lerp", torch::lerp_out(out, x, y, y)),
    OP("eq", torch::eq_out(out, x, y)),
    OP("eq scalar", torch::eq_out(out, x, 2)),
    OP("ne", torch::ne_out(out, x, y)),
    OP("lt", torch::lt_out(out, x, y)),
    OP("le", torch::le_out(out, x, y)),
    OP("gt", torch::gt_out(out, x, y)),
    OP("ge scalar", torch::ge_out(out, x, 1)),
    OP("logical_and", torch::logical_and_out(out, x, y)),
    OP("logical_or", torch::logical_or_out(out, x, y)),
    OP("logical_xor", torch::logical_xor_out(out, x, y)),
    OP("logical_not", torch::logical_not_out(out, x)),
    OP("clamp", torch::clamp_out(out, x, 0, 2)),
    OP("clamp_min", torch::clamp_min_out(out, x, 0)),
    OP("clamp_max", torch::clamp_max_out(out, x, 0)),
    OP("bitwise_and", torch::bitwise_and_out(out, x.to(torch::kInt), y.to(torch::kInt))),
    OP("bitwise_or", torch::bitwise_or_out(out, x.to(torch::kInt), y.to(torch::kInt))),
    OP("bitwise_xor", torch::bitwise_xor_out(out, x.to(torch::kInt), y.to(torch::kInt))),
    OP("bitwise_not", torch::bitwise_not_out(out, x.to(torch::kInt))),
    OP("bitwise_not outf", torch::bitwise_not_outf(x.to(torch::kInt), out)),
    OP("add outf", torch::add_outf(x, y, 2, out)),
    OP("exp outf", torch::exp_outf(x, out)),
    OP("neg", torch::neg_out(out, x)),
    OP("abs", torch::abs_out(out, x)),
    OP("exp", torch::exp_out(out, x)),
    OP("sqrt", torch::sqrt_out(out, x)),
    OP("sigmoid", torch::sigmoid_out(out, x)),
    OP("ceil", torch::ceil_out(out, x)),
    OP("round", torch::round_out(out, x)),
    OP("cos", torch::cos_out(out, x)),
    OP("sin", torch::sin_out(out, x)),
    OP("erf", torch::erf_out(out, x)),
    OP("expm1", torch::expm1_out(out, x)),
    OP("log", torch::log_out(out, x)),
    OP("log1p", torch::log1p_out(out, x)),
    OP("rsqrt", torch::rsqrt_out(out, x)),
    OP("tanh", torch::tanh_out(out, x)),
    OP("sign", torch::sign_out(out, x)),
    OP("floor", torch::floor_out(out, x)),
    OP("square", torch::square_out(out, x)),
    OP("reciprocal", torch::reciprocal_out(out, x)),
    OP("relu", torch::relu_out(out, x)),
    SHAPE_OP("mm", torch::mm_out(out, x, x.t())),
    SHAPE_OP("matmul", torch::matmul_out(out, x, x.t())),
    SHAPE_OP("addmm", torch::addmm_out(out, torch::ones({2, 2}, x.dtype()), x, x.t())),
    SHAPE_OP("mv", torch::mv_out(out, x, x[0])),
    SHAPE_OP("dot", torch::dot_out(out, x[0], x[1])),
    SHAPE_OP("bmm", torch::bmm_out(out, x.unsqueeze(0), x.t().unsqueeze(0))),
    SHAPE_OP("linear", torch::linear_out(out, x, x)),
    SHAPE_OP("linear bias", torch::linear_out(out, x, x, x[0].slice(0, 0, 2))),
    SHAPE_OP("addmv", torch::addmv_out(out, x[0].slice(0, 0, 2), x, x[0])),
    SHAPE_OP("baddbmm", torch::baddbmm_out(out, torch::ones({1, 2, 2}, x.dtype()), x.unsqueeze(0),
                                           x.t().unsqueeze(0))),
    SHAPE_OP("outer", torch::outer_out(out, x[0], x[1])),
    SHAPE_OP("sum dim", torch::sum_out(out, x, {1})),
    SHAPE_OP("sum dim dtype", torch::sum_out(out, x, {1}, false, torch::kDouble)),
    SHAPE_OP("sum keepdim", torch::sum_out(out, x, {0}, true)),
    SHAPE_OP("mean dim", torch::mean_out(out, x, {1})),
    SHAPE_OP("prod dim", torch::prod_out(out, x, 1)),
    SHAPE_OP("var dim", torch::var_out(out, x, {1})),
    SHAPE_OP("std dim", torch::std_out(out, x, {1}, false)),
    SHAPE_OP("norm dim", torch::norm_out(out, x, 2, {1})),
    SHAPE_OP("amax", torch::amax_out(out, x, {1})),
    SHAPE_OP("amin", torch::amin_out(out, x)),
    SHAPE_OP("all dim", torch::all_out(out, x, 1)),
    SHAPE_OP("any dim", torch::any_out(out, x, 1)),
    SHAPE_OP("argmax", torch::argmax_out(out, x, 1)),
    SHAPE_OP("argmin", torch::argmin_out(out, x)),
    OP("cumsum", torch::cumsum_out(out, x, 1)),
    OP("cumprod", torch::cumprod_out(out, x, 1)),
    SHAPE_OP("logsumexp", torch::logsumexp_out(out, x, {1})),
    OP("softmax", torch::softmax_out(out, x, 1)),
    OP("log_softmax", torch::log_softmax_out(out, x, 1)),
    SHAPE_OP("cat", torch::cat_out(out, {x, y}, 0)),
    SHAPE_OP("stack", torch::stack_out(out, {x, y}, 1)),
    SHAPE_OP("index_select", torch::index_select_out(out, x, 1, torch::tensor({2, 0}))),
    SHAPE_OP("gather", torch::gather_out(out, x, 1, torch::tensor({{0, 1}, {2, 0}}))),
    SHAPE_OP("masked_select", torch::masked_select_out(out, x, x > 0)),
    OP("tril", torch::tril_out(out, x)),
    OP("triu", torch::triu_out(out, x)),
    SHAPE_OP("zeros", torch::zeros_out(out, {2, 2})),
    SHAPE_OP("ones", torch::ones_out(out, {2, 2})),
    SHAPE_OP("full", torch::full_out(out, {2, 2}, 1.5)),
    SHAPE_OP("empty", torch::empty_out(out, {2, 2}); out.zero_()),
    SHAPE_OP("arange", torch::arange_out(out, 5)),
    SHAPE_OP("arange 3", torch::arange_out(out, 1, 5, 2)),
    SHAPE_OP("linspace", torch::linspace_out(out, 0, 1, 5)),
    SHAPE_OP("logspace", torch::logspace_out(out, 0, 2, 3)),
    SHAPE_OP("eye", torch::eye_out(out, 2)),
    SHAPE_OP("eye2", torch::eye_out(out, 2, 3)),
    SHAPE_OP("range", torch::range_out(out, 0, 3, 1)),
    SHAPE_OP("rand", torch::manual_seed(1); torch::rand_out(out, {2, 2})),
    SHAPE_OP("randn", torch::manual_seed(1); torch::randn_out(out, {4, 5})),
    SHAPE_OP("randint", torch::manual_seed(1); torch::randint_out(out, 10, {4})),
    SHAPE_OP("randint2", torch::manual_seed(1); torch::randint_out(out, 2, 10, {4})),
    SHAPE_OP("randperm", torch::manual_seed(1); torch::randperm_out(out, 5)),
    SHAPE_OP("normal", torch::manual_seed(1); torch::normal_out(out, 0., 1., {3})),
    SHAPE_OP("bernoulli", torch::manual_seed(1);
             torch::bernoulli_out(out, y.abs() / 8, torch::optional<torch::Generator>())),
    SHAPE_OP("multinomial", torch::manual_seed(1); torch::multinomial_out(out, y.abs() / 8, 2)),
};
#undef OP_AS
#undef OP
#undef SHAPE_OP

Tensor float_x() { return torch::tensor({{1.5, -2., 3.}, {4., 0.5, -6.}}); }
Tensor float_y() { return torch::tensor({{2., 2., 2.}, {0.5, 1., 3.}}); }
Tensor int_x() { return torch::tensor({{1, 2, 3}, {4, 5, 6}}); }
Tensor int_y() { return torch::tensor({{2, 2, 2}, {1, 1, 3}}); }

void op_cases(Recorder& r, const Op& op) {
  const auto run = [&](const char* what, Tensor out, const Tensor& x, const Tensor& y) {
    add(r, std::string(op.name) + ": " + what, [&] {
      const int64_t before = out._version();
      op.call(out, x, y);
      return rough(out) + (out._version() == before ? ", version kept" : "");
    });
  };
  const Tensor x = float_x();
  const Tensor y = float_y();
  run("no elements", torch::empty({0}), x, y);
  run("double", torch::empty({0}, torch::kDouble), x, y);
  run("long", torch::empty({0}, torch::kLong), x, y);
  run("integers into long", torch::empty({0}, torch::kLong), int_x(), int_y());
  const std::string name = op.name;
  if (name.find("softmax") == std::string::npos && name != "lerp") {
    run("integers into float", torch::empty({0}), int_x(), int_y());
  }
  run("other sizes", torch::zeros({3, 7}), x, y);
  run("x requires grad", torch::empty({0}), float_x().requires_grad_(), y);
  run("out requires grad", torch::empty({0}).requires_grad_(), x, y);
  {
    const torch::NoGradGuard no_grad;
    run("x requires grad, no_grad", torch::empty({0}), float_x().requires_grad_(), y);
  }
  if (op.keeps_shape)
    add(r, std::string(op.name) + ": out is x", [&] {
      Tensor self = float_x();
      op.call(self, self, y);
      return rough(self);
    });
  add(r, std::string(op.name) + ": transposed out", [&] {
    Tensor out = torch::zeros({3, 2}).t();
    op.call(out, x, y);
    return rough(out);
  });
  add(r, std::string(op.name) + ": out is a view", [&] {
    const Tensor base = torch::zeros({2, 6});
    Tensor out = base.slice(1, 0, 6, 2);
    op.call(out, x, y);
    return rough(base);
  });
}

}  // namespace

PARITY_PROGRAM(surface_out) {
  for (const Op& op : kOps) op_cases(r, op);
  const Tensor f = float_x();
  const Tensor g = float_y();
  const Tensor v = torch::tensor({1., 2., 3.});
  BLOCK("addcmul_out", Tensor out = torch::empty({0}); torch::addcmul_out(out, f, g, g, 2);
        return out;);
  BLOCK("addcdiv_out", Tensor out = torch::empty({0}); torch::addcdiv_out(out, f, g, g);
        return out;);
  BLOCK("nonzero_out", Tensor out = torch::empty({0}, torch::kLong); torch::nonzero_out(out, f);
        return out.contiguous(););
  BLOCK("nonzero_out float", Tensor out = torch::empty({0}); torch::nonzero_out(out, f);
        return out;);
  BLOCK("where_out", Tensor out = torch::empty({0}); torch::where_out(out, f > 0, f, g);
        return out;);
  BLOCK("add returns out", Tensor out = torch::empty({0});
        return &torch::add_out(out, f, g) == &out;);
  BLOCK("add outf", Tensor out = torch::empty({0}); torch::add_outf(f, g, 1, out); return out;);
  BLOCK("max_out dim", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::max_out(a, c, f, 1); return std::make_pair(a, c););
  BLOCK("max_out dim tuple", Tensor a = torch::empty({0});
        Tensor c = torch::empty({0}, torch::kLong); auto t = torch::max_out(a, c, f, 1, true);
        return std::make_pair(std::get<0>(t), std::get<1>(t)););
  BLOCK("max_out dim int idx", Tensor a = torch::empty({0});
        Tensor c = torch::empty({0}, torch::kInt); torch::max_out(a, c, f, 1);
        return std::make_pair(a, c););
  BLOCK("max_out dim double", Tensor a = torch::empty({0}, torch::kDouble);
        Tensor c = torch::empty({0}, torch::kLong); torch::max_out(a, c, f, 1);
        return std::make_pair(a, c););
  BLOCK("max_out dim grad", Tensor a = torch::empty({0});
        Tensor c = torch::empty({0}, torch::kLong);
        torch::max_out(a, c, f.clone().requires_grad_(), 1); return std::make_pair(a, c););
  BLOCK("min_out dim", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::min_out(a, c, f, 1); return std::make_pair(a, c););
  BLOCK("sort_out", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::sort_out(a, c, f, 1); return std::make_pair(a, c););
  BLOCK("sort_out desc", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::sort_out(a, c, f, 1, true); return std::make_pair(a, c););
  BLOCK("sort_out double", Tensor a = torch::empty({0}, torch::kDouble);
        Tensor c = torch::empty({0}, torch::kLong); torch::sort_out(a, c, f, 1);
        return std::make_pair(a, c););
  BLOCK("sort_out int idx", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kInt);
        torch::sort_out(a, c, f, 1); return std::make_pair(a, c););
  BLOCK("topk_out", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::topk_out(a, c, f, 2); return std::make_pair(a, c););
  BLOCK("topk_out double", Tensor a = torch::empty({0}, torch::kDouble);
        Tensor c = torch::empty({0}, torch::kLong); torch::topk_out(a, c, f, 2);
        return std::make_pair(a, c););
  BLOCK("kthvalue_out", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::kthvalue_out(a, c, f, 2); return std::make_pair(a, c););
  BLOCK("median_out", Tensor a = torch::empty({0}); Tensor c = torch::empty({0}, torch::kLong);
        torch::median_out(a, c, f, 1); return std::make_pair(a, c););
  BLOCK("all_out full", Tensor a = torch::empty({0}, torch::kBool); torch::all_out(a, f);
        return a;);
  BLOCK("any_out full", Tensor a = torch::empty({0}, torch::kBool); torch::any_out(a, f);
        return a;);
  BLOCK("prod_out full", Tensor a = torch::empty({0}); torch::prod_out(a, f); return a;);
  BLOCK("std_out no dim", Tensor a = torch::empty({0});
        torch::std_out(a, f, torch::OptionalIntArrayRef(), true); return a;);
  BLOCK("overlap", Tensor base = torch::arange(6.); Tensor out = base.slice(0, 1, 6);
        torch::add_out(out, base.slice(0, 0, 5), base.slice(0, 0, 5)); return base;);
  BLOCK("overlap exp", Tensor base = torch::arange(6.); Tensor out = base.slice(0, 1, 6);
        torch::exp_out(out, base.slice(0, 0, 5)); return base;);
  BLOCK("overlap cumsum", Tensor base = torch::arange(6.); torch::cumsum_out(base, base, 0);
        return base;);
  BLOCK("overlap cat", Tensor base = torch::arange(6.);
        torch::cat_out(base, {base.slice(0, 0, 3), base.slice(0, 3, 6)}); return base;);
  BLOCK("overlap index_select", Tensor base = torch::arange(3.);
        torch::index_select_out(base, base, 0, torch::tensor({2, 1, 0})); return base;);
  BLOCK("overlap sort", Tensor base = torch::tensor({3., 1., 2.});
        Tensor c = torch::empty({0}, torch::kLong); torch::sort_out(base, c, base); return base;);
  BLOCK("overlap resized", Tensor x = torch::ones({3}); torch::add_out(x, x, torch::ones({2, 3}));
        return x;);
  BLOCK("expanded out", Tensor out = torch::zeros({1}).expand({3}); torch::add_out(out, v, v);
        return out;);
  BLOCK("borrowed out", float buf[6] = {}; Tensor out = torch::from_blob(buf, {2, 3});
        torch::add_out(out, f, g); return torch::tensor(std::vector<float>(buf, buf + 6)););
  BLOCK("borrowed out grow", float buf[1] = {}; Tensor out = torch::from_blob(buf, {1});
        torch::add_out(out, f, g); return out;);
  BLOCK("saved modified", Tensor w = torch::ones({3}).requires_grad_(); Tensor x = v.clone();
        Tensor y = w * x; torch::exp_out(x, v); y.sum().backward(); return w.grad(););
  BLOCK("normal_out tt", Tensor out = torch::empty({0}); torch::manual_seed(3);
        at::normal_out(out, v, v, torch::nullopt); return out;);
  BLOCK("normal_out dt", Tensor out = torch::empty({0}); torch::manual_seed(3);
        at::normal_out(out, 1., v, torch::nullopt); return out;);
  BLOCK("normal_out transposed", Tensor out = torch::zeros({4, 5}).t(); torch::manual_seed(3);
        torch::normal_out(out, 0., 1., {5, 4}); return out;);
  BLOCK("randn_out transposed", Tensor out = torch::zeros({4, 5}).t(); torch::manual_seed(3);
        torch::randn_out(out, {5, 4}); return out;);
  BLOCK("rand_out gen", Tensor out = torch::empty({0});
        torch::rand_out(out, {3}, at::detail::createCPUGenerator(5)); return out;);
  BLOCK("randperm_out gen", Tensor out = torch::empty({0}, torch::kLong);
        torch::randperm_out(out, 4, at::detail::createCPUGenerator(5)); return out;);
  BLOCK("arange_out exact size", Tensor out = torch::zeros({3, 2}); torch::arange_out(out, 6);
        return out;);
  BLOCK("linspace_out sized", Tensor out = torch::zeros({3, 2}); torch::linspace_out(out, 0, 1, 6);
        return out;);
}

}  // namespace parity::surface
