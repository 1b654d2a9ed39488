#include <utility>

#include "op_table/table.h"

namespace op_table {

std::vector<Row> choosing_rows() {
  using T::Tensor;
  using T::indexing::Ellipsis;
  using T::indexing::None;
  using T::indexing::Slice;
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("masked_fill",
      {two("number", real({2, 3}), mask({3}),
           [](const Tensor& x, const Tensor& m) { return T::masked_fill(x, m, 0.5); }),
       three("tensor", real({2, 3}), mask({2, 1}), real({}),
             [](const Tensor& x, const Tensor& m, const Tensor& v) {
               return T::masked_fill(x, m, v);
             })});
  row("masked_fill_",
      {two("number", real({2, 3}), mask({3}),
           [](const Tensor& x, const Tensor& m) { return x.clone().masked_fill_(m, 0.5); }),
       three("tensor", real({2, 3}), mask({2, 1}), real({}),
             [](const Tensor& x, const Tensor& m, const Tensor& v) {
               return x.clone().masked_fill_(m, v);
             })},
      kInPlace);
  row("masked_select",
      {two("same", real({5}), mask({5}),
           [](const Tensor& x, const Tensor& m) { return T::masked_select(x, m); }),
       two("row", real({2, 3}), mask({3}),
           [](const Tensor& x, const Tensor& m) { return T::masked_select(x, m); })});
  row("gather", {two("rows", real({3, 2}), integers({2, 2}, 0, 3),
                     [](const Tensor& x, const Tensor& i) { return T::gather(x, 0, i); }),
                 two("columns", real({2, 3}), integers({2, 4}, 0, 3),
                     [](const Tensor& x, const Tensor& i) { return T::gather(x, -1, i); })});
  row("scatter_add", {three("rows", real({3, 2}), integers({4, 2}, 0, 3), real({4, 2}),
                            [](const Tensor& x, const Tensor& i, const Tensor& s) {
                              return T::scatter_add(x, 0, i, s);
                            })});
  row("scatter_add_",
      {three("columns", real({2, 3}), integers({2, 2}, 0, 3), real({2, 2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return x.clone().scatter_add_(1, i, s);
             })},
      kInPlace);
  // Each place is written once: which of two writes wins is not said.
  Tensor distinct = T::tensor({{2, 0}, {1, 2}}, T::kInt64);
  row("scatter",
      {three("tensor", real({2, 3}), distinct, real({2, 2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return T::scatter(x, 1, i, s);
             }),
       two("number", real({2, 3}), distinct,
           [](const Tensor& x, const Tensor& i) { return T::scatter(x, 1, i, 0.5); }),
       three("add", integers({2, 3}, -9, 9), integers({2, 2}, 0, 3), integers({2, 2}, -9, 9),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return T::scatter(x, 1, i, s, "add");
             }),
       two("multiply", integers({2, 3}, -9, 9), distinct,
           [](const Tensor& x, const Tensor& i) { return T::scatter(x, 1, i, 3, "multiply"); })});
  row("scatter_",
      {three("tensor", real({2, 3}), distinct, real({2, 2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return x.clone().scatter_(1, i, s);
             }),
       two("number", real({2, 3}), distinct,
           [](const Tensor& x, const Tensor& i) { return x.clone().scatter_(1, i, 0.5); })},
      kInPlace);
  row("index_select",
      {two("rows", real({3, 2}), integers({4}, 0, 3),
           [](const Tensor& x, const Tensor& i) { return T::index_select(x, 0, i); }),
       two("columns", real({2, 3}), integers({2}, 0, 3),
           [](const Tensor& x, const Tensor& i) { return T::index_select(x, 1, i); })});
  row("index_add", {three("rows", real({3, 2}), integers({4}, 0, 3), real({4, 2}),
                          [](const Tensor& x, const Tensor& i, const Tensor& s) {
                            return T::index_add(x, 0, i, s);
                          }),
                    three("times", real({2, 3}), integers({2}, 0, 3), real({2, 2}),
                          [](const Tensor& x, const Tensor& i, const Tensor& s) {
                            return x.index_add(1, i, s, -1.5);
                          })});
  row("index_add_",
      {three("columns", real({2, 3}), integers({2}, 0, 3), real({2, 2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return x.clone().index_add_(1, i, s);
             })},
      kInPlace);
  row("index_copy", {three("rows", real({3, 2}), T::tensor({2, 0}, T::kInt64), real({2, 2}),
                           [](const Tensor& x, const Tensor& i, const Tensor& s) {
                             return T::index_copy(x, 0, i, s);
                           }),
                     three("zero_dim", real({3}), T::scalar_tensor(1, T::kInt64), real({}),
                           [](const Tensor& x, const Tensor& i, const Tensor& s) {
                             return x.index_copy(0, i, s);
                           })});
  row("index_copy_",
      {three("columns", real({2, 3}), T::tensor({2, 0}, T::kInt64), real({2, 2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return x.clone().index_copy_(-1, i, s);
             })},
      kInPlace);
  row("index_fill",
      {two("number", real({3, 2}), T::tensor({2, -3}, T::kInt64),
           [](const Tensor& x, const Tensor& i) { return T::index_fill(x, 0, i, 0.5); }),
       three("tensor", real({2, 3}), T::tensor({1, 1}, T::kInt64), real({}),
             [](const Tensor& x, const Tensor& i, const Tensor& v) {
               return T::index_fill(x, 1, i, v);
             })});
  row("index_fill_",
      {two("number", real({3, 2}), T::tensor({2, 0}, T::kInt64),
           [](const Tensor& x, const Tensor& i) { return x.clone().index_fill_(0, i, 0.5); }),
       three("tensor", real({2, 3}), T::tensor({1, 2}, T::kInt64), real({}),
             [](const Tensor& x, const Tensor& i, const Tensor& v) {
               return x.clone().index_fill_(1, i, v);
             })},
      kInPlace);
  row("take", {two("places", real({2, 3}), T::tensor({{5, -6}, {1, 1}}, T::kInt64),
                   [](const Tensor& x, const Tensor& i) { return T::take(x, i); })});
  row("take_along_dim",
      {two("rows", real({3, 2}), integers({2, 2}, 0, 3),
           [](const Tensor& x, const Tensor& i) { return T::take_along_dim(x, i, 0); }),
       two("broadcast", real({2, 3}), integers({1, 2}, 0, 3),
           [](const Tensor& x, const Tensor& i) { return x.take_along_dim(i, 1); }),
       two("flat", real({4}), integers({3}, 0, 4),
           [](const Tensor& x, const Tensor& i) { return x.take_along_dim(i); })});
  row("put",
      {three("replace", real({2, 3}), T::tensor({5, -6}, T::kInt64), real({2}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) { return T::put(x, i, s); }),
       three("add", real({2, 3}), T::tensor({1, 5, 1}, T::kInt64), real({3}),
             [](const Tensor& x, const Tensor& i, const Tensor& s) {
               return T::put(x, i, s, true);
             })});
  row("put_",
      {three(
          "replace", real({2, 3}), T::tensor({5, 0}, T::kInt64), real({2}),
          [](const Tensor& x, const Tensor& i, const Tensor& s) { return x.clone().put_(i, s); })},
      kInPlace);
  row("masked_scatter", {three("same", real({5}), mask({5}), real({6}),
                               [](const Tensor& x, const Tensor& m, const Tensor& s) {
                                 return T::masked_scatter(x, m, s);
                               }),
                         three("row", real({2, 3}), mask({3}), real({2, 3}),
                               [](const Tensor& x, const Tensor& m, const Tensor& s) {
                                 return x.masked_scatter(m, s);
                               })});
  row("masked_scatter_",
      {three("same", real({5}), mask({5}), real({6}),
             [](const Tensor& x, const Tensor& m, const Tensor& s) {
               return x.clone().masked_scatter_(m, s);
             })},
      kInPlace);
  row("one_hot",
      {one("classes", integers({2, 3}, 0, 4), [](const Tensor& x) { return T::one_hot(x, 5); })},
      kNoGradient);
  row("embedding", {two("matrix", real({4, 3}), integers({2, 3}, 0, 4),
                        [](const Tensor& w, const Tensor& i) { return T::embedding(w, i); }),
                    two("one", real({4, 3}), T::scalar_tensor(2, T::kInt64),
                        [](const Tensor& w, const Tensor& i) { return T::embedding(w, i); })});
  row("nonzero", {one("mask", mask({2, 3}), [](const Tensor& x) { return T::nonzero(x); })},
      kNoGradient);
  row("argwhere", {one("mask", mask({2, 3}), [](const Tensor& x) { return T::argwhere(x); })},
      kNoGradient);
  row("nonzero_numpy",
      {several("mask", mask({2, 3}), [](const Tensor& x) { return T::nonzero_numpy(x); }),
       several("where", mask({2, 3}), [](const Tensor& x) { return T::where(x); })},
      kNoGradient);
  Tensor rows_index = T::tensor({2, 0, 2}, T::kInt64);
  Tensor cols_index = T::tensor({1, 1, 0}, T::kInt64);
  row("index", {one("basic", real({3, 4}),
                    [](const Tensor& x) {
                      return x.index({Slice(None, None, 2), -1});
                    }),
                one("none_ellipsis", real({2, 3, 2}),
                    [](const Tensor& x) {
                      return x.index({Ellipsis, None, Slice(0, 1)});
                    }),
                one("rows", real({3, 2}), [=](const Tensor& x) { return x.index({rows_index}); }),
                one("pairs", real({3, 2, 2}),
                    [=](const Tensor& x) {
                      return x.index({rows_index, cols_index});
                    }),
                one("apart", real({3, 2, 2}),
                    [=](const Tensor& x) {
                      return x.index({rows_index, Slice(), cols_index});
                    }),
                two("mask", real({2, 3}), mask({2, 3}),
                    [](const Tensor& x, const Tensor& m) { return x.index({m}); })});
  row("index_put_",
      {two("basic", real({3, 4}), real({3}),
           [](const Tensor& x, const Tensor& v) {
             Tensor y = x.clone();
             y.index_put_({Slice(), 1}, v);
             return y;
           }),
       two("rows", real({3, 2}), real({2, 2}),
           [](const Tensor& x, const Tensor& v) {
             Tensor y = x.clone();
             y.index_put_({T::tensor({2, 0}, T::kInt64)}, v);
             return y;
           }),
       two("mask", real({2, 3}), mask({2, 3}),
           [](const Tensor& x, const Tensor& m) {
             Tensor y = x.clone();
             y.index_put_({m}, 0.5);
             return y;
           })},
      kInPlace);
  row("index_put", {three("list", real({3, 2}), integers({3}, 0, 3), real({3, 2}),
                          [](const Tensor& x, const Tensor& i, const Tensor& v) {
                            return T::index_put(x, {i}, v, true);
                          }),
                    two("gap", real({2, 3}), real({2, 2}), [](const Tensor& x, const Tensor& v) {
                      return x.index_put({T::optional<Tensor>(), T::tensor({2, 0}, T::kInt64)}, v);
                    })});
  row("operator[]", {one("integer", real({3, 2}), [](const Tensor& x) { return x[1] * x[-1]; })});
  return rows;
}

}  // namespace op_table
