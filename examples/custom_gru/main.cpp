// "Write your own GRU", the tutorial page in C++: its cells as modules of one's own, checked
// against the library's and against finite differences, then trained on a real series.

#include <iostream>
#include <string>

#include "common/flags.h"
#include "common/progress.h"
#include "custom_gru/cells.h"
#include "custom_gru/lynx.h"
#include "taper/taper.h"

using namespace custom_gru;

namespace {

struct Options {
  int64_t seed = 0;
  int64_t epochs = 150;
  int64_t hidden = 16;
  double lr = 1e-2;
  double weight_decay = 3.0;
};

// One step of each module on random input, as the page does.
void show_shapes() {
  const int64_t batch_size = 4;
  const int64_t input_size = 10;
  const int64_t hidden_size = 20;
  const int64_t num_classes = 3;
  Tensor x = taper::randn({batch_size, input_size});
  Tensor h0 = taper::zeros({batch_size, hidden_size});
  std::cout << "Input Shape: " << x.sizes() << "\nHidden Shape: " << h0.sizes() << '\n';

  GRUCell cell(input_size, hidden_size);
  auto [next_hidden, output] = cell(x, h0);
  std::cout << "Next Hidden Shape: " << next_hidden.sizes() << "\nOutput Shape: " << output.sizes()
            << '\n';

  GRUClassifier classifier(input_size, hidden_size, num_classes);
  std::cout << "Logits Shape: " << classifier(x, h0).sizes() << '\n';

  SummerGRUCell summer;
  std::cout << "AI Summer's Hidden Shape: " << summer(x, h0).sizes() << "\n\n"
            << classifier << "\n"
            << summer << "\n\n";
}

Tensor state_of(const Tensor& state) { return state; }
Tensor state_of(const std::tuple<Tensor, Tensor>& states) { return std::get<1>(states); }

// The largest difference between two cells with the same weights, in their results and in the
// gradients of their weights.
template <class Own, class Library>
double difference(Own own, Library library, const Tensor& x, const Tensor& h) {
  own->to(taper::kFloat64);
  library->to(taper::kFloat64);
  library->load_state_dict(own->state_dict());
  Tensor a = state_of(own(x, h));
  Tensor b = state_of(library(x, h));
  a.square().sum().backward();
  b.square().sum().backward();
  double largest = (a - b).abs().max().template item<double>();
  const auto library_parameters = library->named_parameters();
  for (const auto& item : own->named_parameters()) {
    Tensor gap = (item.value().grad() - library_parameters[item.key()].grad()).abs().max();
    largest = std::max(largest, gap.template item<double>());
  }
  return largest;
}

bool compare_with_library() {
  Tensor x = taper::randn({4, 10}, taper::kFloat64);
  Tensor h = taper::randn({4, 20}, taper::kFloat64);
  const double before = difference(GRUCell(10, 20), nn::ResetBeforeGRUCell(10, 20), x, h);
  const double after = difference(SummerGRUCell(), nn::ResetAfterGRUCell(), x, h);
  std::cout << "GRUCell against nn::ResetBeforeGRUCell: values and gradients differ by at most "
            << before << "\nSummerGRUCell against nn::ResetAfterGRUCell: at most " << after << '\n';
  return before < 1e-12 && after < 1e-12;
}

// Throws taper::Error, naming element and values, where a derivative is wrong.
void check_gradients() {
  GRUCell cell(3, 4);
  cell->to(taper::kFloat64);
  const auto wanted = taper::TensorOptions(taper::kFloat64).requires_grad(true);
  Tensor x = taper::randn({2, 3}, wanted);
  Tensor h = taper::randn({2, 4}, wanted);
  taper::autograd::gradcheck(
      [&](const taper::autograd::variable_list& inputs) -> taper::autograd::variable_list {
        auto [next_hidden, output] = cell(inputs[0], inputs[1]);
        return {next_hidden, output};
      },
      {x, h});
  taper::autograd::gradcheck_parameters([&] { return std::get<1>(cell(x, h)); }, cell);
  std::cout << "gradcheck of GRUCell: inputs and parameters agree with finite differences\n\n";
}

double accuracy(const Tensor& prediction, const Tensor& truth) {
  return (prediction == truth).to(taper::kFloat64).mean().item<double>();
}

template <class Classifier>
void train(Classifier model, const std::string& name, const Options& options) {
  const auto [training, test] = make_tasks();
  const auto zeros = [&](const Task& task) {
    return taper::zeros({task.x.size(1), options.hidden});
  };
  // Without the decay the model learns the few windows by heart.
  taper::optim::AdamW optimizer(
      model->parameters(),
      taper::optim::AdamWOptions(options.lr).weight_decay(options.weight_decay));
  examples::Progress progress(name, options.epochs);
  for (int64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    optimizer.zero_grad();
    Tensor logits = model->forward_sequence(training.x, zeros(training));  // [windows, 2]
    Tensor loss = nn::functional::cross_entropy(logits, training.y);
    loss.backward();
    optimizer.step();
    progress.step();

    if (epoch == 1 || epoch % 50 == 0 || epoch == options.epochs) {
      taper::NoGradGuard no_grad;
      Tensor guess = model->forward_sequence(test.x, zeros(test)).argmax(1);
      progress.clear();
      examples::print_line(examples::format(
          "%s  epoch %3lld  loss %.4f  training accuracy %.1f %%  test accuracy %.1f %%",
          name.c_str(), static_cast<long long>(epoch), loss.item<double>(),
          100 * accuracy(logits.argmax(1), training.y), 100 * accuracy(guess, test.y)));
    }
  }
}

void train_both(const Options& options) {
  const auto [training, test] = make_tasks();
  // Answers that need no training: the more frequent one, and that the last change goes on.
  const bool rises_more = training.y.to(taper::kFloat64).mean().item<double>() >= 0.5;
  Tensor change = test.x[kYears - 1] - test.x[kYears - 2];  // [windows, 1]
  Tensor goes_on = (change > 0).to(taper::kInt64).squeeze(1);
  std::cout << "Does the catch of lynx rise after ten given years? " << training.x.size(1)
            << " windows to train on, the " << test.x.size(1) << " last years to test\n";
  examples::print_line(examples::format(
      "baselines on the test: always the more frequent answer %.1f %%, as the year before %.1f %%",
      100 * accuracy(taper::full_like(test.y, rises_more ? 1 : 0), test.y),
      100 * accuracy(goes_on, test.y)));
  train(GRUClassifier(1, options.hidden, 2), "GRUCell      ", options);
  train(SummerClassifier(1, options.hidden, 2), "SummerGRUCell", options);
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run("custom_gru", [&] {
    Options options;
    examples::Flags flags("custom_gru",
                          "The tutorial's GRU cells as modules of one's own: shapes, checks, "
                          "training.");
    flags.add("--epochs", options.epochs, "passes over the training years", 1);
    flags.add("--hidden", options.hidden, "size of the state", 1, 4096);
    flags.add("--lr", options.lr, "learning rate of AdamW");
    flags.add("--weight-decay", options.weight_decay, "of AdamW");
    flags.add("--seed", options.seed, "of all random numbers");
    if (!flags.parse(argc, argv)) return 0;
    taper::manual_seed(static_cast<uint64_t>(options.seed));
    show_shapes();
    if (!compare_with_library()) {
      std::cerr << "custom_gru: the cells differ from the library's\n";
      return 1;
    }
    check_gradients();
    train_both(options);
    return 0;
  });
}
