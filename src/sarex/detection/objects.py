"""Which object of the lookouts' tables stands for a leeway class."""

from dataclasses import dataclass
from difflib import get_close_matches

from sarex.errors import CaseError
from sarex.tables import TableObject, leeway_classes, object_mapping


@dataclass(frozen=True)
class LeewayRow:
    """One line of the list of search objects that a person chooses from."""

    key: str
    description: str
    table_object: str
    stand_in: bool
    reason: str


def table_object_for(type_key: str) -> TableObject:
    """The table object of a leeway class; a class that does not exist is a `CaseError`."""
    mapping = object_mapping()
    if type_key in mapping:
        return mapping[type_key]
    nearest = get_close_matches(type_key.upper(), list(mapping), n=1, cutoff=0.4)
    hint = f"did you mean {nearest[0]}?" if nearest else "the leeway classes run from PIW-1 to MED-WASTE-7."
    raise CaseError(f'object type "{type_key}" is not one of the {len(mapping)} leeway classes; {hint}')


def leeway_rows() -> tuple[LeewayRow, ...]:
    """All leeway classes in the published order, with what lookouts' tables make of them."""
    mapping = object_mapping()
    return tuple(
        LeewayRow(
            key=key,
            description=leeway_class.description.lstrip(">").strip(),
            table_object=mapping[key].table_object,
            stand_in=mapping[key].stand_in,
            reason=mapping[key].reason,
        )
        for key, leeway_class in leeway_classes().items()
    )
