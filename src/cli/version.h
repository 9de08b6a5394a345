#pragma once

/// As in the project's CMakeLists.txt.
#define RINGER_VERSION "0.1.0"
