"""What automatic players are told beforehand: all of the exercise but the truth and what will happen."""

from dataclasses import dataclass
from datetime import datetime

from sarex.case.model import SearchUnit
from sarex.exercise.model import Exercise, Force, Nation, Part, Role


@dataclass(frozen=True)
class Brief:
    """The exercise plan as players get it."""

    id: str
    host: str
    start: datetime
    end: datetime
    seed: int
    """Of people's delays; nothing of the truth follows from it."""
    nations: tuple[Nation, ...]
    roles: tuple[Role, ...]
    forces: tuple[Force, ...]
    units: tuple[SearchUnit, ...]
    """As they stand at the start."""

    @classmethod
    def of(cls, exercise: Exercise) -> "Brief":
        return cls(
            exercise.id,
            exercise.host,
            exercise.start,
            exercise.end,
            exercise.seed,
            exercise.nations,
            exercise.roles,
            exercise.forces,
            exercise.case.units,
        )

    def coordinator(self, nation: str) -> str:
        """The role that co-ordinates for a nation: its own, else its first player, else the host's."""
        own = [role for role in self.roles if role.nation == nation and role.part is Part.PLAYER]
        named = [role.id for role in own if role.coordinator] + [role.id for role in own]
        if named:
            return named[0]
        return self.coordinator(self.host) if nation != self.host else f"coordinator {nation}"

    @property
    def coordinators(self) -> tuple[str, ...]:
        """Of every nation, the host's first."""
        codes = [self.host, *(nation.code for nation in self.nations)]
        return tuple(dict.fromkeys(self.coordinator(code) for code in codes))

    def force(self, unit: str) -> Force:
        return next(force for force in self.forces if force.unit == unit)
