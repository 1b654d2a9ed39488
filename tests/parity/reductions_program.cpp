// Reductions of many elements, where the order of the additions shows: over everything, over rows
// of 1,000 and columns of 300, in float32 and float64.
#include <string>
#include <tuple>

#include "parity/parity.h"

namespace {

using torch::Tensor;

// A column for each dimension that is reduced, and the whole.
template <class Whole, class Along>
void reduce(parity::Recorder& r, const std::string& name, const Tensor& x, const Whole& whole,
            const Along& along) {
  r.value(name, whole(x));
  for (const int64_t dim : {0, 1}) {
    r.value(name + " along " + std::to_string(dim), along(x, dim));
    r.value(name + " transposed along " + std::to_string(dim), along(x.t(), dim));
  }
}

}  // namespace

PARITY_PROGRAM(big_reductions) {
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    const std::string suffix = dtype == torch::kFloat32 ? " float" : " double";
    torch::manual_seed(1);
    const Tensor x = torch::rand({300, 1000}, dtype) + 0.25;  // no sum that cancels
#define REDUCE(name)                                                        \
  reduce(                                                                   \
      r, #name + suffix, x, [](const Tensor& t) { return torch::name(t); }, \
      [](const Tensor& t, int64_t dim) { return torch::name(t, dim); })
    REDUCE(sum);
    REDUCE(mean);
    REDUCE(nansum);
    REDUCE(argmax);
    REDUCE(argmin);
    REDUCE(amax);
    REDUCE(amin);
#undef REDUCE
    reduce(
        r, "var" + suffix, x, [](const Tensor& t) { return t.var(); },
        [](const Tensor& t, int64_t dim) { return t.var(torch::IntArrayRef(dim)); });
    reduce(
        r, "std" + suffix, x, [](const Tensor& t) { return t.std(); },
        [](const Tensor& t, int64_t dim) { return t.std(torch::IntArrayRef(dim)); });
    reduce(
        r, "norm" + suffix, x, [](const Tensor& t) { return t.norm(); },
        [](const Tensor& t, int64_t dim) { return t.norm(2, dim); });
    reduce(
        r, "logsumexp" + suffix, x,
        [](const Tensor& t) {
          return t.logsumexp(torch::IntArrayRef{0, 1});
        },
        [](const Tensor& t, int64_t dim) { return t.logsumexp(dim); });
    reduce(
        r, "prod" + suffix, x / 0.7, [](const Tensor& t) { return t.slice(0, 0, 1).prod(); },
        [](const Tensor& t, int64_t dim) { return t.narrow(dim, 0, 50).prod(dim); });
    reduce(
        r, "median" + suffix, x, [](const Tensor& t) { return t.median(); },
        [](const Tensor& t, int64_t dim) { return std::get<0>(t.median(dim)); });
    reduce(
        r, "last of cumsum" + suffix, x, [](const Tensor& t) { return t.flatten().cumsum(0)[-1]; },
        [](const Tensor& t, int64_t dim) { return t.cumsum(dim).select(dim, -1); });
    reduce(
        r, "softmax" + suffix, x,
        [](const Tensor& t) { return t.flatten().softmax(0).slice(0, 0, 100); },
        [](const Tensor& t, int64_t dim) { return t.softmax(dim).slice(0, 0, 3); });
    r.value("a million" + suffix, torch::rand({1000000}, dtype).sum());
    r.value("a million, mean" + suffix, torch::rand({1000000}, dtype).mean());
  }
  r.value("integers", torch::arange(1000000).sum());
  r.value("bools", torch::ones({1000, 1000}, torch::kBool).sum(0));
  r.value("bytes", torch::full({100000}, 200, torch::kUInt8).sum());
}
