"""What the numbers rest on, and what they leave out."""

from collections.abc import Container

from sarex.case.model import (
    Area,
    BeaconFix,
    BearingLine,
    Case,
    Cloud,
    CrossingBearings,
    Found,
    LastKnownPosition,
    Objective,
    Scenario,
    Trackline,
)
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.report.daylight import by_eye_in_the_dark
from sarex.report.words import NBSP, counted, feet, joined, knots, nautical_miles, percent
from sarex.tasking.model import SearchActionPlan
from sarex.units import mps_to_kt


def assumptions(
    case: Case,
    environment: Environment,
    ensemble: DriftEnsemble,
    action_plan: SearchActionPlan,
    images_on_land: Container[str] = (),
) -> tuple[tuple[str, str], ...]:
    """What is assumed, as (subject, sentence).

    Args:
        images_on_land: scenarios whose beacon's ambiguous position lies on land.
    """
    particles = counted(len(ensemble.weight), "particle")
    return (
        ("Start of the drift", _start_of_drift(case, images_on_land)),
        *_drift(case),
        ("Coast", f"{_ashore(case)} Coastline: {environment.coast.source}."),
        *_detection(case, action_plan),
        *_survival(case, action_plan),
        *_flying(case),
        ("Sample", f"{particles}, random seed {case.seed}: the same case gives the same plan."),
    )


def _ashore(case: Case) -> str:
    if case.drift.refloating_per_hour > 0.0:
        return "An object that reaches the shore may float again."
    return "An object that reaches the shore stays there."


def _start_of_drift(case: Case, images_on_land: Container[str]) -> str:
    weights = [f"{scenario.name} ({percent(scenario.weight)})" for scenario in case.scenarios]
    stated = [_stated(scenario, images_on_land) for scenario in case.scenarios]
    told = " ".join(dict.fromkeys(stated))
    return f"Scenarios and their weights as the case gives them: {joined(weights)}. {told}".rstrip()


def _stated(scenario: Scenario, images_on_land: Container[str]) -> str:
    """How the kind of origin was taken, in a sentence; a track says it all itself."""
    match scenario.origin:
        case LastKnownPosition(probable_error_m=error_m) | Found(probable_error_m=error_m):
            error = nautical_miles(error_m)
            said = (
                f"Probable error of a last known position or find: {error} (half of the chance lies within)."
            )
        case Trackline():
            said = ""
        case Area():
            said = "Every square mile of water in the area is alike."
        case BeaconFix() if scenario.name in images_on_land:
            said = (
                "The beacon's ellipse holds half of the chance of its position; the ambiguous position lies "
                "on land and counts for nothing."
            )
        case BeaconFix(ambiguous_probability=image):
            other = f"; the ambiguous position has {percent(image)}" if image > 0.0 else ""
            said = f"The beacon's ellipse holds half of the chance of its position{other}."
        case BearingLine(bearing=bearing):
            near, far = nautical_miles(bearing.nearest_m), nautical_miles(bearing.farthest_m or 0.0)
            said = (
                f"The bearing has a standard deviation of {bearing.bearing_error_deg:g}°; every distance "
                f"from {near} to {far} is alike."
            )
        case CrossingBearings(bearings=bearings):
            errors = joined([f"{bearing.bearing_error_deg:g}°" for bearing in bearings])
            said = f"The bearings have standard deviations of {errors} and are independent."
        case Cloud():
            said = "The drift begins where and when a file of an earlier drift says."
    return said


def _drift(case: Case) -> tuple[tuple[str, str], ...]:
    return (
        ("Leeway", _leeway(case)),
        ("Jibing", _changes(case)),
        ("Error of the forecast", _forecast_error(case)),
        ("Waves", _waves(case)),
    )


def _leeway(case: Case) -> str:
    wind = "the wind relative to the water" if case.drift.wind_over_water else "the wind over the ground"
    right = {share.right_of_downwind_frac for share in case.object_shares}
    sides = (
        "half start right of downwind, half left"
        if right == {0.5}
        else joined(
            [f"{100.0 * s.right_of_downwind_frac:.3g}{NBSP}% of {s.type_key}" for s in case.object_shares]
        )
        + " start right of downwind"
    )
    return (
        "Measured classes of Allen & Plourde (1999), Allen (2005) and Breivik & Allen (2008), with "
        f"{wind}. Every particle draws its own leeway within the published spread; {sides}."
    )


def _changes(case: Case) -> str:
    drift = case.drift
    jibing = f"A chance of {percent(drift.jibing_per_hour)} an hour to change to the other side of downwind."
    upset = [share.type_key for share in case.object_shares if share.capsizes]
    capsizing = f" {joined(upset)} may capsize or swamp, and then drifts with less leeway." if upset else ""
    if drift.refloating_per_hour <= 0.0:
        return jibing + capsizing
    return (
        f"{jibing}{capsizing} What is ashore floats again with {percent(drift.refloating_per_hour)} an hour."
    )


