// Copies with the elements in another order, in part, or repeated.

#include <utility>

#include "op_table/table.h"

namespace op_table {

using T::Tensor;

std::vector<Row> rearranging_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("flip", {one("both", real({2, 3}),
                   [](const Tensor& x) {
                     return T::flip(x, {0, 1});
                   }),
               one("last", real({2, 3}), [](const Tensor& x) { return x.flip({-1}); })});
  row("tril", {one("square", real({3, 3}), [](const Tensor& x) { return T::tril(x); }),
               one("batch", real({2, 2, 3}), [](const Tensor& x) { return T::tril(x, -1); })});
  row("triu", {one("square", real({3, 3}), [](const Tensor& x) { return T::triu(x); }),
               one("batch", real({2, 2, 3}), [](const Tensor& x) { return T::triu(x, 1); })});
  row("tril_", {one("square", real({3, 3}), [](const Tensor& x) { return (x * 2).tril_(); })},
      kInPlace);
  row("triu_", {one("batch", real({2, 2, 3}), [](const Tensor& x) { return (x * 2).triu_(1); })},
      kInPlace);
  row("tril_indices",
      {one("rows", real({}), [](const Tensor&) { return T::tril_indices(3, 4, 1); })}, kNoGradient);
  row("triu_indices", {one("rows", real({}), [](const Tensor&) { return T::triu_indices(4, 3); })},
      kNoGradient);
  row("fliplr", {one("matrix", real({2, 3}), [](const Tensor& x) { return T::fliplr(x); })});
  row("flipud", {one("vector", real({3}), [](const Tensor& x) { return x.flipud(); })});
  row("roll", {one("flat", real({2, 3}), [](const Tensor& x) { return T::roll(x, 2); }),
               one("dims", real({2, 3}),
                   [](const Tensor& x) {
                     return x.roll({1, -4}, {0, 1});
                   }),
               one("zero_dim", real({}), [](const Tensor& x) { return x.roll(1); })});
  row("rot90", {one("once", real({2, 3}), [](const Tensor& x) { return T::rot90(x); }),
                one("twice", real({2, 2, 3}),
                    [](const Tensor& x) {
                      return x.rot90(2, {0, 2});
                    }),
                one("back", real({2, 3}), [](const Tensor& x) { return x.rot90(-1); })});
  row("diag", {one("vector", real({3}), [](const Tensor& x) { return T::diag(x, 1); }),
               one("matrix", real({2, 3}), [](const Tensor& x) { return x.diag(); }),
               one("lower", real({3, 3}), [](const Tensor& x) { return x.diag(-1); })});
  row("diag_embed",
      {one("last", real({2, 3}), [](const Tensor& x) { return T::diag_embed(x); }),
       one("first", real({2, 3}), [](const Tensor& x) { return x.diag_embed(-1, 0, 2); })});
  row("diagflat", {one("matrix", real({2, 2}), [](const Tensor& x) { return T::diagflat(x, 1); })});
  row("select_scatter",
      {two("column", real({2, 3}), real({2}),
           [](const Tensor& x, const Tensor& v) { return T::select_scatter(x, v, 1, -1); })});
  row("slice_scatter", {two("step", real({5}), real({2}), [](const Tensor& x, const Tensor& v) {
        return x.slice_scatter(v, 0, 1, 4, 2);
      })});
  row("diagonal_scatter",
      {two("upper", real({2, 3}), real({2}),
           [](const Tensor& x, const Tensor& v) { return T::diagonal_scatter(x, v, 1); })});
  row("repeat", {one("rows", real({2, 1}),
                     [](const Tensor& x) {
                       return x.repeat({2, 3});
                     }),
                 one("front", real({2}), [](const Tensor& x) {
                   return x.repeat({2, 2});
                 })});
  row("tile", {one("short", real({2, 2}), [](const Tensor& x) { return T::tile(x, {2}); }),
               one("long", real({2}), [](const Tensor& x) {
                 return x.tile({2, 3});
               })});
  Tensor counts = T::tensor({2, 0, 1}, T::kInt64);
  row("repeat_interleave",
      {one("number", real({2, 2}), [](const Tensor& x) { return T::repeat_interleave(x, 2); }),
       one("counts", real({2, 3}),
           [=](const Tensor& x) { return x.repeat_interleave(counts, 1); })});
  return rows;
}

}  // namespace op_table
