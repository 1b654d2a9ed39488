#include <taper/taper.h>

#include <cstdio>

using namespace taper;

struct NetImpl : nn::Module {
  NetImpl() {
    hidden = register_module("hidden", nn::Linear(2, 16));
    out = register_module("out", nn::Linear(16, 2));
  }
  Tensor forward(const Tensor& x) { return out(hidden(x).tanh()); }
  nn::Linear hidden{nullptr}, out{nullptr};
};
TAPER_MODULE(Net);

int main() {
  manual_seed(0);
  Tensor points = rand({512, 2}) * 2 - 1;  // [512, 2] in a square
  Tensor inside =
      (points.square().sum(1) < 2 / 3.14159265).to(kInt64);  // [512], half of them in a disc
  Net net;
  optim::Adam adam(net->parameters(), optim::AdamOptions(0.02));
  for (int step = 1; step <= 300; ++step) {
    adam.zero_grad();
    Tensor logits = net->forward(points);  // [512, 2]
    Tensor loss = nn::functional::cross_entropy(logits, inside);
    loss.backward();
    adam.step();
    if (step % 100 == 0) {
      double accuracy = (logits.argmax(1) == inside).to(kFloat32).mean().item<double>();
      std::printf("step %3d  loss %.4f  accuracy %.1f %%\n", step, loss.item<double>(),
                  100 * accuracy);
    }
  }
}
