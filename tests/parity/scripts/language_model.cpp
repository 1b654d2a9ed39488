// A language model of letters: an Embedding, an LSTM and a Linear, trained on a few lines of verse
// with clipped gradients, and text drawn from it letter by letter.
#include <torch/torch.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace {

const char* const kVerse =
    "the wick is short, the wax is slow,\n"
    "a little light is all we know;\n"
    "we count the steps, we fold the sum,\n"
    "and write the day that is to come.\n"
    "the flame leans left, the flame leans right,\n"
    "it reads the tape by its own light;\n"
    "what went ahead comes back again,\n"
    "each letter weighed by every pen.\n";

struct Vocabulary {
  explicit Vocabulary(const std::string& text) {
    letters = text;
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    for (size_t i = 0; i < letters.size(); ++i) index[letters[i]] = static_cast<int64_t>(i);
  }
  torch::Tensor encode(const std::string& text) const {
    std::vector<int64_t> codes;
    for (char c : text) codes.push_back(index.at(c));
    return torch::tensor(codes, torch::kLong);
  }
  int64_t size() const { return static_cast<int64_t>(letters.size()); }
  std::string letters;
  std::map<char, int64_t> index;
};

using State = std::tuple<torch::Tensor, torch::Tensor>;

class LanguageModelImpl : public torch::nn::Module {
 public:
  LanguageModelImpl(int64_t vocabulary, int64_t embedding, int64_t hidden, int64_t layers)
      : embed(torch::nn::EmbeddingOptions(vocabulary, embedding)),
        lstm(torch::nn::LSTMOptions(embedding, hidden)
                 .num_layers(layers)
                 .dropout(0.1)
                 .batch_first(true)),
        head(hidden, vocabulary) {
    register_module("embed", embed);
    register_module("lstm", lstm);
    register_module("head", head);
    for (auto& p : named_parameters()) {
      if (p.key().find("weight_hh") != std::string::npos) {
        torch::NoGradGuard no_grad;
        torch::nn::init::xavier_uniform_(p.value());
      }
    }
  }

  // letters [B, T] -> logits [B * T, V] and the state after the last.
  std::tuple<torch::Tensor, State> forward(const torch::Tensor& letters,
                                           torch::optional<State> state = torch::nullopt) {
    auto [hidden, last] = lstm(embed(letters), state);
    const torch::Tensor flat = hidden.reshape({-1, hidden.size(2)});
    return std::make_tuple(head(flat), last);
  }

  torch::nn::Embedding embed;
  torch::nn::LSTM lstm;
  torch::nn::Linear head;
};
TORCH_MODULE(LanguageModel);

State detached(const State& state) {
  return std::make_tuple(std::get<0>(state).detach(), std::get<1>(state).detach());
}

std::string sample(LanguageModel& model, const Vocabulary& vocabulary, int64_t length,
                   double temperature) {
  torch::NoGradGuard no_grad;
  model->eval();
  std::string text = "the";
  auto [logits, state] = model(vocabulary.encode(text).unsqueeze(0));
  for (int64_t i = 0; i < length; ++i) {
    const torch::Tensor last = logits[logits.size(0) - 1] / temperature;
    const torch::Tensor next = torch::multinomial(torch::softmax(last, 0), 1);
    text += vocabulary.letters[next.item<int64_t>()];
    std::tie(logits, state) = model(next.view({1, 1}), state);
  }
  model->train();
  return text;
}

}  // namespace

int main() {
  torch::manual_seed(11);
  const std::string verse = kVerse;
  const Vocabulary vocabulary(verse);
  const torch::Tensor data = vocabulary.encode(verse);
  const int64_t rows = 4, window = 20;
  const int64_t columns = (data.numel() - 1) / rows;
  const torch::Tensor inputs = data.narrow(0, 0, rows * columns).view({rows, columns});
  const torch::Tensor targets = data.narrow(0, 1, rows * columns).view({rows, columns});

  LanguageModel model(vocabulary.size(), 12, 32, 2);
  std::cout << model << '\n';
  torch::optim::Adam optimizer(model->parameters(),
                               torch::optim::AdamOptions(1e-2).weight_decay(1e-5));
  for (int epoch = 1; epoch <= 20; ++epoch) {
    torch::optional<State> state;
    double total = 0;
    double norm = 0;
    int64_t windows = 0;
    for (int64_t start = 0; start + window <= columns; start += window) {
      using torch::indexing::Slice;
      const torch::Tensor x = inputs.index({Slice(), Slice(start, start + window)});
      const torch::Tensor y = targets.index({Slice(), Slice(start, start + window)});
      optimizer.zero_grad();
      auto [logits, next] = model(x, state);
      const torch::Tensor loss = torch::nn::functional::cross_entropy(logits, y.reshape(-1));
      loss.backward();
      norm = torch::nn::utils::clip_grad_norm_(model->parameters(), 1.0);
      optimizer.step();
      state = detached(next);
      total += loss.item<double>();
      ++windows;
    }
    if (epoch == 1 || epoch % 5 == 0) {
      std::cout << "epoch " << epoch << "  loss " << total / static_cast<double>(windows)
                << "  last gradient's norm " << norm << '\n';
    }
  }
  std::cout << "--- colder\n" << sample(model, vocabulary, 80, 0.5) << '\n';
  std::cout << "--- warmer\n" << sample(model, vocabulary, 80, 1.0) << '\n';
}
