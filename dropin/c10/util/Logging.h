#pragma once

#include <torch/names/c10.h>
