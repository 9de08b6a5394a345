"""The results as a picture: the time of each test under TCG and Ringer, in times native, on a logarithmic scale."""

import math
from html import escape

from results import NATIVE, RINGER, TCG, Results
from suite import Group

TITLE = "Time of each test, in times native (left is better; large dots: geometric means)"
COLOURS = {TCG: "#9a9a9a", RINGER: "#1f6fb4"}
NAMES = {TCG: "QEMU TCG", RINGER: "Ringer"}
WIDTH, LEFT, RIGHT, ROW, TOP = 860, 190, 30, 15, 52
TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


class Scale:
    def __init__(self, most: float):
        self.most = max(10.0, most * 1.1)

    def x(self, ratio: float) -> float:
        low, high = math.log(0.7), math.log(self.most)
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log(max(ratio, 0.7)) - low) / (high - low)


def text(x: float, y: float, words: str, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'


def marks(scale: Scale, y: float, ratios: dict[str, float | None], size: float) -> list[str]:
    """A dot for each monitor, joined by a line."""
    known = {monitor: ratio for monitor, ratio in ratios.items() if ratio is not None}
    lines = []
    if len(known) > 1:
        ends = [scale.x(ratio) for ratio in known.values()]
        lines.append(f'<path d="M{min(ends):.1f} {y}H{max(ends):.1f}" stroke="#d5d5d5" stroke-width="2"/>')
    for monitor, ratio in known.items():
        lines.append(f'<circle cx="{scale.x(ratio):.1f}" cy="{y}" r="{size}" fill="{COLOURS[monitor]}"/>')
    return lines


def group_rows(results: Results, group: Group, scale: Scale, y: float) -> list[str]:
    means = {monitor: results.mean(monitor, NATIVE, group) for monitor in COLOURS}
    lines = [text(10, y + 4, group.title, weight="bold"), *marks(scale, y, means, 5.5)]
    if group.at_most:
        x = scale.x(group.at_most)
        bottom = y + ROW * len(group.tests) + 7
        lines.append(f'<path d="M{x:.1f} {y - 8}V{bottom}" stroke="#c0392b" stroke-dasharray="3 2"/>')
    for number, test in enumerate(group.tests, 1):
        at = y + ROW * number
        ratios = {monitor: results.ratio(monitor, NATIVE, test) for monitor in COLOURS}
        lines += [text(LEFT - 10, at + 4, test.name, "end"), *marks(scale, at, ratios, 3.5)]
    return lines


def svg(results: Results, groups: list[Group]) -> str:
    shown = [group for group in groups if results.mean(RINGER, NATIVE, group) or results.mean(TCG, NATIVE, group)]
    tests = [test for group in shown for test in group.tests]
    ratios = [results.ratio(monitor, NATIVE, test) or 1 for monitor in COLOURS for test in tests]
    scale = Scale(max(ratios, default=10))
    height = TOP + ROW * (len(tests) + 2 * len(shown)) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="11" fill="#222">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        text(10, 18, TITLE, weight="bold"),
    ]
    for x, (monitor, colour) in zip((WIDTH - 240, WIDTH - 150), COLOURS.items()):
        lines += [f'<circle cx="{x}" cy="14" r="4" fill="{colour}"/>', text(x + 8, 18, NAMES[monitor])]
    lines.append(f'<path d="M{WIDTH - 82} 6V22" stroke="#c0392b" stroke-dasharray="3 2"/>')
    lines.append(text(WIDTH - 74, 18, "wanted"))
    for tick in [tick for tick in TICKS if tick <= scale.most]:
        x = scale.x(tick)
        lines.append(f'<path d="M{x:.1f} {TOP - 12}V{height - 8}" stroke="#eee"/>')
        lines.append(text(x, TOP - 16, f"{tick}x", "middle"))
    y = TOP + 4
    for group in shown:
        lines += group_rows(results, group, scale, y)
        y += ROW * (len(group.tests) + 2)
    return "\n".join([*lines, "</svg>", ""])
