// Elementwise operations that have parameters or three operands, and those with a number in the
// first place.
#include <cstdint>
#include <string>
#include <vector>

#include "parity/elementwise.h"

namespace {

using namespace parity::elementwise;
using parity::Recorder;
using torch::Scalar;
using torch::Tensor;

using Inputs = std::vector<Tensor>;

Tensor doubles(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble); }

void number_first(Recorder& r, const std::string& name, const Scalar& n, const Tensor& x,
                  const Tensor& y) {
  outcome(r, name + " +", [&] { return n + x; });
  outcome(r, name + " -", [&] { return n - x; });
  outcome(r, name + " *", [&] { return n * x; });
  outcome(r, name + " /", [&] { return n / x; });
  outcome(r, name + " %", [&] { return n % y; });
  outcome(r, name + " &", [&] { return n & x; });
  outcome(r, name + " |", [&] { return n | x; });
  outcome(r, name + " ^", [&] { return n ^ x; });
  outcome(r, name + " <", [&] { return n < x; });
  outcome(r, name + " >=", [&] { return n >= x; });
  outcome(r, name + " ==", [&] { return n == x; });
  outcome(r, name + " remainder", [&] { return torch::remainder(n, y); });
  outcome(r, name + " pow", [&] { return torch::pow(n, y); });
  outcome(r, name + " float_power", [&] { return torch::float_power(n, y); });
  outcome(r, name + " xlogy", [&] { return torch::xlogy(n, y); });
  outcome(r, name + " bitwise_and", [&] { return torch::bitwise_and(n, x); });
  outcome(r, name + " bitwise_or", [&] { return torch::bitwise_or(n, x); });
  outcome(r, name + " bitwise_xor", [&] { return torch::bitwise_xor(n, x); });
  outcome(r, name + " left_shift", [&] { return torch::bitwise_left_shift(n, y); });
  outcome(r, name + " right_shift", [&] { return torch::bitwise_right_shift(n, y); });
  outcome(r, name + " where", [&] { return torch::where(x.to(torch::kBool), n, x); });
  outcome(r, name + " where numbers", [&] { return torch::where(x.to(torch::kBool), n, 1.5); });
}

void number_as_parameter(Recorder& r, const std::string& name, const Scalar& n, const Tensor& x,
                         const Tensor& y) {
  const auto changed = [&x](const auto& f) {
    Tensor z = x.clone();
    return f(z);
  };
  outcome(r, name + " +=", [&] { return changed([&](Tensor& z) -> Tensor { return z += n; }); });
  outcome(r, name + " -=", [&] { return changed([&](Tensor& z) -> Tensor { return z -= n; }); });
  outcome(r, name + " *=", [&] { return changed([&](Tensor& z) -> Tensor { return z *= n; }); });
  outcome(r, name + " /=", [&] { return changed([&](Tensor& z) -> Tensor { return z /= n; }); });
  outcome(r, name + " add", [&] { return torch::add(x, y, n); });
  outcome(r, name + " sub", [&] { return torch::sub(x, y, n); });
  outcome(r, name + " rsub", [&] { return torch::rsub(x, y, n); });
  outcome(r, name + " add_", [&] { return x.clone().add_(y, n); });
  outcome(r, name + " sub_", [&] { return x.clone().sub_(y, n); });
  outcome(r, name + " clamp_min", [&] { return torch::clamp_min(x, n); });
  outcome(r, name + " clamp_max", [&] { return x.clamp_max(n); });
  outcome(r, name + " clamp", [&] { return x.clamp(n, 3); });
  outcome(r, name + " clip", [&] { return torch::clip(x, n, 2.5); });
  outcome(r, name + " clamp_min_", [&] { return x.clone().clamp_min_(n); });
  outcome(r, name + " clamp_max_", [&] { return x.clone().clamp_max_(n); });
  outcome(r, name + " clamp_", [&] { return x.clone().clamp_(n, 3); });
  outcome(r, name + " clip_", [&] { return x.clone().clip_(n, 3); });
  outcome(r, name + " lerp", [&] { return torch::lerp(x, y, n); });
  outcome(r, name + " lerp_", [&] { return x.clone().lerp_(y, n); });
  outcome(r, name + " addcmul", [&] { return torch::addcmul(x, y, y, n); });
  outcome(r, name + " addcdiv", [&] { return torch::addcdiv(x, y, y, n); });
  outcome(r, name + " addcmul_", [&] { return x.clone().addcmul_(y, y, n); });
  outcome(r, name + " addcdiv_", [&] { return x.clone().addcdiv_(y, y, n); });
  outcome(r, name + " where second", [&] { return torch::where(x.to(torch::kBool), x, n); });
  outcome(r, name + " leaky_relu", [&] { return torch::leaky_relu(x, n); });
}

