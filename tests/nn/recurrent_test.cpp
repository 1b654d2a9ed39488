#include <gtest/gtest.h>

#include <cmath>

#include "nn_testing.h"
#include "taper/autograd/gtest.h"
#include "taper/taper.h"

namespace {

using namespace taper;

using Matrix = std::vector<std::vector<double>>;

Matrix to_matrix(const Tensor& x) {
  const Tensor d = x.detach().to(kFloat64).contiguous();
  Matrix m(static_cast<size_t>(d.size(0)), std::vector<double>(static_cast<size_t>(d.size(1))));
  for (size_t i = 0; i < m.size(); ++i) {
    for (size_t j = 0; j < m[i].size(); ++j) m[i][j] = d.data_ptr<double>()[i * m[i].size() + j];
  }
  return m;
}

double sigmoid_of(double x) { return 1 / (1 + std::exp(-x)); }

// Row `row` of w times the row x[b], plus bias[row].
double affine(const Tensor& w, const Tensor& bias, int64_t row, const std::vector<double>& x) {
  double sum = bias.defined() ? bias[row].item<double>() : 0;
  for (size_t k = 0; k < x.size(); ++k)
    sum += w[row][static_cast<int64_t>(k)].item<double>() * x[k];
  return sum;
}

// The parameters of a cell, or of a layer of a network.
struct Weights {
  Tensor ih, hh, bias_ih, bias_hh;

  double gi(int64_t row, const std::vector<double>& x) const { return affine(ih, bias_ih, row, x); }
  double gh(int64_t row, const std::vector<double>& h) const { return affine(hh, bias_hh, row, h); }
};

template <class Cell>
Weights weights_of(const Cell& cell) {
  return {cell->weight_ih, cell->weight_hh, cell->bias_ih, cell->bias_hh};
}

// PyTorch's equations, written out.
Matrix gru_by_hand(const Weights& w, const Matrix& x, const Matrix& h) {
  Matrix next = h;
  const auto hidden = static_cast<int64_t>(h[0].size());
  for (size_t b = 0; b < x.size(); ++b) {
    for (int64_t j = 0; j < hidden; ++j) {
      const double r = sigmoid_of(w.gi(j, x[b]) + w.gh(j, h[b]));
      const double z = sigmoid_of(w.gi(hidden + j, x[b]) + w.gh(hidden + j, h[b]));
      const double n = std::tanh(w.gi(2 * hidden + j, x[b]) + r * w.gh(2 * hidden + j, h[b]));
      next[b][static_cast<size_t>(j)] = (1 - z) * n + z * h[b][static_cast<size_t>(j)];
    }
  }
  return next;
}

void expect_near(const Tensor& x, const Matrix& expected, double tolerance = 1e-12) {
  const Matrix m = to_matrix(x);
  ASSERT_EQ(m.size(), expected.size());
  for (size_t i = 0; i < m.size(); ++i) {
    for (size_t j = 0; j < m[i].size(); ++j)
      EXPECT_NEAR(m[i][j], expected[i][j], tolerance) << i << ' ' << j;
  }
}

TensorOptions f64() { return TensorOptions(kFloat64); }

template <class M>
M doubled(M module) {
  module->to(kFloat64);
  return module;
}

TEST(Cells, AreTheirFormulas) {
  const Tensor x = randn({2, 3}, f64()), h = randn({2, 4}, f64()), c = randn({2, 4}, f64());
  const Matrix xm = to_matrix(x), hm = to_matrix(h), cm = to_matrix(c);
  auto gru = doubled(nn::GRUCell(3, 4));
  expect_near(gru(x, h), gru_by_hand(weights_of(gru), xm, hm));
  auto bare = doubled(nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)));
  expect_near(bare(x), gru_by_hand(weights_of(bare), xm, Matrix(2, std::vector<double>(4))));

  auto rnn = doubled(nn::RNNCell(3, 4));
  auto relu = doubled(nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(kReLU)));
  auto lstm = doubled(nn::LSTMCell(3, 4));
  const Weights rw = weights_of(rnn), uw = weights_of(relu), lw = weights_of(lstm);
  Matrix rm = hm, um = hm, lh = hm, lc = cm;
  for (size_t b = 0; b < 2; ++b) {
    for (size_t j = 0; j < 4; ++j) {
      const auto row = static_cast<int64_t>(j);
      const auto gate = [&](int64_t k) {
        return lw.gi(4 * k + row, xm[b]) + lw.gh(4 * k + row, hm[b]);
      };
      rm[b][j] = std::tanh(rw.gi(row, xm[b]) + rw.gh(row, hm[b]));
      um[b][j] = std::max(0.0, uw.gi(row, xm[b]) + uw.gh(row, hm[b]));
      lc[b][j] = sigmoid_of(gate(1)) * cm[b][j] + sigmoid_of(gate(0)) * std::tanh(gate(2));
      lh[b][j] = sigmoid_of(gate(3)) * std::tanh(lc[b][j]);
    }
  }
  expect_near(rnn(x, h), rm);
  expect_near(relu(x, h), um);
  const auto [h2, c2] = lstm(x, std::make_tuple(h, c));
  expect_near(h2, lh);
  expect_near(c2, lc);
}

