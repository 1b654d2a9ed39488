// The strides of elementwise results and of copies, for operands in random orders of memory, with
// gaps, broadcast, expanded, empty; and the order in which draws reach the elements of a tensor
// that is not row-major.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "parity/parity.h"

namespace {

using torch::Tensor;

class Operands {
 public:
  // A tensor that broadcasts to the shape, its dimensions in any order in memory.
  Tensor make(const std::vector<int64_t>& shape) {
    std::vector<int64_t> sizes = shape;
    if (one_of(4)) sizes.erase(sizes.begin(), sizes.begin() + pick(sizes.size() + 1));
    if (one_of(3)) {
      for (int64_t& size : sizes) size = one_of(3) ? 1 : size;
    }
    const size_t ndim = sizes.size();
    std::vector<int64_t> order(ndim);
    for (size_t i = 0; i < ndim; ++i) order[i] = static_cast<int64_t>(i);
    if (!one_of(4)) {
      for (size_t i = ndim; i > 1; --i) {
        std::swap(order[i - 1], order[static_cast<size_t>(pick(i))]);
      }
    }
    std::vector<int64_t> stored(ndim);
    std::vector<int64_t> back(ndim);
    for (size_t i = 0; i < ndim; ++i) {
      stored[i] = sizes[static_cast<size_t>(order[i])];
      back[static_cast<size_t>(order[i])] = static_cast<int64_t>(i);
    }
    return filled(stored).permute(back);
  }

  template <class T>
  const T& any(const std::vector<T>& list) {
    return list[static_cast<size_t>(pick(list.size()))];
  }
  bool one_of(size_t n) { return pick(n) == 0; }

 private:
  int64_t pick(size_t n) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int64_t>((state_ >> 33) % n);
  }

  // Ones, which may share their memory or have gaps between them.
  Tensor filled(const std::vector<int64_t>& sizes) {
    const int64_t kind = pick(5);
    if (kind > 2) return torch::ones(sizes);
    std::vector<int64_t> room = sizes;
    if (kind == 0) {
      for (int64_t& size : room) size = one_of(2) ? 1 : size;
      return torch::ones(room).expand(sizes);
    }
    for (int64_t& size : room) size = size * 2 + 1;
    Tensor x = torch::ones(room);
    for (size_t i = 0; i < sizes.size(); ++i) {
      const auto dim = static_cast<int64_t>(i);
      x = kind == 1 ? x.slice(dim, 1, 1 + sizes[i]) : x.slice(dim, 0, sizes[i] * 2, 2);
    }
    return x;
  }

  uint64_t state_ = 12345;
};

const std::vector<std::vector<int64_t>> kShapes = {
    {2, 3},         {3, 2},    {1, 3},       {3, 1},       {3, 3},       {2, 3, 4}, {1, 3, 1},
    {2, 1, 3},      {3, 3, 3}, {2, 3, 4, 5}, {1, 3, 2, 2}, {2, 1, 3, 4}, {2, 3, 1}, {2, 2, 2, 2},
    {2, 3, 1, 1},   {5},       {1},          {1, 1},       {0, 3},       {3, 0},    {2, 0, 3},
    {1, 2, 3, 1, 2}};

}  // namespace

