"""An exercise made by hand: two nations, five units, two rounds of searching, a find and a lift.

Nothing here comes from the director: the entries are written as the kinds of events say, so that scores can
be reckoned by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sarex.case import open_case
from sarex.case.model import Case, DangerArea, Position
from sarex.clock import iso_z, to_posix_s
from sarex.exercise.model import (
    CorrectiveAction,
    Criterion,
    DangerAreaOpens,
    Exercise,
    Force,
    Inject,
    Kind,
    Measure,
    Nation,
    Objective,
    Part,
    Role,
    Safety,
    TruthSettings,
    Words,
)
from sarex.exercise.path import TruePath, TypeSince
from sarex.exercise.play.events import Event
from sarex.exercise.review import pos as debrief_pos
from sarex.exercise.review.belief import gathered
from sarex.exercise.review.debrief import debrief_with
from sarex.exercise.review.model import Debrief
from sarex.geo import WGS84
from sarex.journal import Audience, Entry
from sarex.planning import Effort

START = datetime(2026, 10, 14, 20, 0, tzinfo=UTC)
ALERT = START + timedelta(minutes=10)
RAFT = "LIFE-RAFT-DB-11"
WIDTHS_NM = {RAFT: 1.5, "PIW-3": 0.2}
QUICK = Effort(lines=1, tries=10, rounds=1, moves=4, shakes=0, polish=1)
SEEN_AT = datetime(2026, 10, 15, 9, 40, tzinfo=UTC)


def after(minutes: float) -> datetime:
    """So many minutes after the alert."""
    return ALERT + timedelta(minutes=minutes)


def said(english: str, japanese: str, korean: str) -> Words:
    return Words({"en": english, "ja": japanese, "ko": korean})


@dataclass
class Log:
    """Entries in the making."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, kind: str, at: datetime, by: str = "director", /, **body: Any) -> None:
        seq = len(self.entries) + 1
        try:
            audience = Event(kind).audience
        except ValueError:
            audience = Audience.EVERYBODY
        self.entries.append(Entry(seq, at, at, kind, f"{kind}:{seq}", by, audience, body))

    @property
    def told(self) -> tuple[Entry, ...]:
        """In order of exercise time, as a journal has them."""
        ordered = sorted(self.entries, key=lambda entry: (entry.at, entry.seq))
        return tuple(
            Entry(n, e.at, e.recorded_at, e.kind, e.key, e.by, e.audience, e.body)
            for n, e in enumerate(ordered, 1)
        )


@cache
def made_case(particles: int = 3000) -> Case:
    case = open_case(Path(str(files("sarex.case") / "demo.toml")))
    window = replace(case.window, end=datetime(2026, 10, 15, 11, 0, tzinfo=UTC))
    return replace(case, drift=replace(case.drift, particles=particles), window=window)


def criterion(name: str, measure: Measure, limits: tuple[float, float, float] | None) -> Criterion:
    three = limits or (None, None, None)
    return Criterion(name, said(f"Criterion {name}", f"基準 {name}", f"기준 {name}"), measure, *three)


OBJECTIVES = (
    Objective(
        "co-ordinate",
        said(
            "Both centres co-ordinate one search under one mission co-ordinator",
            "両国の救助調整本部が一人の捜索救助任務調整官の下で一つの捜索を調整する",
            "양국 구조조정본부가 한 명의 수색구조 임무조정관 아래 하나의 수색을 조정한다",
        ),
        (
            Criterion(
                "named",
                said("Co-ordinator named", "調整官の指名", "조정관 지명"),
                Measure.ALERT_TO_COORDINATOR,
                15.0,
                30.0,
                60.0,
            ),
            Criterion(
                "messages",
                said(
                    "Messages between the centres are acknowledged",
                    "本部間の通信に受領確認がある",
                    "본부 간 통신에 수신 확인이 있다",
                ),
                Measure.MESSAGE_LATENCY,
                5.0,
                15.0,
                30.0,
            ),
        ),
    ),
    Objective(
        "search",
        said(
            "The search is flown as it was planned",
            "捜索を計画どおりに実施する",
            "수색을 계획대로 실시한다",
        ),
        (
            criterion("coverage", Measure.COVERAGE_FLOWN, (90.0, 75.0, 50.0)),
            criterion("found", Measure.ALERT_TO_DETECTION, (600.0, 900.0, 1200.0)),
        ),
    ),
    Objective(
        "safe",
        said("Nobody is endangered", "だれも危険にさらさない", "아무도 위험에 빠뜨리지 않는다"),
        (
            criterion("apart", Measure.SEPARATION, (0.0, 1.0, 2.0)),
            criterion("clear", Measure.DANGER_AREA_INCURSIONS, (0.0, 1.0, 2.0)),
            criterion("briefed", Measure.OBSERVED, None),
        ),
    ),
)

