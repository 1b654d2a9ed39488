include("${CMAKE_CURRENT_SOURCE_DIR}/common/test.cmake")

# The shapes, names and numbers that the page shows; the program itself exits with 1 if a cell
# differs from the library's.
example_test(
  custom_gru
  PROGRAM custom_gru
  ARGS --epochs 100
  OUT "Input Shape: .4, 10."
      "Hidden Shape: .4, 20."
      "Next Hidden Shape: .4, 20."
      "Output Shape: .4, 20."
      "Logits Shape: .3."
      "hidden_transform.: .*Linear.in_features=30, out_features=20"
      "gradcheck of GRUCell: inputs and parameters agree"
  FALLS "SummerGRUCell  epoch +[0-9]+  loss ([0-9.]+)"
  AT_LEAST "test accuracy ([0-9.]+)" 60)
example_test(custom_gru_help PROGRAM custom_gru ARGS --help OUT "usage: custom_gru" "--epochs N")
example_test(
  custom_gru_bad_flag
  PROGRAM custom_gru
  ARGS --epochs none
  EXIT 2
  ERR "custom_gru: --epochs: expected a number, got \"none\"")
example_test(custom_gru_unknown_flag PROGRAM custom_gru ARGS --epoch 3 EXIT 2
             ERR "unknown flag --epoch")
