"""Letters for machines that have none: the glyphs of a text, cut out of Noto Sans.

The fonts come with the package justmytype-intl-cjk (extra `debrief`; SIL Open Font Licence, which lets
subsets stand in documents). Without it pages name the usual families and leave the rest to the reader's
machine.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import east_asian_width

REGULAR, BOLD = 400, 700
_FILES = {
    "ja": ("Noto Sans JP", "notosansjp/NotoSansJP[wght].ttf"),
    "ko": ("Noto Sans KR", "notosanskr/NotoSansKR[wght].ttf"),
}
_ORDER = {"en": ("ja", "ko"), "ja": ("ja", "ko"), "ko": ("ko", "ja")}
"""Whose shapes of the shared Han characters come first."""
SYSTEM = {
    "en": 'system-ui, "Segoe UI", Roboto, Arial, "Noto Sans CJK JP", "Noto Sans CJK KR", sans-serif',
    "ja": '"Hiragino Sans", "Yu Gothic UI", "Meiryo", "Noto Sans CJK JP", "Noto Sans JP", sans-serif',
    "ko": '"Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR", sans-serif',
}


@dataclass(frozen=True)
class Letters:
    """A font with just the glyphs of a text, in weights from regular to bold."""

    family: str
    """Such as "Noto Sans JP"."""
    data: bytes


def fonts_installed() -> bool:
    """Whether glyphs can be cut out here."""
    return all(find_spec(name) is not None for name in ("justmytype_intl_cjk", "fontTools", "brotli"))


def letters_for(text: str, language: str, *, latin: bool, flavour: str | None = None) -> tuple[Letters, ...]:
    """Fonts that between them hold every letter of a text that they can; none where none is installed.

    Args:
        text: everything that will be shown.
        language: whose shapes come first.
        latin: whether letters that any machine has are to be held too.
        flavour: "woff2" for pages, None for plain TrueType.
    """
    if not fonts_installed():
        return ()
    wanted = {letter for letter in text if ord(letter) >= 32 and (latin or _rare(letter))}
    found = []
    for code in _ORDER[language]:
        family, file = _FILES[code]
        held = wanted & _letters_in(file)
        if held:
            found.append(Letters(family, _cut_out(file, "".join(sorted(held)), flavour)))
        wanted -= held
    return tuple(found)


def font_families(fonts: Iterable[Letters], language: str) -> str:
    """What a style sheet names: ours first, then what readers' machines have."""
    return ", ".join([*(f'"Sarex {font.family}"' for font in fonts), SYSTEM[language]])


def _rare(letter: str) -> bool:
    return east_asian_width(letter) in "WF"


def _path(file: str) -> Path:
    import justmytype_intl_cjk  # noqa: PLC0415 - an extra

    return Path(justmytype_intl_cjk.__file__).parent / "fonts" / "ofl" / file


@cache
def _letters_in(file: str) -> frozenset[str]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - an extra

    with TTFont(_path(file), lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _cut_out(file: str, letters: str, flavour: str | None) -> bytes:
    """The glyphs alone, regular by default; the same letters give the same bytes."""
    from fontTools import subset  # noqa: PLC0415 - an extra
    from fontTools.varLib import instancer  # noqa: PLC0415 - an extra

    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp", "locl"], hinting=False, recalc_timestamp=False
    )
    whole = io.BytesIO()
    with subset.load_font(str(_path(file)), options, dontLoadGlyphNames=True) as font:
        font.recalcTimestamp = False
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters)
        cutter.subset(font)
        instancer.instantiateVariableFont(font, {"wght": (REGULAR, REGULAR, BOLD)}, inplace=True)
        font.flavor = flavour
        font.save(whole, reorderTables=True)
    return whole.getvalue()