NATIONS = (
    Nation(
        "JP",
        said("Japan", "日本", "일본"),
        said("Regional RCC West", "西部管区救助調整本部", "서부관구 구조조정본부"),
        "ja",
    ),
    Nation(
        "KR",
        said("Republic of Korea", "韓国", "대한민국"),
        said("RCC East", "東部救助調整本部", "동부 구조조정본부"),
        "ko",
    ),
)
ROLES = (
    Role("excon", None, said("Exercise control", "演習統制部", "훈련통제부"), Part.CONTROLLER),
    Role(
        "smc-jp",
        "JP",
        said("Mission co-ordinator, Japan", "任務調整官（日本）", "임무조정관(일본)"),
        Part.PLAYER,
        training_audience=True,
        coordinator=True,
    ),
    Role(
        "smc-kr",
        "KR",
        said("Mission co-ordinator, Korea", "任務調整官（韓国）", "임무조정관(한국)"),
        Part.PLAYER,
        training_audience=True,
        coordinator=True,
    ),
    Role("eval", None, said("Evaluator", "評価官", "평가관"), Part.EVALUATOR),
)

LATE_AREA = DangerArea(
    "Firing exercise",
    (
        Position(131.10, 35.50),
        Position(131.30, 35.50),
        Position(131.30, 35.62),
        Position(131.10, 35.62),
    ),
    datetime(2026, 10, 15, 4, 0, tzinfo=UTC),
    datetime(2026, 10, 15, 8, 0, tzinfo=UTC),
    0.0,
    3000.0,
)


def _inject(name: str, minutes: float, sender: str, to: tuple[str, ...], text: Words, **more: Any) -> Inject:
    return Inject(
        id=name,
        at=after(minutes),
        storyline="drift",
        sender=sender,
        to=to,
        medium="VHF channel 16",
        language="en",
        text=text,
        expected_action=said("Acknowledge", "受領を確認する", "수신을 확인한다"),
        objective="co-ordinate",
        acknowledge_within=more.pop("within", timedelta(minutes=10)),
        **more,
    )


INJECTS = (
    _inject(
        "alert",
        0,
        "Fishing vessel Kaiyo Maru",
        ("smc-jp",),
        said(
            "MAYDAY, sinking, five persons, taking to the raft",
            "メーデー、沈没中、5名、救命いかだに移乗する",
            "메이데이, 침몰 중, 5명, 구명뗏목으로 옮겨 탄다",
        ),
        alert=True,
    ),
    _inject(
        "relay",
        20,
        "excon",
        ("smc-jp", "smc-kr"),
        said("Relay the alert", "遭難警報を中継せよ", "조난경보를 중계하라"),
    ),
    _inject(
        "firing",
        430,
        "excon",
        ("smc-kr",),
        said("Firing area opens at 04:00", "04時に射撃区域が開設される", "04시에 사격구역이 열린다"),
        effect=DangerAreaOpens(LATE_AREA),
    ),
    _inject(
        "press",
        500,
        "excon",
        ("smc-jp",),
        said("A journalist calls", "記者から電話が入る", "기자가 전화한다"),
        within=None,
    ),
)


