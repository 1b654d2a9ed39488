#include <gtest/gtest.h>

#include <sstream>

#include "nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;
using nn::GRUClassifierOptions;

TensorOptions f64() { return TensorOptions(kFloat64); }

TEST(ResetBeforeGRUCell, IsTheFormula) {
  nn::ResetBeforeGRUCell cell(3, 4);
  EXPECT_EQ(cell->named_parameters().keys(),
            (std::vector<std::string>{"reset_gate.weight", "reset_gate.bias", "update_gate.weight",
                                      "update_gate.bias", "hidden_transform.weight",
                                      "hidden_transform.bias"}));
  EXPECT_EQ(cell->reset_gate->weight.sizes().vec(), std::vector<int64_t>({4, 7}));
  const Tensor x = randn({2, 3}), h = randn({2, 4});
  const Tensor both = cat({x, h}, 1);
  const auto affine = [](const Tensor& in, const nn::Linear& l) {
    return in.matmul(l->weight.t()) + l->bias;
  };
  const Tensor r = 1 / (1 + (-affine(both, cell->reset_gate)).exp());
  const Tensor z = 1 / (1 + (-affine(both, cell->update_gate)).exp());
  const Tensor n = affine(cat({x, r * h}, 1), cell->hidden_transform).tanh();
  const Tensor expected = (1 - z) * h + z * n;
  const auto [next, out] = cell(x, h);
  EXPECT_TRUE(next.allclose(expected, 1e-5, 1e-6));
  EXPECT_TRUE(out.allclose(expected.tanh(), 1e-5, 1e-6));
}

TEST(ResetAfterGRUCell, IsPyTorchsCell) {
  nn::ResetAfterGRUCell cell(3, 4);
  std::vector<std::string> names;
  for (const char* child : {"linear_reset_w1", "linear_reset_r1", "linear_reset_w2",
                            "linear_reset_r2", "linear_gate_w3", "linear_gate_r3"}) {
    names.push_back(std::string(child) + ".weight");
    names.push_back(std::string(child) + ".bias");
  }
  EXPECT_EQ(cell->named_parameters().keys(), names);
  nn::GRUCell packed(3, 4);
  {
    NoGradGuard no_grad;
    packed->weight_ih.copy_(cat({cell->linear_reset_w1->weight, cell->linear_reset_w2->weight,
                                 cell->linear_gate_w3->weight}));
    packed->weight_hh.copy_(cat({cell->linear_reset_r1->weight, cell->linear_reset_r2->weight,
                                 cell->linear_gate_r3->weight}));
    packed->bias_ih.copy_(cat(
        {cell->linear_reset_w1->bias, cell->linear_reset_w2->bias, cell->linear_gate_w3->bias}));
    packed->bias_hh.copy_(cat(
        {cell->linear_reset_r1->bias, cell->linear_reset_r2->bias, cell->linear_gate_r3->bias}));
  }
  const Tensor x = randn({2, 3}), h = randn({2, 4});
  EXPECT_TRUE(cell(x, h).allclose(packed(x, h), 1e-5, 1e-6));
  nn::ResetAfterGRUCell standard;
  EXPECT_EQ(standard(randn({2, 10}), zeros({2, 20})).sizes().vec(), std::vector<int64_t>({2, 20}));
}

TEST(TutorialCells, NameWhatIsWrong) {
  nn::ResetBeforeGRUCell before(3, 4);
  nn::ResetAfterGRUCell after(3, 4);
  const Tensor x = randn({2, 3}), h = zeros({2, 4});
  EXPECT_ERROR(before(randn({2, 5}), h),
               "ResetBeforeGRUCell: expected input [batch, 3], got [2, 5]");
  EXPECT_ERROR(before(randn({3}), h), "ResetBeforeGRUCell: expected input [batch, 3], got [3]");
  EXPECT_ERROR(before(x, zeros({2, 5})),
               "ResetBeforeGRUCell: expected hidden [batch, 4], got [2, 5]");
  EXPECT_ERROR(before(x, zeros({3, 4})),
               "expected input and hidden of one batch, got [2, 3] and [3, 4]");
  EXPECT_ERROR(before(x, Tensor()),
               "ResetBeforeGRUCell: expected hidden [batch, 4], got an undefined Tensor");
  EXPECT_ERROR(before(Tensor(), h),
               "ResetBeforeGRUCell: expected input [batch, 3], got an undefined Tensor");
  EXPECT_ERROR(before(x.to(kFloat64), h), "expected input of Float, got Double");
  EXPECT_ERROR(after(x, h.to(kFloat64)), "ResetAfterGRUCell: expected hidden of Float, got Double");
  EXPECT_ERROR(after(x, Tensor()),
               "ResetAfterGRUCell: expected hidden [batch, 4], got an undefined Tensor");
  EXPECT_ERROR(nn::ResetBeforeGRUCell(3, 0), "expected a positive hidden size");
}