void three_operands(Recorder& r, const std::string& name, const Tensor& x, const Tensor& y) {
  outcome(r, name + " addcmul", [&] { return torch::addcmul(x, y, y, 2); });
  outcome(r, name + " addcmul other", [&] { return torch::addcmul(x, x, y); });
  outcome(r, name + " addcmul real", [&] { return torch::addcmul(x, y, y, 1.5); });
  outcome(r, name + " addcdiv", [&] { return torch::addcdiv(x, y, y, 2); });
  outcome(r, name + " addcmul_", [&] { return x.clone().addcmul_(y, y, 2); });
  outcome(r, name + " addcdiv_", [&] { return x.clone().addcdiv_(y, y, 2); });
  outcome(r, name + " lerp", [&] { return torch::lerp(x, y, 0.25); });
  outcome(r, name + " lerp_", [&] { return x.clone().lerp_(y, 0.25); });
  outcome(r, name + " lerp weight", [&] { return torch::lerp(x, x, y); });
  outcome(r, name + " lerp end", [&] { return torch::lerp(x, y, x); });
  outcome(r, name + " lerp_ weight", [&] { return x.clone().lerp_(x, y); });
  outcome(r, name + " clamp", [&] { return torch::clamp(x, y, y + y); });
  outcome(r, name + " clamp_min", [&] { return torch::clamp_min(x, y); });
  outcome(r, name + " clamp_max", [&] { return x.clamp_max(y); });
  outcome(r, name + " clamp 0-dim", [&] { return torch::clamp(x, y[0]); });
  outcome(r, name + " clip max", [&] { return x.clip({}, y); });
  outcome(r, name + " clamp_", [&] { return x.clone().clamp_(y, y + 1); });
  outcome(r, name + " clamp_ min", [&] { return x.clone().clamp_(y, {}); });
  outcome(r, name + " clamp_max_", [&] { return x.clone().clamp_max_(y); });
  outcome(r, name + " clamp_min_", [&] { return x.clone().clamp_min_(y); });
  outcome(r, name + " where", [&] { return torch::where(x.to(torch::kBool), x, y); });
  outcome(r, name + " where 0-dim", [&] { return torch::where(x.to(torch::kBool), x[0], y); });
  outcome(r, name + " isclose", [&] { return torch::isclose(x, y); });
  outcome(r, name + " equal", [&] { return torch::tensor(torch::equal(x, y)); });
  outcome(r, name + " nan_to_num", [&] { return torch::nan_to_num(x, 1.5, 2.0, 3.0); });
}

}  // namespace

PARITY_PROGRAM(elementwise_numbers) {
  for (const auto& [dtype_name, dtype] : kDtypes) {
    for (const auto& [number_name, number] : kNumbers) {
      const std::string name = dtype_name + " " + number_name;
      number_first(r, name, number, first_of(dtype), second_of(dtype));
      number_as_parameter(r, name, number, first_of(dtype), second_of(dtype));
    }
  }
}

