"""Rows of the CSV tables that travel in the package."""

import csv
from importlib.resources import files


def rows_of(table: str) -> list[dict[str, str]]:
    """Rows of `data/<table>.csv`, by column name; lines that begin with # say where the table is from."""
    text = files("sarex.tables").joinpath("data", f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
