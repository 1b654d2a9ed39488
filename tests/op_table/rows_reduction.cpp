#include <cmath>
#include <tuple>
#include <utility>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;

Case dims(const std::string& label, Tensor x, std::function<Tensor(const Tensor&)> f) {
  return one(label, std::move(x), std::move(f));
}

Case pair(std::string label, Tensor x, std::function<Tensors(const Tensor&)> f) {
  return {
      std::move(label), {std::move(x)}, [f = std::move(f)](const Tensors& in) { return f(in[0]); }};
}

T::optional<int64_t> optional_int(int64_t n) { return n; }

}  // namespace

std::vector<Row> reduction_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
#define WHOLE(f) dims("all", real({2, 3}), [](const Tensor& x) { return T::f(x); })
#define ZERO_DIM(f) dims("zero_dim", real({}), [](const Tensor& x) { return T::f(x); })
  row("sum", {WHOLE(sum), ZERO_DIM(sum),
              dims("dim", real({2, 3, 2}), [](const Tensor& x) { return T::sum(x, 1); }),
              dims("dims", real({2, 3, 2}),
                   [](const Tensor& x) {
                     return T::sum(x, T::IntArrayRef({0, -1}), true);
                   }),
              dims("empty", real({0, 3}), [](const Tensor& x) { return T::sum(x, 0); })});
  row("mean", {WHOLE(mean), ZERO_DIM(mean),
               dims("dim", real({2, 3, 2}), [](const Tensor& x) { return T::mean(x, -2); }),
               dims("dims", real({2, 3, 2}), [](const Tensor& x) {
                 return T::mean(x, T::IntArrayRef({0, 2}), true);
               })});
  Tensor with_zero = T::tensor({{1.5, 0.0, -0.7}, {2.0, 0.6, 1.1}}, T::kFloat64).requires_grad_();
  Tensor with_zeros = T::tensor({{1.5, 0.0, 0.0}, {2.0, 0.6, 1.1}}, T::kFloat64).requires_grad_();
  row("prod", {WHOLE(prod), ZERO_DIM(prod),
               dims("dim", real({2, 3}), [](const Tensor& x) { return T::prod(x, 1, true); }),
               dims("one_zero", with_zero, [](const Tensor& x) { return T::prod(x, 1); }),
               dims("two_zeros", with_zeros, [](const Tensor& x) { return T::prod(x, 1); }),
               dims("all_with_zero", with_zero.detach().clone().requires_grad_(),
                    [](const Tensor& x) { return T::prod(x); })});
  row("max", {WHOLE(max), ZERO_DIM(max),
              dims("dim", real({2, 4}), [](const Tensor& x) { return values(T::max(x, 1)); }),
              dims("keepdim", real({3, 2}), [](const Tensor& x) { return values(x.max(0, true)); }),
              two("two", real({2, 3}), real({3}),
                  [](const Tensor& a, const Tensor& b) { return T::max(a, b); })});
  row("min", {WHOLE(min), ZERO_DIM(min),
              dims("dim", real({2, 4}), [](const Tensor& x) { return values(T::min(x, 1)); }),
              dims("keepdim", real({3, 2}), [](const Tensor& x) { return values(x.min(0, true)); }),
              two("two", real({2, 3}), real({3}),
                  [](const Tensor& a, const Tensor& b) { return T::min(a, b); })});
  row("amax", {WHOLE(amax), dims("dims", real({2, 3, 2}), [](const Tensor& x) {
                 return T::amax(x, {0, 2}, true);
               })});
  row("amin",
      {WHOLE(amin), dims("dim", real({2, 3, 2}), [](const Tensor& x) { return T::amin(x, {1}); })});
  row("var",
      {WHOLE(var), dims("biased", real({2, 4}), [](const Tensor& x) { return T::var(x, false); }),
       dims("dim", real({2, 4}), [](const Tensor& x) { return T::var(x, 1, true, true); }),
       dims("correction", real({2, 4}),
            [](const Tensor& x) { return x.var(T::IntArrayRef({1}), optional_int(2), false); }),
       dims("dims", real({2, 3, 2}), [](const Tensor& x) {
         return T::var(x, T::IntArrayRef({0, 2}), false);
       })});
  row("std",
      {WHOLE(std), dims("biased", real({2, 4}), [](const Tensor& x) { return T::std(x, false); }),
       dims("dim", real({2, 4}), [](const Tensor& x) { return T::std(x, 1, true, true); }),
       dims("correction", real({2, 4}),
            [](const Tensor& x) { return x.std(T::IntArrayRef({1}), optional_int(0), true); })});
  auto first = [](const std::tuple<Tensor, Tensor>& pair) { return values(pair); };
  auto both = [](const std::tuple<Tensor, Tensor>& pair) -> Tensors {
    return {std::get<0>(pair), std::get<1>(pair)};
  };
  row("var_mean",
      {pair("all", real({2, 3}), [both](const Tensor& x) { return both(T::var_mean(x)); }),
       pair("dim", real({2, 4}),
            [both](const Tensor& x) { return both(T::var_mean(x, 1, false, true)); }),
       dims("var_only", real({2, 4}),
            [first](const Tensor& x) { return first(T::var_mean(x, 1)); }),
       pair("correction", real({2, 5}), [both](const Tensor& x) {
         return both(T::var_mean(x, T::IntArrayRef({1}), optional_int(2), false));
       })});
  row("std_mean",
      {pair("all", real({2, 3}), [both](const Tensor& x) { return both(T::std_mean(x, false)); }),
       pair("dim", real({2, 4}), [both](const Tensor& x) { return both(T::std_mean(x, 0)); }),
       pair("correction", real({2, 5}), [both](const Tensor& x) {
         return both(T::std_mean(x, T::IntArrayRef({1}), optional_int(0), true));
       })});
  Tensor with_nan = real({2, 3}).detach().clone();
  with_nan[0][1].fill_(std::nan(""));
  row("nansum", {WHOLE(nansum),
                 dims("dim", real({2, 3}),
                      [](const Tensor& x) { return T::nansum(x, T::IntArrayRef({1}), true); }),
                 dims("nan", with_nan, [](const Tensor& x) { return T::nansum(x, 0); })});
  row("nanmean", {WHOLE(nanmean),
                  dims("dim", real({2, 3}), [](const Tensor& x) { return x.nanmean(1, true); }),
                  dims("nan", with_nan, [](const Tensor& x) { return T::nanmean(x, 0); })});
  row("aminmax",
      {pair("all", real({2, 3}), [both](const Tensor& x) { return both(T::aminmax(x)); }),
       pair("dim", real({2, 3}), [both](const Tensor& x) { return both(x.aminmax(1, true)); })});
  row("count_nonzero",
      {WHOLE(count_nonzero),
       dims("integers", integers({3, 4}, -1, 2),
            [](const Tensor& x) { return x.count_nonzero(optional_int(1)); }),
       dims("dims", integers({2, 3, 2}, 0, 2),
            [](const Tensor& x) {
              return T::count_nonzero(x, T::IntArrayRef({0, 2}));
            })},
      kNoGradient);
  row("logsumexp", {dims("dim", real({2, 3}), [](const Tensor& x) { return T::logsumexp(x, 1); }),
                    dims("dims", real({2, 3, 2}), [](const Tensor& x) {
                      return T::logsumexp(x, T::IntArrayRef({0, 2}), true);
                    })});
  row("softmax",
      {dims("last", real({2, 3}), [](const Tensor& x) { return T::softmax(x, -1); }),
       dims("first", real({3, 2}), [](const Tensor& x) { return T::softmax(x, 0); }),
       dims("middle", real({2, 3, 2}), [](const Tensor& x) { return T::softmax(x, 1); })});
  row("log_softmax",
      {dims("last", real({2, 3}), [](const Tensor& x) { return T::log_softmax(x, -1); }),
       dims("first", real({3, 2}), [](const Tensor& x) { return T::log_softmax(x, 0); }),
       dims("middle", real({2, 3, 2}), [](const Tensor& x) { return T::log_softmax(x, 1); })});
  row("argmax",
      {WHOLE(argmax),
       dims("dim", real({2, 4}), [](const Tensor& x) { return T::argmax(x, 1, true); })},
      kNoGradient);
  row("argmin",
      {WHOLE(argmin), dims("dim", real({2, 4}), [](const Tensor& x) { return T::argmin(x, 0); })},
      kNoGradient);
  row("all",
      {dims("mask", mask({2, 3}), [](const Tensor& x) { return T::all(x); }),
       dims("dim", mask({4, 2}), [](const Tensor& x) { return T::all(x, 1); })},
      kNoGradient);
  row("any",
      {dims("mask", mask({2, 3}), [](const Tensor& x) { return T::any(x); }),
       dims("dim", mask({4, 2}), [](const Tensor& x) { return T::any(x, 1, true); })},
      kNoGradient);
#undef WHOLE
#undef ZERO_DIM
  row("layer_norm", {three("rows", real({3, 4}), positive({4}), real({4}),
                           [](const Tensor& x, const Tensor& w, const Tensor& b) {
                             return T::layer_norm(x, {4}, w, b);
                           }),
                     one("two_dims", real({2, 2, 3}), [](const Tensor& x) {
                       return T::layer_norm(x, {2, 3}, {}, {}, 0.1);
                     })});
  return rows;
}

}  // namespace op_table
