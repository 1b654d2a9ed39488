// Sorted elements, and those at certain places in the order; running reductions.
#include <cmath>
#include <tuple>
#include <utility>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;

// x with zeros in its rows: none, one, two.
Tensor rows_with_zeros() {
  return T::tensor({{1.5, 0.6, -0.7}, {2.0, 0.0, 1.1}, {0.0, 0.8, 0.0}}, T::kFloat64)
      .requires_grad_();
}

void add_sorting(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("sort",
      {one("last", real({2, 4}), [](const Tensor& x) { return values(T::sort(x)); }),
       one("descending", real({3, 2}), [](const Tensor& x) { return values(T::sort(x, 0, true)); }),
       one("stable", real({2, 4}),
           [](const Tensor& x) { return values(x.sort(T::optional<bool>(true), 1, false)); })});
  row("msort", {one("matrix", real({4, 2}), [](const Tensor& x) { return T::msort(x); })});
  row("topk", {one("largest", real({2, 5}), [](const Tensor& x) { return values(T::topk(x, 3)); }),
               one("smallest", real({4, 2}),
                   [](const Tensor& x) { return values(T::topk(x, 2, 0, false)); })});
  row("argsort",
      {one("last", real({2, 4}), [](const Tensor& x) { return T::argsort(x); }),
       one("stable", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return T::argsort(x, true, 1, true); }),
       one("ties", integers({2, 20}, 0, 3), [](const Tensor& x) { return x.argsort(-1, true); }),
       one("indices", real({2, 4}), [](const Tensor& x) { return indices(T::sort(x, 0, true)); }),
       one("topk_ties", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return indices(T::topk(x, 5)); }),
       one("unsorted", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return indices(T::topk(x, 5, 1, false, false)); }),
       one("kthvalue_ties", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return indices(T::kthvalue(x, 9)); }),
       one("median_ties", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return indices(T::median(x, 1)); }),
       one("mode_ties", integers({2, 20}, 0, 3),
           [](const Tensor& x) { return indices(T::mode(x)); })},
      kNoGradient);
  row("kthvalue",
      {one("last", real({2, 5}), [](const Tensor& x) { return values(T::kthvalue(x, 2)); }),
       one("keepdim", real({4, 2}), [](const Tensor& x) { return values(x.kthvalue(3, 0, true)); }),
       one("zero_dim", real({}), [](const Tensor& x) { return values(T::kthvalue(x, 1)); })});
  row("median",
      {one("all", real({2, 3}), [](const Tensor& x) { return T::median(x); }),
       one("dim", real({2, 4}), [](const Tensor& x) { return values(T::median(x, 1)); }),
       one("keepdim", real({3, 2}), [](const Tensor& x) { return values(x.median(0, true)); })});
  row("nanmedian",
      {one("all", real({2, 3}), [](const Tensor& x) { return T::nanmedian(x); }),
       one("dim", real({2, 4}), [](const Tensor& x) { return values(x.nanmedian(1, true)); })});
  row("mode",
      {one("last", real({2, 4}), [](const Tensor& x) { return values(T::mode(x)); }),
       one("keepdim", real({3, 2}), [](const Tensor& x) { return values(x.mode(0, true)); })});
  row("quantile",
      {one("all", real({2, 3}), [](const Tensor& x) { return T::quantile(x, 0.3); }),
       one("dim", real({2, 4}), [](const Tensor& x) { return x.quantile(0.4, 1, true); }),
       one("midpoint", real({4, 2}),
           [](const Tensor& x) { return T::quantile(x, 0.4, 0, false, "midpoint"); }),
       one("list", real({2, 4}), [](const Tensor& x) {
         return T::quantile(x, T::tensor({0.25, 0.6, 1.0}, x.options().requires_grad(false)), 1);
       })});
}

void add_running(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("cumsum", {one("rows", real({2, 3}), [](const Tensor& x) { return T::cumsum(x, 0); }),
                 one("columns", real({2, 3}), [](const Tensor& x) { return T::cumsum(x, -1); }),
                 one("zero_dim", real({}), [](const Tensor& x) { return T::cumsum(x, 0); })});
  row("cumsum_", {one("rows", real({2, 3}), [](const Tensor& x) { return x.clone().cumsum_(0); })},
      kInPlace);
  auto cumprod = [](const Tensor& x) { return T::cumprod(x, 1); };
  row("cumprod", {one("rows", real({3, 2}), [](const Tensor& x) { return T::cumprod(x, 0); }),
                  one("columns", real({2, 3}), cumprod), one("zeros", rows_with_zeros(), cumprod),
                  one("zero_dim", real({}), [](const Tensor& x) { return T::cumprod(x, 0); })});
  row("cumprod_",
      {one("columns", real({2, 3}), [](const Tensor& x) { return x.clone().cumprod_(1); }),
       one("zeros", rows_with_zeros(), [](const Tensor& x) { return x.clone().cumprod_(1); })},
      kInPlace);
  row("logcumsumexp",
      {one("rows", real({3, 2}), [](const Tensor& x) { return T::logcumsumexp(x, 0); }),
       one("columns", real({2, 3}), [](const Tensor& x) { return T::logcumsumexp(x, -1); })});
  row("cummax",
      {one("rows", real({3, 2}), [](const Tensor& x) { return values(T::cummax(x, 0)); }),
       one("columns", real({2, 4}), [](const Tensor& x) { return values(x.cummax(1)); })});
  row("cummin",
      {one("rows", real({3, 2}), [](const Tensor& x) { return values(T::cummin(x, 0)); }),
       one("columns", real({2, 4}), [](const Tensor& x) { return values(x.cummin(1)); })});
  row("diff", {one("last", real({2, 4}), [](const Tensor& x) { return T::diff(x); }),
               one("twice", real({4, 2}), [](const Tensor& x) { return T::diff(x, 2, 0); }),
               two("prepend", real({2, 3}), real({2, 1}),
                   [](const Tensor& x, const Tensor& p) { return T::diff(x, 1, -1, p); }),
               one("mask", mask({2, 4}), [](const Tensor& x) { return T::diff(x); })});
  row("trapezoid",
      {one("steps", real({2, 4}), [](const Tensor& y) { return T::trapezoid(y, 0.5); }),
       two("points", real({2, 4}), real({4}),
           [](const Tensor& y, const Tensor& x) { return T::trapezoid(y, x); }),
       two("rows", real({3, 2}), real({3, 2}),
           [](const Tensor& y, const Tensor& x) { return T::trapezoid(y, x, 0); })});
  row("trapz", {one("steps", real({2, 4}), [](const Tensor& y) { return T::trapz(y, 0.5, 0); }),
                two("points", real({2, 4}), real({4}),
                    [](const Tensor& y, const Tensor& x) { return T::trapz(y, x); })});
}

}  // namespace

std::vector<Row> order_rows() {
  std::vector<Row> rows;
  add_sorting(rows);
  add_running(rows);
  return rows;
}

}  // namespace op_table
