#pragma once

#include <torch/names/torch.h>
