include("${CMAKE_CURRENT_SOURCE_DIR}/common/test.cmake")

example_test(quickstart PROGRAM quickstart FALLS "loss ([0-9.]+)" AT_LEAST "accuracy ([0-9.]+)" 95)
