#pragma once

#include <cmath>
#include <cstddef>
#include <iterator>
#include <vector>

#include "taper/taper.h"

namespace custom_gru {

// Lynx trapped a year in the Mackenzie River district of Canada, 1821 to 1934 (C. Elton and M.
// Nicholson, Journal of Animal Ecology 11, 1942): a ten-year cycle of unequal heights.
inline constexpr int lynx[] = {
    269,  321,  585,  871,  1475, 2821, 3928, 5943, 4950, 2577, 523,  98,   184,  279,  409,
    2285, 2685, 3409, 1824, 409,  151,  45,   68,   213,  546,  1033, 2129, 2536, 957,  361,
    377,  225,  360,  731,  1638, 2725, 2871, 2119, 684,  299,  236,  245,  552,  1623, 3311,
    6721, 4254, 687,  255,  473,  358,  784,  1594, 1676, 2251, 1426, 756,  299,  201,  229,
    469,  736,  2042, 2811, 4431, 2511, 389,  73,   39,   49,   59,   188,  377,  1292, 4031,
    3495, 587,  105,  153,  387,  758,  1307, 3465, 6991, 6313, 3794, 1836, 345,  382,  808,
    1388, 2713, 3800, 3091, 2985, 3790, 674,  81,   80,   108,  229,  399,  1132, 2432, 3574,
    2935, 1537, 529,  485,  662,  1000, 1590, 2657, 3396};
static_assert(std::size(lynx) == 1934 - 1821 + 1);

inline constexpr int64_t kYears = 10;      // what the model sees before it answers
inline constexpr int64_t kTestYears = 30;  // the last ones

struct Task {
  taper::Tensor x;  // [kYears, windows, 1]: log of the catch, standardised
  taper::Tensor y;  // [windows]: 1 if the next year's catch is higher, else 0
};

// Ten years of catches, and whether the next rises. The windows that end in the last thirty years
// test, those before train; mean and deviation are those of the training years.
inline std::pair<Task, Task> make_tasks() {
  constexpr auto years = static_cast<int64_t>(std::size(lynx));
  std::vector<double> logs;
  for (const int catches : lynx) logs.push_back(std::log(catches));
  taper::Tensor series = taper::tensor(logs).to(taper::kFloat32);  // [years]
  taper::Tensor training_years = series.narrow(0, 0, years - kTestYears);
  series = (series - training_years.mean()) / training_years.std();

  std::vector<taper::Tensor> windows;
  std::vector<int64_t> rises;
  for (int64_t year = kYears; year < years; ++year) {
    windows.push_back(series.narrow(0, year - kYears, kYears));
    rises.push_back(lynx[year] > lynx[year - 1] ? 1 : 0);
  }
  taper::Tensor x = taper::stack(windows, 1).unsqueeze(2);  // [kYears, windows, 1]
  taper::Tensor y = taper::tensor(rises);
  const int64_t train = x.size(1) - kTestYears;
  return {{x.narrow(1, 0, train), y.narrow(0, 0, train)},
          {x.narrow(1, train, kTestYears), y.narrow(0, train, kTestYears)}};
}

}  // namespace custom_gru
