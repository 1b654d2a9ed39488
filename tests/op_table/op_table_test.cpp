// What holds for every operation, checked on every row of the op table.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "op_table/table.h"
#include "taper/autograd/gtest.h"
#include "taper/autograd/meta.h"

namespace op_table {
namespace {

using taper::Tensor;
using taper::autograd::variable_list;

bool wants_gradient(const Tensor& x) { return x.is_floating_point() && x.requires_grad(); }

// The same values in other memory: the inputs of a case, each as `change` gives it, as fresh
// leaves.
template <class Change>
Tensors changed(const Tensors& inputs, Change change) {
  Tensors result;
  for (const Tensor& x : inputs) {
    Tensor y = change(x.detach());
    result.push_back(wants_gradient(x) ? y.requires_grad_() : y);
  }
  return result;
}

// Seen through strides that are not row-major.
Tensor transposed(const Tensor& x) {
  return x.dim() < 2 ? x.clone() : x.transpose(0, -1).contiguous().transpose(0, -1);
}
Tensor sliced(const Tensor& x) {
  if (x.dim() == 0) return x.clone();
  std::vector<int64_t> sizes = x.sizes().vec();
  sizes.back() = sizes.back() * 2 + 1;
  Tensor room = taper::full(sizes, 77, x.options());
  Tensor part = room.slice(-1, 1, sizes.back(), 2);
  part.copy_(x);
  return part;
}

// Different weights for the elements of the results, so that a gradient that is right only in sum
// does not pass.
Tensor weighted_sum(const Tensors& outputs) {
  Tensor sum = taper::zeros({}, taper::kFloat64);
  for (const Tensor& y : outputs) {
    if (!y.is_floating_point()) continue;
    Tensor weights = taper::arange(y.numel(), taper::kFloat64).reshape(y.sizes()) * 0.37 + 0.5;
    sum = sum + (y.to(taper::kFloat64) * weights).sum();
  }
  return sum;
}

// The gradients of the weighted sum for the inputs that want one; zeros where the result does not
// depend on them.
Tensors gradients(const Case& c, const Tensors& inputs) {
  Tensors wanted;
  for (const Tensor& x : inputs) {
    if (wants_gradient(x)) wanted.push_back(x);
  }
  Tensor sum = weighted_sum(c.call(inputs));
  if (wanted.empty() || !sum.requires_grad()) return {};
  Tensors grads = taper::autograd::grad({sum}, wanted, {}, std::nullopt, false, true);
  for (size_t i = 0; i < grads.size(); ++i) {
    if (!grads[i].defined()) grads[i] = taper::zeros_like(wanted[i]);
  }
  return grads;
}

::testing::AssertionResult all_close(const Tensors& actual, const Tensors& expected, double rtol,
                                     double atol) {
  if (actual.size() != expected.size())
    return ::testing::AssertionFailure() << "another number of tensors";
  for (size_t i = 0; i < actual.size(); ++i) {
    if (actual[i].sizes() != expected[i].sizes()) {
      return ::testing::AssertionFailure()
             << "tensor " << i << ": sizes " << actual[i].sizes() << " and " << expected[i].sizes();
    }
    if (!taper::allclose(actual[i].to(taper::kFloat64), expected[i].to(taper::kFloat64), rtol, atol,
                         true)) {
      return ::testing::AssertionFailure() << "tensor " << i << ":\n"
                                           << actual[i] << "\nexpected\n"
                                           << expected[i];
    }
  }
  return ::testing::AssertionSuccess();
}

class OpTable : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (Row& row : rows()) {
      if (row.name == GetParam()) row_ = std::move(row);
    }
    ASSERT_FALSE(row_.cases.empty());
  }
  Row row_;
};

TEST_P(OpTable, FirstDerivatives) {
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    if (std::none_of(c.inputs.begin(), c.inputs.end(), wants_gradient)) {
      for (const Tensor& y : c.call(c.inputs)) EXPECT_FALSE(y.requires_grad());
      continue;
    }
    if ((row_.traits & kNoGradient) != 0) {
      for (const Tensor& y : c.call(c.inputs)) EXPECT_FALSE(y.requires_grad());
      continue;
    }
    EXPECT_TRUE(taper::testing::as_assertion(taper::autograd::check_gradients(c.call, c.inputs)));
  }
}

TEST_P(OpTable, SecondDerivatives) {
  if ((row_.traits & kNoGradient) != 0) return;
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    if (std::none_of(c.inputs.begin(), c.inputs.end(), wants_gradient)) continue;
    EXPECT_TRUE(
        taper::testing::as_assertion(taper::autograd::check_second_gradients(c.call, c.inputs)));
  }
}