PARITY_PROGRAM(elementwise_of_three) {
  for (const auto& [x_name, x_dtype] : kDtypes) {
    for (const auto& [y_name, y_dtype] : kDtypes) {
      three_operands(r, x_name + " " + y_name, first_of(x_dtype), second_of(y_dtype));
    }
  }
  for (double weight : {0.0, 0.25, 0.5, 0.75, 1.0, -1.0, 2.0}) {
    gradients(r, "lerp " + std::to_string(weight), {doubles({1, 2, kInf}), doubles({3, -1, 1})},
              [&](const Inputs& in) { return torch::lerp(in[0], in[1], weight); });
  }
  gradients(r, "lerp weights",
            {doubles({1, 2, kInf}), doubles({3, -1, 1}), doubles({0.5, 0.2, 0.9})},
            [](const Inputs& in) { return torch::lerp(in[0], in[1], in[2]); });
  const Tensor single = torch::tensor({1.0, 2.0}, torch::kFloat);
  const Tensor whole = torch::tensor({3, 4});
  gradients(r, "addcmul mixed", {single, doubles({3, -1}), whole},
            [](const Inputs& in) { return torch::addcmul(in[0], in[1], in[2], 2); });
  gradients(r, "addcdiv mixed", {single, doubles({3, -1}), whole},
            [](const Inputs& in) { return torch::addcdiv(in[0], in[1], in[2], 2); });
}

PARITY_PROGRAM(elementwise_bounds) {
  const Tensor x = doubles({1, 2, 3, 4, 5, kNaN, 0});
  const Tensor low = doubles({1, 3, 1, 4, 6, 0, kNaN});
  const Tensor high = doubles({5, 5, 2, 4, 5, 1, 1});
  gradients(r, "clamp", {x, low, high},
            [](const Inputs& in) { return torch::clamp(in[0], in[1], in[2]); });
  gradients(r, "clamp min", {x, low}, [](const Inputs& in) { return torch::clamp(in[0], in[1]); });
  gradients(r, "clamp max", {x, high}, [](const Inputs& in) { return in[0].clamp({}, in[1]); });
  gradients(r, "clamp_min", {x, low},
            [](const Inputs& in) { return torch::clamp_min(in[0], in[1]); });
  gradients(r, "clamp_max", {x, high},
            [](const Inputs& in) { return torch::clamp_max(in[0], in[1]); });
  gradients(r, "clamp_min_", {x, low}, [](const Inputs& in) {
    Tensor y = in[0] * 1;
    return torch::clamp_min_(y, in[1]);
  });
  gradients(r, "clamp_", {x, low, high}, [](const Inputs& in) {
    Tensor y = in[0] * 1;
    return torch::clamp_(y, in[1], in[2]);
  });
  gradients(r, "clamp broadcast",
            {torch::tensor({{1.0, 2.0, 3.0}, {4.0, 5.0, 6.0}}, torch::kDouble), doubles({2, 3, 1}),
             torch::tensor({{3.5}, {5.5}}, torch::kDouble)},
            [](const Inputs& in) { return torch::clamp(in[0], in[1], in[2]); });
  const Tensor some = doubles({1, 2, 3, kNaN});
  gradients(r, "numbers", {some}, [](const Inputs& in) { return torch::clamp(in[0], 1, 2); });
  gradients(r, "number", {some}, [](const Inputs& in) { return torch::clamp(in[0], 2); });
  gradients(r, "number min", {some}, [](const Inputs& in) { return torch::clamp_min(in[0], 2); });
  gradients(r, "number max", {some}, [](const Inputs& in) { return torch::clamp_max(in[0], 2); });
  gradients(r, "numbers in place", {some}, [](const Inputs& in) {
    Tensor y = in[0] * 1;
    return torch::clip_(y, 1, 2);
  });
  gradients(r, "min over max", {some}, [](const Inputs& in) { return torch::clamp(in[0], 3, 2); });
  gradients(r, "NaN", {some}, [](const Inputs& in) { return torch::clamp(in[0], kNaN, 2); });
  r.error("no bounds",
          [] { torch::clamp(torch::ones({2}), c10::optional<Scalar>(), c10::optional<Scalar>()); });
  r.error("no tensors",
          [] { torch::ones({2}).clamp(c10::optional<Tensor>(), c10::optional<Tensor>()); });
  r.error("unfit", [] {
    torch::ones({1, 3}).clamp_(torch::ones({2, 3}), c10::optional<Tensor>());
  });
}

