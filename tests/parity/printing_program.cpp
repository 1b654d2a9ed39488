// What stands on the screen, letter by letter.
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "parity/parity.h"

namespace {

using torch::Tensor;

// A run of numbers with a wide mix of magnitudes, the same for both libraries.
Tensor numbers(int64_t count, uint64_t seed, double spread) {
  Tensor x = torch::empty({count}, torch::kFloat64);
  auto* data = x.data_ptr<double>();
  uint64_t state = seed;
  for (int64_t i = 0; i < count; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double unit = static_cast<double>(state >> 11) * 0x1p-53 - 0.5;
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double power = spread * (static_cast<double>(state >> 11) * 0x1p-53 - 0.5);
    data[i] = unit * std::pow(10.0, power);
  }
  return x;
}

}  // namespace

PARITY_PROGRAM(printing) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  r.print("scalar", torch::tensor(3.5));
  r.print("scalar int", torch::tensor(7));
  r.print("scalar bool", torch::tensor(true));
  r.print("scalar double", torch::tensor(1.0 / 3, torch::kFloat64));
  r.print("scalar tiny", torch::tensor(1e-20));
  r.print("scalar huge", torch::tensor(3e15));
  r.print("scalar nan", torch::tensor(nan));
  r.print("undefined", Tensor());
  r.print("floats", torch::tensor({1.0, 2.5, -3.25}));
  {
    std::ostringstream out;
    torch::print(out, torch::arange(40, torch::kFloat32).view({2, 20}), 50);
    r.text("narrow lines", out.str());
  }
  r.print("options", torch::ones({1}, torch::kFloat64).options());
  r.print("options asked for",
          torch::dtype(torch::kFloat64).requires_grad(true).layout(torch::kStrided));
  r.print("numbers", std::vector<int64_t>{1, -2, 3});
  r.print("many numbers", std::vector<int>(105, 7));
  r.print("map", std::map<std::string, double>{{"a", 1.5}, {"b", -2}});
  r.print("set", std::set<int>{3, 1, 2});
  r.print("list", std::vector<Tensor>{torch::ones({2}), torch::zeros({1}, torch::kInt64)});
  r.print("whole floats", torch::tensor({1.0, 2.0, -3.0}));
  r.print("ints", torch::tensor({1, 20, -300}));
  r.print("long ints", torch::tensor({int64_t{1} << 60, int64_t{-5}}));
  r.print("bytes", torch::tensor({1, 20, 255}, torch::kUInt8));
  r.print("int32", torch::arange(6, torch::kInt32).view({2, 3}));
  r.print("bools", torch::tensor({true, false, true}));
  r.print("bool matrix", torch::eye(3).to(torch::kBool));
  r.print("wide", torch::tensor({1e-8, 1.0, 1e8}));
  r.print("very wide", torch::tensor({1e-30, 1e30}, torch::kFloat64));
  r.print("small", torch::tensor({1e-5, 2e-5}));
  r.print("large", torch::tensor({123456.0, 99999.5}));
  r.print("larger", torch::tensor({1234567890.0, 1.0}));
  r.print("specials", torch::tensor({nan, inf, -inf, 1.5, -0.0}));
  r.print("only nan", torch::tensor({nan, nan}));
  r.print("only inf", torch::tensor({inf, -inf, inf}));
  r.print("zeros", torch::zeros({2, 2}));
  r.print("negative zero", torch::tensor({-0.0, 0.0}));
  r.print("empty", torch::empty({0}));
  r.print("empty rows", torch::empty({0, 3}));
  r.print("empty columns", torch::empty({3, 0}));
  r.print("empty 3-D", torch::empty({2, 0, 3}));
  r.print("empty ints", torch::empty({0}, torch::kInt64));
  r.print("three dimensions", torch::arange(24, torch::kFloat32).view({2, 3, 4}));
  r.print("four dimensions", torch::arange(24, torch::kFloat64).view({2, 1, 3, 4}) / 7);
  r.print("integers in 3-D", torch::arange(8).view({2, 2, 2}));
  r.print("many columns", torch::arange(60, torch::kFloat32).view({2, 30}) / 3);
  r.print("many wide columns", torch::arange(60, torch::kInt64).view({2, 30}) * 1000000007);
  r.print("transposed", torch::arange(6, torch::kFloat32).view({2, 3}).t());
  r.print("requires grad", torch::ones({2}, torch::requires_grad()));
  r.print("with history", torch::ones({2}, torch::requires_grad()) * 2);
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    const Tensor x = numbers(12, seed, static_cast<double>(seed % 20));
    const std::string name = "numbers " + std::to_string(seed);
    r.print(name, x.view({3, 4}));
    r.print(name + " float", x.to(torch::kFloat32));
    r.print(name + " long", x.clamp(-1e15, 1e15).to(torch::kInt64));
    r.print(name + " one", x[0]);
  }
  r.print("sizes", torch::ones({2, 3}).sizes());
  r.print("no sizes", torch::tensor(1).sizes());
  r.print("dtype", torch::ones({1}).dtype());
  r.print("scalar type", torch::ones({1}).scalar_type());
  r.print("device", torch::ones({1}).device());
  r.print("layout", torch::ones({1}).layout());
  r.print("number", torch::Scalar(2.5));
  r.print("whole number", torch::Scalar(3));
  r.print("truth", torch::Scalar(true));
  r.text("type", torch::ones({1}).toString());
}

PARITY_PROGRAM(module_printing) {
  namespace nn = torch::nn;
  r.print("linear", nn::Linear(3, 4));
  r.print("linear without bias", nn::Linear(nn::LinearOptions(3, 4).bias(false)));
  r.print("sequential", nn::Sequential(nn::Linear(3, 4), nn::ReLU(), nn::Dropout(0.25)));
  r.print("named", nn::Sequential({{"in", nn::Linear(1, 2)}, {"act", nn::Tanh()}}));
  r.print("list", nn::ModuleList(nn::Linear(1, 2), nn::LayerNorm(nn::LayerNormOptions({4, 2}))));
  r.print("empty sequential", nn::Sequential());
  r.print("relu", nn::ReLU(true));
  r.print("leaky", nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)));
  r.print("softmax", nn::Softmax(1));
  r.print("log_softmax", nn::LogSoftmax(-1));
  r.print("flatten", nn::Flatten());
  r.print("embedding", nn::Embedding(10, 3));
  r.print("padded", nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(2).max_norm(1.5)));
  r.print("layer norm",
          nn::LayerNorm(nn::LayerNormOptions({5}).eps(1e-3).elementwise_affine(false)));
  r.print("rnn", nn::RNN(nn::RNNOptions(3, 4).nonlinearity(torch::kReLU)));
  r.print("lstm", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).proj_size(2).bidirectional(true)));
  r.print("gru", nn::GRU(nn::GRUOptions(3, 4).batch_first(true).dropout(0.5).num_layers(2)));
  r.print("rnn cell", nn::RNNCell(3, 4));
  r.print("relu cell",
          nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(torch::kReLU).bias(false)));
  r.print("lstm cell", nn::LSTMCell(3, 4));
  r.print("gru cell", nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)));
  r.print("mse", nn::MSELoss());
  r.print("cross entropy", nn::CrossEntropyLoss());
}