TEST_P(OpTable, Float32AgreesWithFloat64) {
  if ((row_.traits & kOnlyFloat64) != 0) return;
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    Tensors single = changed(c.inputs, [](const Tensor& x) {
      return x.is_floating_point() ? x.to(taper::kFloat32) : x;
    });
    Tensors rounded = changed(
        single, [](const Tensor& x) { return x.is_floating_point() ? x.to(taper::kFloat64) : x; });
    EXPECT_TRUE(all_close(c.call(single), c.call(rounded), 2e-5, 2e-6));
    EXPECT_TRUE(all_close(gradients(c, single), gradients(c, rounded), 1e-4, 1e-5));
  }
}

TEST_P(OpTable, LayoutDoesNotMatter) {
  if ((row_.traits & kLeaksLayout) != 0) return;
  for (const Case& c : row_.cases) {
    Tensors values = c.call(c.inputs);
    Tensors grads = gradients(c, c.inputs);
    for (auto* layout : {&transposed, &sliced}) {
      SCOPED_TRACE(c.label + (layout == &transposed ? " transposed" : " sliced"));
      Tensors inputs = changed(c.inputs, layout);
      EXPECT_TRUE(all_close(c.call(inputs), values, 1e-12, 1e-12));
      EXPECT_TRUE(all_close(gradients(c, inputs), grads, 1e-12, 1e-12));
    }
  }
}

// An expanded input shares memory between its elements: the result is that of a copy of it.
TEST_P(OpTable, ExpandedInputs) {
  if ((row_.traits & (kLeaksLayout | kInPlace)) != 0) return;
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    auto expanded = [](const Tensor& x) {
      return x.dim() == 0 || x.size(0) == 0 || !x.is_floating_point()
                 ? x
                 : x.slice(0, 0, 1).expand(x.sizes());
    };
    auto copied = [&](const Tensor& x) { return expanded(x).clone(); };
    // Equal rows are ties, of which order and gradient are not unique.
    if (row_.name == "sort" || row_.name == "topk" || row_.name == "argsort" ||
        row_.name == "argmax" || row_.name == "argmin") {
      continue;
    }
    EXPECT_TRUE(all_close(c.call(changed(c.inputs, expanded)), c.call(changed(c.inputs, copied)),
                          1e-12, 1e-12));
    EXPECT_TRUE(all_close(gradients(c, changed(c.inputs, expanded)),
                          gradients(c, changed(c.inputs, copied)), 1e-12, 1e-12));
  }
}

TEST_P(OpTable, NoGraphUnderNoGradGuard) {
  taper::NoGradGuard no_grad;
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    for (const Tensor& y : c.call(c.inputs)) {
      bool is_input = std::any_of(c.inputs.begin(), c.inputs.end(),
                                  [&](const Tensor& x) { return x.is_same(y); });
      if (is_input) continue;
      EXPECT_EQ(y.grad_fn(), nullptr);
      // A view says what its base says, as in libtorch; it leads nowhere all the same.
      EXPECT_TRUE(!y.requires_grad() || y.is_view());
      EXPECT_FALSE(taper::autograd::gradient_edge(y).is_valid());
    }
  }
}

TEST_P(OpTable, InputsStayAsTheyWere) {
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    Tensors before = changed(c.inputs, [](const Tensor& x) { return x.clone(); });
    std::vector<int64_t> versions;
    for (const Tensor& x : c.inputs) versions.push_back(x._version());
    gradients(c, c.inputs);
    for (size_t i = 0; i < before.size(); ++i) EXPECT_EQ(c.inputs[i]._version(), versions[i]);
    EXPECT_TRUE(all_close(c.inputs, before, 0, 0));
  }
}

// Once the results are gone, so are the graph and what it saved.
TEST_P(OpTable, NothingLeaks) {
  for (const Case& c : row_.cases) {
    SCOPED_TRACE(c.label);
    auto run = [&c] {
      Tensors kept = c.call(c.inputs);
      gradients(c, c.inputs);
    };
    run();  // whatever is made once
    int64_t before = taper::memory_stats().allocated_bytes;
    run();
    EXPECT_EQ(taper::memory_stats().allocated_bytes, before);
  }
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const Row& row : rows()) result.push_back(row.name);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Every, OpTable, ::testing::ValuesIn(names()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (c == '[' || c == ']') c = '_';
  }
  return name;
});

TEST(OpTableItself, NamesAreUnique) {
  std::vector<std::string> all = names();
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

}  // namespace
}  // namespace op_table
