"""`sarex validate` from a folder of tracks to a folder of results."""

import csv
import json
import re
from pathlib import Path

import pytest
from lxml import etree

from made_tracks import write_tracks
from sarex.cli.validate import Options, run_validation
from sarex.errors import InputError


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("validation")
    data = write_tracks(place / "data", 12, hours=60)
    (data / "model-a" / "broken.nc").write_text("<b>no</b> NetCDF")
    run_validation(data, place / "out", Options(particles=300, cross_validation=True))
    return place / "out"


def test_everything_is_written(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == [
        "reliability.csv",
        "reliability.svg",
        "scores.csv",
        "summary.csv",
        "validation.html",
        "validation.json",
    ]


def test_json_and_tables_agree(written: Path) -> None:
    content = json.loads((written / "validation.json").read_text(encoding="utf-8"))
    assert content["format"] == "sarex-validation/1"
    assert [found["why"].split(":")[0] for found in content["unread_files"]] == ["broken.nc"]
    assert not content["wind_slip"]["Home-made float"]["published"]
    assert len(content["cross_validation"]) == 2
    main = next(s for s in content["summaries"] if s["horizon_h"] == 24 and s["kind"] is None)
    with (written / "summary.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["horizon_h"] == "24" and row["kind"] == "all"]
    held = main["containment"][-1]["intervals"]["both"]
    assert float(rows[0]["held_95"]) == pytest.approx(held["value"], abs=1e-4)
    with (written / "scores.csv").open(encoding="utf-8") as file:
        scores = [row for row in csv.DictReader(file) if row["horizon_h"] == "24"]
    assert len(scores) == main["launches"]
    inside = sum(float(row["level_reached"]) < 0.95 for row in scores) / len(scores)
    assert inside == pytest.approx(held["value"], abs=0.02)


def test_the_page_is_whole_and_asks_for_nothing(written: Path) -> None:
    page = (written / "validation.html").read_text(encoding="utf-8")
    assert not re.search(r'(src|href)="', page)
    assert "broken.nc" in page
    assert "<b>no</b> NetCDF" not in page
    assert page.count("no published slip") == 1
    assert "no published value" not in page
    assert "accuracy page" not in page
    assert page.count('class="swipe"') == page.count('<div class="wide">') > 2
    etree.fromstring((written / "reliability.svg").read_bytes())


def test_a_second_run_replaces_the_first_and_a_strange_folder_is_left_alone(
    written: Path, tmp_path: Path
) -> None:
    data = write_tracks(tmp_path / "data", 2)
    run_validation(data, written.parent / "again", Options(particles=300))
    run_validation(data, written.parent / "again", Options(particles=300, seed=2))
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="did not write"):
        run_validation(data, strange, Options(particles=300))
    assert [path.name for path in strange.iterdir()] == ["letter.txt"]


def test_nothing_is_written_when_there_is_nothing_to_score(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(InputError, match="no NetCDF file"):
        run_validation(tmp_path / "data", tmp_path / "out", Options())
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [Options(particles=1), Options(spacing_h=0), Options(seed=-1)])
def test_options_out_of_range_are_named(tmp_path: Path, options: Options) -> None:
    with pytest.raises(InputError, match="must lie between"):
        run_validation(tmp_path, tmp_path / "out", options)
