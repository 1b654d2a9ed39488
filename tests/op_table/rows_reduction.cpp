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

// Results that are not tensors of their own: the values of a pair.
Tensor values(const std::tuple<Tensor, Tensor>& pair) { return std::get<0>(pair); }
Tensor indices(const std::tuple<Tensor, Tensor>& pair) { return std::get<1>(pair); }

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
       dims("dims", real({2, 3, 2}), [](const Tensor& x) {
         return T::var(x, T::IntArrayRef({0, 2}), false);
       })});
  row("std",
      {WHOLE(std), dims("biased", real({2, 4}), [](const Tensor& x) { return T::std(x, false); }),
       dims("dim", real({2, 4}), [](const Tensor& x) { return T::std(x, 1, true, true); })});
  std::vector<Case> norm = {WHOLE(norm)};
  for (double p :
       {1.0, 2.0, 3.0, 0.5, static_cast<double>(INFINITY), -static_cast<double>(INFINITY)}) {
    norm.push_back(dims("all_p", real({2, 3}), [p](const Tensor& x) { return T::norm(x, p); }));
    norm.push_back(
        dims("dim_p", real({2, 3}), [p](const Tensor& x) { return T::norm(x, p, {1}, true); }));
  }
  row("norm", norm);
  row("logsumexp", {dims("dim", real({2, 3}), [](const Tensor& x) { return T::logsumexp(x, 1); }),
                    dims("dims", real({2, 3, 2}), [](const Tensor& x) {
                      return T::logsumexp(x, T::IntArrayRef({0, 2}), true);
                    })});
  row("cumsum", {dims("rows", real({2, 3}), [](const Tensor& x) { return T::cumsum(x, 0); }),
                 dims("columns", real({2, 3}), [](const Tensor& x) { return T::cumsum(x, -1); }),
                 dims("zero_dim", real({}), [](const Tensor& x) { return T::cumsum(x, 0); })});
  row("softmax",
      {dims("last", real({2, 3}), [](const Tensor& x) { return T::softmax(x, -1); }),
       dims("first", real({3, 2}), [](const Tensor& x) { return T::softmax(x, 0); }),
       dims("middle", real({2, 3, 2}), [](const Tensor& x) { return T::softmax(x, 1); })});
  row("log_softmax",
      {dims("last", real({2, 3}), [](const Tensor& x) { return T::log_softmax(x, -1); }),
       dims("first", real({3, 2}), [](const Tensor& x) { return T::log_softmax(x, 0); }),
       dims("middle", real({2, 3, 2}), [](const Tensor& x) { return T::log_softmax(x, 1); })});
  row("sort", {dims("last", real({2, 4}), [](const Tensor& x) { return values(T::sort(x)); }),
               dims("descending", real({3, 2}),
                    [](const Tensor& x) { return values(T::sort(x, 0, true)); })});
  row("topk", {dims("largest", real({2, 5}), [](const Tensor& x) { return values(T::topk(x, 3)); }),
               dims("smallest", real({4, 2}),
                    [](const Tensor& x) { return values(T::topk(x, 2, 0, false)); })});
  row("argsort",
      {dims("last", real({2, 4}), [](const Tensor& x) { return T::argsort(x); }),
       dims("indices", real({2, 4}), [](const Tensor& x) { return indices(T::sort(x, 0, true)); })},
      kNoGradient);
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
  return rows;
}

}  // namespace op_table