class Classifier : public ::testing::TestWithParam<GRUClassifierOptions::cell_t> {
 protected:
  nn::GRUClassifier make() {
    return nn::GRUClassifier(GRUClassifierOptions(3, 4, 5).cell(GetParam()));
  }
};

// The first return of the classifier's cell.
Tensor step(const nn::GRUClassifier& net, const Tensor& x, const Tensor& h) {
  const auto gru = net->named_children()["gru"];
  if (auto* cell = gru->as<nn::ResetBeforeGRUCell>()) return std::get<0>(cell->forward(x, h));
  if (auto* cell = gru->as<nn::ResetAfterGRUCell>()) return cell->forward(x, h);
  return gru->as<nn::GRUCell>()->forward(x, h);
}

TEST_P(Classifier, HasTheTutorialsShapes) {
  nn::GRUClassifier net = make();
  EXPECT_EQ(net->named_children().keys(), (std::vector<std::string>{"gru", "fc"}));
  const Tensor x = randn({4, 3}), h0 = randn({4, 4});
  const Tensor logits = net(x, h0);
  EXPECT_EQ(logits.sizes().vec(), std::vector<int64_t>({5}));
  using indexing::Slice;
  EXPECT_TRUE(logits.allclose(net->fc(step(net, x, h0).index({-1, Slice()})), 1e-5, 1e-6));
}

TEST_P(Classifier, RunsOverTime) {
  nn::GRUClassifier net = make();
  const Tensor x = randn({6, 2, 3}), h0 = randn({2, 4});
  TensorVector out;
  Tensor h = h0;
  for (int64_t t = 0; t < 6; ++t) out.push_back(h = step(net, x[t], h));
  const Tensor logits = net(x, h0);
  EXPECT_EQ(logits.sizes().vec(), std::vector<int64_t>({2, 5}));
  EXPECT_TRUE(logits.allclose(net->fc(out.back()), 1e-5, 1e-6));

  const Tensor picked = net(x, h0, tensor({3, 6}));
  EXPECT_TRUE(picked[0].allclose(net->fc(out[2])[0], 1e-5, 1e-6));
  EXPECT_TRUE(picked[1].allclose(net->fc(out[5])[1], 1e-5, 1e-6));
  EXPECT_TRUE(net(x, h0, tensor({6, 6})).allclose(logits, 1e-5, 1e-6));
  // What stands after the last step does not matter.
  Tensor padded = x.clone();
  padded.slice(0, 3).select(1, 0).fill_(100);
  EXPECT_TRUE(net(padded, h0, tensor({3, 6})).equal(picked));
}

