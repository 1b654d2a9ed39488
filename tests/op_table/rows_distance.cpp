// Norms and distances.
#include <cmath>
#include <utility>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;

constexpr double kInf = INFINITY;

void add_norms(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases, unsigned traits = kNone) {
    rows.push_back({name, traits, std::move(cases)});
  };
  std::vector<Case> norm = {
      one("all", real({2, 3}), [](const Tensor& x) { return T::norm(x); }),
      one("dtype", real({2, 3}), [](const Tensor& x) { return T::norm(x, 2, T::kFloat64); }),
      one("dim_dtype", real({2, 3}),
          [](const Tensor& x) { return T::norm(x, 1, {1}, true, T::kFloat64); })};
  std::vector<Case> vector_norm = {
      one("all", real({2, 3}), [](const Tensor& x) { return T::linalg_vector_norm(x); })};
  std::vector<Case> dist;
  for (double p : {1.0, 2.0, 3.0, 0.5, kInf, -kInf}) {
    norm.push_back(one("all_p", real({2, 3}), [p](const Tensor& x) { return T::norm(x, p); }));
    norm.push_back(
        one("dim_p", real({2, 3}), [p](const Tensor& x) { return T::norm(x, p, {1}, true); }));
    vector_norm.push_back(one("dim_p", real({2, 3}), [p](const Tensor& x) {
      return T::linalg_vector_norm(x, p, 0, true);
    }));
    dist.push_back(two("p", real({2, 3}), real({3}),
                       [p](const Tensor& a, const Tensor& b) { return T::dist(a, b, p); }));
  }
  row("norm", std::move(norm));
  row("linalg_vector_norm", std::move(vector_norm));
  row("dist", std::move(dist));
  row("linalg_matrix_norm",
      {one("fro", real({2, 3}), [](const Tensor& x) { return T::linalg_matrix_norm(x); }),
       one("one", real({2, 3, 2}),
           [](const Tensor& x) {
             return T::linalg_matrix_norm(x, 1, T::IntArrayRef({0, 1}));
           }),
       one("inf", real({2, 3}), [](const Tensor& x) {
         return T::linalg_matrix_norm(x, -kInf, T::IntArrayRef({-2, -1}), true);
       })});
  row("linalg_norm",
      {one("all", real({2, 3}), [](const Tensor& x) { return T::linalg_norm(x); }),
       one("matrix", real({2, 3}), [](const Tensor& x) { return T::linalg_norm(x, kInf); }),
       one("vector", real({3}), [](const Tensor& x) { return T::linalg_norm(x, 3); }),
       one("fro", real({2, 3, 2}), [](const Tensor& x) {
         return T::linalg_norm(x, "fro", T::IntArrayRef({1, 2}));
       })});
  row("frobenius_norm",
      {one("all", real({2, 3}), [](const Tensor& x) { return T::frobenius_norm(x); }),
       one("dim", real({2, 3}), [](const Tensor& x) { return T::frobenius_norm(x, {1}, true); })});
  auto renorm = [](const Tensor& x) { return T::renorm(x, 2, 0, 1.5); };
  row("renorm",
      {one("rows", real({3, 4}), renorm), one("some", real({4, 2}), renorm),
       one("columns", real({2, 3, 2}), [](const Tensor& x) { return T::renorm(x, 1, 1, 2.5); })});
  row("renorm_",
      {one("rows", real({3, 4}), [](const Tensor& x) { return x.clone().renorm_(3, -1, 1.5); })},
      kInPlace);
}

void add_distances(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases) {
    rows.push_back({name, kNone, std::move(cases)});
  };
  std::vector<Case> cdist;
  std::vector<Case> pairwise;
  for (double p : {1.0, 2.0, 3.0, 1.5, 0.5, kInf}) {
    auto of_p = [p](const Tensor& a, const Tensor& b) { return T::cdist(a, b, p); };
    cdist.push_back(two("matrices", real({2, 3}), real({4, 3}), of_p));
    cdist.push_back(two("batches", real({2, 1, 2, 3}), real({3, 2, 3}), of_p));
    pairwise.push_back(two("p", real({2, 3}), real({3}), [p](const Tensor& a, const Tensor& b) {
      return T::pairwise_distance(a, b, p, 1e-6, true);
    }));
  }
  cdist.push_back(two("products", real({2, 3}), real({4, 3}),
                      [](const Tensor& a, const Tensor& b) { return T::cdist(a, b, 2, 1); }));
  cdist.push_back(two("many", real({27, 2}), real({2, 2}),
                      [](const Tensor& a, const Tensor& b) { return T::cdist(a, b); }));
  row("cdist", std::move(cdist));
  row("pairwise_distance", std::move(pairwise));
  row("cosine_similarity",
      {two("rows", real({2, 3}), real({2, 3}),
           [](const Tensor& a, const Tensor& b) { return T::cosine_similarity(a, b); }),
       two("broadcast", real({3, 2}), real({2}),
           [](const Tensor& a, const Tensor& b) { return T::cosine_similarity(a, b, 0, 1e-3); })});
}

}  // namespace

std::vector<Row> distance_rows() {
  std::vector<Row> rows;
  add_norms(rows);
  add_distances(rows);
  return rows;
}

}  // namespace op_table
