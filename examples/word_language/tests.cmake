include("${CMAKE_CURRENT_SOURCE_DIR}/common/test.cmake")

add_test(NAME example.word_language_words
         COMMAND ${CMAKE_COMMAND} "-DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/word_language/words" -P
                 "${CMAKE_CURRENT_SOURCE_DIR}/word_language/check_words.cmake")

# A chance answer is right in a tenth of the words.
example_test(
  word_language
  PROGRAM word_language
  ARGS --epochs 3
  OUT "2879 words in 10 languages" "English .* [0-9.]+\n" "majority 7.47 %" "macro-F1 0"
  FALLS "  loss ([0-9.]+)"
  AT_LEAST "held-out accuracy ([0-9.]+)" 30
  FILES word_language.safetensors word_language.svg)
set_tests_properties(example.word_language PROPERTIES FIXTURES_SETUP word_language_weights)
foreach(cell IN ITEMS reset-before reset-after)
  example_test(
    word_language_${cell}
    PROGRAM word_language
    ARGS --epochs 2 --cell ${cell} --hidden 32
    OUT "cell ${cell}"
    FALLS "  loss ([0-9.]+)")
endforeach()

set(weights "${CMAKE_CURRENT_BINARY_DIR}/test_output/word_language/word_language.safetensors")
example_test(
  word_language_predict
  PROGRAM word_language
  ARGS --predict czytać --weights "${weights}"
  OUT "^ *[0-9.]+ %  Polish\n.*English")
example_test(
  word_language_unknown_character
  PROGRAM word_language
  ARGS --predict Шhouse --weights "${weights}"
  OUT "%  English"
  ERR "note: \"Ш\" came in no training word")
set_tests_properties(example.word_language_predict example.word_language_unknown_character
                     PROPERTIES FIXTURES_REQUIRED word_language_weights)

example_test(word_language_no_weights PROGRAM word_language ARGS --predict word --out nowhere EXIT 2
             ERR "there is no file nowhere/word_language.safetensors")
example_test(word_language_no_data PROGRAM word_language ARGS --data nowhere EXIT 2
             ERR "--data: cannot open the folder nowhere")
example_test(word_language_bad_flag PROGRAM word_language ARGS --dropout=2 EXIT 2
             ERR "--dropout: expected at most 0.99, got \"2\"")