TEST_P(Classifier, NamesWhatIsWrong) {
  nn::GRUClassifier net = make();
  const Tensor x = randn({6, 2, 3}), h0 = zeros({2, 4});
  EXPECT_ERROR(net(randn({6, 2, 7}), h0),
               "GRUClassifier: expected x [batch, 3] or [seq_len, batch, 3], got [6, 2, 7]");
  EXPECT_ERROR(net(randn({3}), h0),
               "GRUClassifier: expected x [batch, 3] or [seq_len, batch, 3], got [3]");
  EXPECT_ERROR(net(Tensor(), h0), "got an undefined Tensor");
  EXPECT_ERROR(net(x, Tensor()), "GRUClassifier: expected h0 [2, 4], got an undefined Tensor");
  EXPECT_ERROR(net(x, zeros({3, 4})),
               "GRUClassifier: expected h0 [2, 4] with x [6, 2, 3], got [3, 4]");
  EXPECT_ERROR(net(x, zeros({1, 2, 4})), "got [1, 2, 4]");
  EXPECT_ERROR(net(x.to(kFloat64), h0), "GRUClassifier: expected x of Float, got Double");
  EXPECT_ERROR(net(x, h0.to(kFloat64)), "GRUClassifier: expected h0 of Float, got Double");
  EXPECT_ERROR(net(randn({0, 2, 3}), h0), "at least one step");
  EXPECT_ERROR(net(x, h0, tensor({0, 6})), "expected lengths in 1 .. 6, got 0 for sequence 0");
  EXPECT_ERROR(net(x, h0, tensor({6, 7})), "expected lengths in 1 .. 6, got 7 for sequence 1");
  EXPECT_ERROR(net(x, h0, tensor({6})), "expected lengths [2] with x [6, 2, 3], got [1]");
  EXPECT_ERROR(net(x, h0, tensor({6.0, 6.0})), "expected lengths of Long, got Float");
  EXPECT_ERROR(net(x[0], h0, tensor({1, 1})), "lengths need x [seq_len, batch, 3], got [2, 3]");
}

TEST_P(Classifier, ClonesDeep) {
  nn::GRUClassifier net = make();
  auto copy = std::dynamic_pointer_cast<nn::GRUClassifierImpl>(net->clone());
  const Tensor x = randn({6, 2, 3}), h0 = zeros({2, 4});
  const Tensor before = net(x, h0);
  EXPECT_TRUE(copy->forward(x, h0).equal(before));
  {
    NoGradGuard no_grad;
    for (Tensor p : copy->parameters()) p.zero_();
  }
  EXPECT_TRUE(net(x, h0).equal(before));
  EXPECT_EQ(copy->forward(x, h0).abs().sum().item<double>(), 0);
}

TEST_P(Classifier, Gradcheck) {
  manual_seed(8);
  nn::GRUClassifier net(GRUClassifierOptions(2, 2, 3).cell(GetParam()));
  net->to(kFloat64);
  const Tensor lengths = tensor({2, 3});
  const auto f = [&](const TensorVector& in) { return net(in[0], in[1], lengths); };
  const TensorVector leaves = {randn({3, 2, 2}, f64()).requires_grad_(),
                               randn({2, 2}, f64()).requires_grad_()};
  EXPECT_GRADCHECK(f, leaves);
  EXPECT_GRADGRADCHECK(f, leaves);
  const Tensor x = randn({3, 2, 2}, f64()), h0 = randn({2, 2}, f64());
  EXPECT_GRADCHECK_PARAMETERS([&] { return net(x, h0); }, net);
  EXPECT_GRADCHECK_PARAMETERS([&] { return net(x, h0, lengths); }, net, {}, true);
  EXPECT_GRADCHECK_PARAMETERS([&] { return net(x[0], h0); }, net);
}

INSTANTIATE_TEST_SUITE_P(Cells, Classifier,
                         ::testing::Values(GRUClassifierOptions::cell_t(kResetBefore), kResetAfter,
                                           kGRU));

TEST(GRUClassifier, IsTheTutorialsByDefault) {
  std::ostringstream text;
  text << nn::GRUClassifier(10, 20, 3);
  EXPECT_EQ(
      text.str(),
      "taper::nn::GRUClassifier(\n"
      "  (gru): taper::nn::ResetBeforeGRUCell(\n"
      "    (reset_gate): torch::nn::Linear(in_features=30, out_features=20, bias=true)\n"
      "    (update_gate): torch::nn::Linear(in_features=30, out_features=20, bias=true)\n"
      "    (hidden_transform): torch::nn::Linear(in_features=30, out_features=20, bias=true)\n"
      "  )\n"
      "  (fc): torch::nn::Linear(in_features=20, out_features=3, bias=true)\n"
      ")");
  std::ostringstream after;
  after << nn::ResetAfterGRUCell();
  EXPECT_EQ(after.str().substr(0, after.str().find('\n')), "taper::nn::ResetAfterGRUCell(");
}

}  // namespace
