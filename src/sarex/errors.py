"""What can go wrong, as one tree.

    SarexError
    ├── InputError           something the user gave; the command line exits with status 2
    │   ├── CaseError        the case file
    │   ├── ExerciseError    the exercise file
    │   ├── ForcingError     a current or wind file, or its reach in space and time
    │   ├── JournalInputError  (also a JournalError) no journal, or nothing that can be recorded
    │   │   └── Tampered     it is not what was recorded
    │   ├── PlanError        a plan or track read back
    │   └── SeriesError      the series of exercises, or a debrief read back
    ├── JournalError         the log of an exercise
    │   ├── AlreadyRecorded  this very event stands in it
    │   └── Overtaken        others recorded something since it was read
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


class ExerciseError(InputError):
    """The exercise file says something impossible, unknown or contradictory."""


class ForcingError(InputError):
    """A forcing file cannot be read, or does not reach where or when it is needed."""


class JournalError(SarexError):
    """The log of an exercise cannot be read or written."""


class JournalInputError(JournalError, InputError):
    """What was named is no journal or may not be used as one, or a draft holds what no journal can."""


class AlreadyRecorded(JournalError):  # noqa: N818 - no error: the event is there, which is often what was wanted
    """An event with this key stands in the journal; nothing was written."""

    def __init__(self, message: str, keys: tuple[str, ...]) -> None:
        super().__init__(message)
        self.keys = keys
        """Of the drafts, those that are recorded already."""

    def __reduce__(self) -> tuple[type["AlreadyRecorded"], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.keys)


class Overtaken(JournalError):  # noqa: N818 - no error: others were faster
    """Others recorded something since the writer last read; nothing was written. Read on and decide anew."""


class Tampered(JournalInputError):  # noqa: N818 - a finding
    """The journal is not what was recorded: an entry was changed, taken out or put in."""


class PlanError(InputError):
    """A plan or a flown track cannot be read back or does not belong to the case."""


class SeriesError(InputError):
    """The file of a series, or a debrief that belongs to it, says something impossible or unknown."""


class OutputError(SarexError):
    """The result could not be written whole; what was there before is untouched."""


class WorkerError(SarexError):
    """Workers on which a drift runs keep dying."""
