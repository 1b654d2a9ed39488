include("${CMAKE_CURRENT_SOURCE_DIR}/common/test.cmake")

# The losses of the whole experiment's first evaluations, as libtorch computes them; each digit
# depends on the random initial weights, numpy's offsets, the cell and LBFGS.
set(closures 4)
set(losses "closure 0 loss 0.5051526" "closure 1 loss 0.4607506" "closure 2 loss 0.0196703"
           "closure 3 loss 0.0193552")
# The thread sanitizer makes one closure of the full experiment last a minute, and the loop does the
# same again and again: one says as much as two.
if(TAPER_SANITIZE)
  set(closures 1)
  list(SUBLIST losses 0 1 losses)
endif()
example_test(
  sine_waves_first_losses
  PROGRAM sine_waves
  ARGS --cell reset-after --steps 1 --max-iter ${closures}
  OUT "reset-after: 24226 parameters, 197 waves of 999 steps"
      "MSE 0.001244 on the test waves, 0.001249 on the training waves" ${losses}
  FILES sine_waves_reset-after_00.svg
  TIMEOUT 1200)
foreach(cell IN ITEMS gru lstm)
  example_test(
    sine_waves_${cell}
    PROGRAM sine_waves
    ARGS --cell ${cell} --steps 2 --waves 8 --length 60
    OUT "${cell}: [0-9]+ parameters, 5 waves of 59 steps"
    FALLS "closure [0-9]+ loss ([0-9.]+)\n"
    FILES sine_waves_${cell}_01.svg)
endforeach()
example_test(
  sine_waves_bad_cell
  PROGRAM sine_waves
  ARGS --cell rnn
  EXIT 2
  ERR "--cell: expected reset-after.gru.lstm, got \"rnn\"")
example_test(sine_waves_few_waves PROGRAM sine_waves ARGS --waves 3 EXIT 2
             ERR "--waves: expected at least 4")
