// x.index and x.index_put_ with every kind of index, mixed, and what their gradients are.
#include <functional>
#include <sstream>
#include <vector>

#include "parity/parity.h"

namespace {

using torch::Tensor;
using namespace torch::indexing;
using Indices = std::vector<TensorIndex>;

// Each list of indices, for a tensor of sizes [4, 3, 5].
std::vector<std::pair<std::string, Indices>> lists() {
  const Tensor rows = torch::tensor({3, 0, 0, -1});
  const Tensor columns = torch::tensor({0, 2, 1, -3});
  const Tensor depths = torch::tensor({{4, 0}, {1, -2}});
  const Tensor mask = torch::tensor({true, false, true, true});
  const Tensor plane = torch::arange(12).view({4, 3}).remainder(3).eq(0);
  const Tensor whole = torch::arange(60).view({4, 3, 5}).remainder(7).lt(2);
  std::vector<std::pair<std::string, Indices>> all;
  const auto add = [&](const char* name, Indices indices) {
    all.emplace_back(name, std::move(indices));
  };
  add("integer", {1});
  add("negative", {-2, 2});
  add("full", {0, 1, 2});
  add("slice", {Slice()});
  add("slice from", {Slice(1, None)});
  add("slice to", {Slice(None, -1)});
  add("slice step", {Slice(None, None, 2), Slice(2, 0)});
  add("slice far", {Slice(-100, 100), Slice(2, 50)});
  add("none", {None, 0, None});
  add("ellipsis", {Ellipsis, 2});
  add("dots", {"...", Slice(1, 3)});
  add("ellipsis in the middle", {1, Ellipsis, None, 0});
  add("true", {true});
  add("false", {false, 1});
  add("tensor", {rows});
  add("tensor of two dimensions", {Slice(), Slice(), depths});
  add("two tensors", {rows, columns});
  add("apart", {rows, Slice(), torch::tensor({0, 1, 2, 3})});
  add("broadcast", {rows.unsqueeze(1), torch::tensor({0, 2})});
  add("mask", {mask});
  add("mask and integer", {mask, 1});
  add("mask and slice", {mask, Slice(1, None), Slice(None, None, 3)});
  add("plane mask", {plane});
  add("plane mask and tensor", {plane, torch::tensor({1})});
  add("whole mask", {whole});
  add("zero-dim tensor", {torch::tensor(2), Slice(), torch::tensor(-1)});
  add("integer and tensor", {0, Slice(), torch::tensor({1, 1})});
  add("tensor, none, slice", {rows, None, Slice(0, 2)});
  add("empty tensor", {torch::empty({0}, torch::kInt64)});
  add("int32? no, long", {rows.to(torch::kInt64)});
  add("byte mask", {mask.to(torch::kUInt8)});
  return all;
}

}  // namespace

PARITY_PROGRAM(indexing) {
  const Tensor base = torch::arange(60, torch::kFloat64).view({4, 3, 5});
  for (const auto& [name, indices] : lists()) {
    Tensor x = base.clone().requires_grad_();
    const Tensor y = x.index(indices);
    r.value(name, y);
    const Tensor weights = torch::arange(y.numel(), torch::kFloat64).view(y.sizes()) + 1;
    (y * weights).sum().backward();
    r.value(name + " gradient", x.grad());
    r.value(name + " transposed", base.transpose(0, 1).contiguous().transpose(0, 1).index(indices));
    r.value(name + " of ints", base.to(torch::kInt64).index(indices));
    r.value(name + " of bools", base.gt(30).index(indices));

    Tensor put = base.clone();
    put.index_put_(indices, -1.5);
    r.value(name + " number put", put);
    put = base.clone();
    put.index_put_(indices, torch::tensor(9., torch::kFloat64));
    r.value(name + " scalar put", put);
    Tensor leaf = base.clone().requires_grad_();
    Tensor source = (weights * 10).detach().requires_grad_();
    put = leaf * 1;
    put.index_put_(indices, source);
    // Which of several values for one place wins is not said, so only masks and slices are
    // compared.
    const bool repeated = name.find("tensor") != std::string::npos || name == "apart" ||
                          name == "broadcast" || name.find("int32") == 0;
    if (!repeated) {
      r.value(name + " put", put);
      put.pow(2).sum().backward();
      r.value(name + " put gradient", leaf.grad());
      r.value(name + " put source gradient", source.grad());
    }
  }
  Tensor x = base.clone();
  x[1] = 0;
  x[2][1] = torch::arange(5, torch::kFloat64);
  x.index({0, Slice(1)}) = 7;
  x[-1][0][3] += 100;
  r.value("assigned", x);

  c10::List<c10::optional<Tensor>> list;
  list.push_back(torch::tensor({3, 0, 3}));
  list.push_back(c10::nullopt);
  list.push_back(torch::tensor({1, 1, 1}));
  r.value("list", base.index(list));
  r.value("list put", torch::index_put(base, list, torch::full({3, 1}, -1., torch::kFloat64)));
  x = base.clone();
  x.index_put_(list, torch::ones({3, 3}, torch::kFloat64), true);
  r.value("list accumulated", x);

  for (const auto& [name, indices] : lists()) {
    std::ostringstream text;
    text << indices;
    r.text(name + " printed", text.str());
  }
}