def made_exercise() -> Exercise:
    """The exercise that the log is of."""
    case = made_case()
    return Exercise(
        id="MADE-2026",
        title=said("Joint exercise by hand", "手作りの合同訓練", "손으로 만든 합동훈련"),
        kind=Kind.CO_ORDINATION,
        host="KR",
        start=START,
        end=datetime(2026, 10, 15, 14, 0, tzinfo=UTC),
        seed=1,
        case=case,
        truth=TruthSettings(None, None, RAFT, 5, said("Life raft", "救命いかだ", "구명뗏목")),
        nations=NATIONS,
        roles=ROLES,
        objectives=OBJECTIVES,
        forces=tuple(
            Force(
                unit.name,
                timedelta(minutes=30),
                lifts=unit.kind.value in ("ship", "helicopter"),
                called=Words({"en": unit.name}),
            )
            for unit in case.units
        ),
        injects=INJECTS,
        channels=(),
        safety=Safety("NO PLAY", "REAL WORLD", "ENDEX", said("Safety first", "安全第一", "안전제일")),
        corrective_actions=(
            CorrectiveAction(
                "2017-1",
                said("Share one plan", "計画を一つにする", "계획을 하나로 공유한다"),
                "smc-jp",
                datetime(2026, 1, 1, tzinfo=UTC),
                "search",
            ),
            CorrectiveAction(
                "2017-2",
                said("Acknowledge at once", "直ちに受領確認する", "즉시 수신을 확인한다"),
                "smc-kr",
                datetime(2026, 1, 1, tzinfo=UTC),
                "co-ordinate",
            ),
        ),
    )


def made_truth() -> TruePath:
    """From the place of the distress call straight to the south-east at half a knot."""
    hours = np.arange(0.0, 21.0)
    begun_s = to_posix_s(datetime(2026, 10, 14, 18, 30, tzinfo=UTC))
    lonlat = np.column_stack([131.02 + 0.008 * hours, 35.90 - 0.006 * hours])
    return TruePath(
        begun_s + 3600.0 * hours,
        lonlat,
        np.zeros(hours.size, np.uint8),
        (TypeSince(-np.inf, RAFT),),
        persons=5,
    )


def ladder(
    corner: tuple[float, float], legs: int, long_nm: float, spacing_nm: float, speed_kt: float, at: datetime
) -> list[dict[str, Any]]:
    """Legs east and west from a south-western corner, as in `plan.json`."""
    lon, lat = corner
    found = []
    moment = at
    for number in range(legs):
        south = WGS84.fwd(lon, lat, 0.0, 1852.0 * spacing_nm * number)[:2]
        west, east = south, WGS84.fwd(*south, 90.0, 1852.0 * long_nm)[:2]
        ends = (west, east) if number % 2 == 0 else (east, west)
        arrived = moment + timedelta(hours=long_nm / speed_kt)
        found.append(_leg(ends, moment, arrived, searching=True))
        if number + 1 < legs:
            nearby = WGS84.fwd(*ends[1], 0.0, 1852.0 * spacing_nm)[:2]
            moment = arrived + timedelta(hours=spacing_nm / speed_kt)
            found.append(_leg((ends[1], nearby), arrived, moment, searching=False))
    return found


def _leg(ends: Sequence[Any], begin: datetime, end: datetime, *, searching: bool) -> dict[str, Any]:
    return {
        "start": [round(float(v), 6) for v in ends[0]],
        "end": [round(float(v), 6) for v in ends[1]],
        "start_time": iso_z(begin),
        "end_time": iso_z(end),
        "searching": searching,
        "activity": "search" if searching else "turn",
    }


def task(unit: str, legs: list[dict[str, Any]], spacing_nm: float, altitude_ft: float) -> dict[str, Any]:
    """A task as in `plan.json`, with the fields that scores read."""
    corners = np.array([leg[end] for leg in legs for end in ("start", "end")])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    room = spacing_nm / 2.0 / 60.0
    ring = [
        [west - room, south - room],
        [east + room, south - room],
        [east + room, north + room],
        [west - room, north + room],
        [west - room, south - room],
    ]
    departs = datetime.fromisoformat(legs[0]["start_time"]) - timedelta(hours=1)
    return {
        "unit": unit,
        "pattern": "PS",
        "area": {"type": "Polygon", "coordinates": [ring]},
        "track_spacing_nm": spacing_nm,
        "coverage": round(WIDTHS_NM[RAFT] / spacing_nm, 6),
        "altitude_ft": altitude_ft,
        "sweep_width_nm": WIDTHS_NM,
        "pos": 0.2,
        "departs": iso_z(departs),
        "return_by": iso_z(datetime.fromisoformat(legs[-1]["end_time"]) + timedelta(hours=1)),
        "legs": legs,
    }


