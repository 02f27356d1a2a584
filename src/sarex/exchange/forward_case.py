"""`forward.toml`: the case that drifts forward from where a backward run says that it began."""

from datetime import datetime, timedelta

from sarex.case import case_to_mapping
from sarex.case.model import Case, SearchWindow
from sarex.case.stored_words import iso
from sarex.clock import from_posix_s
from sarex.drift.backward import OriginBins
from sarex.drift.origins import first_release_s
from sarex.drift.reach import drift_end
from sarex.environment.model import Environment
from sarex.exchange.case_toml import case_to_toml

ORIGIN_FILE = "origin.nc"
_BEFORE_THE_FIND = timedelta(hours=1)
_COMMENT = """Written by sarex backtrack: goes on from where and when the drift may have begun (origin.nc),
given that it began afloat in the span and inside the forcing ({began:.1%} of the belief; {shore:.1%} came
from the shore, {outside:.1%} from outside the forcing). Every probability from here on has that condition.
Change the objects to what you search for, set [search], add units and [conditions]; then

    sarex drift forward.toml --out FOLDER        or        sarex plan forward.toml --out FOLDER"""


def forward_case_text(case: Case, environment: Environment, bins: OriginBins) -> str:
    """The same case with its origins in `origin.nc`, and a search window that the forcing reaches.

    Args:
        bins: what share of the belief `origin.nc` stands for.
    """
    mapping = case_to_mapping(case)
    for scenario in mapping["scenario"]:
        for key in ("found", "from", "until"):
            del scenario[key]
        objects = scenario.pop("objects")
        scenario |= {"cloud": ORIGIN_FILE, "objects": objects}
    window = next_window(case, environment)
    mapping["search"] = {"start": iso(window.start), "end": iso(window.end)}
    if not case.units:
        del mapping["conditions"]
    comment = _COMMENT.format(
        began=bins.began_afloat, shore=bins.came_from_shore, outside=bins.outside_forcing
    )
    return case_to_toml(mapping, comment)


def next_window(case: Case, environment: Environment) -> SearchWindow:
    """The case's own search window as far as the forcing reaches; else the hour before the find."""
    found_at = drift_end(case)
    ends = forcing_end(environment)
    end = case.window.end if ends is None else min(case.window.end, max(ends, found_at))
    if end > case.window.start:
        return SearchWindow(case.window.start, end)
    return SearchWindow(max(found_at - _BEFORE_THE_FIND, from_posix_s(first_release_s(case))), found_at)


def forcing_end(environment: Environment) -> datetime | None:
    """Until when every quantity of every member is known; None where nothing limits it."""
    last: dict[tuple[str, str], datetime | None] = {}
    for source in environment.sources:
        of = (source.quantity, source.member)
        known = last.get(of, source.valid_until)
        endless = source.constant or source.synthetic or known is None
        last[of] = None if endless else max(known or source.valid_until, source.valid_until)
    limits = [at for at in last.values() if at is not None]
    return min(limits) if limits else None
