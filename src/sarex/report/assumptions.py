"""What the numbers rest on, and what they leave out."""

from sarex.case.model import Case, LastKnownPosition
from sarex.drift.ensemble import DriftEnsemble
from sarex.environment.model import Environment
from sarex.report.words import counted, feet, joined, knots, nautical_miles, percent
from sarex.tasking.model import SearchActionPlan
from sarex.units import mps_to_kt


def assumptions(
    case: Case, environment: Environment, ensemble: DriftEnsemble, action_plan: SearchActionPlan
) -> tuple[tuple[str, str], ...]:
    """What is assumed, as (subject, sentence)."""
    particles = counted(len(ensemble.weight), "particle")
    return (
        ("Start of the drift", _start_of_drift(case)),
        *_drift(case),
        ("Coast", f"An object that reaches the shore stays there. Coastline: {environment.coast.source}."),
        *_detection(case, action_plan),
        *_flying(case),
        ("Sample", f"{particles}, random seed {case.seed}: the same case gives the same plan."),
    )


def _start_of_drift(case: Case) -> str:
    errors = [
        nautical_miles(scenario.origin.probable_error_m)
        for scenario in case.scenarios
        if isinstance(scenario.origin, LastKnownPosition)
    ]
    weights = [f"{scenario.name} ({percent(scenario.weight)})" for scenario in case.scenarios]
    stated = (
        f" Probable error of a last known position: {joined(errors)} (half of the chance lies within)."
        if errors
        else ""
    )
    return f"Scenarios and their weights as the case gives them: {joined(weights)}.{stated}"


def _drift(case: Case) -> tuple[tuple[str, str], ...]:
    drift = case.drift
    current, wind = mps_to_kt(drift.current_error_mps), mps_to_kt(drift.wind_error_mps)
    leeway = (
        "Measured classes of Allen & Plourde (1999), Allen (2005) and Breivik & Allen (2008). Every particle "
        "draws its own leeway within the published spread; half start right of downwind, half left."
    )
    error = (
        f"Current ± {current:.2f} kt and wind ± {wind:.1f} kt (one standard deviation per axis), remembered "
        f"over {drift.error_memory_s / 3600.0:.1f} h."
    )
    jibing = f"A chance of {percent(drift.jibing_per_hour)} an hour to change to the other side of downwind."
    return (
        ("Leeway", leeway),
        ("Jibing", jibing),
        ("Error of the forecast", error),
        ("Waves", "Wave drift is not added: the leeway classes were measured with waves and contain it."),
    )


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
    radii = [f"{unit.name} {unit.turn_radius_m:,.0f} m" for unit in case.units]
    kept = "15\u00a0% of the on-scene endurance is kept for looking at sightings (the 0.85 rule)."
    return (
        ("Time on scene", kept),
        ("Turns", f"Flown with a radius: {joined(radii)}."),
        ("Flying", "Every unit keeps its track and times exactly, and tells when it does not."),
    )


def left_out(environment: Environment) -> tuple[str, ...]:
    """What the plan does not look at, so that nobody thinks it did."""
    unused = [
        f"{source.quantity.capitalize()} from {source.label}: given, but it served no part of the case."
        for source in environment.sources
        if source.share <= 0.0
    ]
    return (
        *unused,
        "Darkness: the visual sweep widths hold by day and are not lowered in the dark.",
        "Survival time: the plan maximises the chance of finding the object, not of finding people alive.",
        "Signals: radio calls, beacons, flares and AIS tracks that are not in the case.",
        "Crew duty hours, refuelling on the way, and weather limits of the units.",
    )
