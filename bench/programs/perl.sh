# Perl: words of a text by regular expressions, hashes and a sort
measure perl /bench/words.pl /bench/archived.c
