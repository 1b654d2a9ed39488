// Drawings of the tape.

#include "taper/autograd/to_dot.h"

#include "autograd/testing.h"

namespace taper {
namespace {

using autograd::to_dot;
using ::testing::HasSubstr;

TEST(ToDot, DrawsASmallGraph) {
  Tensor x = ones({2, 3});
  Tensor weight = ones({4, 3}, requires_grad());
  Tensor bias = ones({4}, requires_grad());
  Tensor hidden = nn::functional::linear(x, weight, bias).tanh();
  Tensor loss = (hidden * hidden).sum();
  EXPECT_EQ(to_dot(loss, {{"weight", weight}, {"h", hidden}, {"x", x}}),
            R"(digraph tape {
  node [shape=box, style=filled, fillcolor=lightgrey, fontname=monospace];
  n0 [label="result\n[]", fillcolor=palegreen];
  n1 [label="SumBackward0\n[]"];
  n2 [label="MulBackward0\n[2, 4]"];
  n3 [label="TanhBackward0\nh [2, 4]"];
  n4 [label="AddmmBackward0\n[2, 4]"];
  n5 [label="leaf\n[4]", fillcolor=lightblue];
  n6 [label="weight\n[4, 3]", fillcolor=lightblue];
  n1 -> n0;
  n2 -> n1;
  n3 -> n2;
  n3 -> n2;
  n4 -> n3;
  n5 -> n4;
  n6 -> n4;
}
)");
}

TEST(ToDot, NamesParametersAsAModuleDoes) {
  nn::GRUClassifier net(2, 3, 4);
  Tensor logits = net(ones({2, 2}), zeros({2, 3}));
  const std::string text = to_dot(logits, net->named_parameters());
  for (const auto& item : net->named_parameters()) {
    EXPECT_THAT(text, HasSubstr("label=\"" + item.key() + "\\n["));
  }
  EXPECT_EQ(text, to_dot(net(ones({2, 2}), zeros({2, 3})), net->named_parameters()));
}

TEST(ToDot, NumbersTheOutputsOfAnOperation) {
  Tensor x = ones({5}, requires_grad());
  std::vector<Tensor> parts = x.split(3);
  const std::string text = to_dot(parts[1] * 2, {{"x", x}, {"rest", parts[1]}});
  EXPECT_THAT(text, HasSubstr("\\n[3]\\nrest [2]\"]"));
  EXPECT_THAT(text, HasSubstr("n2 -> n1 [label=\"1\"];"));
}

TEST(ToDot, OfALeafAndOfAConstant) {
  Tensor x = ones({2}, requires_grad());
  EXPECT_THAT(to_dot(x, {{"x", x}}), HasSubstr("n1 [label=\"x\\n[2]\", fillcolor=lightblue];"));
  EXPECT_THAT(to_dot(x.detach()), Not(HasSubstr("n1")));
  EXPECT_ERROR(to_dot(Tensor()), "to_dot: expected a tensor, got an undefined one");
}

TEST(ToDot, EscapesNames) {
  Tensor x = ones({1}, requires_grad());
  EXPECT_THAT(to_dot(x, {{"a \"b\" \\N &lt;\nc", x}}),
              HasSubstr("label=\"a \\\"b\\\" \\\\N &amp;lt;\\nc\\n[1]\""));
}

TEST(ToDot, OfALongChainDoesNotRecurse) {
  Tensor x = ones({1}, requires_grad());
  Tensor y = x;
  for (int i = 0; i < 50'000; ++i) y = y + 1;
  EXPECT_THAT(to_dot(y), HasSubstr("n50001 -> n50000;"));
}

}  // namespace
}  // namespace taper
