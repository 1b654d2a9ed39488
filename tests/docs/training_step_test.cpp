// The training step that docs/architecture.md follows through the code.

#include <gtest/gtest.h>

#include <filesystem>

#include "taper/taper.h"

using namespace taper;

TEST(Docs, TheTrainingStepOfTheArchitecture) {
  const auto folder = std::filesystem::temp_directory_path() / "taper-docs";
  std::filesystem::create_directories(folder);
  const std::string path = folder / "net.safetensors";
  const Tensor labels = randint(3, {64}, kInt64);

  Tensor x = randn({64, 2});  // 1 make
  nn::Linear net(2, 3);
  optim::Adam adam(net->parameters());
  Tensor y = net->forward(x);                              // 2 forward
  Tensor loss = nn::functional::cross_entropy(y, labels);  // 3 loss
  loss.backward();                                         // 4 backward
  adam.step();                                             // 5 step
  nn::save_safetensors(net, path);                         // 6 save

  EXPECT_LT(nn::functional::cross_entropy(net->forward(x), labels).item<double>(),
            loss.item<double>());
  nn::Linear again(2, 3);
  nn::load_safetensors(again, path);
  EXPECT_TRUE(equal(again->weight, net->weight));
  std::filesystem::remove_all(folder);
}