def _forecast_error(case: Case) -> str:
    drift = case.drift
    current, wind = mps_to_kt(drift.current_error_mps), mps_to_kt(drift.wind_error_mps)
    growth = (
        f", growing with the current's speed (in quadrature, {percent(drift.current_error_growth)} of it)"
        if drift.current_error_growth > 0.0
        else ""
    )
    members = counted(len(case.forcing.members), "forcing member") if len(case.forcing.members) > 1 else ""
    tied = f" Every particle follows one of {members}." if members else ""
    return (
        f"Current ± {current:.2f} kt{growth} and wind ± {wind:.1f} kt (one standard deviation per axis), "
        f"remembered over {drift.error_memory_s / 3600.0:.1f} h.{tied}"
    )


def _waves(case: Case) -> str:
    if any(member.stokes for member in case.forcing.members):
        return "Stokes drift is added as the case asks; the leeway classes already contain some of it."
    return "Wave drift is not added: the leeway classes were measured with waves and contain it."


def _detection(case: Case, action_plan: SearchActionPlan) -> tuple[tuple[str, str], ...]:
    conditions = case.conditions
    wears = "wears" if conditions.flotation_device_worn else "is not known to wear"
    worn = f" A person in the water {wears} a flotation device."
    wind_from = (
        "as given"
        if conditions.wind_mps is not None
        else "from the forcing, at the datum in the middle of the window"
    )
    on_scene = (
        f"Visibility {nautical_miles(conditions.visibility_m)}, waves {feet(conditions.wave_height_m)}, wind "
        f"{knots(action_plan.on_scene_wind_mps)} {wind_from}.{worn}"
    )
    widths = (
        "US Coast Guard tables (Addendum COMDTINST M16130.2F, 2013) with corrections, or as the crew gave "
        "them. Uncertain by 30\u00a0%."
    )
    detection = (
        "Koopman's inverse-cube law along the legs, moving relative to the object. Nothing is found in "
        "transit and in turns."
    )
    return (("On-scene conditions", on_scene), ("Sweep widths", widths), ("Detection", detection))


def _flying(case: Case) -> tuple[tuple[str, str], ...]:
    radii = [f"{unit.name}: {unit.turn_radius_m:,.0f}{NBSP}m" for unit in case.units]
    kept = "15\u00a0% of the on-scene endurance is kept for looking at sightings (the 0.85 rule)."
    return (
        ("Time on scene", kept),
        ("Turns", f"Flown with a radius. {joined(radii)}."),
        ("Flying", "Every unit keeps its track and times exactly, and tells when it does not."),
    )


def _survival(case: Case, action_plan: SearchActionPlan) -> tuple[tuple[str, str], ...]:
    """Of those in the water; nothing where nobody is, or nothing is said of them."""
    outcome, temperature_degc = action_plan.outcome, case.conditions.water_temperature_degc
    if outcome is None or temperature_degc is None or not outcome.anybody_in_water or not outcome.alive:
        return ()
    water = f"{temperature_degc:g}\u00a0°C"
    sentence = (
        f"{outcome.alive[0].model}, water of {water} as the case gives it. A find counts as a rescue. "
        "Never a reason to stop: single persons live far longer."
    )
    return (("Survival", sentence),)


def left_out(environment: Environment, action_plan: SearchActionPlan) -> tuple[str, ...]:
    """What the plan does not look at, so that nobody thinks it did."""
    unused = [
        f"{source.quantity.capitalize()} from {source.label}: given, but it served no part of the case."
        for source in environment.sources
        if source.share <= 0.0
    ]
    return (
        *dict.fromkeys(unused),  # members may share a source
        *_darkness_left_out(action_plan),
        *_survival_left_out(action_plan),
        "Signals: radio calls, beacons, flares and AIS tracks that are not in the case.",
        "Crew duty hours, and refuelling on the way.",
    )


def _darkness_left_out(action_plan: SearchActionPlan) -> tuple[str, ...]:
    """Only where somebody looks out by eye in the dark, whatever else the unit has."""
    if not any(by_eye_in_the_dark(task) for task in action_plan.tasks):
        return ()
    return ("Darkness, for lookouts by eye: their sweep widths hold by day and are not lowered in the dark.",)


def _survival_left_out(action_plan: SearchActionPlan) -> tuple[str, ...]:
    outcome = action_plan.outcome
    if outcome is None:
        return ("Survival time: nothing is said of who is found alive.",)
    if action_plan.objective is Objective.ALIVE or not outcome.anybody_in_water:
        return ()
    sentence = (
        "Survival time, in choosing the areas: its figures stand beside the POS, and the plan does not go by "
        'them. A case with objective = "alive" asks for that.'
    )
    return (sentence,)
