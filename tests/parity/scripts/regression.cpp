// A curve fitted by stochastic gradient descent: data with noise, mini-batches from a permutation,
// a small network, momentum and a learning rate that falls; a line fitted by hand beside it.
#include <torch/torch.h>

#include <cstdio>
#include <iostream>
#include <vector>

struct CurveImpl : torch::nn::Module {
  CurveImpl(int64_t hidden, double dropout)
      : first(register_module("first", torch::nn::Linear(1, hidden))),
        second(register_module("second", torch::nn::Linear(hidden, hidden))),
        last(register_module("last",
                             torch::nn::Linear(torch::nn::LinearOptions(hidden, 1).bias(true)))),
        drop(register_module("drop", torch::nn::Dropout(dropout))) {
    scale = register_parameter("scale", torch::ones({1}));
    steps = register_buffer("steps", torch::zeros({}, torch::kInt64));
  }
  torch::Tensor forward(torch::Tensor x) {
    TORCH_CHECK(x.dim() == 2 && x.size(1) == 1, "expected [N, 1], got ", x.sizes());
    if (is_training()) steps += 1;
    x = torch::tanh(first->forward(x));
    x = drop(torch::relu(second(x)) + x);
    return last(x) * scale;
  }
  torch::nn::Linear first{nullptr}, second{nullptr}, last{nullptr};
  torch::nn::Dropout drop{nullptr};
  torch::Tensor scale, steps;
};
TORCH_MODULE(Curve);

struct Data {
  torch::Tensor x, y;
};

Data make_data(int64_t count) {
  torch::Tensor x = torch::rand({count, 1}) * 6 - 3;
  torch::Tensor noise = torch::randn({count, 1}) * 0.1;
  return {x, torch::sin(x * 1.5) + 0.3 * x + noise};
}

// Least squares by the gradient, without a module or an optimizer.
void fit_line(const Data& data) {
  torch::Tensor w = torch::zeros({1, 1}, torch::requires_grad());
  torch::Tensor b = torch::zeros({1}, torch::requires_grad());
  for (int step = 0; step <= 60; ++step) {
    torch::Tensor loss = (torch::matmul(data.x, w) + b - data.y).pow(2).mean();
    loss.backward();
    {
      torch::NoGradGuard no_grad;
      w -= 0.05 * w.grad();
      b -= 0.05 * b.grad();
      w.grad().zero_();
      b.grad().zero_();
    }
    if (step % 20 == 0) {
      std::printf("line  step %3d  loss %.6f  w %.5f  b %.5f\n", step, loss.item<double>(),
                  w.item<double>(), b.item<double>());
    }
  }
}

double evaluate(Curve& net, const Data& data) {
  torch::NoGradGuard no_grad;
  net->eval();
  const double loss = torch::nn::functional::mse_loss(net(data.x), data.y).item<double>();
  net->train();
  return loss;
}

void fit_curve(const Data& train, const Data& held_out, double dropout) {
  Curve net(16, dropout);
  std::cout << net << '\n';
  int64_t count = 0;
  for (const auto& p : net->named_parameters()) {
    std::cout << p.key() << ' ' << p.value().sizes() << '\n';
    count += p.value().numel();
  }
  std::cout << count << " parameters\n";
  torch::optim::SGD optimizer(net->parameters(),
                              torch::optim::SGDOptions(0.05).momentum(0.9).nesterov(true));
  torch::optim::StepLR scheduler(optimizer, /*step_size=*/5, /*gamma=*/0.5);
  const int64_t batch = 16;
  for (int epoch = 1; epoch <= 12; ++epoch) {
    const torch::Tensor order = torch::randperm(train.x.size(0));
    double total = 0;
    int64_t batches = 0;
    for (const torch::Tensor& rows : order.split(batch)) {
      optimizer.zero_grad();
      const torch::Tensor prediction = net(train.x.index_select(0, rows));
      const torch::Tensor loss = torch::nn::functional::mse_loss(prediction, train.y.index({rows}));
      loss.backward();
      optimizer.step();
      total += loss.item<double>();
      ++batches;
    }
    scheduler.step();
    if (epoch % 3 == 0) {
      std::printf("curve epoch %2d  train %.6f  held out %.6f\n", epoch,
                  total / static_cast<double>(batches), evaluate(net, held_out));
    }
  }
  std::printf("%ld training batches, scale %.5f\n", static_cast<long>(net->steps.item<int64_t>()),
              net->scale.item<double>());
  const torch::Tensor grid = torch::linspace(-3, 3, 7).unsqueeze(1);
  net->eval();
  torch::NoGradGuard no_grad;
  std::cout << torch::cat({grid, net(grid)}, 1) << '\n';
}

int main() {
  torch::manual_seed(1);
  const Data train = make_data(128);
  const Data held_out = make_data(64);
  std::cout << train.x.sizes() << ' ' << train.x.dtype() << ' ' << train.y.mean().item<float>()
            << '\n';
  fit_line(train);
  fit_curve(train, held_out, 0.0);
  fit_curve(train, held_out, 0.2);
}
