"""Texts in the languages of an exercise, and ids that tell its entries apart."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sarex.case.wording import shown, suggestion
from sarex.errors import ExerciseError
from sarex.exercise.file.schema_fields import Said, SaidInEvery
from sarex.exercise.model import Words


def words_of(where: str, said: Said, languages: Sequence[str]) -> Words:
    """The text; one without languages stands for all of them, as names do.

    Raises:
        ExerciseError: a language of the exercise is missing.
    """
    if isinstance(said, SaidInEvery):
        return Words(dict.fromkeys(languages, said.text))
    missing = [language for language in languages if language not in said]
    if missing:
        raise ExerciseError(
            f"{where} has no text in {', '.join(missing)}, but exercise.languages lists "
            f"{', '.join(languages)}. Add {missing[0]} = to it, or take the language out of "
            "exercise.languages."
        )
    return Words(dict(said))


def check_ids(table: str, key: str, ids: Iterable[str]) -> None:
    """Ask that no two are alike.

    Raises:
        ExerciseError: some are.
    """
    for name, count in Counter(ids).items():
        if count > 1:
            raise ExerciseError(
                f"{table} {shown(name)}: {key} is used {count} times; it tells the entries apart. Rename one."
            )


def check_known(where: str, word: str, known: Iterable[str], what: str) -> None:
    """Ask that a word names something in the file; `what` ends "which is ...".

    Raises:
        ExerciseError: it names nothing.
    """
    names = list(known)
    if word not in names:
        raise ExerciseError(f"{where} is {shown(word)}, which is {what}. {suggestion(word, names)}")
