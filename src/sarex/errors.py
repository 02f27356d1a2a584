"""What can go wrong, as one tree.

    SarexError
    ├── InputError           something the user gave; the command line exits with status 2
    │   ├── CaseError        the case file
    │   ├── ForcingError     a current or wind file, or its reach in space and time
    │   └── PlanError        a plan or track read back
    ├── OutputError          the result could not be written whole
    └── WorkerError          workers keep dying

Every message is a sentence or two that names the field, the value, the rule and the remedy.
"""


class SarexError(Exception):
    """Anything Sarex raises on purpose."""


class InputError(SarexError):
    """Something that the user gave cannot be used."""


class CaseError(InputError):
    """The case file says something impossible, unknown or contradictory."""


class ForcingError(InputError):
    """A forcing file cannot be read, or does not reach where or when it is needed."""


class PlanError(InputError):
    """A plan or a flown track cannot be read back or does not belong to the case."""


class OutputError(SarexError):
    """The result could not be written whole; what was there before is untouched."""


class WorkerError(SarexError):
    """Workers on which a drift runs keep dying."""
