// AI Summer's experiment with its GRU cell: two cells and a Linear learn to continue sine waves.
// After https://theaisummer.com/gru (MIT licence), with one bug mended: where the waves go on into
// the future, the model is fed its own last output, not the last true value again and again.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/flags.h"
#include "common/plot.h"
#include "common/progress.h"
#include "taper/taper.h"

namespace nn = taper::nn;
namespace optim = taper::optim;
using taper::Tensor;
using taper::indexing::None;
using taper::indexing::Slice;

namespace {

constexpr int64_t kPeriod = 20;    // T: a wave is sin(t / T), its offset is drawn from -4T .. 4T
constexpr int64_t kTestWaves = 3;  // the first waves; the others train
constexpr int64_t kHidden = 51;
constexpr int64_t kFutureSteps = 1000;

struct Options {
  std::string cell = "reset-after";
  std::string out = ".";
  int64_t seed = 0;
  int64_t waves = 200;
  int64_t length = 1000;
  int64_t steps = 20;
  int64_t max_iter = 20;
  double lr = 0.8;
};

// numpy's seed(2); randint(-4T, 4T, count): the low bits of a word of MT19937 that the range needs,
// drawn again while they are beyond it.
std::vector<int64_t> offsets(int64_t count) {
  std::mt19937 engine(2);
  std::vector<int64_t> values;
  while (static_cast<int64_t>(values.size()) < count) {
    const auto value = static_cast<int64_t>(engine() & 255U);
    if (value < 8 * kPeriod) values.push_back(value - 4 * kPeriod);
  }
  return values;
}

// [waves, length] of float64.
Tensor make_waves(int64_t waves, int64_t length) {
  std::vector<double> values;
  for (const int64_t offset : offsets(waves)) {
    for (int64_t t = 0; t < length; ++t) {
      values.push_back(std::sin(static_cast<double>(t + offset) / kPeriod));
    }
  }
  return taper::tensor(values, taper::kFloat64).view({waves, length});
}

// A cell's state starts at zeros; its first part is what the next layer sees.
Tensor zero_state(nn::ResetAfterGRUCell&, const Tensor& zeros) { return zeros; }
Tensor zero_state(nn::GRUCell&, const Tensor& zeros) { return zeros; }
std::tuple<Tensor, Tensor> zero_state(nn::LSTMCell&, const Tensor& zeros) { return {zeros, zeros}; }
const Tensor& visible(const Tensor& state) { return state; }
const Tensor& visible(const std::tuple<Tensor, Tensor>& state) { return std::get<0>(state); }

class Model : public nn::Module {
 public:
  // waves [batch, length] -> the next value at each step, [batch, length + future]; past the end of
  // the waves each step takes the last one's output.
  virtual Tensor forward(const Tensor& waves, int64_t future = 0) = 0;
};

template <class Cell>
class SineModel : public Model {
 public:
  SineModel()
      : cell1(register_module("cell1", Cell(1, kHidden))),
        cell2(register_module("cell2", Cell(kHidden, kHidden))),
        linear(register_module("linear", nn::Linear(kHidden, 1))) {}

  Tensor forward(const Tensor& waves, int64_t future) override {
    const Tensor zeros = taper::zeros({waves.size(0), kHidden}, waves.options());
    auto state1 = zero_state(cell1, zeros);
    auto state2 = zero_state(cell2, zeros);
    std::vector<Tensor> outputs;
    Tensor output;
    for (int64_t t = 0; t < waves.size(1) + future; ++t) {
      const Tensor input = t < waves.size(1) ? waves.narrow(1, t, 1) : output;  // [batch, 1]
      state1 = cell1(input, state1);
      state2 = cell2(visible(state1), state2);
      output = linear(visible(state2));  // [batch, 1]
      outputs.push_back(output);
    }
    return taper::cat(outputs, 1);
  }

