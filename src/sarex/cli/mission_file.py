"""`mission.json`: what `sarex update` needs to go on."""

import json
from collections.abc import Sequence
from pathlib import Path

from sarex.case import case_to_mapping
from sarex.case.model import Case
from sarex.exchange.folder import MARKER

MISSION_FORMAT = "sarex-mission/1"


def write_mission(folder: Path, case: Case, searched: Sequence[str]) -> None:
    """The case as it stands and the text of every search so far."""
    names = [f"searched-{number}.json" for number in range(1, len(searched) + 1)]
    for name, text in zip(names, searched, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    content = {"format": MISSION_FORMAT, "case": case_to_mapping(case), "searched": names}
    (folder / MARKER).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
