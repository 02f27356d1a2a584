"""Every sentence of the debrief is there in Japanese and Korean, with the same names to fill in."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from made_log import made_debrief
from sarex.errors import InputError
from sarex.exercise.file.door import example_path, open_exercise
from sarex.exercise.model import Criterion, Measure, Words
from sarex.exercise.review.model import Happening, Unused
from sarex.exercise.review.ratings import Finding
from sarex.exercise.review.scores_ratings import by_threshold
from sarex.report import debrief_page
from sarex.report.debrief_blocks import Bullets, Table
from sarex.report.debrief_events import SENTENCES, sentence
from sarex.report.debrief_words import Names, evidence, thresholds
from sarex.report.languages import Tongue, tongue_of

REPORT = Path(str(files("sarex.report")))
KEYWORDS = {"say": (1,), "msg": (1,)}
OTHERS = ("ja", "ko")
AT = datetime(2027, 5, 19, 22, 5, tzinfo=UTC)


def extracted() -> set[str]:
    """What the command of docs/howto/debrief-an-exercise.md finds."""
    found = extract_from_dir(
        str(REPORT), [("debrief*.py", "python"), ("languages.py", "python")], keywords=KEYWORDS
    )
    return {message for _, _, message, _, _ in found}


def catalogue(language: str) -> dict[str, str]:
    with (REPORT / "locales" / language / "LC_MESSAGES" / "debrief.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id and not m.fuzzy}


def names_in(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_extraction_finds_the_sentences() -> None:
    assert len(extracted()) > 200
    assert "Cumulative probability of success through time" in extracted()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    told = catalogue(language)
    assert extracted() == set(told)
    assert [text for text, said in told.items() if not said.strip()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_the_same_names(language: str) -> None:
    wrong = {text: said for text, said in catalogue(language).items() if names_in(text) != names_in(said)}
    assert wrong == {}


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_said_at_run_time_is_in_the_catalogue(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that extraction cannot see, such as inside f-strings, show here."""
    said: set[str] = set()
    whole = Tongue.say

    def spy(self: Tongue, text: str, /, **values: object) -> str:
        said.add(text)
        return whole(self, text, **values)

    monkeypatch.setattr(Tongue, "say", spy)
    debrief_page.debrief_document(made_debrief(), language)
    assert said - set(catalogue(language)) == set()
    assert len(said) > 100


@pytest.mark.parametrize(("language", "script"), [("ja", r"[぀-ヿ一-鿿]"), ("ko", r"[가-힣]")])
def test_translations_are_in_the_script_of_the_language(language: str, script: str) -> None:
    plain = {text: said for text, said in catalogue(language).items() if not re.search(script, said)}
    # pages are numbered, spans written and clauses joined without words
    marks = {"{name}: {text}", "{text} ({aside})", "{told}; {more}", "{told}, {more}"}
    assert set(plain) <= {"page {page} of {pages}", "{start} to {end}", *marks}


def test_official_words_of_search_and_rescue() -> None:
    """As docs/reference/sar-terms.md has them."""
    assert catalogue("ja")["Probability of success (POS)"] == "成功確率（POS）"
    assert catalogue("ko")["Probability of success (POS)"] == "성공확률(POS)"
    assert catalogue("ja")["Distress alert"] == "遭難警報"
    assert catalogue("ko")["Distress alert"] == "조난경보"


def test_numbers_and_dates_are_those_of_the_language() -> None:
    assert tongue_of("en").date_time(AT) == "19 May 2027 22:05\u00a0UTC"
    assert tongue_of("ja").date_time(AT) == "2027年5月19日 22:05\u00a0UTC"
    assert tongue_of("ko").date_time(AT) == "2027년 5월 19일 22:05\u00a0UTC"
    assert tongue_of("en").number(12345.678, 1) == "12,345.7"
    assert [tongue_of(code).duration(timedelta(minutes=65)) for code in ("en", "ja", "ko")] == [
        "1\u00a0h\u00a005\u00a0min",
        "1時間05分",
        "1시간\u00a005분",
    ]
    assert tongue_of("ja").joined(["甲", "乙", "丙"]) == "甲、乙、丙"


def test_percents_keep_a_decimal_where_it_matters() -> None:
    tongue = tongue_of("en")
    assert [tongue.percent(p) for p in (0.0, 0.034, 0.345, 0.994, 1.0)] == [
        "0\u00a0%",
        "3.4\u00a0%",
        "34\u00a0%",
        "99.4\u00a0%",
        "100\u00a0%",
    ]