PARITY_PROGRAM(elementwise_parameters) {
  const Tensor odd = doubles({1, kNaN, kInf, -kInf});
  gradients(r, "nan_to_num", {odd}, [](const Inputs& in) { return torch::nan_to_num(in[0]); });
  gradients(r, "nan_to_num values", {odd.to(torch::kFloat)},
            [](const Inputs& in) { return torch::nan_to_num(in[0], 0.5, 2.0, -3.0); });
  gradients(r, "nan_to_num_", {odd.to(torch::kFloat)}, [](const Inputs& in) {
    Tensor y = in[0] * 1;
    return torch::nan_to_num_(y, 1e300, kInf);
  });
  const Tensor chances = doubles({0.1, 0.5, 0.99, 0, 1, -0.1, 1.1, kNaN});
  gradients(r, "logit eps", {chances}, [](const Inputs& in) { return torch::logit(in[0], 0.05); });
  gradients(r, "logit", {chances}, [](const Inputs& in) { return in[0].logit(); });
  const Tensor reals =
      doubles({1234.5678, -0.125, 0.5, 1.5, 2.675, 1e10, kInf, kNaN, -15, 25, 5e-3});
  for (int64_t decimals : {-2, -1, 0, 1, 2, 3, 20}) {
    for (const auto dtype : {torch::kDouble, torch::kFloat}) {
      const std::string name = std::to_string(decimals) + (dtype == torch::kDouble ? "" : " float");
      gradients(r, "round " + name, {reals.to(dtype)},
                [&](const Inputs& in) { return torch::round(in[0], decimals); });
      outcome(r, "round_ " + name, [&] { return reals.to(dtype).clone().round_(decimals); });
    }
  }
  outcome(r, "round of integers", [] { return torch::round(torch::tensor({15, 25}), -1); });
  const Tensor bases = doubles({0, -0.0, 1, -2, kInf, -kInf, kNaN, 3, 1e-3});
  for (double p : {0.0, 1.0, 2.0, 3.0, 0.5, -0.5, -1.0, -2.0, 2.5, -3.0}) {
    const std::string name = std::to_string(p);
    gradients(r, "pow " + name, {bases}, [&](const Inputs& in) { return torch::pow(in[0], p); });
    gradients(r, "pow float " + name, {bases.to(torch::kFloat)},
              [&](const Inputs& in) { return torch::pow(in[0], p); });
    gradients(r, "pow of number " + name, {bases},
              [&](const Inputs& in) { return torch::pow(p, in[0]); });
    gradients(r, "pow 0-dim " + name, {bases, torch::tensor(p, torch::kDouble)},
              [](const Inputs& in) { return torch::pow(in[0], in[1]); });
  }
  const Tensor positive = doubles({0.5, 1, 3.2, 12.5});
  for (int64_t n : {0, 1, 2, 3}) {
    gradients(r, "polygamma " + std::to_string(n), {positive},
              [&](const Inputs& in) { return torch::polygamma(n, in[0]); });
    outcome(r, "polygamma_ " + std::to_string(n), [&] { return positive.clone().polygamma_(n); });
  }
  outcome(r, "polygamma negative", [&] { return positive.polygamma(-1); });
  outcome(r, "div mode", [] { return torch::div(torch::ones({2}), torch::ones({2}), "ceil"); });
  outcome(r, "not of reals", [] { return ~torch::ones({2}); });
  outcome(r, "isclose dtypes",
          [] { return torch::isclose(torch::ones({2}), torch::ones({2}, torch::kDouble)); });
  outcome(r, "isclose rtol", [] { return torch::isclose(torch::ones({2}), torch::ones({2}), -1); });
  outcome(r, "isclose integers", [] {
    return torch::isclose(torch::tensor({10, 20}), torch::tensor({10, 21}), 0.05, 0.5);
  });
  const Tensor tied = doubles({1, 2, kNaN, 3, kNaN});
  const Tensor other = doubles({1, 3, 1, kNaN, kNaN});
  gradients(r, "maximum ties", {tied, other},
            [](const Inputs& in) { return torch::max(in[0], in[1]); });
  gradients(r, "minimum ties", {tied, other},
            [](const Inputs& in) { return torch::min(in[0], in[1]); });
  gradients(r, "fmax ties", {tied, other},
            [](const Inputs& in) { return torch::fmax(in[0], in[1]); });
  gradients(r, "fmin ties", {tied, other},
            [](const Inputs& in) { return torch::fmin(in[0], in[1]); });
  const Tensor ends = doubles({kInf, -kInf, kInf, 1000, kNaN});
  const Tensor more_ends = doubles({kInf, -kInf, -kInf, 1000, 1});
  gradients(r, "logaddexp ends", {ends, more_ends},
            [](const Inputs& in) { return torch::logaddexp(in[0], in[1]); });
  gradients(r, "logaddexp2 ends", {ends, more_ends},
            [](const Inputs& in) { return torch::logaddexp2(in[0], in[1]); });
}

