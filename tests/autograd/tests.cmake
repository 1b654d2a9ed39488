# It looks for its own lines in a backtrace. Headers precompiled without debug information do not fit.
set_source_files_properties(
  "${CMAKE_CURRENT_LIST_DIR}/anomaly_test.cpp" PROPERTIES COMPILE_OPTIONS -g
                                                          SKIP_PRECOMPILE_HEADERS ON)
