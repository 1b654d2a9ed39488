#pragma once

#error "TorchScript is not there: taper runs C++ programs, not exported ones (docs/from-libtorch.md)"
