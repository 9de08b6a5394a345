# ringer_layer(NAME [USES layer...] [LIBRARIES target...])
#
# One static library from every source below src/NAME (an interface library while there is none), and, when the
# folder holds *_test.cc files, one GoogleTest program from those, registered with CTest under the name of the layer.
# src/NAME/main/ is left out: it holds the main() of a program.

set(RINGER_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)

function(ringer_layer name)
  cmake_parse_arguments(LAYER "" "" "USES;LIBRARIES" ${ARGN})
  set(folder ${PROJECT_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|^main/")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM sources PREPEND ${folder}/)
  list(TRANSFORM tests PREPEND ${folder}/)
  list(TRANSFORM LAYER_USES PREPEND ringer_)

  if(sources)
    add_library(ringer_${name} STATIC ${sources})
    set(scope PUBLIC)
    target_compile_options(ringer_${name} PRIVATE ${RINGER_WARNINGS})
  else()
    add_library(ringer_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(ringer_${name} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(ringer_${name} ${scope} ${LAYER_USES} ${LAYER_LIBRARIES})

  if(tests AND BUILD_TESTING)
    ringer_program(${name}_tests SOURCES ${tests} USES ${name} LIBRARIES GTest::gtest_main GTest::gmock)
    add_test(NAME ${name} COMMAND ${name}_tests)
  endif()
endfunction()

# ringer_program(NAME SOURCES file... [USES layer...] [LIBRARIES target...]): a program on top of some layers.
function(ringer_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  list(TRANSFORM PROGRAM_USES PREPEND ringer_)
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE ${PROGRAM_USES} ${PROGRAM_LIBRARIES})
  target_compile_options(${name} PRIVATE ${RINGER_WARNINGS})
endfunction()
