"""Sentences, numbers and dates in English, Japanese or Korean.

English stands in the code; catalogues (`locales/*/LC_MESSAGES/debrief.po`, edited by people) hold the others
and are compiled in memory. A sentence without a translation stays English rather than failing; a test asks
that there is none.
"""

import gettext
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from importlib.resources import files

from babel import Locale
from babel.dates import format_datetime, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from sarex.errors import InputError

NAMES = {"en": "English", "ja": "日本語", "ko": "한국어"}
NBSP = "\u00a0"


def msg(text: str) -> str:
    """Marks a sentence for the catalogues where it is written down, to be said elsewhere."""
    return text


@dataclass(frozen=True)
class Tongue:
    """One language: says what the code says in English."""

    language: str
    catalogue: gettext.NullTranslations
    locale: Locale

    def say(self, text: str, /, **values: object) -> str:
        """A sentence with its {names} filled in."""
        said = self.catalogue.gettext(text).replace(" %", f"{NBSP}%")
        return said.format(**values) if values else said

    def number(self, value: float, digits: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=self.locale))

    def percent(self, fraction: float) -> str:
        """A whole percent; one decimal below 10 % and above 99 %, where it matters."""
        value = 100.0 * fraction
        fine = 0.0 < value < 9.95 or 99.0 < value < 99.95
        return f"{self.number(value, 1 if fine else 0)}{NBSP}%"

    def date(self, at: datetime) -> str:
        return str(format_skeleton("yMMMd", at.astimezone(UTC), locale=self.locale))

    def date_time(self, at: datetime) -> str:
        """Day and time of day, UTC said."""
        return f"{self.date(at)} {self.clock(at)}{NBSP}UTC"

    def day_clock(self, at: datetime) -> str:
        """Such as "14 Oct 20:10"."""
        return f"{self.day(at)} {self.clock(at)}"

    def day(self, at: datetime) -> str:
        """Without the year."""
        return str(format_skeleton("MMMd", at.astimezone(UTC), locale=self.locale)).replace(" ", NBSP)

    def clock(self, at: datetime) -> str:
        return str(format_datetime(at.astimezone(UTC), "HH:mm", locale=self.locale))

    def duration(self, span: timedelta, digits: int = 0) -> str:
        """Hours and minutes; with digits, parts of minutes that are not nought."""
        # whole parts are counted: 5.35 min has no exact half in binary
        parts = 10**digits
        hours, rest = divmod(round(span.total_seconds() * parts / 60.0), 60 * parts)
        minutes = rest / parts
        fine = digits if minutes % 1 else 0
        if not hours:
            said = self.say("{minutes} min", minutes=self.number(minutes, fine))
        elif not minutes:
            said = self.say("{hours} h", hours=self.number(hours))
        else:
            told = f"{'0' if minutes < 10 else ''}{self.number(minutes, fine)}"
            said = self.say("{hours} h {minutes} min", hours=self.number(hours), minutes=told)
        return said.replace(" ", NBSP)

    def minutes(self, minutes: float, digits: int = 0) -> str:
        return self.duration(timedelta(minutes=minutes), digits)

    def wait(self, span: timedelta) -> str:
        """Of an answer: below ten minutes a decimal tells."""
        return self.duration(span, 1 if span < timedelta(minutes=10) else 0)

    def labelled(self, name: str, text: str) -> str:
        return self.say("{name}: {text}", name=name, text=text)

    def aside(self, text: str, aside: str) -> str:
        return self.say("{text} ({aside})", text=text, aside=aside)

    def one_after_another(self, clauses: Sequence[str]) -> str:
        """Clauses of one line, each of which may have commas of its own."""
        return reduce(lambda told, more: self.say("{told}; {more}", told=told, more=more), clauses)

    def listed(self, items: Sequence[str]) -> str:
        """One after another, with the comma of the language and no "and"."""
        return reduce(lambda told, more: self.say("{told}, {more}", told=told, more=more), items)

    def joined(self, items: Sequence[str]) -> str:
        return str(format_list(list(items), locale=self.locale))


@cache
def tongue_of(language: str) -> Tongue:
    """English, Japanese or Korean.

    Raises:
        InputError: another language was asked for.
    """
    if language not in NAMES:
        known = ", ".join(NAMES)
        raise InputError(f'language is "{language}"; a debrief speaks {known}. Choose one of them.')
    locale = Locale.parse("en_GB" if language == "en" else language)
    return Tongue(language, _catalogue(language), locale)


def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    source = files("sarex.report") / "locales" / language / "LC_MESSAGES" / "debrief.po"
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language, domain="debrief")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
