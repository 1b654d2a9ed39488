// Autograd, step by step: what is recorded, what backward leaves where, derivatives of derivatives,
// hooks, detaching, and an operation of one's own. Everything is printed.
#include <torch/torch.h>

#include <iomanip>
#include <iostream>

using namespace torch::autograd;

// y = x^3 / 3, with a derivative that is told rather than found.
class ThirdOfCube : public Function<ThirdOfCube> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor x, double scale) {
    ctx->save_for_backward({x});
    ctx->saved_data["scale"] = scale;
    return x.pow(3) * (scale / 3);
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list grad_outputs) {
    const auto saved = ctx->get_saved_variables();
    const double scale = ctx->saved_data["scale"].toDouble();
    return {grad_outputs[0] * saved[0].pow(2) * scale, torch::Tensor()};
  }
};

void first_steps() {
  std::cout << "== First steps ==\n";
  torch::Tensor x = torch::ones({2, 3}, torch::requires_grad());
  torch::Tensor y = x + 2;
  std::cout << y << '\n';
  std::cout << "y came from " << y.grad_fn()->name() << ", x from "
            << (x.grad_fn() ? "something" : "nobody") << '\n';
  torch::Tensor z = y * y * 3;
  torch::Tensor out = z.mean();
  std::cout << z.grad_fn()->name() << ' ' << out.grad_fn()->name() << ' ' << out.item<float>()
            << '\n';
  out.backward();
  std::cout << x.grad() << '\n';

  torch::Tensor a = torch::randn({2, 2});
  a = (a * 3) / (a - 1);
  std::cout << std::boolalpha << a.requires_grad() << ' ';
  a.requires_grad_(true);
  torch::Tensor b = (a * a).sum();
  std::cout << a.requires_grad() << ' ' << b.grad_fn()->name() << '\n';
}

void vector_jacobian() {
  std::cout << "== Products of a vector and a Jacobian ==\n";
  torch::Tensor x = torch::randn(3, torch::requires_grad());
  torch::Tensor y = x * 2;
  int doublings = 0;
  while (y.norm().item<double>() < 1000) {
    y = y * 2;
    ++doublings;
  }
  std::cout << doublings << " doublings: " << y.detach() << '\n';
  torch::Tensor v = torch::tensor({0.1, 1.0, 0.0001}, torch::kFloat);
  y.backward(v);
  std::cout << x.grad() << '\n';
  x.mutable_grad().zero_();
  std::cout << x.grad().sum().item<float>() << '\n';
}

void without_recording() {
  std::cout << "== Without recording ==\n";
  torch::Tensor x = torch::arange(1., 4.).requires_grad_();
  std::cout << x.pow(2).requires_grad() << ' ';
  {
    torch::NoGradGuard no_grad;
    std::cout << x.pow(2).requires_grad() << ' ';
    torch::AutoGradMode on(true);
    std::cout << x.pow(2).requires_grad() << '\n';
  }
  torch::Tensor y = x.detach();
  std::cout << y.requires_grad() << ' ' << x.eq(y).all().item<bool>() << '\n';
  torch::Tensor half = (x * x.detach()).sum();
  half.backward();
  std::cout << x.grad() << '\n';
}

void higher_orders() {
  std::cout << "== Gradients of gradients ==\n";
  torch::Tensor x = torch::tensor({0.5, 1.5, -2.0}, torch::dtype(torch::kFloat64));
  x.requires_grad_();
  torch::Tensor y = (x.sin() * x.exp()).sum();
  torch::Tensor first = grad({y}, {x}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  torch::Tensor second = grad({first.sum()}, {x}, {}, true, true)[0];
  torch::Tensor third = grad({second.sum()}, {x})[0];
  std::cout << first.detach() << '\n' << second.detach() << '\n' << third << '\n';

  // A penalty on the gradient of a small model.
  torch::nn::Linear model(4, 3);
  torch::Tensor input = torch::randn({3, 4}).requires_grad_(true);
  torch::Tensor output = model(input);
  torch::Tensor target = torch::randn({3, 3});
  torch::Tensor loss = torch::nn::MSELoss()(output, target);
  torch::Tensor in_grad =
      grad({output}, {input}, {torch::ones_like(output) / 10}, true, /*create_graph=*/true)[0];
  torch::Tensor penalty = torch::pow(in_grad.norm(2, /*dim=*/1) - 1, 2).mean();
  torch::Tensor combined = loss + penalty;
  combined.backward();
  std::cout << loss.item<float>() << ' ' << penalty.item<float>() << '\n';
  std::cout << input.grad() << '\n' << model->weight.grad() << '\n';
}

void hooks() {
  std::cout << "== Hooks ==\n";
  torch::Tensor x = torch::full({2}, 3.0, torch::requires_grad());
  auto position = x.register_hook([](torch::Tensor g) { return g * 10; });
  (x * x).sum().backward();
  std::cout << x.grad() << '\n';
  x.remove_hook(position);
  x.mutable_grad() = torch::Tensor();
  torch::Tensor y = x * 2;
  y.retain_grad();
  y.register_hook([](torch::Tensor g) { std::cout << "a gradient of " << g.sizes() << '\n'; });
  (y * y).sum().backward();
  std::cout << x.grad() << '\n' << y.grad() << '\n';
}

void own_function() {
  std::cout << "== An operation of one's own ==\n";
  torch::Tensor x = torch::linspace(-1, 1, 5).requires_grad_();
  torch::Tensor y = ThirdOfCube::apply(x, 2.0);
  y.sum().backward();
  std::cout << y.detach() << '\n' << x.grad() << '\n';
  try {
    y.sum().backward();
  } catch (const c10::Error& e) {
    std::cout << std::string(e.what_without_backtrace()).substr(0, 52) << '\n';
  }
}

int main() {
  torch::manual_seed(7);
  std::cout << std::setprecision(6);
  first_steps();
  vector_jacobian();
  without_recording();
  higher_orders();
  hooks();
  own_function();
}
