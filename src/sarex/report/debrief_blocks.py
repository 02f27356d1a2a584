"""What a debrief is made of on paper: blocks that a page and a PDF show alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    style: str = ""
    """"lead", "note", or empty."""
    kind: str = "text"


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]
    kind: str = "bullets"


@dataclass(frozen=True)
class Column:
    title: str
    numeric: bool = False
    whole: bool = False
    """Whether its cells stay on one line."""


@dataclass(frozen=True)
class Cell:
    text: str
    mark: str = ""
    """"P", "S", "M", "U" or "-" for a rating; "good", "bad" or "soft" for the text's looks."""


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Figure:
    """A picture of our own drawing."""

    svg: str
    caption: str
    share: float = 1.0
    """Of the width of the page."""
    kind: str = "figure"


@dataclass(frozen=True)
class FilmFrame:
    layer: str
    """What is drawn over the base, as SVG elements."""
    title: str
    lines: tuple[str, ...]
    """What is said beside the picture."""


@dataclass(frozen=True)
class Film:
    """Pictures of one place through time."""

    head: str
    """The opening tag of the SVG element."""
    base: str
    """What every picture shows, as SVG elements."""
    frames: tuple[FilmFrame, ...]
    chosen: tuple[int, ...]
    """Frames that are printed as small pictures."""
    legend: tuple[tuple[str, str], ...]
    """Small pictures and what they mean."""
    words: dict[str, str]
    """Of the buttons: "play", "pause", "back", "on", "slider", "keys"."""
    kind: str = "film"


@dataclass(frozen=True)
class Facts:
    """The most important numbers, large."""

    items: tuple[tuple[str, str, str], ...]
    """Name, value, and a word on it."""
    kind: str = "facts"


@dataclass(frozen=True)
class Head:
    """A heading inside a section, with a rating if there is one."""

    text: str
    letter: str = ""
    kind: str = "head"


Block = Text | Bullets | Table | Figure | Film | Facts | Head


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole debrief in one language."""

    language: str
    mark: str
    """EXERCISE, and what that is in the language."""
    margin_mark: str
    """The same in letters that every printer has: the margins of a printed page do not use its fonts."""
    synthetic: str
    """A warning where the sea is computed; else empty."""
    title: str
    subtitle: str
    meta: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    page_of: str
    """Such as "page {page} of {pages}"."""
