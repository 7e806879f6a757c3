"""Shapes of a small picture, in the colours that have a meaning on all pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from dashboard import palette
from dashboard.palette import Theme

WIDTH, HEIGHT = 160, 100
Point = tuple[float, float]


class Pen:
    """Draws on 160 x 100, from the upper left; a colour is named by what it means."""

    def __init__(self, theme: Theme) -> None:
        self.parts: list[str] = []
        self.colours = {
            "positive": palette.POSITIVE[theme],
            "negative": palette.NEGATIVE[theme],
            "muted": palette.MUTED[theme],
            "ink": palette.INK[theme],
            "paper": palette.PAPER[theme],
            "accent": palette.ACCENT[theme],
            **palette.HARDNESS[theme],
            **{f"class{number}": colour for number, colour in enumerate(palette.CLASSES[theme])},
        }

    def svg(self) -> str:
        """The picture as a file."""
        inside = "".join(self.parts)
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{inside}</svg>'

    def dot(
        self, at: Point, colour: str, size: float = 5, shape: str = "circle", hollow: bool = False, strength: float = 1
    ) -> None:
        """A mark of one of the palette's shapes, or a square, cross or star."""
        if shape == "cross":
            self.line([(at[0] - size, at[1] - size), (at[0] + size, at[1] + size)], colour, 2, strength=strength)
            self.line([(at[0] - size, at[1] + size), (at[0] + size, at[1] - size)], colour, 2, strength=strength)
            return
        look = self._filled(colour, strength, hollow)
        if shape == "circle":
            self.parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{size:.1f}" {look}/>')
            return
        self.parts.append(f'<polygon points="{_joined(_corners(at, size, shape))}" {look}/>')

    def line(
        self, points: Iterable[Point], colour: str, width: float = 1.5, dash: str = "", strength: float = 1
    ) -> None:
        """Through these points; `dash` as SVG has it."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{_joined(points)}" fill="none" stroke="{self.colours[colour]}" stroke-width="{width:g}"'
            f' stroke-opacity="{strength:.2f}" stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )

    def arrow(self, start: Point, end: Point, colour: str, width: float = 1.8, strength: float = 1) -> None:
        """From one point to another, with a head."""
        length = math.dist(start, end) or 1.0
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        base = (end[0] - 6 * along[0], end[1] - 6 * along[1])
        self.line([start, base], colour, width, strength=strength)
        side = (-along[1] * 3.4, along[0] * 3.4)
        head = [end, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1])]
        self.area(head, colour, strength)

    def ring(self, at: Point, radius: float, colour: str, width: float = 1.4, dash: str = "") -> None:
        """A circle that is not filled."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="none" stroke="{self.colours[colour]}"'
            f' stroke-width="{width:g}"{dashes}/>'
        )

    def disc(self, at: Point, radius: float, colour: str, strength: float = 0.25, without: float = 0) -> None:
        """A filled circle, or a band from the radius `without` on."""
        hole = _circle(at, without) if without else ""
        self.parts.append(
            f'<path d="{_circle(at, radius)}{hole}" fill="{self.colours[colour]}" fill-opacity="{strength:.2f}"'
            ' fill-rule="evenodd"/>'
        )

    def area(self, points: Iterable[Point], colour: str, strength: float = 0.35) -> None:
        """What these points enclose."""
        look = f'fill="{self.colours[colour]}" fill-opacity="{strength:.2f}"'
        self.parts.append(f'<polygon points="{_joined(points)}" {look}/>')

    def box(self, x: float, y: float, width: float, height: float, colour: str, strength: float = 1) -> None:
        """A filled rectangle by its upper left corner."""
        self.area([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour, strength)

    def frame(self, x: float, y: float, width: float, height: float, colour: str = "muted", dash: str = "") -> None:
        """The outline of a rectangle."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        self.line(corners, colour, 1.4, dash)

    def text(self, at: Point, letters: str, colour: str = "ink", size: float = 11) -> None:
        """Letters or numbers that every language has, with their middle here."""
        self.parts.append(
            f'<text x="{at[0]:.1f}" y="{at[1] + size * 0.35:.1f}" font-size="{size:g}" text-anchor="middle"'
            f' font-family="sans-serif" fill="{self.colours[colour]}">{letters}</text>'
        )

    def _filled(self, colour: str, strength: float, hollow: bool) -> str:
        shown = self.colours[colour]
        if hollow:
            return f'fill="{self.colours["paper"]}" stroke="{shown}" stroke-width="1.6" stroke-opacity="{strength:.2f}"'
        return f'fill="{shown}" fill-opacity="{strength:.2f}"'


Drawing = Callable[[Pen], None]


def away(start: Point, end: Point, more: float) -> Point:
    """The point beyond `end` as seen from `start`, so much further; before it where the number is below 0."""
    length = math.dist(start, end) or 1.0
    return (end[0] + more * (end[0] - start[0]) / length, end[1] + more * (end[1] - start[1]) / length)


def around(at: Point, count: int, spread: float) -> list[Point]:
    """So many points evenly over a disc of this radius, as the seeds of a sunflower."""
    turn = math.pi * (3 - math.sqrt(5))
    radii = [spread * math.sqrt((number + 0.5) / count) for number in range(count)]
    return [
        (at[0] + radius * math.cos(number * turn), at[1] + radius * math.sin(number * turn))
        for number, radius in enumerate(radii)
    ]


def arc(at: Point, radius: float, start: float, end: float) -> list[Point]:
    """Points of a circle from one angle to another, in degrees, counted against the clock from the right."""
    angles = [math.radians(start + (end - start) * step / 24) for step in range(25)]
    return [(at[0] + radius * math.cos(angle), at[1] - radius * math.sin(angle)) for angle in angles]


def grid(columns: int, rows: int, step: float, start: Point) -> list[Point]:
    """Points in rows from the upper left."""
    return [(start[0] + step * column, start[1] + step * row) for row in range(rows) for column in range(columns)]


def curve(of: Callable[[float], float], low: float, high: float, count: int = 60) -> list[Point]:
    """Points of a function, both axes in its own units."""
    return [(x, of(x)) for x in (low + (high - low) * step / count for step in range(count + 1))]


def placed(points: Iterable[Point], across: tuple[float, float], up: tuple[float, float]) -> list[Point]:
    """Points on the picture: `across` and `up` are the ends of both axes in their units. Beyond these they are cut."""
    left, right, bottom, top = 14, WIDTH - 10, HEIGHT - 14, 10
    found = []
    for x, y in points:
        along = min(max((x - across[0]) / (across[1] - across[0]), 0), 1)
        high = min(max((y - up[0]) / (up[1] - up[0]), 0), 1)
        found.append((left + along * (right - left), bottom + high * (top - bottom)))
    return found


def axes(pen: Pen) -> None:
    """The two axes that `placed` draws by."""
    pen.line([(14, 8), (14, HEIGHT - 14), (WIDTH - 8, HEIGHT - 14)], "muted", 1.2)


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _circle(at: Point, radius: float) -> str:
    x, y = at
    half = f"a{radius:.1f},{radius:.1f} 0 1 0"
    return f"M{x - radius:.1f},{y:.1f}{half} {2 * radius:.1f},0{half} {-2 * radius:.1f},0Z"


def _corners(at: Point, size: float, shape: str) -> Sequence[Point]:
    x, y = at
    if shape == "diamond":
        return [(x, y - 1.3 * size), (x + 1.3 * size, y), (x, y + 1.3 * size), (x - 1.3 * size, y)]
    if shape.startswith("triangle"):
        return [(x, y - 1.2 * size), (x + 1.1 * size, y + 0.9 * size), (x - 1.1 * size, y + 0.9 * size)]
    if shape == "star":
        radii = (1.5 * size, 0.65 * size)
        angles = [math.radians(36 * step - 90) for step in range(10)]
        return [
            (x + radii[step % 2] * math.cos(angle), y + radii[step % 2] * math.sin(angle))
            for step, angle in enumerate(angles)
        ]
    return [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)]
