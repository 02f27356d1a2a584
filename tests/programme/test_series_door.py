"""The series file: what the sample says, what comes back, and what is refused in which words."""

import pytest
from hypothesis import given

import made_series
from made_series import SERIES
from sarex.errors import SeriesError
from sarex.programme.door import open_sample, open_series, series_from_text
from sarex.programme.model import Series, Status
from sarex.programme.toml_text import series_to_text


def opened(text: str = SERIES) -> Series:
    return series_from_text(text, name="series.toml")


def test_the_sample_holds_the_ten_of_1999_to_2017_and_nothing_that_is_not_known() -> None:
    sample = open_sample()
    assert [each.days.year for each in sample.exercises] == list(range(1999, 2018, 2))
    for each in sample.exercises:
        assert each.status is Status.HELD
        unknown = (
            each.days.first,
            each.host,
            each.location,
            each.forces,
            each.debrief,
            each.scores,
            each.ratings,
        )
        assert not any(unknown)
    assert {each.made.isoformat() for each in sample.commitments if each.made} == {"2026-01-30"}
    assert [each.id for each in sample.commitments if each.every_years == 1] == ["yearly-visits"]


@given(made_series.series())
def test_what_is_written_is_read_back(series: Series) -> None:
    assert series_from_text(series_to_text(series), name="x") == series


def test_exercises_stand_in_order_of_time_whatever_their_order_in_the_file() -> None:
    first, second = SERIES.index("[[exercise]]"), SERIES.index('[[exercise]]\nid = "SAREX-2027"')
    end = SERIES.index("[[meeting]]")
    swapped = SERIES[:first] + SERIES[second:end] + SERIES[first:second] + SERIES[end:]
    assert [each.id for each in opened(swapped).exercises] == ["SAREX-2025", "SAREX-2027"]
    assert opened(swapped) == opened()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sarex-series/1", "sarex-series/9", 'reads "sarex-series/1"'),
        ('format = "sarex-series/1"', "", "format is missing"),
        ("[hosts]", "[hots]", "hots is not a known key. Did you mean hosts?"),
        ('order = ["JP", "KR"]', "order = []", "order is empty"),
        ('order = ["JP", "KR"]', 'order = ["JP", "jp"]', 'Write for example nation = "JP"'),
        ('order = ["JP", "KR"]', 'order = ["JP", "JP"]', '"JP" stands twice'),
        ('order = ["JP", "KR"]', 'order = ["JP", "KR"]\nrule = "in turn"', "Did you mean in-turn?"),
        ('order = ["JP", "KR"]', 'order = ["JP", "KR"]\nnext = "US"', "none of the hosts JP, KR"),
        (
            'host = "KR"',
            'host = "US"',
            'exercise "SAREX-2025": host is "US", which is none of the hosts JP, KR',
        ),
        ("year = 2025", "", 'exercise "SAREX-2025": start is missing'),
        ("year = 2025", "year = 25", "must lie between 1950 and 2150"),
        ("year = 2025", 'year = "2025"', "a whole number is expected"),
        ("end = 2027-05-12", "end = 2027-05-10", "0 to 92 days after start, 2027-05-11"),
        ("end = 2027-05-12", "end = 2028-05-12", "0 to 92 days after start, 2027-05-11"),
        ("start = 2027-05-11", "", "end is given without start. Add start = 2027-05-12"),
        ("start = 2027-05-11", "start = 2027-05-11T08:00:00Z", "Write 2027-05-11."),
        ("start = 2027-05-11", 'start = "11 May"', "a day is expected. Write for example 2027-05-11"),
        ("start = 2027-05-11", "start = 2027-05-11\nyear = 2026", "year is 2026, but start is 2027-05-11"),
        ("start = 2027-05-11", "start = 2027-05-32", "not valid TOML"),
        (
            'status = "held"\nstart',
            'status = "hold"\nstart',
            "it is one of held, planned. Did you mean held?",
        ),
        ('id = "SAREX-2027"', 'id = "SAREX 2027"', "without spaces"),
        ('id = "SAREX-2027"', 'id = "SAREX-2025"', '"SAREX-2025" stands twice'),
        ('id = "visit-2027"', 'id = "SAREX-2025"', '"SAREX-2025" stands twice'),
        ('id = "CA-2"', 'id = "CA-1"', '"CA-1" stands twice'),
        ('keeps = "visits"', 'keeps = "visit"', "no commitment of the file. Did you mean visits?"),
        ('found_by = "SAREX-2025"\nclosed', 'found_by = "SAREX-225"\nclosed', "Did you mean SAREX-2025?"),
        ('closed_by = "SAREX-2027"', 'closed_by = "SAREX-2029"', "which the file does not hold"),
        (
            'found_by = "SAREX-2025"\nclosed_by = "SAREX-2027"',
            'found_by = "SAREX-2027"\nclosed_by = "SAREX-2025"',
            'was before "SAREX-2027"',
        ),
        ('status = "held"\nyear = 2027', 'status = "planned"\nyear = 2027', None),
        (
            'status = "held"\nstart',
            'status = "planned"\nstart',
            'closed_by is "SAREX-2027", which is only planned',
        ),
        ('location = "north', 'scores = { a = "b" }\nlocation = "north', "a number is expected"),
        ('location = "north', 'ratings = { a = "Q" }\nlocation = "north', "one of P, S, M, U"),
        (
            'location = "north',
            'lcoation = "north',
            'exercise "SAREX-2027": lcoation is not a known key. Did you mean location?',
        ),
        ('owner = "RCC Japan"', "owner = 3", 'corrective_action "CA-1": owner is 3; a text is expected'),
        ('owner = "RCC Japan"', 'owner = " "', "is empty"),
        ("made = 2026-01-30", "made = 2026-01-30\ndue = 2025-01-01", "before it was made"),
        ("every_years = 1", "every_years = 0", "between 1 and 20"),
        ("revised = 2027-06-01T00:00:00Z", "", "series.revised is missing"),
        ("revised = 2027-06-01T00:00:00Z", "revised = 2027-06-01", "a date without a time"),
        ("[[meeting]]", "[meeting]", "Write [[meeting]] with double brackets"),
        ("[[meeting]]", "[[meeting]", "not valid TOML"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence(old: str, new: str, said: str | None) -> None:
    assert old in SERIES
    broken = SERIES.replace(old, new, 1)
    if said is None:
        opened(broken)
        return
    with pytest.raises(SeriesError) as refused:
        opened(broken)
    assert said in str(refused.value)
    assert str(refused.value).startswith("series.toml")


def test_a_plan_has_no_outcome() -> None:
    planned = (
        SERIES + '[[exercise]]\nid = "X"\ntitle = "X"\nstatus = "planned"\nyear = 2029\nscores = { a = 1.0 }'
    )
    with pytest.raises(SeriesError, match='scores is given, but status is "planned"'):
        opened(planned)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"format = 1"])
def test_no_series_file(tmp_path, content) -> None:
    path = tmp_path / "series.toml"
    path.write_bytes(content)
    with pytest.raises(SeriesError):
        open_series(path)


def test_a_folder_and_a_missing_file_are_told(tmp_path) -> None:
    with pytest.raises(SeriesError, match="is a folder"):
        open_series(tmp_path)
    with pytest.raises(SeriesError, match="does not exist"):
        open_series(tmp_path / "none.toml")