def flown(legs: Sequence[Mapping[str, Any]], until: datetime | None = None) -> list[list[float]]:
    """The legs as a track with a point every two minutes, until an instant."""
    points = []
    for leg in legs:
        begin, end = (datetime.fromisoformat(leg[f"{name}_time"]) for name in ("start", "end"))
        count = max(int((end - begin).total_seconds() // 120), 1)
        for k in range(count):
            share = k / count
            lon, lat = (a + share * (b - a) for a, b in zip(leg["start"], leg["end"], strict=True))
            at_s = to_posix_s(begin + share * (end - begin))
            points.append([round(at_s, 1), round(lon, 6), round(lat, 6), int(leg["searching"])])
    last = legs[-1]
    points.append([to_posix_s(datetime.fromisoformat(last["end_time"])), *last["end"], 0])
    return [p for p in points if until is None or p[0] <= to_posix_s(until)]


UNITS = {
    "Patrol ship Oki": ("JP", 0.0),
    "Rescue helicopter Miho": ("JP", 500.0),
    "Rescue ship Pohang": ("KR", 0.0),
    "Patrol aircraft Pohang": ("KR", 1000.0),
    "Surface drone Ulsan": ("KR", 0.0),
}
FIRST = datetime(2026, 10, 15, 0, 30, tzinfo=UTC)
SECOND = datetime(2026, 10, 15, 7, 0, tzinfo=UTC)


def first_tasks() -> dict[str, dict[str, Any]]:
    return {
        "Patrol ship Oki": task(
            "Patrol ship Oki", ladder((131.0, 35.60), 4, 14.0, 1.5, 14.0, FIRST), 1.5, 0.0
        ),
        "Rescue helicopter Miho": task(
            "Rescue helicopter Miho", ladder((131.0, 35.72), 5, 18.0, 1.5, 90.0, FIRST), 1.5, 500.0
        ),
        "Rescue ship Pohang": task(
            "Rescue ship Pohang", ladder((130.80, 35.95), 4, 12.0, 1.5, 12.0, FIRST), 1.5, 0.0
        ),
        "Patrol aircraft Pohang": task(
            "Patrol aircraft Pohang", ladder((130.9, 35.86), 6, 20.0, 1.5, 150.0, FIRST), 1.5, 1000.0
        ),
        "Surface drone Ulsan": task(
            "Surface drone Ulsan", ladder((130.7, 35.70), 4, 12.0, 1.5, 15.0, FIRST), 1.5, 0.0
        ),
    }


def second_tasks() -> dict[str, dict[str, Any]]:
    return {
        "Patrol ship Oki": task(
            "Patrol ship Oki", ladder((131.02, 35.78), 4, 12.0, 1.5, 14.0, SECOND), 1.5, 0.0
        ),
        "Rescue helicopter Miho": task(
            "Rescue helicopter Miho", ladder((131.05, 35.72), 5, 16.0, 1.5, 90.0, SECOND), 1.5, 500.0
        ),
    }


def made_log(exercise_mapping: Mapping[str, Any] | None = None) -> tuple[Entry, ...]:
    """The whole story. The helicopter of the second round sees the raft; the Korean ship lifts."""
    log = Log()
    log.add(
        "exercise.started",
        START,
        exercise=exercise_mapping or {},
        base_dir=".",
        version="0",
        seed=1,
        auto=False,
    )
    _first_hour(log)
    _round(log, 1, first_tasks(), after(60), FIRST, datetime(2026, 10, 15, 7, 0, tzinfo=UTC))
    log.add("inject.delivered", after(430), "excon", inject="firing", to=["smc-kr"])
    log.add("inject.missed", after(440), inject="firing", roles=["smc-kr"])
    log.add("inject.delivered", after(500), "excon", inject="press", to=["smc-jp"])
    _round(
        log, 2, second_tasks(), SECOND - timedelta(hours=1), SECOND, datetime(2026, 10, 15, 11, 0, tzinfo=UTC)
    )
    _find(log)
    log.add(
        "evaluator.noted",
        after(900),
        "eval",
        by="eval",
        objective="safe",
        criterion="briefed",
        rating="S",
        text="Crews were briefed late.",
    )
    log.add("exercise.stopped", after(930), "excon", why="all persons recovered")
    return log.told


def _first_hour(log: Log) -> None:
    log.add("inject.delivered", after(0), "Fishing vessel Kaiyo Maru", inject="alert", to=["smc-jp"])
    log.add("inject.acknowledged", after(4), "smc-jp", inject="alert", by="smc-jp")
    log.add("coordinator.named", after(12), "smc-jp", role="smc-jp", nation="JP")
    log.add("inject.delivered", after(20), "excon", inject="relay", to=["smc-jp", "smc-kr"])
    log.add("inject.acknowledged", after(22), "smc-jp", inject="relay", by="smc-jp")
    log.add("inject.acknowledged", after(33), "smc-kr", inject="relay", by="smc-kr")
    log.add("sitrep.sent", after(35), "smc-jp", number=1, text="SITREP 1", **{"from": "smc-jp"})
    for number, (minutes, wait, sender, to) in enumerate(
        ((36, 8, "smc-jp", "smc-kr"), (50, 20, "smc-kr", "smc-jp"), (300, None, "smc-jp", "smc-kr")), 1
    ):
        log.add(
            "message.sent",
            after(minutes),
            sender,
            message=f"m{number}",
            to=to,
            about="plan",
            text="See plan",
            **{"from": sender},
        )
        if wait is not None:
            log.add("message.acknowledged", after(minutes + wait), to, message=f"m{number}", by=to)


def _round(
    log: Log,
    number: int,
    tasks: Mapping[str, Mapping[str, Any]],
    at: datetime,
    start: datetime,
    end: datetime,
) -> None:
    document = {
        "window": {"start": iso_z(start), "end": iso_z(end)},
        "pos": 0.5,
        "tasks": list(tasks.values()),
    }
    log.add("plan.proposed", at, "smc-jp", plan=number, by="smc-jp", document=document, pos=0.5)
    log.add("plan.accepted", at + timedelta(minutes=5), "smc-kr", plan=number, by="smc-kr")
    for unit, each in tasks.items():
        order = f"{number}-{unit}"
        nation = UNITS[unit][0]
        begun = datetime.fromisoformat(each["departs"])
        body = {"order": order, "unit": unit}
        log.add(
            "order.given",
            at + timedelta(minutes=6),
            "smc-jp",
            **body,
            nation=nation,
            plan=number,
            what="search",
            task=each,
        )
        log.add("crew.under_way", begun, unit, **body)
        log.add("report.under_way", begun + timedelta(minutes=3), unit, **body)
        legs = each["legs"]
        log.add("crew.on_scene", datetime.fromisoformat(legs[0]["start_time"]), unit, **body)
        done = datetime.fromisoformat(legs[-1]["end_time"])
        points = flown(legs, min(done, SEEN_AT))
        log.add("crew.flew", min(done, SEEN_AT), unit, **body, points=points)
        log.add("report.flown", min(done, SEEN_AT) + timedelta(minutes=5), unit, **body, points=points)
        log.add("crew.home", datetime.fromisoformat(each["return_by"]), unit, **body)


def _find(log: Log) -> None:
    helicopter, ship = "Rescue helicopter Miho", "Rescue ship Pohang"
    where = [131.138, 35.809]
    log.add(
        "crew.detected",
        SEEN_AT,
        helicopter,
        order=f"2-{helicopter}",
        unit=helicopter,
        position=where,
        name="sighting 1",
        truth=True,
    )
    log.add(
        "report.sighting",
        SEEN_AT + timedelta(minutes=2),
        helicopter,
        order=f"2-{helicopter}",
        unit=helicopter,
        position=where,
        error_nm=0.5,
        credibility=0.9,
        seen_at=to_posix_s(SEEN_AT),
        name="sighting 1",
    )
    log.add(
        "order.given",
        SEEN_AT + timedelta(minutes=6),
        "smc-jp",
        order="lift",
        unit=ship,
        nation="KR",
        plan=None,
        what="recover",
        task={"position": where},
    )
    log.add(
        "survivors.recovered",
        SEEN_AT + timedelta(minutes=70),
        ship,
        unit=ship,
        nation="KR",
        persons=5,
        position=where,
    )
    log.add("survivors.triaged", SEEN_AT + timedelta(minutes=95), "smc-jp", nation="JP", persons=5)


@cache
def made_debrief() -> Debrief:
    """The debrief of the log, with a clairvoyant planner who does not think long."""
    exercise = made_exercise()
    environment = gathered(exercise.case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(debrief_pos, "CLAIRVOYANT_EFFORT", QUICK)
        patch.setattr(debrief_pos, "CLAIRVOYANT_PARTICLES", 1000)
        return debrief_with(made_log(), exercise, Path(), environment, made_truth())
