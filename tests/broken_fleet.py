"""Broken units, shoals, satellite looks and objectives; the rest of `broken_cases`."""

RADIUS = "turn_radius_m = 400"
HELICOPTER, SHIP, DRONE = 'unit "Helicopter 1"', 'unit "Ship 1"', 'unit "Drone 1"'
INFRARED = '{ name = "infrared", sweep_width_nm = { "PIW-1" = 0.3 }, light = "night" }'
LOOK, SHOAL = 'satellite_look "Radar pass"', 'shoal "North bank"'
FOOTPRINT = "[[3.0, 59.0], [5.0, 59.0], [5.0, 60.0], [3.0, 60.0]]"
BANK = "[[4.6, 60.0], [4.8, 60.0], [4.8, 60.2]]"

BROKEN_FLEET = {
    "no sortie": ("sorties = 2", "sorties = 0", f"{HELICOPTER}: sorties", "between 1 and 50"),
    "half a sortie": ("sorties = 2", "sorties = 1.5", f"{HELICOPTER}: sorties", "whole number"),
    "negative turnaround": (
        "turnaround_h = 0.5",
        "turnaround_h = -1",
        f"{HELICOPTER}: turnaround_h",
        "between 0 and 240",
    ),
    "unknown light": ('light = "day"', 'light = "dya"', f"{HELICOPTER}: light", "Did you mean day?"),
    "lookouts by night without widths": (
        'light = "day"',
        'light = "night"',
        f"{HELICOPTER}: light",
        "the visual tables hold by day",
    ),
    "night sensor without widths": (
        'sweep_width_nm = { "PIW-1" = 0.3 }, ',
        "",
        f"{HELICOPTER}: other sensor 1: light",
        "no public table",
    ),
    "sensor without widths": (
        INFRARED,
        '{ name = "infrared" }',
        f"{HELICOPTER}: other sensor 1: sweep_width_nm",
        "missing",
    ),
    "other sensor with a misspelt key": (
        'light = "night"',
        'lights = "night"',
        f"{HELICOPTER}: other sensor 1: lights",
        "Did you mean light?",
    ),
    "other sensor unknown": (
        'name = "infrared"',
        'name = "infra-red"',
        f"{HELICOPTER}: other sensor 1: name",
        "Did you mean infrared?",
    ),
    "other sensor for an unknown class": (
        '{ "PIW-1" = 0.3 }',
        '{ "PIW-01" = 0.3 }',
        f"{HELICOPTER}: other sensor 1: sweep_width_nm names",
        "PIW-1",
    ),
    "other sensor listed twice": (
        f"[{INFRARED}]",
        f"[{INFRARED}, {INFRARED}]",
        f"{HELICOPTER}: other_sensors",
        "2 times",
    ),
    "other sensors not a list": (
        f"[{INFRARED}]",
        INFRARED,
        f"{HELICOPTER}: other_sensors",
        "a list is expected",
    ),
    "bank of a knife": (
        'sensor = "electro-optical"',
        'sensor = "electro-optical"\nbank_deg = 90',
        f"{DRONE}: bank_deg",
        "between 5 and 60",
    ),
    "radius and rate of turn": (
        RADIUS,
        f"{RADIUS}\nturn_rate_deg_per_s = 2",
        f"{SHIP}: turn_radius_m and turn_rate_deg_per_s",
        "Keep one",
    ),
    "no rate of turn": (
        "turn_rate_deg_per_s = 3.0",
        "turn_rate_deg_per_s = 0",
        f"{HELICOPTER}: turn_rate_deg_per_s",
        "between 0.1 and 60",
    ),
    "ship that banks": (RADIUS, "bank_deg = 20", f"{SHIP}: bank_deg", "tactical_diameter_m"),
    "aircraft with a tactical diameter": (
        "turn_rate_deg_per_s = 3.0",
        "tactical_diameter_m = 500",
        f"{HELICOPTER}: tactical_diameter_m",
        "flies",
    ),
    "tactical diameter of miles": (
        RADIUS,
        "tactical_diameter_m = 9000",
        f"{SHIP}: tactical_diameter_m",
        "5000",
    ),
    "bank and rate of turn": (
        "search_speed_kt = 90.0",
        "search_speed_kt = 330.0\nbank_deg = 5",
        f"{HELICOPTER}: turn_rate_deg_per_s and bank_deg",
        "Keep one",
    ),
    "draught of an aircraft": (
        "altitude_ft = 500",
        "altitude_ft = 500\ndraught_m = 1",
        f"{HELICOPTER}: draught_m",
        "flies",
    ),
    "no draught": ("draught_m = 4.5", "draught_m = 0", f"{SHIP}: draught_m", "more than 0"),
    "draught missing where there is a shoal": ("draught_m = 4.5\n", "", f"{SHIP}: draught_m", "shoal"),
    "unit that stands no wind": ("max_wind_kt = 45", "max_wind_kt = 0", f"{HELICOPTER}: max_wind_kt", "port"),
    "unit that stands any sea": ("max_wave_ft = 12", "max_wave_ft = 700", f"{SHIP}: max_wave_ft", "port"),
    "least visibility of 80 miles": (
        "min_visibility_nm = 0.5",
        "min_visibility_nm = 80",
        f"{HELICOPTER}: min_visibility_nm",
        "30",
    ),
    "satellite as a unit": ('kind = "ship"', 'kind = "satellite"', f"{SHIP}: kind", "[[satellite_look]]"),
    "unknown objective": ('objective = "alive"', 'objective = "most"', "search.objective", "soonest"),
    "objective without its temperature": (
        "water_temperature_c = 9.0\n",
        "",
        "search.objective",
        "conditions.water_temperature_c is missing",
    ),
    "boiling water": (
        "water_temperature_c = 9.0",
        "water_temperature_c = 90",
        "conditions.water_temperature_c",
        "between -2 and 40",
    ),
    "shoal of two corners": (BANK, "[[4.6, 60.0], [4.8, 60.0]]", f"{SHOAL}: polygon", "three"),
    "shoal without depth": ("depth_m = 4.0\n", "", f"{SHOAL}: depth_m", "missing"),
    "shoal of negative depth": ("depth_m = 4.0", "depth_m = -4", f"{SHOAL}: depth_m", "between 0 and 100"),
    "shoals alike": (
        "[[satellite_look]]",
        f'[[shoal]]\nname = "North bank"\npolygon = {BANK}\ndepth_m = 2\n[[satellite_look]]',
        f"{SHOAL}: name",
        "Rename",
    ),
    "shoal in single brackets": ("[[shoal]]", "[shoal]", "shoal", "double brackets"),
    "look before the search": (
        "at = 2015-11-16T17:12:00Z",
        "at = 2015-11-16T11:12:00Z",
        f"{LOOK}: at",
        "outside the search window",
    ),
    "look at a place": ("at = 2015-11-16T17:12:00Z", 'at = "60N 5E"', f"{LOOK}: at", "a time is expected"),
    "footprint of two corners": (FOOTPRINT, "[[3.0, 59.0], [5.0, 59.0]]", f"{LOOK}: footprint", "three"),
    "footprint corner swapped": (
        "[[3.0, 59.0], [5.0, 59.0]",
        "[[3.0, 59.0], [5.0, 159.0]",
        f"{LOOK}: footprint corner 2",
        "swapped",
    ),
    "footprint crossing itself": (
        FOOTPRINT,
        "[[3.0, 59.0], [5.0, 60.0], [5.0, 59.0], [3.0, 60.0]]",
        f"{LOOK}: footprint",
        "crosses",
    ),
    "recall of six in one": (
        '{ "LIFE-RAFT-DB-10" = 0.6 }',
        '{ "LIFE-RAFT-DB-10" = 6 }',
        f"{LOOK}: detection.LIFE-RAFT-DB-10",
        "less than 1",
    ),
    "certain recall": (
        '{ "LIFE-RAFT-DB-10" = 0.6 }',
        '{ "LIFE-RAFT-DB-10" = 1.0 }',
        f"{LOOK}: detection.LIFE-RAFT-DB-10",
        "no look is certain",
    ),
    "recall of an unknown class": (
        '{ "LIFE-RAFT-DB-10" = 0.6 }',
        '{ "LIFE-RAFT-DB-1O" = 0.6 }',
        f"{LOOK}: detection names",
        "Did you mean LIFE-RAFT-DB-1",
    ),
    "look that finds nothing": (
        '{ "LIFE-RAFT-DB-10" = 0.6 }',
        "{}",
        f"{LOOK}: detection",
        "names no leeway class",
    ),
    "look without a nation": ('nation = "KR"\nat', "at", f"{LOOK}: nation", "missing"),
}
