#include <utility>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;

// Several results, used unevenly: the second not at all.
Tensors first_and_last(const std::vector<Tensor>& parts) {
  if (parts.empty()) return {};
  return {parts.front(), parts.back() * 2};
}

Case several(std::string label, Tensor x, std::function<std::vector<Tensor>(const Tensor&)> f) {
  return {std::move(label), {std::move(x)}, [f](const Tensors& in) {
            return first_and_last(f(in[0]));
          }};
}

}  // namespace

std::vector<Row> shape_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
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
  row("narrow", {one("middle", real({5}), [](const Tensor& x) { return T::narrow(x, 0, 1, 3); })});
  row("slice", {one("step", real({5, 2}), [](const Tensor& x) { return T::slice(x, 0, 1, 5, 2); }),
                one("twice", real({5}),
                    [](const Tensor& x) { return x.slice(0, 0, 3) * x.slice(0, 2, 5); })});
  row("select", {one("row", real({3, 2}), [](const Tensor& x) { return T::select(x, 0, 1); }),
                 one("column", real({3, 2}), [](const Tensor& x) { return x.select(1, -1); })});
  row("chunk", {several("uneven", real({5, 2}), [](const Tensor& x) { return T::chunk(x, 3); })});
  row("split", {several("size", real({2, 5}), [](const Tensor& x) { return T::split(x, 2, 1); }),
                several("sizes", real({5}), [](const Tensor& x) {
                  return x.split(T::IntArrayRef({1, 3, 1}), 0);
                })});
  row("unbind", {several("rows", real({3, 2}), [](const Tensor& x) { return T::unbind(x); })});
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
  row("repeat", {one("rows", real({2, 1}),
                     [](const Tensor& x) {
                       return x.repeat({2, 3});
                     }),
                 one("front", real({2}), [](const Tensor& x) {
                   return x.repeat({2, 2});
                 })});
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
