"""The debrief as a PDF of the same facts and pictures, set by Typst."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sarex.errors import InputError
from sarex.report.debrief_blocks import Document
from sarex.report.fonts import Letters, fonts_installed, letters_for

if TYPE_CHECKING:
    import typst

A_FEW = "0123456789.,:;/{}()+-–≤≥%°′ ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz•"
"""Letters that the template adds by itself."""


def render_pdf(document: Document, created: datetime) -> bytes:
    """A PDF that carries its fonts; the same document gives the same bytes.

    Args:
        created: what the file says of when it was made, such as the last instant of the log.

    Raises:
        InputError: the programs and fonts that it takes are not installed.
    """
    with compiler_of(document) as compiler:
        made = compiler.compile(format="pdf", timestamp=int(created.timestamp()))
    if not isinstance(made, bytes):
        raise AssertionError("typst gave no PDF")  # noqa: TRY004 - not the caller's fault
    return made


@contextmanager
def compiler_of(document: Document) -> Iterator["typst.Compiler"]:
    """Typst with the document and just the letters that it uses, for PDF and for pictures of its pages."""
    check_installed()
    import typst  # noqa: PLC0415 - an extra

    told = asdict(document)
    letters = letters_for(json.dumps(told, ensure_ascii=False) + A_FEW, document.language, latin=True)
    told["families"] = [font.family for font in letters]
    with TemporaryDirectory() as folder:
        _put(letters, Path(folder))
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        template = (files("sarex.report") / "templates" / "debrief.typ").read_bytes()
        inputs = {"document": json.dumps(told, ensure_ascii=False)}
        yield typst.Compiler(template, font_paths=fonts, sys_inputs=inputs)


def _put(letters: tuple[Letters, ...], folder: Path) -> None:
    for font in letters:
        (folder / f"{font.family.replace(' ', '')}.ttf").write_bytes(font.data)


def check_installed() -> None:
    """Ask that a PDF can be made here.

    Raises:
        InputError: it cannot.
    """
    if find_spec("typst") is None or not fonts_installed():
        raise InputError(
            'a PDF needs programs and fonts that are not installed. Install sarex with the extra "debrief", '
            "or leave --pdf out: the page holds the same and prints."
        )
