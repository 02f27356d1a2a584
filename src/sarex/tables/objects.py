"""Which object of the visual sweep-width tables stands for which leeway class."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sarex.tables._rows import rows_of


@dataclass(frozen=True)
class TableObject:
    """One leeway class with the object that lookouts' tables know."""

    key: str
    table_object: str
    stand_in: bool
    """The tables hold no object of this kind: the crew should give a width."""
    reason: str


@cache
def object_mapping() -> Mapping[str, TableObject]:
    """Table objects of all 85 leeway classes, by class."""
    rows = rows_of("object_mapping")
    return MappingProxyType(
        {
            row["key"]: TableObject(row["key"], row["table_object"], row["stand_in"] == "yes", row["reason"])
            for row in rows
        }
    )