TEST(Cells, TakeInputsWithoutABatch) {
  nn::GRUCell gru(3, 4);
  const Tensor x = randn({3}), h = randn({4});
  EXPECT_TRUE(gru(x, h).allclose(gru(x.unsqueeze(0), h.unsqueeze(0)).squeeze(0)));
  EXPECT_EQ(gru(x).sizes().vec(), std::vector<int64_t>({4}));
  nn::LSTMCell lstm(3, 4);
  const auto [h1, c1] = lstm(x);
  EXPECT_EQ(h1.sizes().vec(), std::vector<int64_t>({4}));
  EXPECT_EQ(c1.sizes().vec(), std::vector<int64_t>({4}));
}

TEST(Cells, NameWhatIsWrong) {
  nn::GRUCell cell(3, 4);
  EXPECT_ERROR(cell(randn({2, 5})), "input has inconsistent input_size: got 5 expected 3 (GRUCell");
  EXPECT_ERROR(cell(randn({2, 3}), zeros({2, 5})),
               "hidden has inconsistent hidden_size: got 5, expected 4");
  EXPECT_ERROR(cell(randn({2, 3}), zeros({3, 4})),
               "Input batch size 2 doesn't match hidden batch size 3");
  EXPECT_ERROR(cell(randn({1, 2, 3})), "input has inconsistent input_size: got 2 expected 3");
  EXPECT_ERROR(cell(randn({1, 3, 3})),
               "GRUCell: Expected input to be 1-D or 2-D but received 3-D tensor");
  EXPECT_ERROR(cell(randn({2, 3}), zeros({4})),
               "Input batch size 2 doesn't match hidden batch size 4");
  EXPECT_ERROR(cell(randn({3}), zeros({1, 4})), "Expected hidden to be 1-D");
  EXPECT_ERROR(cell(randn({2, 3}, f64())), "mat1 and mat2 must have the same dtype");
  EXPECT_ERROR(cell(randn({2, 3}), zeros({2, 4}, f64())), "expected hidden of Float, got Double");
  EXPECT_ERROR(cell(Tensor()),
               "GRUCell: expected input [batch, 3] or [3], got an undefined Tensor");
  EXPECT_ERROR(nn::LSTMCell(3, 4)(randn({2, 3}), std::make_tuple(zeros({2, 4}), zeros({2, 5}))),
               "hidden[1] has inconsistent hidden_size: got 5, expected 4 (LSTMCell)");
  EXPECT_ERROR(nn::LSTMCell(3, 4)(randn({2, 3}), std::make_tuple(zeros({2, 4}), Tensor())),
               "Input batch size 2 doesn't match hidden[1] batch size 0");
  EXPECT_ERROR(nn::RNNCell(3, 0), "hidden_size must be greater than zero");
}

// Layer `suffix` of a network as a cell.
template <class Cell, class Net>
Cell cell_of(const Net& net, const std::string& suffix, Cell cell) {
  cell->to(net->parameters()[0].scalar_type());
  OrderedDict<std::string, Tensor> state;
  for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
    state.insert(name, net->state_dict()[name + suffix]);
  }
  cell->load_state_dict(state);
  return cell;
}

