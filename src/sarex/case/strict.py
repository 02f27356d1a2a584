"""What all tables of a case file have in common."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)
