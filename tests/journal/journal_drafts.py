"""Drafts for the tests of the journal."""

from datetime import UTC, datetime, timedelta

from sarex.journal import Audience, Draft

START = datetime(2026, 5, 12, tzinfo=UTC)


def draft(number: int, key: str | None = None, **body: object) -> Draft:
    """The event with a number."""
    return Draft(
        at=START + timedelta(minutes=number),
        kind="inject.delivered",
        key=key or f"inject/{number}",
        by="director",
        audience=Audience.EVERYBODY,
        body={"number": number, **body},
    )
