// The tutorial's three models trained for 50 steps, and the sine-wave model's first closures.
#include <cmath>
#include <vector>

#include "parity/parity.h"

namespace {

using torch::Tensor;

// --- The tutorial's cell: three Linears over the input and the state side by side ---
struct CustomGRUCellImpl : torch::nn::Module {
  CustomGRUCellImpl(int64_t input_size, int64_t hidden_size)
      : reset_gate(register_module("reset_gate",
                                   torch::nn::Linear(input_size + hidden_size, hidden_size))),
        update_gate(register_module("update_gate",
                                    torch::nn::Linear(input_size + hidden_size, hidden_size))),
        hidden_transform(register_module(
            "hidden_transform", torch::nn::Linear(input_size + hidden_size, hidden_size))) {}
  std::tuple<Tensor, Tensor> forward(Tensor input, Tensor hidden) {
    Tensor both = torch::cat({input, hidden}, 1);
    Tensor reset = torch::sigmoid(reset_gate(both));
    Tensor update = torch::sigmoid(update_gate(both));
    Tensor candidate = torch::tanh(hidden_transform(torch::cat({input, reset * hidden}, 1)));
    Tensor next = (1 - update) * hidden + update * candidate;
    return {next, torch::tanh(next)};
  }
  torch::nn::Linear reset_gate, update_gate, hidden_transform;
};
TORCH_MODULE(CustomGRUCell);

// --- AI Summer's cell: six Linears ---
struct SixLinearGRUCellImpl : torch::nn::Module {
  SixLinearGRUCellImpl(int64_t input_size, int64_t hidden_size) {
    const auto linear = [&](const char* name, int64_t in) {
      return register_module(name, torch::nn::Linear(in, hidden_size));
    };
    w1 = linear("linear_reset_w1", input_size);
    r1 = linear("linear_reset_r1", hidden_size);
    w2 = linear("linear_reset_w2", input_size);
    r2 = linear("linear_reset_r2", hidden_size);
    w3 = linear("linear_gate_w3", input_size);
    r3 = linear("linear_gate_r3", hidden_size);
  }
  Tensor forward(Tensor x, Tensor h) {
    Tensor reset = torch::sigmoid(w1(x) + r1(h));
    Tensor update = torch::sigmoid(w2(x) + r2(h));
    Tensor fresh = torch::tanh(w3(x) + reset * r3(h));
    return update * h + (1 - update) * fresh;
  }
  torch::nn::Linear w1{nullptr}, r1{nullptr}, w2{nullptr}, r2{nullptr}, w3{nullptr}, r3{nullptr};
};
TORCH_MODULE(SixLinearGRUCell);

template <class Cell>
struct ClassifierImpl : torch::nn::Module {
  ClassifierImpl(int64_t input_size, int64_t hidden_size, int64_t classes)
      : hidden_size(hidden_size),
        cell(register_module("cell", Cell(input_size, hidden_size))),
        fc(register_module("fc", torch::nn::Linear(hidden_size, classes))) {}
  Tensor forward(const Tensor& sequence) {  // [T, B, I]
    Tensor h = torch::zeros({sequence.size(1), hidden_size}, sequence.options());
    for (int64_t t = 0; t < sequence.size(0); ++t) h = step(sequence[t], h);
    return fc(h);
  }
  Tensor step(const Tensor& x, const Tensor& h) {
    if constexpr (std::is_same_v<Cell, CustomGRUCell>) {
      return std::get<0>(cell(x, h));
    } else {
      return cell(x, h);
    }
  }
  int64_t hidden_size;
  Cell cell;
  torch::nn::Linear fc;
};

struct GRUNetImpl : torch::nn::Module {
  GRUNetImpl(int64_t input_size, int64_t hidden_size, int64_t classes)
      : gru(register_module("gru", torch::nn::GRU(input_size, hidden_size))),
        fc(register_module("fc", torch::nn::Linear(hidden_size, classes))) {}
  Tensor forward(const Tensor& sequence) { return fc(std::get<1>(gru(sequence)).squeeze(0)); }
  torch::nn::GRU gru;
  torch::nn::Linear fc;
};

template <class Net>
void train(parity::Recorder& r, const std::string& name, Net& net, torch::ScalarType dtype) {
  net.to(dtype);
  torch::optim::Adam adam(net.parameters(), torch::optim::AdamOptions(1e-3));
  const Tensor x = torch::randn({12, 16, 10}, dtype);
  const Tensor y = torch::randint(5, {16});
  for (int step = 0; step < 50; ++step) {
    adam.zero_grad();
    const Tensor loss = torch::nn::functional::cross_entropy(net.forward(x), y);
    loss.backward();
    adam.step();
    // In float32 the first 20 steps are compared; the rest has to end near the same place.
    if (step < 20 || dtype == torch::kFloat64) {
      r.loss(name + " step " + std::to_string(step), loss.detach());
    }
  }
}

}  // namespace

PARITY_PROGRAM(models) {
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    const std::string suffix = std::string(" ") + c10::str(dtype);
    torch::manual_seed(0);
    ClassifierImpl<CustomGRUCell> custom(10, 20, 5);
    train(r, "custom cell" + suffix, custom, dtype);
    torch::manual_seed(0);
    ClassifierImpl<SixLinearGRUCell> six(10, 20, 5);
    train(r, "six linears" + suffix, six, dtype);
    torch::manual_seed(0);
    GRUNetImpl gru(10, 20, 5);
    train(r, "nn::GRU" + suffix, gru, dtype);
    for (const auto& p : gru.named_parameters()) r.print("name " + p.key() + suffix, p->sizes());
  }
}

PARITY_PROGRAM(sine_waves) {
  torch::manual_seed(0);
  SixLinearGRUCell first(1, 51), second(51, 51);
  torch::nn::Linear head(51, 1);
  std::vector<Tensor> parameters;
  for (auto* module : std::vector<torch::nn::Module*>{first.get(), second.get(), head.get()}) {
    module->to(torch::kFloat64);
    for (Tensor& p : module->parameters()) parameters.push_back(p);
  }
  const Tensor time = torch::arange(60, torch::kFloat64);
  const Tensor offsets =
      torch::tensor({-65., -8., -58., -37., -5., 24., -73., 15.}, torch::kFloat64).unsqueeze(1);
  const Tensor data = ((time + offsets) / 20).sin();  // [8, 60]
  const Tensor input = data.slice(1, 0, -1);
  const Tensor target = data.slice(1, 1);
  torch::optim::LBFGS lbfgs(parameters, torch::optim::LBFGSOptions(0.8));
  int closures = 0;
  const auto closure = [&] {
    lbfgs.zero_grad();
    Tensor h1 = torch::zeros({8, 51}, torch::kFloat64), h2 = h1;
    std::vector<Tensor> outputs;
    for (const Tensor& column : input.split(1, 1)) {
      h1 = first(column, h1);
      h2 = second(h1, h2);
      outputs.push_back(head(h2));
    }
    const Tensor loss = torch::nn::functional::mse_loss(torch::cat(outputs, 1), target);
    loss.backward();
    if (closures < 20) r.lbfgs_loss("closure " + std::to_string(closures), loss.detach());
    ++closures;
    return loss;
  };
  for (int step = 0; step < 2; ++step) lbfgs.step(closure);
}
