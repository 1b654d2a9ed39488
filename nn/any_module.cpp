#include "taper/nn/any_module.h"

namespace taper::nn::detail {

void complete_arguments(std::vector<AnyValue>& arguments, size_t expected, const std::string& type,
                        std::vector<std::pair<size_t, AnyValue>>&& defaults) {
  const size_t given = arguments.size();
  if (defaults.empty()) {
    TAPER_CHECK(given == expected, type, "'s forward() method expects ", expected,
                " argument(s), but received ", given, ".",
                given > expected ? std::string()
                                 : " If " + type +
                                       "'s forward() method has default arguments, please make "
                                       "sure the forward() method is declared with a corresponding "
                                       "`FORWARD_HAS_DEFAULT_ARGS` macro.");
    return;
  }
  const size_t required = defaults.front().first;
  TAPER_CHECK(given >= required && given <= expected, type, "'s forward() method expects at least ",
              required, " argument(s) and at most ", expected, " argument(s), but received ", given,
              ".");
  for (auto& [position, value] : defaults) {
    if (position >= given) arguments.push_back(std::move(value));
  }
  TAPER_CHECK(arguments.size() == expected, type, "'s forward() method expects ", expected,
              " argument(s), but with its default arguments it received ", arguments.size(), ".");
}

}  // namespace taper::nn::detail
