#pragma once

// All of taper::nn.
#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/nn/module.h"
#include "taper/nn/modules/activation.h"
#include "taper/nn/modules/container.h"
#include "taper/nn/modules/dropout.h"
#include "taper/nn/modules/embedding.h"
#include "taper/nn/modules/gru_cells.h"
#include "taper/nn/modules/gru_classifier.h"
#include "taper/nn/modules/linear.h"
#include "taper/nn/modules/loss.h"
#include "taper/nn/modules/normalization.h"
#include "taper/nn/modules/rnn.h"
#include "taper/nn/modules/rnn_cell.h"
#include "taper/nn/serialize.h"
#include "taper/nn/utils.h"
