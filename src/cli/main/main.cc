#include "cli/command_line.h"

#include <string>
#include <vector>

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
    return ringer::cli::run_command_line(words);
}
