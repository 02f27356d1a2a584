"""Every broken case file gives one sentence that names the field, the rule and the remedy."""

from pathlib import Path

import pytest

from broken_cases import BROKEN, JARGON, UNREADABLE, WHOLE
from sarex.case import open_case
from sarex.errors import CaseError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wind.nc").write_bytes(b"only its being here matters")
    return tmp_path


def refusal_of(file: Path) -> str:
    with pytest.raises(CaseError) as refusal:
        open_case(file)
    return str(refusal.value)


@pytest.mark.parametrize("what", BROKEN)
def test_broken_case_is_refused_in_a_sentence(what: str, folder: Path) -> None:
    old, new, field, words = BROKEN[what]
    assert old in WHOLE
    file = folder / "case.toml"
    file.write_text(WHOLE.replace(old, new, 1), encoding="utf-8")

    sentence = refusal_of(file)

    assert field in sentence
    assert words in sentence
    assert sentence.startswith(("case.toml: ", str(file)))
    assert sentence.endswith((".", "?", ")"))
    assert JARGON.search(sentence) is None
    assert "\n" not in sentence
    assert len(sentence) < 420


def test_whole_case_opens(folder: Path) -> None:
    file = folder / "case.toml"
    file.write_text(WHOLE, encoding="utf-8")
    assert open_case(file).id == "TEST-1"


@pytest.mark.parametrize("what", UNREADABLE)
def test_unreadable_file_is_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    content, words = UNREADABLE[what]
    file = tmp_path / "case.toml"
    file.write_bytes(content)
    sentence = refusal_of(file)
    assert words in sentence
    assert "case.toml" in sentence
    assert JARGON.search(sentence) is None


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    assert "does not exist" in refusal_of(tmp_path / "nowhere.toml")
    assert "is a folder" in refusal_of(tmp_path)
    assert "cannot be read" in refusal_of(tmp_path / ("n" * 300))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", "object"),
        ("{", "line 1"),
        ("[" * 200_000, "nesting"),
        ('{"format": "sarex-case/1"}', "missing"),
    ],
)
def test_broken_stored_case_is_refused(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(content, encoding="utf-8")
    assert words in refusal_of(file)


def test_other_faults_are_named_as_well(folder: Path) -> None:
    file = folder / "case.toml"
    broken = WHOLE.replace("visibility_nm = 10.0", "visibility_nm = 80").replace("seed = 7", 'seed = "x"')
    file.write_text(broken, encoding="utf-8")
    assert "(Also to be mended: conditions.visibility_nm.)" in refusal_of(file)