def test_minutes_are_told_as_finely_as_asked() -> None:
    tongue = tongue_of("en")
    spans = (321, 300, 3 * 3600 + 198, 3 * 3600, 8 * 60)  # seconds
    assert [tongue.duration(timedelta(seconds=s), 1).replace("\u00a0", " ") for s in spans] == [
        "5.4 min",
        "5 min",
        "3 h 03.3 min",
        "3 h",
        "8 min",
    ]
    assert tongue.wait(timedelta(seconds=321)) == "5.4\u00a0min"
    assert tongue.wait(timedelta(seconds=700)) == "12\u00a0min"


@pytest.mark.parametrize(("value", "said"), [(5.35, "5.4 min"), (5.04, "5.04 min"), (4.9, "5 min")])
def test_evidence_never_contradicts_its_threshold(value: float, said: str) -> None:
    criterion = Criterion("c", Words({"en": "c"}), Measure.MESSAGE_LATENCY, 5.0, 10.0, 20.0)
    finding = Finding(criterion, value, not_done=False, measured=by_threshold(criterion, value), notes=())
    told = evidence(tongue_of("en"), finding).replace("\u00a0", " ")
    assert told.startswith(f"median wait for an acknowledgement {said},")


def test_a_letter_that_can_never_be_given_has_no_threshold() -> None:
    criterion = Criterion("c", Words({"en": "c"}), Measure.DANGER_AREA_INCURSIONS, 0.0, 0.0, 1.0)
    assert thresholds(tongue_of("en"), criterion).replace("\u00a0", " ") == "P ≤ 0 · M ≤ 1"


def test_a_percent_sign_is_no_format() -> None:
    for language in OTHERS:
        text = (REPORT / "locales" / language / "LC_MESSAGES" / "debrief.po").read_text(encoding="utf-8")
        assert "python-format" not in text


WEST = r"[ぁ-んァ-ヶ一-龠）」][,:;]|[,:;] ?[ぁ-んァ-ヶ一-龠（「]"
"""A comma, colon or semicolon of Latin type beside a Japanese letter."""


def test_japanese_has_japanese_punctuation() -> None:
    found = made_debrief()
    # what people wrote during the exercise stays as they wrote it
    page = debrief_page.debrief_document(found, "ja")
    cells = [
        cell.text
        for s in page.sections
        for b in s.blocks
        if isinstance(b, Table)
        for r in b.rows
        for cell in r
    ]
    items = [item for s in page.sections for b in s.blocks if isinstance(b, Bullets) for item in b.items]
    assert len(cells) > 100
    assert [text for text in (*cells, *items) if re.search(WEST, text)] == []
    assert "受領確認（遅延）、13分" in cells


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("crew.stayed", {"why": "cancelled"}, "Oki stays where it is: its order was cancelled or replaced"),
        ("crew.stayed", {"why": "weather"}, "Oki cannot leave: the weather is beyond its limits"),
        ("crew.stayed", {"why": "broken down"}, "Oki cannot leave: it is broken down"),
        ("order.cancelled", {"why": "superseded by 2.1 Oki"}, "Order to Oki replaced by a later one"),
        ("order.cancelled", {"why": "plan 3 replaces it"}, "Order to Oki replaced by a later plan"),
        ("order.cancelled", {"why": "the survivors are recovered"}, "Order to Oki cancelled"),
        ("crew.off_scene", {}, "Oki leaves the scene"),  # as well after a recovery
    ],
)
def test_a_reason_is_told_as_what_it_is(kind: str, body: dict[str, str], said: str) -> None:
    happening = Happening(AT, kind, "director", {"unit": "Oki", "order": "1", **body})
    assert sentence(happening, Names(made_debrief().exercise, tongue_of("en")), {}) == said


def test_nobody_is_in_hospital_who_is_cared_for_aboard() -> None:
    assert "医療機関" not in catalogue("ja")["the survivors are in medical care"]


def test_titles_of_the_example_hold_no_comma_that_would_part_them_in_a_list() -> None:
    for role in open_exercise(example_path()).roles:
        assert not re.search("[、,]", re.sub(r"[（(].*?[）)]", "", role.title.said_in("ja"))), role.id
        if role.id.endswith("OSC"):
            assert "," not in role.title.said_in("ko")


def test_an_unused_sighting_is_named() -> None:
    found = replace(made_debrief(), unused=(Unused("sighting 7", "Rescue ship Pohang", AT),))
    document = debrief_page.debrief_document(found, "en")
    (told,) = [
        i
        for b in document.sections[-1].blocks
        if isinstance(b, Bullets)
        for i in b.items
        if "sighting 7" in i
    ]
    assert "Rescue ship Pohang reported on 19\u00a0May 22:05" in told


def test_other_languages_are_refused() -> None:
    with pytest.raises(InputError, match='"fr"; a debrief speaks en, ja, ko'):
        tongue_of("fr")


def test_every_event_that_is_told_is_one_that_happens() -> None:
    from sarex.exercise.play.events import Event

    assert set(SENTENCES) <= {event.value for event in Event}
