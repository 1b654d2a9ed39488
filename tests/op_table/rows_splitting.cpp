// One tensor cut into several, several made one.

#include <utility>

#include "op_table/table.h"

namespace op_table {

using T::Tensor;

std::vector<Row> splitting_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("chunk", {several("uneven", real({5, 2}), [](const Tensor& x) { return T::chunk(x, 3); })});
  row("split", {several("size", real({2, 5}), [](const Tensor& x) { return T::split(x, 2, 1); }),
                several("sizes", real({5}), [](const Tensor& x) {
                  return x.split(T::IntArrayRef({1, 3, 1}), 0);
                })});
  row("unbind", {several("rows", real({3, 2}), [](const Tensor& x) { return T::unbind(x); })});
  row("split_with_sizes", {several("columns", real({2, 4}), [](const Tensor& x) {
        return T::split_with_sizes(x, {1, 0, 3}, 1);
      })});
  row("tensor_split",
      {several("number", real({5, 2}), [](const Tensor& x) { return T::tensor_split(x, 3); }),
       several("indices", real({2, 5}),
               [](const Tensor& x) {
                 return x.tensor_split({1, 3}, 1);
               }),
       several("tensor", real({5}), [](const Tensor& x) {
         return x.tensor_split(T::tensor({2, 3}, T::kInt64));
       })});
  row("hsplit", {several("number", real({2, 4}), [](const Tensor& x) { return T::hsplit(x, 2); }),
                 several("indices", real({4}), [](const Tensor& x) {
                   return x.hsplit(T::IntArrayRef({1, 3}));
                 })});
  row("vsplit", {several("number", real({4, 2}), [](const Tensor& x) { return T::vsplit(x, 2); }),
                 several("indices", real({4, 2}), [](const Tensor& x) {
                   return x.vsplit(T::IntArrayRef({1, 3}));
                 })});
  row("dsplit",
      {several("number", real({1, 2, 4}), [](const Tensor& x) { return T::dsplit(x, 2); }),
       several("indices", real({2, 1, 4}), [](const Tensor& x) {
         return x.dsplit(T::IntArrayRef({1, 3}));
       })});
  row("cat", {three("rows", real({1, 2}), real({2, 2}), real({1, 2}),
                    [](const Tensor& a, const Tensor& b, const Tensor& c) {
                      return T::cat({a, b, c});
                    }),
              two("columns", real({2, 1}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
                return T::cat({a, b}, -1);
              })});
  row("stack", {two("rows", real({2}), real({2}),
                    [](const Tensor& a, const Tensor& b) {
                      return T::stack({a, b});
                    }),
                two("last", real({2, 2}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
                  return T::stack({a, b}, -1);
                })});
  row("concat", {two("rows", real({1, 2}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
        return T::concat({a, b});
      })});
  row("concatenate",
      {two("columns", real({2, 1}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
        return T::concatenate({a, b}, 1);
      })});
  row("hstack", {two("vectors", real({2}), real({}),
                     [](const Tensor& a, const Tensor& b) {
                       return T::hstack({a, b});
                     }),
                 two("matrices", real({2, 1}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
                   return T::hstack({a, b});
                 })});
  row("vstack", {two("mixed", real({2}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
        return T::vstack({a, b});
      })});
  row("row_stack", {two("vectors", real({2}), real({2}), [](const Tensor& a, const Tensor& b) {
        return T::row_stack({a, b});
      })});
  row("dstack", {two("mixed", real({2}), real({1, 2}), [](const Tensor& a, const Tensor& b) {
        return T::dstack({a, b});
      })});
  row("column_stack", {two("mixed", real({2}), real({2, 2}), [](const Tensor& a, const Tensor& b) {
        return T::column_stack({a, b});
      })});
  row("meshgrid", {two("ij", real({2}), real({3}),
                       [](const Tensor& a, const Tensor& b) {
                         const Tensors g = T::meshgrid({a, b}, "ij");
                         return g[0] * g[0] * g[1];
                       }),
                   three("xy", real({2}), real({3}), real({}),
                         [](const Tensor& a, const Tensor& b, const Tensor& c) {
                           const Tensors g = T::meshgrid({a, b, c}, "xy");
                           return g[0] * g[0] * g[1] * g[2];
                         })});
  row("cartesian_prod", {two("pairs", real({2}), real({3}), [](const Tensor& a, const Tensor& b) {
        return T::cartesian_prod({a, b});
      })});
  row("combinations",
      {one("pairs", real({3}), [](const Tensor& x) { return T::combinations(x); }),
       one("replaced", real({2}), [](const Tensor& x) { return T::combinations(x, 3, true); })});
  row("atleast_1d", {one("none", real({}), [](const Tensor& x) { return T::atleast_1d(x); })});
  row("atleast_2d", {one("one", real({2}), [](const Tensor& x) { return T::atleast_2d(x); })});
  row("atleast_3d", {one("two", real({2, 3}), [](const Tensor& x) { return T::atleast_3d(x); }),
                     several("list", real({2}), [](const Tensor& x) {
                       return T::atleast_3d({x, x[0]});
                     })});
  row("pad_sequence",
      {three("steps_first", real({1, 2}), real({3, 2}), real({2, 2}),
             [](const Tensor& a, const Tensor& b, const Tensor& c) {
               return T::pad_sequence({a, b, c});
             }),
       two("batch_first", real({3}), real({1}), [](const Tensor& a, const Tensor& b) {
         return T::pad_sequence({a, b}, true, -1.5);
       })});
  row("_pack_padded_sequence",
      {one("steps_first", real({3, 3, 2}),
           [](const Tensor& x) {
             return std::get<0>(T::_pack_padded_sequence(x, T::tensor({3, 2, 2}), false));
           }),
       one("batch_first", real({2, 4}), [](const Tensor& x) {
         return std::get<0>(T::_pack_padded_sequence(x, T::tensor({3, 1}), true));
       })});
  row("_pad_packed_sequence",
      {one("steps_first", real({6, 2}),
           [](const Tensor& x) {
             const Tensor sizes = T::tensor({3, 2, 1});
             return std::get<0>(T::_pad_packed_sequence(x, sizes, false, 0.5, 4));
           }),
       one("batch_first", real({5}), [](const Tensor& x) {
         return std::get<0>(T::_pad_packed_sequence(x, T::tensor({3, 2}), true, 0, 0));
       })});
  return rows;
}

}  // namespace op_table
