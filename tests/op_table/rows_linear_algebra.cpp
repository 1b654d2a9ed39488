#include "op_table/table.h"

namespace op_table {

std::vector<Row> linear_algebra_rows() {
  using T::Tensor;
  std::vector<Row> rows;
  auto mm = [](const Tensor& a, const Tensor& b) { return T::mm(a, b); };
  rows.push_back({"mm",
                  kNone,
                  {two("matrices", real({2, 3}), real({3, 4}), mm),
                   two("one_row", real({1, 3}), real({3, 2}), mm),
                   two("no_rows", real({0, 3}), real({3, 2}), mm),
                   two("no_inner", real({2, 0}), real({0, 2}), mm)}});
  rows.push_back({"bmm",
                  kNone,
                  {two("batch", real({2, 2, 3}), real({2, 3, 2}),
                       [](const Tensor& a, const Tensor& b) { return T::bmm(a, b); })}});
  rows.push_back(
      {"mv", kNone, {two("matrix", real({2, 3}), real({3}), [](const Tensor& a, const Tensor& b) {
         return T::mv(a, b);
       })}});
  rows.push_back(
      {"dot", kNone, {two("vectors", real({4}), real({4}), [](const Tensor& a, const Tensor& b) {
         return T::dot(a, b);
       })}});
  rows.push_back(
      {"outer", kNone, {two("vectors", real({2}), real({3}), [](const Tensor& a, const Tensor& b) {
         return T::outer(a, b);
       })}});
  rows.push_back({"addmm",
                  kNone,
                  {three("matrix", real({2, 2}), real({2, 3}), real({3, 2}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return T::addmm(x, a, b, 0.5, -1.5);
                         }),
                   three("row", real({2}), real({2, 3}), real({3, 2}),
                         [](const Tensor& x, const Tensor& a, const Tensor& b) {
                           return T::addmm(x, a, b);
                         })}});
  auto matmul = [](const Tensor& a, const Tensor& b) { return T::matmul(a, b); };
  rows.push_back({"matmul",
                  kNone,
                  {two("vectors", real({3}), real({3}), matmul),
                   two("vector_matrix", real({3}), real({3, 2}), matmul),
                   two("matrix_vector", real({2, 3}), real({3}), matmul),
                   two("matrices", real({2, 3}), real({3, 2}), matmul),
                   two("batch_matrix", real({2, 2, 3}), real({3, 2}), matmul),
                   two("batch_vector", real({2, 2, 3}), real({3}), matmul),
                   two("vector_batch", real({2}), real({2, 2, 3}), matmul),
                   two("matrix_batch", real({2, 3}), real({2, 3, 2}), matmul),
                   two("broadcast", real({2, 1, 2, 2}), real({3, 2, 2}), matmul)}});
  rows.push_back(
      {"linear",
       kNone,
       {three("bias", real({2, 3}), real({4, 3}), real({4}),
              [](const Tensor& x, const Tensor& w, const Tensor& b) { return T::linear(x, w, b); }),
        two("no_bias", real({2, 3}), real({4, 3}),
            [](const Tensor& x, const Tensor& w) { return T::linear(x, w); }),
        three("three_dims", real({2, 2, 3}), real({2, 3}), real({2}),
              [](const Tensor& x, const Tensor& w, const Tensor& b) { return T::linear(x, w, b); }),
        three("one_dim", real({3}), real({2, 3}), real({2}),
              [](const Tensor& x, const Tensor& w, const Tensor& b) {
                return T::linear(x, w, b);
              })}});
  return rows;
}

}  // namespace op_table
