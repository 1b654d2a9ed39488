#pragma once

// All of taper, but for what is opt-in: taper/autograd/gtest.h (gradient checks as GoogleTest
// expectations).
#include "taper/autograd/autograd.h"
#include "taper/autograd/function.h"
#include "taper/autograd/functional.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/gradcheck.h"
#include "taper/autograd/hooks.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/out_ops.h"
#include "taper/io/safetensors.h"
#include "taper/nn/nn.h"
#include "taper/optim/optim.h"
#include "taper/tensor/allocator.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/generator.h"
#include "taper/tensor/indexing.h"
#include "taper/tensor/irange.h"
#include "taper/tensor/printing.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/tensor.h"
#include "taper/tensor/threads.h"
