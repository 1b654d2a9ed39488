#pragma once

#include <torch/names/at.h>
