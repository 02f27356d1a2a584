"""The scenarios and the forcing of a stored case."""

from typing import Any, assert_never

from sarex.case.forcing_choice import SAMPLE_SEA
from sarex.case.model import (
    Area,
    BeaconFix,
    Bearing,
    BearingLine,
    Cloud,
    ConstantVelocity,
    CrossingBearings,
    ErrorEllipse,
    ForcingChoice,
    ForcingChoices,
    ForcingFile,
    ForcingPreference,
    ForcingProvider,
    ForcingTable,
    Found,
    LastKnownPosition,
    MemberForcing,
    ObjectShare,
    Position,
    SampleSea,
    Scenario,
    Trackline,
)
from sarex.case.stored_words import from_percent, iso, place, written
from sarex.units import nm_to_m


def stored_scenario(scenario: Scenario) -> dict[str, Any]:
    """One `[[scenario]]`."""
    return {
        "name": scenario.name,
        "weight": scenario.weight,
        **_origin(scenario),
        "objects": [_share(share) for share in scenario.objects],
    }


def _share(share: ObjectShare) -> dict[str, Any]:
    return {
        "type": share.type_key,
        "weight": share.weight,
        "capsizes": share.capsizes,
        "right_of_downwind_percent": written(share.right_of_downwind_frac, from_percent),
    }


def _origin(scenario: Scenario) -> dict[str, Any]:
    origin = scenario.origin
    if isinstance(origin, Trackline):
        return {
            "track": [_uncertain(p.position, p.probable_error_m) | {"time": iso(p.at)} for p in origin.points]
        }
    if isinstance(origin, Cloud):
        return {"cloud": origin.location}
    begun = {"from": iso(origin.released_from), "until": iso(origin.released_until)}
    return _begun_between(origin) | begun


def _begun_between(
    origin: LastKnownPosition | Area | BearingLine | CrossingBearings | BeaconFix | Found,
) -> dict[str, Any]:
    match origin:
        case LastKnownPosition():
            return {"position": _uncertain(origin.position, origin.probable_error_m)}
        case Area():
            blur = {"area_error_nm": _nm(origin.probable_error_m)} if origin.probable_error_m else {}
            return {"area": [[corner.lon_deg, corner.lat_deg] for corner in origin.polygon]} | blur
        case BearingLine():
            return {"bearing": _bearing(origin.bearing)}
        case CrossingBearings():
            return {"bearings": [_bearing(bearing) for bearing in origin.bearings]}
        case BeaconFix():
            return {"fix": _fix(origin)}
        case Found():
            found = _uncertain(origin.position, origin.probable_error_m)
            return {"found": found | {"time": iso(origin.found_at)}}


def _nm(length_m: float) -> float:
    return written(length_m, nm_to_m)


def _uncertain(position: Position, error_m: float) -> dict[str, Any]:
    return {**place(position), "error_nm": _nm(error_m)}


def _bearing(bearing: Bearing) -> dict[str, Any]:
    mapping = {
        **_uncertain(bearing.observer, bearing.observer_error_m),
        "bearing_deg": bearing.toward_deg,
        "bearing_error_deg": bearing.bearing_error_deg,
    }
    if bearing.farthest_m is not None:
        mapping["range_nm"] = [_nm(bearing.nearest_m), _nm(bearing.farthest_m)]
    return mapping


def _fix(fix: BeaconFix) -> dict[str, Any]:
    mapping = _ellipse(fix.ellipse)
    if fix.ambiguous is not None:
        mapping["ambiguous"] = _ellipse(fix.ambiguous) | {"probability": fix.ambiguous_probability}
    return mapping


def _ellipse(ellipse: ErrorEllipse) -> dict[str, Any]:
    return {
        **place(ellipse.position),
        "major_nm": _nm(ellipse.semi_major_m),
        "minor_nm": _nm(ellipse.semi_minor_m),
        "major_toward_deg": ellipse.major_toward_deg,
    }


def stored_forcing(forcing: ForcingPreference) -> dict[str, Any]:
    """`[environment]`: plain lists for one member without a name or for `realizations`, else members."""
    first = forcing.members[0]
    if len(forcing.members) == 1 and not first.name:
        return _lists(first)
    if any(
        isinstance(choice, ForcingFile) and choice.if_any
        for choice in (*first.current, *first.wind, *first.stokes)
    ):
        return _lists(first) | {"realizations": len(forcing.members)}
    return {
        "member": [
            {"name": member.name, "weight": member.weight, **_lists(member)} for member in forcing.members
        ]
    }


def _lists(member: MemberForcing) -> dict[str, Any]:
    lists = {"current": _listed(member.current), "wind": _listed(member.wind)}
    return lists | ({"stokes": _listed(member.stokes)} if member.stokes else {})


def _listed(choices: ForcingChoices) -> list[Any]:
    return [_forcing(choice) for choice in choices]


def _forcing(choice: ForcingChoice) -> str | dict[str, Any]:
    match choice:
        case ForcingFile(location, None) | ForcingFile(location, if_any=True):
            return location
        case ForcingFile(location, realization):
            return {"file": location, "realization": realization}
        case ForcingTable(location):
            return {"table": location}
        case ForcingProvider(provider, dataset):
            return f"{provider}:{dataset}"
        case ConstantVelocity():
            return {"eastward_mps": choice.eastward_mps, "northward_mps": choice.northward_mps}
        case SampleSea():
            return SAMPLE_SEA
        case _:
            assert_never(choice)
