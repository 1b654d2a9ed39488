#include "op_table/table.h"

#include <utility>

namespace op_table {
namespace {

// A small generator of our own, so that the samples are the same whatever library computes on them.
uint64_t next_random() {
  static uint64_t state = 0;
  state += 0x9e3779b97f4a7c15u;
  uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double uniform() { return static_cast<double>(next_random() >> 11) * 0x1p-53; }

template <class Value>
T::Tensor filled(T::IntArrayRef sizes, T::ScalarType dtype, Value value) {
  using Element = decltype(value());
  T::Tensor x = T::empty(sizes, dtype);
  Element* data = x.data_ptr<Element>();
  for (int64_t i = 0; i < x.numel(); ++i) data[i] = value();
  return x;
}

double off_the_kinks(int64_t first_half, int64_t halves) {
  auto half = static_cast<double>(
      first_half + static_cast<int64_t>(next_random() % static_cast<uint64_t>(halves)));
  return 0.5 * half + 0.08 + 0.34 * uniform();
}

}  // namespace

T::Tensor real(T::IntArrayRef sizes) {
  return filled(sizes, T::kFloat64, [] { return off_the_kinks(-4, 8); }).requires_grad_();
}

T::Tensor positive(T::IntArrayRef sizes) {
  return filled(sizes, T::kFloat64, [] { return off_the_kinks(1, 4); }).requires_grad_();
}

T::Tensor integers(T::IntArrayRef sizes, int64_t low, int64_t high) {
  return filled(sizes, T::kInt64, [&] {
    return low + static_cast<int64_t>(next_random() % static_cast<uint64_t>(high - low));
  });
}

T::Tensor mask(T::IntArrayRef sizes) {
  // True and false at least once each where there is room.
  int64_t count = 0;
  return filled(sizes, T::kBool, [&] {
    ++count;
    return count == 1 || (count != 2 && next_random() % 2 == 0);
  });
}

Case one(std::string label, T::Tensor x, std::function<T::Tensor(const T::Tensor&)> f) {
  return {std::move(label), {std::move(x)}, [f = std::move(f)](const Tensors& in) -> Tensors {
            return {f(in[0])};
          }};
}

Case two(std::string label, T::Tensor a, T::Tensor b,
         std::function<T::Tensor(const T::Tensor&, const T::Tensor&)> f) {
  return {std::move(label),
          {std::move(a), std::move(b)},
          [f = std::move(f)](const Tensors& in) -> Tensors { return {f(in[0], in[1])}; }};
}

Case three(std::string label, T::Tensor a, T::Tensor b, T::Tensor c,
           std::function<T::Tensor(const T::Tensor&, const T::Tensor&, const T::Tensor&)> f) {
  return {std::move(label),
          {std::move(a), std::move(b), std::move(c)},
          [f = std::move(f)](const Tensors& in) -> Tensors { return {f(in[0], in[1], in[2])}; }};
}

Case several(std::string label, T::Tensor x, std::function<Tensors(const T::Tensor&)> f) {
  return {std::move(label), {std::move(x)}, [f = std::move(f)](const Tensors& in) -> Tensors {
            const Tensors parts = f(in[0]);
            if (parts.empty()) return {};
            return {parts.front(), parts.back() * 2};
          }};
}

T::Tensor values(const std::tuple<T::Tensor, T::Tensor>& pair) { return std::get<0>(pair); }
T::Tensor indices(const std::tuple<T::Tensor, T::Tensor>& pair) { return std::get<1>(pair); }

std::vector<Row> rows() {
  std::vector<Row> all;
  for (auto* part : {&elementwise_rows, &arithmetic_rows, &logic_rows, &reduction_rows, &order_rows,
                     &linear_algebra_rows, &distance_rows, &loss_rows, &choosing_rows, &shape_rows,
                     &splitting_rows, &rearranging_rows, &searching_rows}) {
    for (Row& row : part()) all.push_back(std::move(row));
  }
  return all;
}

}  // namespace op_table
