# The words of a text: how often, which follow which, and a template filled in for each.
use strict;
use warnings;

local $/ = undef;
open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!";
my $text = <$file>;
my (%count, %after, $before);
while ($text =~ /([A-Za-z_]\w*)/g) {
    my $word = lc $1;
    $count{$word}++;
    $after{$before}{$word}++ if defined $before;
    $before = $word;
}
(my $renamed = $text) =~ s/\b([a-z]+)_(\d+)\b/ucfirst($1) . sprintf('%05d', $2 * 7 % 99991)/ge;
my @words = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
my $lines = join "\n", map { sprintf '%-24s %6d %s', $_, $count{$_}, join ' ', sort keys %{ $after{$_} // {} } } @words;
printf "%d words, %d characters, %d in capitals\n", scalar @words, length $lines, ($renamed =~ tr/A-Z//);
print substr($lines, 0, 2000), "\n", unpack('%32C*', $renamed), "\n";
