# ringer_layer(NAME [USES layer...] [LIBRARIES target...])
#
# One static library from every source below src/NAME, and, when the folder holds *_test.cc files,
# one GoogleTest program from those, registered with CTest under the name of the layer.

set(RINGER_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)

function(ringer_compile_options target)
  target_compile_options(${target} PRIVATE ${RINGER_WARNINGS})
  if(RINGER_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${RINGER_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${RINGER_SANITIZE})
  endif()
endfunction()

function(ringer_layer name)
  cmake_parse_arguments(LAYER "" "" "USES;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main/")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM LAYER_USES PREPEND ringer_)

  if(sources)
    add_library(ringer_${name} STATIC ${sources})
    set(scope PUBLIC)
    ringer_compile_options(ringer_${name})
  else()
    add_library(ringer_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(ringer_${name} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(ringer_${name} ${scope} ${LAYER_USES} ${LAYER_LIBRARIES})

  if(tests AND BUILD_TESTING)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE ringer_${name} GTest::gtest_main GTest::gmock)
    ringer_compile_options(${name}_tests)
    add_test(NAME ${name} COMMAND ${name}_tests)
  endif()
endfunction()
