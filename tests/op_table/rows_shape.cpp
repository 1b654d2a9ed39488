#include <utility>

#include "op_table/table.h"

namespace op_table {

using T::Tensor;

std::vector<Row> shape_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  row("view", {one("flat", real({2, 3}), [](const Tensor& x) { return x.view({-1}); })},
      kLeaksLayout);
  row("reshape", {one("other", real({2, 3}),
                      [](const Tensor& x) {
                        return T::reshape(x, {3, -1});
                      }),
                  one("copying", real({2, 3}), [](const Tensor& x) { return x.t().reshape({6}); }),
                  one("to_zero_dim", real({1}), [](const Tensor& x) { return x.reshape({}); })});
  row("transpose",
      {one("ends", real({2, 3, 2}), [](const Tensor& x) { return T::transpose(x, 0, -1); })});
  row("t", {one("matrix", real({2, 3}), [](const Tensor& x) { return T::t(x); }),
            one("vector", real({3}), [](const Tensor& x) { return x.t(); })});
  row("mT", {one("batch", real({2, 2, 3}), [](const Tensor& x) { return x.mT(); })});
  row("numpy_T", {one("three", real({2, 1, 3}), [](const Tensor& x) { return x.numpy_T(); })});
  row("permute", {one("three", real({2, 3, 2}), [](const Tensor& x) {
        return T::permute(x, {2, 0, 1});
      })});
  row("mH", {one("batch", real({2, 2, 3}), [](const Tensor& x) { return x.mH(); })});
  row("matrix_H", {one("matrix", real({2, 3}), [](const Tensor& x) { return x.matrix_H(); })});
  row("adjoint", {one("batch", real({2, 2, 3}), [](const Tensor& x) { return T::adjoint(x); })});
  row("swapaxes",
      {one("ends", real({2, 3, 2}), [](const Tensor& x) { return T::swapaxes(x, 0, -1); })});
  row("swapdims",
      {one("first", real({2, 3, 2}), [](const Tensor& x) { return x.swapdims(0, 1); })});
  row("movedim", {one("one", real({2, 3, 2}), [](const Tensor& x) { return T::movedim(x, 0, -1); }),
                  one("two", real({2, 3, 4}), [](const Tensor& x) {
                    return x.movedim({0, 1}, {2, 0});
                  })});
  row("moveaxis", {one("two", real({2, 3, 4}), [](const Tensor& x) {
        return T::moveaxis(x, {0, -1}, {-1, 0});
      })});
  row("squeeze", {one("all", real({1, 3, 1}), [](const Tensor& x) { return T::squeeze(x); }),
                  one("one", real({1, 3, 1}), [](const Tensor& x) { return T::squeeze(x, -1); })});
  row("unsqueeze", {one("front", real({3}), [](const Tensor& x) { return T::unsqueeze(x, 0); }),
                    one("back", real({2, 3}), [](const Tensor& x) { return x.unsqueeze(-1); })});
  row("expand", {one("rows", real({1, 3}),
                     [](const Tensor& x) {
                       return x.expand({2, -1});
                     }),
                 one("front", real({3}), [](const Tensor& x) {
                   return x.expand({2, 3});
                 })});
  row("broadcast_to", {one("both", real({2, 1}), [](const Tensor& x) {
        return T::broadcast_to(x, {2, 2, 3});
      })});
  row("flatten", {one("all", real({2, 1, 3}), [](const Tensor& x) { return T::flatten(x); }),
                  one("some", real({2, 2, 3}), [](const Tensor& x) { return T::flatten(x, 1); })});
  row("ravel", {one("transposed", real({2, 3}), [](const Tensor& x) { return x.t().ravel(); })});
  row("unflatten", {one("middle", real({2, 6, 2}), [](const Tensor& x) {
        return T::unflatten(x, 1, {2, -1});
      })});
  row("unfold",
      {one("overlapping", real({2, 5}), [](const Tensor& x) { return x.unfold(1, 3, 1); }),
       one("apart", real({5, 2}), [](const Tensor& x) { return x.unfold(0, 2, 3); }),
       one("zero_dim", real({}), [](const Tensor& x) { return x.unfold(0, 1, 1); })});
  row("squeeze_",
      {one("all", real({1, 3, 1}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.squeeze_();
             return y * y;
           }),
       one("one", real({1, 3, 1}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.squeeze_(-1);
             return y * y;
           })},
      kInPlace);
  row("unsqueeze_",
      {one("middle", real({2, 3}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.unsqueeze_(1);
             return y * y;
           })},
      kInPlace);
  row("transpose_",
      {one("ends", real({2, 3, 2}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.transpose_(0, 1);
             return y * y;
           })},
      kInPlace);
  row("t_",
      {one("matrix", real({2, 3}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.t_();
             return y * y;
           })},
      kInPlace);
  row("broadcast_tensors",
      {two("both", real({3}), real({2, 1}), [](const Tensor& a, const Tensor& b) {
        const Tensors c = T::broadcast_tensors({a, b});
        return c[0] * c[0] * c[1];
      })});
  row("narrow", {one("middle", real({5}), [](const Tensor& x) { return T::narrow(x, 0, 1, 3); }),
                 one("tensor", real({5}), [](const Tensor& x) {
                   return T::narrow(x, 0, T::tensor(-3, T::kInt64), 2);
                 })});
  row("slice", {one("step", real({5, 2}), [](const Tensor& x) { return T::slice(x, 0, 1, 5, 2); }),
                one("twice", real({5}),
                    [](const Tensor& x) { return x.slice(0, 0, 3) * x.slice(0, 2, 5); })});
  row("select", {one("row", real({3, 2}), [](const Tensor& x) { return T::select(x, 0, 1); }),
                 one("column", real({3, 2}), [](const Tensor& x) { return x.select(1, -1); })});
  row("diagonal", {one("main", real({3, 3}), [](const Tensor& x) { return T::diagonal(x); }),
                   one("upper", real({2, 3}), [](const Tensor& x) { return x.diagonal(1); })});
  row("as_strided",
      {one("dense", real({2, 3}),
           [](const Tensor& x) {
             return T::as_strided(x, {3, 2}, {1, 3});
           }),
       one("part", real({6}),
           [](const Tensor& x) {
             return T::as_strided(x, {2, 2}, {2, 1}, 1);
           }),
       one("overlapping", real({4}),
           [](const Tensor& x) {
             return T::as_strided(x, {3, 2}, {1, 1});
           })},
      kLeaksLayout);
  row("clone", {one("matrix", real({2, 3}), [](const Tensor& x) { return T::clone(x); })});
  row("contiguous",
      {one("transposed", real({2, 3}), [](const Tensor& x) { return x.t().contiguous(); })});
  row("to", {one("float_and_back", real({2, 3}),
                 [](const Tensor& x) { return x.to(T::kFloat64, false, true); })});
  row("copy_",
      {two("view", real({3, 2}), real({2}),
           [](const Tensor& x, const Tensor& v) {
             Tensor y = x.clone();
             y.select(0, 1).copy_(v);
             return y * y;
           }),
       two("broadcast", real({2, 3}), real({3}),
           [](const Tensor& x, const Tensor& v) { return x.clone().copy_(v) * 2; })},
      kInPlace);
  row("fill_",
      {two("tensor", real({2, 3}), real({}),
           [](const Tensor& x, const Tensor& v) {
             Tensor y = x * 2;
             y.slice(1, 0, 2).fill_(v);
             return y;
           }),
       one("number", real({2, 3}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.select(0, 0).fill_(0.5);
             return y;
           })},
      kInPlace);
  row("zero_",
      {one("column", real({2, 3}),
           [](const Tensor& x) {
             Tensor y = x * 2;
             y.select(1, 1).zero_();
             return y;
           })},
      kInPlace);
  return rows;
}

}  // namespace op_table
