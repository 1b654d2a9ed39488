// Searching, counting, and making equal elements one.

#include <string>
#include <tuple>
#include <utility>

#include "op_table/table.h"

namespace op_table {

using T::Tensor;

std::vector<Row> searching_rows() {
  std::vector<Row> rows;
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  const auto numbers = [](const std::tuple<Tensor, Tensor, Tensor>& t) {
    return Tensors{std::get<0>(t), std::get<1>(t), std::get<2>(t)};
  };
  const auto each = [&](std::string label, Tensor x, auto f) {
    return Case{
        std::move(label), {std::move(x)}, [=](const Tensors& in) { return numbers(f(in[0])); }};
  };
  const Tensor sorted = T::tensor({-1.5, 0.25, 0.25, 1.0, 2.0}, T::kFloat64);
  row("searchsorted",
      {one("one_row", real({2, 3}),
           [=](const Tensor& x) { return T::searchsorted(sorted, x.detach()); }),
       one("right", real({3}),
           [=](const Tensor& x) { return T::searchsorted(sorted, x.detach(), false, true); }),
       one("rows", integers({2, 4}, 0, 9),
           [](const Tensor& x) {
             return T::searchsorted(T::tensor({{1, 3, 3}, {2, 5, 7}}, T::kInt64), x, true);
           }),
       one("sorter", real({3}),
           [](const Tensor& x) {
             return T::searchsorted(T::tensor({0.5, -1.0}, T::kFloat64), x.detach(), false, false,
                                    "right", T::tensor({1, 0}, T::kInt64));
           }),
       one("number", real({}), [=](const Tensor&) { return T::searchsorted(sorted, 0.25); })},
      kNoGradient);
  row("bucketize",
      {one("tensor", real({2, 3}),
           [=](const Tensor& x) { return T::bucketize(x.detach(), sorted); }),
       one("number", real({}),
           [=](const Tensor&) { return T::bucketize(0.25, sorted, true, true); })},
      kNoGradient);
  row("isin",
      {one("tensor", integers({2, 3}, 0, 4),
           [](const Tensor& x) {
             return T::isin(x, T::tensor({3, 1}, T::kInt64));
           }),
       one("number", integers({4}, 0, 2),
           [](const Tensor& x) { return T::isin(x, 1, false, true); }),
       one("of_number", integers({4}, 0, 9), [](const Tensor& x) { return T::isin(2, x); })},
      kNoGradient);
  row("bincount",
      {one("counts", integers({6}, 0, 4), [](const Tensor& x) { return T::bincount(x); }),
       two("weights", integers({4}, 0, 3), real({4}),
           [](const Tensor& x, const Tensor& w) { return x.bincount(w.detach(), 5); })},
      kNoGradient);
  row("histc",
      {one("own_range", real({2, 4}), [](const Tensor& x) { return x.detach().histc(3); }),
       one("range", real({9}), [](const Tensor& x) { return T::histc(x.detach(), 4, -1, 1.5); })},
      kNoGradient);
  row("_unique2",
      {each("sorted", integers({2, 4}, 0, 4), [](const Tensor& x) { return T::_unique2(x); }),
       each("all", integers({7}, 0, 4),
            [](const Tensor& x) { return T::_unique2(x, true, true, true); }),
       each("unsorted", integers({7}, 0, 4),
            [](const Tensor& x) { return T::_unique2(x, false, true, true); })},
      kNoGradient);
  row("_unique",
      {one("sorted", integers({2, 4}, 0, 4),
           [](const Tensor& x) { return std::get<0>(T::_unique(x)); }),
       one("inverse", integers({2, 4}, 0, 4),
           [](const Tensor& x) { return std::get<1>(T::_unique(x, true, true)); })},
      kNoGradient);
  row("unique_consecutive",
      {each("flat", integers({2, 5}, 0, 2),
            [](const Tensor& x) { return T::unique_consecutive(x, true, true); }),
       each("columns", integers({1, 6}, 0, 2),
            [](const Tensor& x) { return T::unique_consecutive(x, true, true, 1); })},
      kNoGradient);
  row("unique_dim",
      {each("rows", integers({6, 2}, 0, 2),
            [](const Tensor& x) { return T::unique_dim(x, 0, true, true, true); }),
       each("columns", integers({2, 5}, 0, 2),
            [](const Tensor& x) { return T::unique_dim(x, -1, true, true, true); })},
      kNoGradient);
  row("unique_dim_consecutive",
      {each("rows", integers({6, 1}, 0, 2),
            [](const Tensor& x) { return T::unique_dim_consecutive(x, 0, true, true); })},
      kNoGradient);
  return rows;
}

}  // namespace op_table