// The functions that change their first argument.
PARITY_PROGRAM(elementwise_functions_in_place) {
  const Tensor x = doubles({0.3, 0.6, 0.9});
#define IN_PLACE(name)     \
  outcome(r, #name, [&] {  \
    Tensor y = x.clone();  \
    return torch::name(y); \
  })
  IN_PLACE(abs_);
  IN_PLACE(acos_);
  IN_PLACE(acosh_);
  IN_PLACE(asin_);
  IN_PLACE(asinh_);
  IN_PLACE(atan_);
  IN_PLACE(atanh_);
  IN_PLACE(ceil_);
  IN_PLACE(cos_);
  IN_PLACE(cosh_);
  IN_PLACE(deg2rad_);
  IN_PLACE(erf_);
  IN_PLACE(erfc_);
  IN_PLACE(exp_);
  IN_PLACE(exp2_);
  IN_PLACE(expm1_);
  IN_PLACE(floor_);
  IN_PLACE(frac_);
  IN_PLACE(log_);
  IN_PLACE(log10_);
  IN_PLACE(log1p_);
  IN_PLACE(log2_);
  IN_PLACE(neg_);
  IN_PLACE(negative_);
  IN_PLACE(rad2deg_);
  IN_PLACE(reciprocal_);
  IN_PLACE(relu_);
  IN_PLACE(round_);
  IN_PLACE(rsqrt_);
  IN_PLACE(sigmoid_);
  IN_PLACE(sin_);
  IN_PLACE(sinc_);
  IN_PLACE(sinh_);
  IN_PLACE(sqrt_);
  IN_PLACE(square_);
  IN_PLACE(tan_);
  IN_PLACE(tanh_);
  IN_PLACE(trunc_);
  IN_PLACE(fix_);
  IN_PLACE(arcsin_);
  IN_PLACE(arccos_);
  IN_PLACE(arctan_);
  IN_PLACE(arcsinh_);
  IN_PLACE(arccosh_);
  IN_PLACE(arctanh_);
  IN_PLACE(leaky_relu_);
  IN_PLACE(nan_to_num_);
  IN_PLACE(logit_);
#undef IN_PLACE
  Tensor y = x.clone();
  r.value("xlogy_", torch::xlogy_(y, x));
  r.value("xlogy_ number", torch::xlogy_(y, 2));
  r.value("ldexp_", torch::ldexp_(y, x));
  r.value("clamp_max_", torch::clamp_max_(y, 0.1));
  r.value("clamp_min_", torch::clamp_min_(y, 0.05));
  Tensor whole = torch::tensor({12, 18, -8});
  r.value("gcd_", torch::gcd_(whole, torch::tensor({8, 12, 6})));
  r.value("lcm_", torch::lcm_(whole, torch::tensor({3, 4, 5})));
  r.value("__and__", torch::__and__(whole, 5));
  r.value("__or__", torch::__or__(whole, whole + 1));
  r.value("__xor__", torch::__xor__(whole, 5));
  r.value("__lshift__", torch::__lshift__(whole, 2));
  r.value("__rshift__", torch::__rshift__(whole, 1));
  r.value("arctan2_", x.clone().arctan2_(x));
  r.value("sub number", torch::subtract(x, 1.5, 2));
}
