"""`sarex forcing`: what forcing files offer, as a table for people or JSON for programs."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sarex.case.forcing_choice import PROVIDERS, SAMPLE_SEA
from sarex.environment.inventory import Inventory, Offer, take_inventory
from sarex.environment.provenance import UNDESCRIBED
from sarex.environment.stores import is_url
from sarex.errors import ForcingError

_ALL = ("current", "wind", "Stokes drift")


def tell_forcing(locations: list[str], console: Console, *, as_json: bool) -> bool:
    """Tell what each location offers; whether all of them could be opened."""
    found: list[dict[str, object]] = []
    whole = True
    for location in locations:
        place = location if is_url(location) else str(Path(location).expanduser().absolute())
        try:
            inventory = _without_file(location) or take_inventory(place)
        except ForcingError as trouble:
            whole = False
            found.append({"location": location, "error": str(trouble)})
            if not as_json:
                console.print(f"\n[bold]{escape(location)}[/]", highlight=False)
                _indent(console, f"[bold red]![/] {escape(str(trouble))}")
            continue
        found.append(asdict(inventory))
        if not as_json:
            _print(location, inventory, console)
    if as_json:
        console.print_json(json.dumps(found, default=_plain))
    return whole


def _without_file(location: str) -> Inventory | None:
    """What a case may name though it is no file; None for all else, and where a file has that very name."""
    provider, colon, dataset = location.partition(":")
    if Path(location).exists():
        return None
    if location == SAMPLE_SEA:
        kind, told = (
            "no file",
            "a synthetic current and wind, everywhere and always, for exercises and tests.",
        )
    elif provider in PROVIDERS and colon and dataset:
        kind = "provider"
        told = (
            f"the provider {provider} cuts its piece of {dataset} out when a case that names it is run; it "
            "needs no file, and what it has was not asked."
        )
    else:
        return None
    return Inventory(location, location, kind, UNDESCRIBED, None, (), (told,))


def _plain(value: object) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)


def _print(location: str, inventory: Inventory, console: Console) -> None:
    console.print(f"\n[bold]{escape(location)}[/] ({inventory.kind})", highlight=False)
    if inventory.description != UNDESCRIBED:
        _indent(console, f"[dim]{escape(inventory.description)}[/]")
    if inventory.computed_at is not None:
        _indent(console, f"computed {_instant(inventory.computed_at)}, {_age(inventory.computed_at)}")
    if inventory.offers:
        console.print(_table(inventory.offers))
    for remark in inventory.remarks:
        _indent(console, f"[yellow]•[/] {escape(remark)}")


def _indent(console: Console, text: str) -> None:
    console.print(Padding(Text.from_markup(text), (0, 0, 0, 2), expand=False))


def _table(offers: tuple[Offer, ...]) -> Table:
    by_name = {offer.quantity: offer for offer in offers}
    table = Table("", *_ALL, box=SIMPLE_HEAD, pad_edge=True, show_edge=False)
    columns = [_column(by_name[name]) if name in by_name else {} for name in _ALL]
    for row in dict.fromkeys(key for column in columns for key in column):
        if any(column.get(row) for column in columns):
            blank = "-" if row == "variables" else ""
            table.add_row(f"[dim]{row}[/]", *(escape(column.get(row) or blank) for column in columns))
    return table


def _column(offer: Offer) -> dict[str, str]:
    west, south, east, north = offer.box_deg
    return {
        "variables": ", ".join(offer.variables),
        "units": offer.units,
        "grid": offer.grid,
        "spacing": _spacing(offer),
        "longitude": f"{west:.2f} to {east:.2f}",
        "latitude": f"{south:.2f} to {north:.2f}",
        "first time": _instant(offer.first),
        "last time": _instant(offer.last) if offer.instants > 1 else "",
        "instants": f"{offer.instants}, every {_duration(offer.step_s)}" if offer.instants > 1 else "1",
        "level": offer.level,
        "members": str(offer.realizations) if offer.realizations > 1 else "",
        "missing": f"{offer.missing_frac:.0%}",
        "up to": "" if offer.fastest_mps is None else f"{offer.fastest_mps:.2f} m/s",
    }


def _spacing(offer: Offer) -> str:
    metres = f"{offer.spacing_m / 1000.0:.3g} km" if offer.spacing_m >= 1000.0 else f"{offer.spacing_m:.3g} m"
    return metres if offer.spacing_deg is None else f"{offer.spacing_deg:.3g}° ({metres})"


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%MZ}"


def _duration(duration_s: float) -> str:
    if duration_s >= 48 * 3600.0:
        return f"{duration_s / 86400.0:.3g} d"
    return f"{duration_s / 3600.0:.3g} h" if duration_s >= 3600.0 else f"{duration_s / 60.0:.3g} min"


def _age(instant: datetime) -> str:
    age_s = (datetime.now(UTC) - instant).total_seconds()
    if age_s < 0:
        return "in the future"
    return f"{age_s / 3.15576e7:.1f} years ago" if age_s > 3.15576e7 else f"{_duration(age_s)} ago"
