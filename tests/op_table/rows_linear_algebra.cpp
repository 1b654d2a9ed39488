#include <utility>

#include "op_table/table.h"

namespace op_table {

namespace {

using T::Tensor;

// beta * x + alpha * a product, new and in place.
void add_to_products(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
#define ADDED(f) \
  [](const Tensor& x, const Tensor& a, const Tensor& b) { return T::f(x, a, b, 0.5, -1.5); }
#define ADDED_(f) \
  [](const Tensor& x, const Tensor& a, const Tensor& b) { return x.clone().f(a, b, 0.5, -1.5); }
  row("addmm",
      {three("matrix", real({2, 2}), real({2, 3}), real({3, 2}), ADDED(addmm)),
       three("row", real({2}), real({2, 3}), real({3, 2}),
             [](const Tensor& x, const Tensor& a, const Tensor& b) { return T::addmm(x, a, b); }),
       three("no_inner", real({2, 2}), real({2, 0}), real({0, 2}), ADDED(addmm))});
  row("addmm_", {three("matrix", real({2, 2}), real({2, 3}), real({3, 2}), ADDED_(addmm_))},
      kInPlace);
  row("addmv", {three("vector", real({2}), real({2, 3}), real({3}), ADDED(addmv)),
                three("zero_dim", real({}), real({2, 3}), real({3}), ADDED(addmv)),
                three("no_inner", real({2}), real({2, 0}), real({0}), ADDED(addmv))});
  row("addmv_", {three("vector", real({2}), real({2, 3}), real({3}), ADDED_(addmv_))}, kInPlace);
  row("baddbmm", {three("batch", real({2, 2, 2}), real({2, 2, 3}), real({2, 3, 2}), ADDED(baddbmm)),
                  three("matrix", real({2, 2}), real({2, 2, 3}), real({2, 3, 2}), ADDED(baddbmm))});
  row("baddbmm_",
      {three("batch", real({2, 2, 2}), real({2, 2, 3}), real({2, 3, 2}), ADDED_(baddbmm_))},
      kInPlace);
  row("addbmm", {three("matrix", real({2, 2}), real({2, 2, 3}), real({2, 3, 2}), ADDED(addbmm)),
                 three("row", real({2}), real({2, 2, 3}), real({2, 3, 2}), ADDED(addbmm))});
  row("addbmm_", {three("matrix", real({2, 2}), real({2, 2, 3}), real({2, 3, 2}), ADDED_(addbmm_))},
      kInPlace);
  row("addr", {three("matrix", real({2, 3}), real({2}), real({3}), ADDED(addr)),
               three("row", real({3}), real({2}), real({3}), ADDED(addr))});
  row("addr_", {three("matrix", real({2, 3}), real({2}), real({3}), ADDED_(addr_))}, kInPlace);
#undef ADDED
#undef ADDED_
}

void add_made_of_products(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases) {
    rows.push_back({name, kNone, std::move(cases)});
  };
  auto inner = [](const Tensor& a, const Tensor& b) { return T::inner(a, b); };
  row("inner", {two("vectors", real({3}), real({3}), inner),
                two("matrices", real({2, 3}), real({4, 3}), inner),
                two("batch", real({2, 2, 3}), real({3}), inner),
                two("zero_dim", real({}), real({2, 3}), inner)});
  row("tensordot",
      {two("one", real({2, 3}), real({3, 4}),
           [](const Tensor& a, const Tensor& b) { return T::tensordot(a, b, {1}, {0}); }),
       two("pairs", real({2, 3, 2}), real({2, 2, 3}),
           [](const Tensor& a, const Tensor& b) {
             return T::tensordot(a, b, T::IntArrayRef({1, 2}), T::IntArrayRef({2, 0}));
           }),
       two("broadcast", real({2, 1}), real({3, 2}),
           [](const Tensor& a, const Tensor& b) { return T::tensordot(a, b, {1}, {0}); })});
  row("kron", {two("matrices", real({2, 2}), real({1, 3}),
                   [](const Tensor& a, const Tensor& b) { return T::kron(a, b); }),
               two("vector", real({2, 2}), real({2}),
                   [](const Tensor& a, const Tensor& b) { return T::kron(a, b); })});
  std::vector<Case> powers;
  for (int64_t n : {0, 1, 2, 3, 5}) {
    powers.push_back(
        one("power", real({2, 2, 2}), [n](const Tensor& x) { return T::matrix_power(x, n); }));
  }
  row("matrix_power", powers);
  row("linalg_matrix_power",
      {one("square", real({2, 2}), [](const Tensor& x) { return T::linalg_matrix_power(x, 2); })});
  row("linalg_matmul",
      {two("matrices", real({2, 3}), real({3, 2}),
           [](const Tensor& a, const Tensor& b) { return T::linalg_matmul(a, b); })});
  row("chain_matmul", {three("matrices", real({2, 3}), real({3, 4}), real({4, 1}),
                             [](const Tensor& a, const Tensor& b, const Tensor& c) {
                               return T::chain_matmul({a, b, c});
                             })});
  row("linalg_multi_dot", {three("vectors", real({3}), real({3, 4}), real({4}),
                                 [](const Tensor& a, const Tensor& b, const Tensor& c) {
                                   return T::linalg_multi_dot({a, b, c});
                                 }),
                           three("matrices", real({4, 3}), real({3, 2}), real({2, 4}),
                                 [](const Tensor& a, const Tensor& b, const Tensor& c) {
                                   return T::linalg_multi_dot({a, b, c});
                                 })});
  row("cross", {two("first", real({2, 3}), real({2, 3}),
                    [](const Tensor& a, const Tensor& b) { return T::cross(a, b); }),
                two("dim", real({3, 2}), real({3, 2}),
                    [](const Tensor& a, const Tensor& b) { return a.cross(b, 0); })});
  row("linalg_cross",
      {two("broadcast", real({2, 3}), real({1, 3}),
           [](const Tensor& a, const Tensor& b) { return T::linalg_cross(a, b); })});
  row("trace", {one("square", real({3, 3}), [](const Tensor& x) { return T::trace(x); }),
                one("wide", real({2, 3}), [](const Tensor& x) { return x.trace(); })});
}

}  // namespace

std::vector<Row> linear_algebra_rows() {
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
  rows.push_back(
      {"vdot", kNone, {two("vectors", real({4}), real({4}), [](const Tensor& a, const Tensor& b) {
         return T::vdot(a, b);
       })}});
  rows.push_back(
      {"ger", kNone, {two("vectors", real({2}), real({3}), [](const Tensor& a, const Tensor& b) {
         return a.ger(b);
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
  add_to_products(rows);
  add_made_of_products(rows);
  return rows;
}

}  // namespace op_table
