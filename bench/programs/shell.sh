# A shell loop that forks: substitutions of commands, pipes, and programs that do little
measure sh /bench/loop
