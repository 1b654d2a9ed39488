// Writes ../baseline.txt, once, with libtorch 1.13.1 (Debian's libtorch-dev):
//   g++ -std=c++17 -I.. -I/usr/include/torch/csrc/api/include baseline.cpp -ltorch -ltorch_cpu
//   -lc10 ATEN_CPU_CAPABILITY=avx2 OMP_NUM_THREADS=1 ./a.out > ../baseline.txt
#include <torch/torch.h>

#include <cstdio>

namespace T = torch;
#include "baseline_cases.h"

int main() {
  for (const baseline::Line& line : baseline::run()) {
    std::printf("%s\t", line.name.c_str());
    if (line.figures.empty()) {
      std::printf("%s\n", line.text.c_str());
    } else {
      std::printf("= %.0f %.9g %.9g\n", line.figures[0], line.figures[1], line.figures[2]);
    }
  }
}
