"""Taking an exercise's debrief into the series: what it closed, what it leaves to do, what is carried on."""

from dataclasses import dataclass, replace

from sarex.case.wording import shown
from sarex.errors import SeriesError
from sarex.programme.debriefs import Debrief, ReportedAction
from sarex.programme.model import Action, Days, Held, Series, Status, in_order
from sarex.programme.translate import check_references


@dataclass(frozen=True)
class Recorded:
    """The series with one exercise more, and what became of the corrective actions."""

    series: Series
    exercise: Held
    closed: tuple[Action, ...]
    """Carried into it and closed by it."""
    carried_on: tuple[Action, ...]
    """Carried into it and still open."""
    found: tuple[Action, ...]
    """New."""
    brought: tuple[Action, ...]
    """Carried into it, but not known to the series until now."""
    proposed: tuple[tuple[Action, str], ...]
    """Of those still open, the ones that the debrief proposes to close, with its evidence."""
    not_told: tuple[Action, ...]
    """Of those carried on, the ones that the debrief does not mention."""


def record_debrief(
    series: Series, debrief: Debrief, *, file: str | None, recorded_as: str | None = None
) -> Recorded:
    """Enter an exercise that was held.

    Args:
        file: where the debrief lies, from the series' folder.
        recorded_as: the id of the exercise in the series, where the debrief has another.

    Raises:
        SeriesError: it is recorded already, or does not fit the series.
    """
    exercise = _exercise(series, debrief, file, recorded_as or debrief.id, named=recorded_as is not None)
    others = tuple(each for each in series.exercises if each.id != exercise.id)
    hosts = series.hosts if exercise.host != series.hosts.next else replace(series.hosts, next=None)
    before = in_order(replace(series, exercises=(*others, exercise), hosts=hosts))
    carried = before.carried_into(exercise.id)
    actions, new = _actions(before, exercise, debrief)
    after = replace(before, actions=actions)
    check_references(after)
    now = {action.id: action for action in actions}
    brought = tuple(now[name] for name, told in new.items() if told.carried)
    carried = (*carried, *brought)
    still = tuple(now[action.id] for action in carried if now[action.id].open)
    told = {action.id for action in debrief.actions}
    names = {id(each): name for name, each in new.items()}
    proposals = {
        names.get(id(each), each.id): each.evidence or "" for each in debrief.actions if each.proposed
    }
    return Recorded(
        series=after,
        exercise=exercise,
        closed=tuple(now[action.id] for action in carried if now[action.id].closed_by == exercise.id),
        carried_on=still,
        found=tuple(now[name] for name, told in new.items() if not told.carried),
        brought=brought,
        proposed=tuple(
            (action, evidence) for action in still if (evidence := proposals.get(action.id)) is not None
        ),
        not_told=tuple(action for action in still if action.id not in (*told, *new)),
    )


def close_action(series: Series, action_id: str, closed_by: str) -> Series:
    """Close a corrective action by hand, with the exercise or meeting that did it.

    Raises:
        SeriesError: there is no such action, or it is closed, or what closes it was not held after it.
    """
    action = next((each for each in series.actions if each.id == action_id), None)
    if action is None:
        known = ", ".join(each.id for each in series.open_actions) or "none"
        raise SeriesError(f"there is no corrective action {shown(action_id)}. Open ones: {known}.")
    if action.closed_by is not None:
        raise SeriesError(
            f"corrective action {shown(action_id)} was closed by {shown(action.closed_by)} already."
            " Correct the file by hand if that is wrong."
        )
    closed = replace(action, closed_by=closed_by)
    after = replace(series, actions=tuple(closed if each is action else each for each in series.actions))
    check_references(after)
    return after


def _exercise(series: Series, debrief: Debrief, file: str | None, name: str, *, named: bool) -> Held:
    known = series.exercise(name)
    if known is not None and (known.debrief is not None or known.scores or known.ratings):
        raise SeriesError(
            f"exercise {shown(name)} is recorded already. To record it anew, take debrief, scores and "
            "ratings out of its entry first; if this is another exercise, give its id with --as."
        )
    planned = [
        each.id
        for each in series.exercises
        if each.status is Status.PLANNED and each.days.year == debrief.start.year
    ]
    if known is None and planned and not named:
        raise SeriesError(
            f"the debrief is of {shown(name)}, and {shown(planned[0])} is planned for {debrief.start.year}. "
            f"If they are one, give --as {planned[0]}; if not, --as {name}."
        )
    if debrief.host is not None and debrief.host not in series.hosts.order:
        raise SeriesError(
            f"the debrief's host is {shown(debrief.host)}, which is none of the hosts "
            f"{', '.join(series.hosts.order)}. Add it to order in [hosts], or correct the debrief."
        )
    first, last = debrief.start.date(), debrief.end.date()
    start = known or Held(id=name, title=debrief.title, status=Status.HELD, days=Days(first.year))
    return replace(
        start,
        title=debrief.title[:120],
        status=Status.HELD,
        days=Days(first.year, first, last),
        host=debrief.host or start.host,
        debrief=file,
        scores={key: value for key, value in debrief.scores.items() if value is not None},
        ratings={key: value for key, value in debrief.ratings.items() if value is not None},
    )


def _actions(
    series: Series, exercise: Held, debrief: Debrief
) -> tuple[tuple[Action, ...], dict[str, ReportedAction]]:
    """All actions of the series after the exercise, and by id what the debrief told of the new ones."""
    actions = {action.id: action for action in series.actions}
    found: dict[str, ReportedAction] = {}
    for told in debrief.actions:
        known = actions.get(told.id)
        same = known is not None and _words(known.text) == _words(told.text)
        if known is not None and told.closed:
            actions[known.id] = _closed(known, told, exercise.id, same=same)
        elif known is not None and same and known.open:
            actions[known.id] = replace(
                known,
                owner=told.owner or known.owner,
                due=told.due or known.due,
                criterion=told.criterion or known.criterion,
            )
        elif known is not None and same and told.carried:
            continue  # closed by hand since the exercise: the debrief knows it as it was
        else:
            new = _new(told, exercise.id, actions)
            actions[new.id] = new
            found[new.id] = told
    return tuple(actions.values()), found


def _closed(known: Action, told: ReportedAction, by: str, *, same: bool) -> Action:
    """An action that is closed on another's word would be lost, so the texts must agree."""
    if not same:
        raise SeriesError(
            f"the debrief closes {shown(told.id)} as {shown(told.text)}, but in the series that is "
            f"{shown(known.text)}. Make the texts alike, or give the debrief's another id."
        )
    return replace(known, closed_by=by) if known.open else known


def _new(told: ReportedAction, found_by: str, taken: dict[str, Action]) -> Action:
    """An id that the series has for something else gets the exercise before it."""
    name = told.id if told.id not in taken else f"{found_by}:{told.id}"
    number = 1
    while name in taken:
        number += 1
        name = f"{found_by}:{told.id}-{number}"
    return Action(
        id=name,
        text=told.text,
        found_by=found_by,
        owner=told.owner,
        due=told.due,
        objective=told.objective,
        criterion=told.criterion,
        closed_by=found_by if told.closed else None,
        remarks="carried into this exercise; what found it is not recorded" if told.carried else None,
    )


def _words(text: str) -> str:
    """A text but for its spaces and capitals."""
    return " ".join(text.casefold().split())