template <class Cell>
Tensor run_cell(Cell& cell, const Tensor& x, Tensor h, bool reverse, Tensor& last) {
  const int64_t steps = x.size(0);
  TensorVector outs(static_cast<size_t>(steps));
  for (int64_t i = 0; i < steps; ++i) {
    const int64_t t = reverse ? steps - 1 - i : i;
    h = cell(x[t], h);
    outs[static_cast<size_t>(t)] = h;
  }
  last = h;
  return stack(outs);
}

TEST(Networks, EqualLoopsOfCells) {
  auto net = doubled(nn::GRU(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true)));
  const Tensor x = randn({5, 2, 3}, f64()), h0 = randn({4, 2, 4}, f64());
  Tensor layer = x;
  TensorVector last(4);
  for (size_t k = 0; k < 2; ++k) {
    TensorVector outs;
    for (size_t d = 0; d < 2; ++d) {
      const std::string suffix = "_l" + std::to_string(k) + (d == 1 ? "_reverse" : "");
      auto cell = cell_of(net, suffix, nn::GRUCell(layer.size(2), 4));
      outs.push_back(
          run_cell(cell, layer, h0[static_cast<int64_t>(2 * k + d)], d == 1, last[2 * k + d]));
    }
    layer = cat(outs, 2);
  }
  const auto [out, h_n] = net(x, h0);
  EXPECT_TRUE(out.allclose(layer));
  EXPECT_TRUE(h_n.allclose(stack(last)));

  auto rnn = doubled(nn::RNN(3, 4));
  auto rnn_cell = cell_of(rnn, "_l0", nn::RNNCell(3, 4));
  const auto [rnn_out, rnn_h] = rnn(x);
  EXPECT_TRUE(rnn_out.allclose(run_cell(rnn_cell, x, zeros({2, 4}, f64()), false, last[0])));
  EXPECT_TRUE(rnn_h[0].allclose(last[0]));

  auto lstm = doubled(nn::LSTM(3, 4));
  auto lstm_cell = cell_of(lstm, "_l0", nn::LSTMCell(3, 4));
  const auto [lstm_out, state] = lstm(x);
  std::tuple<Tensor, Tensor> hc = {zeros({2, 4}, f64()), zeros({2, 4}, f64())};
  for (int64_t t = 0; t < 5; ++t) {
    hc = lstm_cell(x[t], hc);
    EXPECT_TRUE(lstm_out[t].allclose(std::get<0>(hc)));
  }
  EXPECT_TRUE(std::get<0>(state)[0].allclose(std::get<0>(hc)));
  EXPECT_TRUE(std::get<1>(state)[0].allclose(std::get<1>(hc)));
}

TEST(Networks, TakeEveryLayout) {
  nn::GRU net(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true));
  nn::GRU first(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true));
  first->load_state_dict(net->state_dict());
  const Tensor x = randn({5, 2, 3}), h0 = randn({4, 2, 4});
  const auto [out, h_n] = net(x, h0);
  const auto [out_first, h_first] = first(x.transpose(0, 1), h0);
  EXPECT_EQ(out_first.sizes().vec(), std::vector<int64_t>({2, 5, 8}));
  EXPECT_TRUE(out_first.transpose(0, 1).allclose(out));
  EXPECT_TRUE(h_first.allclose(h_n));
  const auto [one, h_one] = net(x.select(1, 0), h0.select(1, 0));
  EXPECT_EQ(one.sizes().vec(), std::vector<int64_t>({5, 8}));
  EXPECT_TRUE(one.allclose(out.select(1, 0), 1e-5, 1e-6));
  EXPECT_TRUE(h_one.allclose(h_n.select(1, 0), 1e-5, 1e-6));
  const auto [none, h_none] = net(randn({5, 0, 3}));
  EXPECT_EQ(none.sizes().vec(), std::vector<int64_t>({5, 0, 8}));
  EXPECT_EQ(h_none.sizes().vec(), std::vector<int64_t>({4, 0, 4}));
}