 private:
  Cell cell1;
  Cell cell2;
  nn::Linear linear;
};

std::shared_ptr<Model> make_model(const std::string& cell) {
  if (cell == "lstm") return std::make_shared<SineModel<nn::LSTMCell>>();
  if (cell == "gru") return std::make_shared<SineModel<nn::GRUCell>>();
  return std::make_shared<SineModel<nn::ResetAfterGRUCell>>();
}

// One panel a test wave: the truth, the model's next values, and where it goes on by itself.
void draw(const Tensor& truth, const Tensor& predicted, int64_t seen, const std::string& title,
          const std::filesystem::path& path) {
  std::vector<examples::Panel> panels;
  for (int64_t wave = 0; wave < truth.size(0); ++wave) {
    examples::Panel panel{wave == 0 ? title : "", "step", "value", {}, {-1.3, 1.3}};
    panel.lines = {{wave == 0 ? "true" : "", {}, {}, 0},
                   {wave == 0 ? "predicted" : "", {}, {}, 1, true},
                   {wave == 0 ? "fed back" : "", {}, {}, 3, true}};
    const auto true_values = truth.accessor<double, 2>();
    for (int64_t t = 0; t < truth.size(1); ++t) {
      panel.lines[0].x.push_back(static_cast<double>(t));
      panel.lines[0].y.push_back(true_values[wave][t]);
    }
    // Output t is the prediction of value t + 1.
    const auto values = predicted.accessor<double, 2>();
    for (int64_t t = 0; t < predicted.size(1); ++t) {
      examples::Panel::Line& line = panel.lines[t < seen ? 1 : 2];
      line.x.push_back(static_cast<double>(t + 1));
      line.y.push_back(values[wave][t]);
    }
    panels.push_back(std::move(panel));
  }
  examples::write_svg(panels, path, 980, 190);
}

int train(const Options& options) {
  const auto out = examples::output_folder(options.out);
  const Tensor data = make_waves(options.waves, options.length);
  const Tensor input = data.index({Slice(kTestWaves, None), Slice(None, -1)});
  const Tensor target = data.index({Slice(kTestWaves, None), Slice(1, None)});
  const Tensor test_input = data.index({Slice(None, kTestWaves), Slice(None, -1)});
  const Tensor test_target = data.index({Slice(None, kTestWaves), Slice(1, None)});
  const Tensor truth =
      make_waves(options.waves, options.length + kFutureSteps).narrow(0, 0, kTestWaves);

  taper::manual_seed(static_cast<uint64_t>(options.seed));
  const std::shared_ptr<Model> model = make_model(options.cell);
  model->to(taper::kFloat64);
  int64_t parameters = 0;
  for (const Tensor& parameter : model->parameters()) parameters += parameter.numel();
  const double persistence = nn::functional::mse_loss(test_input, test_target).item<double>();
  examples::print_line(examples::format(
      "%s: %lld parameters, %lld waves of %lld steps to train on, %lld to test; seed %lld",
      options.cell.c_str(), static_cast<long long>(parameters),
      static_cast<long long>(input.size(0)), static_cast<long long>(input.size(1)),
      static_cast<long long>(kTestWaves), static_cast<long long>(options.seed)));
  // What repeating the last value would reach.
  examples::print_line(examples::format(
      "persistence baseline: MSE %.4g on the test waves, %.4g on the training waves", persistence,
      nn::functional::mse_loss(input, target).item<double>()));

  nn::MSELoss criterion;
  optim::LBFGS optimizer(
      model->parameters(),
      optim::LBFGSOptions(options.lr).max_iter(options.max_iter).history_size(100));
  for (int64_t step = 0; step < options.steps; ++step) {
    const auto begin = std::chrono::steady_clock::now();
    examples::Progress progress(examples::format("step %lld", static_cast<long long>(step)),
                                options.max_iter);
    int64_t closures = 0;
    optimizer.step([&] {
      optimizer.zero_grad();
      Tensor output = model->forward(input);
      Tensor loss = criterion(output, target);
      loss.backward();
      progress.clear();
      examples::print_line(
          examples::format("step %lld closure %lld loss %.9g", static_cast<long long>(step),
                           static_cast<long long>(closures++), loss.item<double>()));
      progress.step();
      return loss;
    });

    taper::NoGradGuard no_grad;
    const Tensor predicted = model->forward(test_input, kFutureSteps);
    const int64_t seen = test_input.size(1);
    const double test_loss = criterion(predicted.narrow(1, 0, seen), test_target).item<double>();
    const double future_loss =
        criterion(predicted.narrow(1, seen, kFutureSteps), truth.narrow(1, seen + 1, kFutureSteps))
            .item<double>();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const auto picture = out / examples::format("sine_waves_%s_%02lld.svg", options.cell.c_str(),
                                                static_cast<long long>(step));
    draw(truth, predicted, seen,
         examples::format("%s after outer step %lld: test MSE %.3g (persistence %.4g)",
                          options.cell.c_str(), static_cast<long long>(step), test_loss,
                          persistence),
         picture);
    progress.clear();
    examples::print_line(examples::format(
        "step %lld test MSE %.4g (persistence %.4g)  next %lld steps, fed back: MSE %.3g  %.1f s  "
        "%s",
        static_cast<long long>(step), test_loss, persistence, static_cast<long long>(kFutureSteps),
        future_loss, seconds.count(), picture.string().c_str()));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::run("sine_waves", [&] {
    Options options;
    examples::Flags flags("sine_waves",
                          "Two recurrent cells and a Linear learn to continue sine waves, by LBFGS "
                          "(AI Summer's experiment).");
    flags.add_choice("--cell", options.cell, {"reset-after", "gru", "lstm"}, "which cell");
    flags.add("--steps", options.steps, "outer steps of LBFGS", 1);
    flags.add("--max-iter", options.max_iter, "moves, and losses computed, in an outer step", 1);
    flags.add("--lr", options.lr, "length of a move");
    flags.add("--waves", options.waves, "waves in all; three are for the test", kTestWaves + 1,
              100000);
    flags.add("--length", options.length, "steps of a wave", 3, 100000);
    flags.add("--out", options.out, "FOLDER", "where the pictures go, one an outer step");
    flags.add("--seed", options.seed, "of the weights");
    return flags.parse(argc, argv) ? train(options) : 0;
  });
}
