#pragma once
#include "taper/autograd/node.h"
