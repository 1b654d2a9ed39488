#pragma once

#include "taper/optim/adagrad.h"
#include "taper/optim/adam.h"
#include "taper/optim/adamw.h"
#include "taper/optim/lbfgs.h"
#include "taper/optim/lr_scheduler.h"
#include "taper/optim/optimizer.h"
#include "taper/optim/rmsprop.h"
#include "taper/optim/sgd.h"
#include "taper/optim/step_lr.h"