TEST(Networks, NameParametersAsPyTorch) {
  nn::LSTM net(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2));
  EXPECT_EQ(net->named_parameters().keys(),
            (std::vector<std::string>{
                "weight_ih_l0",         "weight_hh_l0",         "bias_ih_l0",
                "bias_hh_l0",           "weight_hr_l0",         "weight_ih_l0_reverse",
                "weight_hh_l0_reverse", "bias_ih_l0_reverse",   "bias_hh_l0_reverse",
                "weight_hr_l0_reverse", "weight_ih_l1",         "weight_hh_l1",
                "bias_ih_l1",           "bias_hh_l1",           "weight_hr_l1",
                "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse",
                "bias_hh_l1_reverse",   "weight_hr_l1_reverse"}));
  EXPECT_EQ(net->named_parameters()["weight_ih_l1"].sizes().vec(), std::vector<int64_t>({16, 4}));
  EXPECT_EQ(net->all_weights().size(), 20u);
}

TEST(Networks, DropOutBetweenLayersInTrainingOnly) {
  nn::GRU net(nn::GRUOptions(3, 4).num_layers(2).dropout(0.5));
  const Tensor x = randn({5, 2, 3});
  const Tensor a = std::get<0>(net(x)), b = std::get<0>(net(x));
  EXPECT_FALSE(a.equal(b));
  net->eval();
  const Tensor c = std::get<0>(net(x)), d = std::get<0>(net(x));
  EXPECT_TRUE(c.equal(d));
  // All of the first layer's output gone: the second runs on zeros.
  nn::GRU all(nn::GRUOptions(3, 4).num_layers(2).dropout(1.0));
  auto second = cell_of(all, "_l1", nn::GRUCell(4, 4));
  Tensor last;
  const Tensor expected = run_cell(second, zeros({5, 2, 4}), zeros({2, 4}), false, last);
  EXPECT_TRUE(std::get<0>(all(x)).allclose(expected, 1e-5, 1e-6));
}

TEST(Networks, FollowTheirParameters) {
  nn::GRU net(3, 4);
  auto copy = std::dynamic_pointer_cast<nn::GRUImpl>(net->clone());
  const Tensor x = randn({5, 2, 3});
  const Tensor before = std::get<0>(net(x));
  EXPECT_TRUE(std::get<0>(copy->forward(x)).equal(before));
  {
    NoGradGuard no_grad;
    for (Tensor p : copy->parameters()) p.zero_();
  }
  EXPECT_TRUE(std::get<0>(net(x)).equal(before));
  EXPECT_EQ(std::get<0>(copy->forward(x)).abs().sum().item<double>(), 0);
  net->to(kFloat64);
  EXPECT_EQ(std::get<0>(net(x.to(kFloat64))).scalar_type(), kFloat64);
}

TEST(Networks, NameWhatIsWrong) {
  nn::GRU gru(3, 4);
  EXPECT_ERROR(gru(randn({5, 2, 6})),
               "input.size(-1) must be equal to input_size. Expected 3, got 6 (GRU");
  EXPECT_ERROR(gru(randn({1, 5, 2, 3})), "input must have 3 dimensions, got 4 (GRU");
  EXPECT_ERROR(gru(randn({5, 3}), zeros({1, 1, 4})),
               "For unbatched 2-D input, hx should also be 2-D but got 3-D tensor");
  EXPECT_ERROR(gru(randn({5, 2, 3}), zeros({1, 4})), "Expected hidden size 1 2 4, got [1, 4]");
  EXPECT_ERROR(gru(randn({5, 2, 3}), zeros({1, 3, 4})),
               "Expected hidden size 1 2 4, got [1, 3, 4]");
  EXPECT_ERROR(gru(randn({5, 3}), zeros({2, 4})), "Expected hidden size 1 1 4, got [2, 1, 4]");
  EXPECT_ERROR(gru(randn({5, 2, 3}, f64())), "mat1 and mat2 must have the same dtype");
  EXPECT_ERROR(gru(randn({5, 2, 3}), zeros({1, 2, 4}, f64())),
               "expected hidden of Float, got Double");
  EXPECT_ERROR(gru(Tensor()),
               "GRU: expected input [seq_len, batch, 3] or [seq_len, 3], got an undefined Tensor");
  EXPECT_ERROR(gru(randn({0, 2, 3})), "Expected sequence length to be larger than 0 in RNN");
  nn::LSTM lstm(3, 4);
  const Tensor z = zeros({1, 2, 4});
  EXPECT_ERROR(lstm(randn({5, 2, 3}), std::make_tuple(zeros({1, 3, 4}), z)),
               "Expected hidden[0] size 1 2 4, got [1, 3, 4]");
  EXPECT_ERROR(lstm(randn({5, 2, 3}), std::make_tuple(z, zeros({1, 3, 4}))),
               "Expected hidden[1] size 1 2 4, got [1, 3, 4]");
  EXPECT_ERROR(lstm(randn({5, 2, 3}), std::make_tuple(z[0], z[0])),
               "Expected hidden[0] size 1 2 4, got [2, 4]");
  EXPECT_ERROR(lstm(randn({5, 2, 3}), std::make_tuple(z, Tensor())),
               "Expected hidden[1] size 1 2 4, got [0]");
  EXPECT_ERROR(nn::GRU(nn::GRUOptions(3, 4).num_layers(2).dropout(1.5)),
               "dropout should be a number in range [0, 1] representing the probability of an "
               "element being zeroed");
  EXPECT_ERROR(nn::GRU(3, 0), "hidden_size must be greater than zero");
  EXPECT_ERROR(nn::GRU(nn::GRUOptions(3, 4).num_layers(0)), "num_layers must be greater than zero");
  EXPECT_ERROR(nn::LSTM(nn::LSTMOptions(3, 4).proj_size(4)),
               "proj_size has to be a positive integer");
}

