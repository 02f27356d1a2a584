"""What a forcing file says about itself."""

import re
from datetime import UTC, datetime

from sarex.clock import from_posix_s, to_posix_s
from sarex.environment.labelled import LabelledDataset
from sarex.environment.times import instants_s
from sarex.errors import ForcingError

_RUN_ATTRIBUTES = ("forecast_reference_time", "bulletin_date", "analysis_date", "forecast_reference_date")
UNDESCRIBED = "the file does not describe itself"
_UNSAID = {"", "unknown", "none", "n/a"}


def describe_dataset(dataset: LabelledDataset) -> str:
    """Title, source and institution in one line; the history is how a file was made, not what it is."""
    said = [_attribute(dataset, name) for name in ("title", "source", "institution")]
    parts = [text for text in said if text.lower() not in _UNSAID]
    return "; ".join(dict.fromkeys(parts)) or UNDESCRIBED


def find_run_time(dataset: LabelledDataset, label: str, end: datetime) -> datetime | None:
    """When the model run was made (of a collection the latest before `end`); None if the file is silent."""
    for name, variable in dataset.variables.items():
        if variable.attrs.get("standard_name") == "forecast_reference_time":
            try:
                runs_s = instants_s(label, dataset[name])
            except (ForcingError, ValueError):
                continue
            earlier_s = runs_s[runs_s <= to_posix_s(end)]
            return from_posix_s(float(earlier_s.max() if earlier_s.size else runs_s.min()))
    for name in _RUN_ATTRIBUTES:
        found = _instant(_attribute(dataset, name))
        if found is not None:
            return found
    return None


def _attribute(dataset: LabelledDataset, name: str) -> str:
    return re.sub(r"[^\S\n]+", " ", str(dataset.attrs.get(name, ""))).strip()


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
