"""Dictionaries, strings and lists: an index of made-up words, looked up, turned around and sorted."""


def words(count):
    state = 12345
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        yield "w" + str(state % 20011) + "xyz"[state >> 8 & 1 :]


def index(count):
    places = {}
    for place, word in enumerate(words(count)):
        places.setdefault(word, []).append(place)
    return places


class Node:
    def __init__(self, name):
        self.name = name
        self.seen = 0


places = index(150000)
by_count = {}
for word, where in places.items():
    by_count.setdefault(len(where), set()).add(word)
nodes = {word: Node(word) for word in places}
for word in words(150000):
    nodes[word].seen += 1
text = ",".join(f"{node.name}:{node.seen}" for node in sorted(nodes.values(), key=lambda node: (-node.seen, node.name)))
print(len(places), sorted((count, len(found)) for count, found in by_count.items())[:10], len(text), text[:200])