TEST(Networks, WarnOfDropoutThatDoesNothing) {
  ::testing::internal::CaptureStderr();
  nn::GRU gru(nn::GRUOptions(3, 4).dropout(0.5));
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              ::testing::HasSubstr("got dropout=0.5 and num_layers=1"));
}

template <class Net, class Forward>
void gradcheck_all(Net net, const Forward& forward, std::vector<std::vector<int64_t>> sizes) {
  net->to(kFloat64);
  TensorVector leaves, constants;
  for (const auto& s : sizes) {
    leaves.push_back(randn(s, f64()).requires_grad_());
    constants.push_back(randn(s, f64()));
  }
  const auto f = [&](const TensorVector& in) { return forward(net, in); };
  EXPECT_GRADCHECK(f, leaves);
  EXPECT_GRADGRADCHECK(f, leaves);
  EXPECT_GRADCHECK_PARAMETERS([&] { return forward(net, constants); }, net);
  EXPECT_GRADCHECK_PARAMETERS([&] { return forward(net, constants); }, net, {}, true);
}

TEST(Recurrent, GradcheckCells) {
  manual_seed(5);
  const auto cell = [](auto& m, const TensorVector& in) { return TensorVector{m(in[0], in[1])}; };
  const auto lstm = [](auto& m, const TensorVector& in) {
    auto [h, c] = m(in[0], std::make_tuple(in[1], in[2]));
    return TensorVector{h, c};
  };
  gradcheck_all(nn::RNNCell(2, 3), cell, {{2, 2}, {2, 3}});
  gradcheck_all(nn::RNNCell(nn::RNNCellOptions(2, 3).nonlinearity(kReLU)), cell, {{2, 2}, {2, 3}});
  gradcheck_all(nn::GRUCell(2, 3), cell, {{2, 2}, {2, 3}});
  gradcheck_all(nn::LSTMCell(2, 3), lstm, {{2, 2}, {2, 3}, {2, 3}});
}

TEST(Recurrent, GradcheckNetworks) {
  manual_seed(6);
  const auto net = [](auto& m, const TensorVector& in) {
    auto [out, h_n] = m(in[0], in[1]);
    return TensorVector{out, h_n};
  };
  const auto lstm = [](auto& m, const TensorVector& in) {
    auto [out, state] = m(in[0], std::make_tuple(in[1], in[2]));
    return TensorVector{out, std::get<0>(state), std::get<1>(state)};
  };
  gradcheck_all(nn::RNN(2, 2), net, {{3, 2, 2}, {1, 2, 2}});
  gradcheck_all(nn::GRU(nn::GRUOptions(2, 2).num_layers(2).bidirectional(true)), net,
                {{3, 1, 2}, {4, 1, 2}});
  gradcheck_all(nn::LSTM(nn::LSTMOptions(2, 2).batch_first(true)), lstm,
                {{1, 3, 2}, {1, 1, 2}, {1, 1, 2}});
  gradcheck_all(nn::LSTM(nn::LSTMOptions(2, 3).proj_size(1)), lstm,
                {{2, 1, 2}, {1, 1, 1}, {1, 1, 3}});
}

}  // namespace