PARITY_PROGRAM(layout) {
  torch::NoGradGuard no_grad;
  Operands operands;
  const std::vector<torch::ScalarType> dtypes = {torch::kFloat, torch::kDouble, torch::kInt,
                                                 torch::kBool,  torch::kLong,   torch::kByte};
  for (int i = 0; i < 800; ++i) {
    const auto shape = operands.any(kShapes);
    const bool mixed = operands.one_of(2);
    const auto make = [&] {
      const Tensor x = operands.make(shape);
      return mixed ? x.to(operands.any(dtypes)) : x;
    };
    const Tensor a = make();
    const Tensor b = make();
    const Tensor c = make();
    const Tensor x = a.to(torch::kFloat);
    const Tensor y = b.to(torch::kFloat);
    const Tensor z = c.to(torch::kFloat);
    const auto layout = [&](const char* name, const Tensor& result) {
      r.layout(std::to_string(i) + " " + name, result);
    };
    layout("a", a);
    layout("b", b);
    layout("c", c);
    layout("sin", torch::sin(a));
    layout("abs", torch::abs(x));
    layout("relu", torch::relu(x));
    layout("leaky_relu", torch::leaky_relu(x));
    layout("clamp", torch::clamp(x, 0.5, 2));
    layout("clamp mixed", torch::clamp(a.to(torch::kInt), 0.5, 2));
    layout("logical_not", torch::logical_not(a));
    layout("neg", torch::neg(x));
    layout("a + 1", a + 1);
    layout("1.5 - x", 1.5 - x);
    layout("2 / x", 2 / x);
    layout("a * 2.5", a * 2.5);
    layout("a == 1", a == 1);
    layout("pow number", torch::pow(a, 2.5));
    layout("number pow", torch::pow(2, x));
    layout("a / b", a / b);
    layout("a + b", a + b);
    layout("a < b", a < b);
    layout("maximum", torch::maximum(a, b));
    layout("logical_and", torch::logical_and(a, b));
    layout("bitwise_and", torch::bitwise_and(a.to(torch::kInt), b.to(torch::kLong)));
    layout("where", torch::where(a.to(torch::kBool), b, c));
    layout("where number", torch::where(a.to(torch::kBool), b, 2.5));
    layout("isnan", torch::isnan(a));
    layout("isinf", torch::isinf(a));
    layout("isfinite", torch::isfinite(a));
    layout("isclose", torch::isclose(x, y));
    layout("addcmul", torch::addcmul(x, y, z));
    layout("addcdiv", torch::addcdiv(x, y, z));
    layout("lerp", torch::lerp(x, y, 0.5));
    layout("lerp tensor", torch::lerp(x, y, z));
    layout("masked_fill", torch::masked_fill(a, b.to(torch::kBool), 1));
    layout("clone", a.clone());
    layout("to", a.to(torch::kDouble));
    layout("contiguous", a.contiguous());
    layout("zeros_like", torch::zeros_like(a));
    layout("ones_like", torch::ones_like(b));
    layout("full_like", torch::full_like(c, 2));
    r.draw(std::to_string(i) + " rand_like", torch::rand_like(x));
    r.draw(std::to_string(i) + " randn_like", torch::randn_like(y));
    r.draw(std::to_string(i) + " bernoulli_", torch::empty_like(z).bernoulli_(0.5));
    const Tensor dropped =
        torch::nn::functional::dropout(x, torch::nn::functional::DropoutFuncOptions().p(0.5));
    layout("dropout", dropped);
    r.draw(std::to_string(i) + " dropout elements", dropped);
  }
}

// The gradient that a leaf collects has the leaf's strides where that is dense.
PARITY_PROGRAM(layout_of_gradients) {
  const auto leaf = [](const Tensor& x) { return x.detach().requires_grad_(); };
  const std::vector<Tensor> leaves = {
      leaf(torch::ones({2, 3})),
      leaf(torch::ones({3, 2}).t()),
      leaf(torch::ones({2, 3, 4}).permute({2, 0, 1})),
      leaf(torch::ones({4, 6}).slice(1, 0, 6, 2)),
      leaf(torch::ones({2, 1}).expand({2, 3})),
      leaf(torch::ones({1, 3}).t()),
  };
  for (size_t i = 0; i < leaves.size(); ++i) {
    const Tensor& x = leaves[i];
    const std::string name = std::to_string(i);
    (x.transpose(0, 1) * 2).sum().backward();
    r.layout(name + " transposed", x.grad());
    x.mutable_grad() = Tensor();
    x.sum().backward();
    r.layout(name + " sum", x.grad());
    x.mutable_grad() = Tensor();
    (x * x.detach().contiguous()).exp().sum().backward();
    (x.transpose(0, 1) * 2).sum().backward();
    r.layout(name + " both", x.grad());
    x.mutable_grad() = Tensor();
    torch::autograd::grad({(x * x).sum()}, {x}, {}, c10::nullopt, true)[0].sum().backward();
    r.layout(name + " of a gradient", x.grad());
  }
}
