include("${CMAKE_CURRENT_SOURCE_DIR}/common/test.cmake")

example_test(
  inspecting_gradients
  PROGRAM inspecting_gradients
  ARGS --dot gru_cell.dot
  OUT " 6 +0 +0\n +0 +12 +0\n +0 +0 +18\n" "36" ".2, 2, 2. .2, 2."
      "gradcheck of 100,685 parameters in fast mode: they agree"
      "a step of 16 blocks takes 2[0-9.]+ MB, with checkpoints [5-9][0-9.]* MB"
      "In the backward of sqrt .SqrtBackward0.: .2. -> .2., called by .*"
      "saves x twice, exp its result: 120000 bytes"
  FILES gru_cell.dot)
example_test(inspecting_gradients_help PROGRAM inspecting_gradients ARGS --help
             OUT "usage: inspecting_gradients" "--dot FILE")
example_test(
  inspecting_gradients_bad_file
  PROGRAM inspecting_gradients
  ARGS --dot no/such/folder/x.dot
  EXIT 2
  ERR "cannot write no/such/folder/x.dot")
