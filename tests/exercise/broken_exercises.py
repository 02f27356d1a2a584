"""Broken exercise files: what is replaced in the shipped example, by what, and what is said of it."""

import re

from sarex.exercise.file.door import example_path

WHOLE = example_path().read_text(encoding="utf-8")


def without(head: str) -> str:
    """The text of the first table from `head` until the next table or remark, as it stands."""
    start = WHOLE.index(head)
    end = re.compile(r"\n(?=\[|# )").search(WHOLE, start + len(head))
    assert end is not None
    return WHOLE[start : end.start()]


EXCON = without('[[role]]\nid = "EXCON"')
SAFETY = WHOLE[
    WHOLE.index("[safety]") : WHOLE.index(
        "# ---------------------------------------------------------------- a danger area"
    )
]
BOAT = without('[[force]]\nunit = "Patrol boat Byeolbit"')
PLAN, DANGER = '"O3": criterion "O3.1"', '"O5": criterion "O5.2"'
I06, I09, I11 = 'inject "I06": effect', 'inject "I09": effect', 'inject "I11": effect'
BREAKS = 'effect = { kind = "unit-breaks-down", unit = "Patrol ship Kohaku", lasts_min = 120 }'
LEARN = 'effect = { kind = "players-learn", case = "joint-better-fix.toml" }'
AREA = "Splash area of the navigational warning"

# what is replaced, by what, the field that the sentence must name, words that it must hold
BROKEN = {
    # form
    "wrong version": ("sarex-exercise/1", "sarex-exercise/9", "format", "sarex-exercise/1"),
    "no version": ('format = "sarex-exercise/1"\n', "", "format", "missing"),
    "a case file": ("sarex-exercise/1", "sarex-case/1", "format", "sarex-exercise/1"),
    "misspelt key": (
        "acknowledge_within_min = 15",
        "acknowlege_within_min = 15",
        'inject "I01"',
        "Did you mean acknowledge_within_min?",
    ),
    "misspelt table": ("\n[truth]\n", "\n[truht]\n", "truht", "Did you mean truth?"),
    "single brackets": (
        '[[force]]\nunit = "Patrol ship Kohaku"',
        '[force]\nunit = "Patrol ship Kohaku"',
        "TOML",
        "[[inject]]",
    ),
    "flag as text": (
        "coordinator = true",
        'coordinator = "yes"',
        'role "JP-SMC": coordinator',
        "true or false",
    ),
    "id with a space": ('id = "JP-LO"', 'id = "JP LO"', 'role "JP LO": id', "JP-LO"),
    # the head
    "unknown kind": ("co-ordination", "co-ordinated", "exercise.kind", "Did you mean co-ordination?"),
    "no title": (without("[exercise.title]"), "", "exercise.title", "missing"),
    "title missing a language": ('ko = "합동 수색구조훈련: 연구선 할시온호"', "", "exercise.title", "ko"),
    "unknown language": (
        'languages = ["en", "ja", "ko"]',
        'languages = ["en", "jp"]',
        "exercise.language 2",
        "one of en, ja, ko",
    ),
    "language twice": (
        'languages = ["en", "ja", "ko"]',
        'languages = ["en", "en"]',
        "exercise.languages",
        "2 times",
    ),
    "no languages": ('languages = ["en", "ja", "ko"]', "languages = []", "exercise.languages", "empty"),
    "end before start": (
        "end = 2027-05-20T06:00:00Z",
        "end = 2027-05-19T06:00:00Z",
        "exercise.end",
        "not after",
    ),
    "too long": ("end = 2027-05-20T06:00:00Z", "end = 2028-05-20T06:00:00Z", "exercise.end", "14 days"),
    "start without a zone": (
        "start = 2027-05-19T22:00:00Z",
        "start = 2027-05-19T22:00:00",
        "exercise.start",
        "time zone",
    ),
    "unknown host": ('host = "JP"', 'host = "NO"', "exercise.host", "Known here: JP, KR"),
    "no such case": (
        'case = "joint-first-fix.toml"',
        'case = "nowhere.toml"',
        "exercise.case",
        "does not exist",
    ),
    "case a number": ('case = "joint-first-fix.toml"', "case = 7", "exercise.case", "case file"),
    "window after EndEx": (
        "end = 2027-05-20T06:00:00Z",
        "end = 2027-05-20T02:00:00Z",
        "inject",
        "after EndEx",
    ),
    # truth
    "truth without a time": ("at = 2027-05-19T21:50:00Z\n", "", "truth.at", "missing"),
    "truth without a place": ('position = "35-57.6N 131-19.8E"\n', "", "truth.position", "missing"),
    "truth of an unknown class": (
        'type = "LIFE-RAFT-DB-11"',
        'type = "LIFE-RAFT-DB-111"',
        "truth.type",
        "Did you mean LIFE-RAFT-DB-11",
    ),
    "truth a year ago": ("at = 2027-05-19T21:50:00Z", "at = 2026-05-19T21:50:00Z", "truth.at", "30 days"),
    "truth after the end": (
        "at = 2027-05-19T21:50:00Z",
        "at = 2027-05-20T21:50:00Z",
        "truth.at",
        "before EndEx",
    ),
    "negative persons": ("persons = 5", "persons = -5", "truth.persons", "between 0"),
    "truth without a name": (
        'name = { en = "Life raft of the Halcyon',
        'neme = { en = "Life raft of the Halcyon',
        "truth",
        "Did you mean name?",
    ),
    # nations and roles
    "nation twice": ('code = "KR"', 'code = "JP"', 'nation "JP"', "2 times"),
    "unit of no nation listed": ('code = "KR"', 'code = "NO"', "KR", "not the code of a [[nation]]"),
    "nation's language not of the exercise": (
        'languages = ["en", "ja", "ko"]',
        'languages = ["en", "ja"]',
        'nation "KR": language',
        "exercise.languages",
    ),
    "role of an unknown nation": (
        'id = "KR-LO"\nnation = "KR"',
        'id = "KR-LO"\nnation = "KP"',
        'role "KR-LO": nation',
        "Known here: JP, KR",
    ),
    "player of no nation": ('id = "KR-LO"\nnation = "KR"', 'id = "KR-LO"', 'role "KR-LO": nation', "missing"),
    "role twice": ('id = "KR-LO"', 'id = "JP-LO"', 'role "JP-LO"', "2 times"),
    "unknown part": ('part = "observer"', 'part = "spectator"', 'role "OBSERVER": part', "observer"),
    "nobody co-ordinates": ("coordinator = true", "", "role", 'no player of nation "JP"'),
    "two co-ordinate": (
        'id = "JP-LO"\n',
        'id = "JP-LO"\ncoordinator = true\n',
        'role "JP-LO": coordinator',
        "one mission co-ordinator",
    ),
    "an evaluator co-ordinates": (
        'id = "JP-EVAL"\n',
        'id = "JP-EVAL"\ncoordinator = true\n',
        'role "JP-EVAL": coordinator',
        "player",
    ),
    # what is practised
    "unknown measure": (
        'measure = "alert-to-plan"',
        'measure = "alert-to-plans"',
        'objective "O3": criterion 1: measure',
        "Did you mean alert-to-plan?",
    ),
    "times out of order": (
        'measure = "alert-to-plan"\nperformed = 60',
        'measure = "alert-to-plan"\nperformed = 95',
        PLAN,
        "less is better",
    ),
    "percents out of order": (
        'measure = "pos-achieved"\nperformed = 85',
        'measure = "pos-achieved"\nperformed = 60',
        '"O3": criterion "O3.5"',
        "more is better",
    ),
    "threshold missing": (
        'measure = "alert-to-plan"\nperformed = 60',
        'measure = "alert-to-plan"',
        f"{PLAN}: performed",
        "missing",
    ),
    "observed with a threshold": (
        'measure = "observed"',
        'measure = "observed"\nperformed = 3',
        "performed",
        "evaluator",
    ),
    "objective twice": ('id = "O2"\n', 'id = "O1"\n', 'objective "O1"', "2 times"),
    "criterion twice": ('id = "O2.1"', 'id = "O1.1"', 'criterion "O1.1"', "2 times"),
    "objective without a criterion": (
        '[[objective.criterion]]\nid = "O1.1"',
        '[[objective]]\nid = "O1.1"',
        "objective",
        "criterion",
    ),
    # forces
    "unit without a force": (BOAT, "", "force", '"Patrol boat Byeolbit"'),
    "force for no unit": (
        'unit = "Patrol boat Byeolbit"',
        'unit = "Patrol boat Byeolbi"',
        "force",
        "Did you mean Patrol boat Byeolbit?",
    ),
    "force twice": (BOAT, BOAT + "\n" + BOAT, 'force "Patrol boat Byeolbit"', "2 times"),
    "readiness missing": (
        "ready_after_min = 15\n",
        "",
        'force "Patrol boat Byeolbit": ready_after_min',
        "missing",
    ),
    # communications and safety
    "channel between strangers": (
        'between = ["EXCON", "SAFETY"',
        'between = ["EXCOM", "SAFETY"',
        "channel 4: between",
        "Did you mean EXCON?",
    ),
    "no safety": (SAFETY, "", "safety", "[safety]"),
    "no NO PLAY": ('no_play = "NO PLAY"\n', "", "safety.no_play", "missing"),
    "no REAL WORLD": ('real_world = "REAL WORLD"\n', "", "safety.real_world", "missing"),
    "words alike": ('real_world = "REAL WORLD"', 'real_world = "no play"', "safety", "one thing only"),
    # danger areas
    "area that nobody opens": (
        f'effect = {{ kind = "danger-area-opens", area = "{AREA}" }}\n',
        "",
        f'danger_area "{AREA}"',
        "no inject",
    ),
    "area opened twice": (
        BREAKS,
        f'effect = {{ kind = "danger-area-opens", area = "{AREA}" }}',
        f'danger_area "{AREA}"',
        "2 injects",
    ),
    "area that is over": (
        "from = 2027-05-20T00:45:00Z\nuntil = 2027-05-20T04:30:00Z",
        "from = 2027-05-19T20:45:00Z\nuntil = 2027-05-20T00:05:00Z",
        f'danger_area "{AREA}": until',
        "not after its inject",
    ),
    "area of two corners": (
        '"36-30.0N 131-12.0E", "36-30.0N 130-52.0E"]',
        "]",
        f'danger_area "{AREA}": polygon',
        "three corners",
    ),
    "area upside down": (
        "ceiling_ft = 60000",
        "ceiling_ft = 0",
        f'danger_area "{AREA}": ceiling_ft',
        "not above",
    ),
    # when injects are due
    "inject before StartEx": ('at = "T+00:50"', 'at = "T-00:50"', 'inject "I04": at', "before StartEx"),
    "inject on the day before": (
        'at = "T+00:50"',
        "at = 2027-05-18T22:50:00Z",
        'inject "I04": at',
        "before StartEx",
    ),
    "inject after EndEx": ('at = "T+00:50"', 'at = "T+10:50"', 'inject "I04": at', "after EndEx"),
    "inject at no time": ('at = "T+00:50"\n', "", 'inject "I04": at', "missing"),
    "inject at an odd time": ('at = "T+00:50"', 'at = "T+50"', 'inject "I04": at', "T+00:20"),
    "inject at ten to nine": ('at = "T+00:50"', 'at = "0850"', 'inject "I04": at', "T+00:20"),
    "inject at two times": (
        'at = "T+00:50"',
        'at = "T+00:50"\nafter = "I02"',
        'inject "I04"',
        "Leave one out",
    ),
    "inject after an unknown one": (
        'after = "I06"',
        'after = "I66"',
        'inject "I08": after',
        "Did you mean I16?",
    ),
    "inject after an alert without a delay": (
        'after = "I02"\ndelay_min = 15',
        'after = "I02"',
        'inject "I03": delay_min',
        "missing",
    ),
    "circle": ('at = "T+00:20"', 'after = "I03"\ndelay_min = 5', "inject", "I02 after I03 after I02"),
    "circle of one": ('after = "I06"', 'after = "I08"', 'inject "I08": after', "circle"),
    "inject twice": ('id = "I04"', 'id = "I05"', 'inject "I05"', "2 times"),
    # who says what to whom
    "unknown sender": (
        'from = "SIM-OWNER"',
        'from = "SIM-OWNR"',
        'inject "I03": from',
        "Did you mean SIM-OWNER?",
    ),
    "sender missing": ('from = "SIM-OWNER"\n', "", 'inject "I03": from', "from_outside"),
    "two senders": (
        'from = "SIM-OWNER"\n',
        'from = "SIM-OWNER"\nfrom_outside = "Ferry"\n',
        'inject "I03"',
        "Leave one out",
    ),
    "unknown receiver": ('to = ["JP-SMC"]', 'to = ["JP-SCM"]', 'inject "I03": to', "Did you mean JP-SMC?"),
    "no receiver": ('to = ["JP-SMC"]', "to = []", 'inject "I03": to', "empty"),
    "receiver not in a list": ('to = ["JP-SMC"]', 'to = "JP-SMC"', 'inject "I03": to', "list"),
    "inject's language": (
        'medium = "Telephone"\nlanguage = "ja"',
        'medium = "Telephone"\nlanguage = "fr"',
        'inject "I03": language',
        "one of en, ja, ko",
    ),
    "unknown objective": (
        'objective = "O1"',
        'objective = "O9"',
        'inject "I02": objective',
        "Known here: O1",
    ),
    "inject without text": (without("[inject.text]"), "", 'inject "I01": text', "missing"),
    "inject text missing a language": (
        'ko = "훈련. 여기는',
        'kr = "훈련. 여기는',
        'inject "I04": text',
        "known language",
    ),
    "expected action missing a language": (
        'ja = "謝意を伝え',
        '#ja = "謝意を伝え',
        'inject "I04": expected_action',
        "no text in ja",
    ),
    "no alert": ("alert = true\n", "", "inject", "alert = true"),
    "two alerts": ('id = "I04"\n', 'id = "I04"\nalert = true\n', 'inject "I04": alert', '"I02"'),
    # what injects do
    "unknown effect": (
        'kind = "unit-breaks-down"',
        'kind = "unit-breaks"',
        f"{I06}.kind",
        "Did you mean unit-breaks-down?",
    ),
    "effect on an unknown unit": (
        BREAKS,
        BREAKS.replace("Kohaku", "Kohako"),
        f"{I06}.unit",
        "Did you mean Patrol ship Kohaku?",
    ),
    "effect without a unit": (BREAKS, 'effect = { kind = "unit-breaks-down" }', f"{I06}.unit", "missing"),
    "effect with a foreign key": (
        BREAKS,
        BREAKS.replace(" }", ", area = 'x' }"),
        f"{I06}.area",
        "does not belong",
    ),
    "effect on an unknown area": (
        f'area = "{AREA}"',
        'area = "Splash area"',
        'inject "I07": effect.area',
        "not a [[danger_area]]",
    ),
    "capsizes to an unknown class": (
        BREAKS,
        'effect = { kind = "object-capsizes", type = "LIFERAFT" }',
        f"{I06}.type",
        "leeway classes",
    ),
    "moves nowhere": (
        BREAKS,
        'effect = { kind = "object-moves", toward_deg = 90 }',
        f"{I06}.distance_nm",
        "missing",
    ),
    "moves too far": (
        BREAKS,
        'effect = { kind = "object-moves", toward_deg = 90, distance_nm = 900 }',
        f"{I06}.distance_nm",
        "200",
    ),
    "learns an unknown case": (LEARN, LEARN.replace("better", "best"), f"{I11}.case", "does not exist"),
    "learns nothing": (LEARN, 'effect = { kind = "players-learn" }', f"{I11}.case", "missing"),
    "sighting nowhere": (
        "error_nm = 1.0\n",
        'error_nm = 1.0\nposition = "36-02.0N"\n',
        f"{I09}.position",
        "36-02.0N",
    ),
    "sighting more than certain": (
        "credibility = 0.5",
        "credibility = 1.5",
        f"{I09}.credibility",
        "between 0 and 1",
    ),
    # left to do
    "corrective action twice": ('id = "CA-EX-2"', 'id = "CA-EX-1"', 'corrective_action "CA-EX-1"', "2 times"),
    "corrective action for no objective": (
        'due = 2027-04-30T00:00:00Z\nobjective = "O2"',
        'due = 2027-04-30T00:00:00Z\nobjective = "O7"',
        'corrective_action "CA-EX-1": objective',
        "Known here: O1",
    ),
    "corrective action without an owner": (
        'owner = "JP-LO"\n',
        "",
        'corrective_action "CA-EX-1": owner',
        "missing",
    ),
}

# the same of the case files beside it: file, what is replaced, by what, words that the sentence must hold
FIRST, BETTER = "joint-first-fix.toml", "joint-better-fix.toml"
BROKEN_CASES = {
    "a real case": (FIRST, "exercise = true", "exercise = false", "exercise.case: ", "REAL"),
    "a broken case": (
        FIRST,
        "visibility_nm = 6.0",
        "visibility = 6.0",
        f"exercise.case: {FIRST}: ",
        "Did you mean visibility_nm?",
    ),
    "window before StartEx": (
        FIRST,
        "start = 2027-05-19T23:30:00Z",
        "start = 2027-05-19T21:30:00Z",
        "exercise.case: search",
        "not inside the exercise",
    ),
    "unit that changes its nation": (
        BETTER,
        'name = "Patrol boat Byeolbit"\nnation = "KR"',
        'name = "Patrol boat Byeolbit"\nnation = "JP"',
        'inject "I11": effect.case: unit "Patrol boat',
        "Write the same",
    ),
    "unit without a force in the first case": (
        FIRST,
        'name = "Patrol boat Byeolbit"',
        'name = "Patrol boat Haetbit"',
        'unit "Patrol boat',
        "Add it there",
    ),
    "second case of another number": (
        BETTER,
        'id = "SAREX-EXAMPLE"',
        'id = "SAREX-2"',
        'inject "I11": effect.case: case.id',
        "keeps its number",
    ),
    "second case is real": (
        BETTER,
        "exercise = true",
        "exercise = false",
        'inject "I11": effect.case',
        "REAL",
    ),
    "second case is over": (
        BETTER,
        "start = 2027-05-20T01:40:00Z\nend = 2027-05-20T05:30:00Z",
        "start = 2027-05-19T22:40:00Z\nend = 2027-05-20T00:50:00Z",
        'inject "I11": effect.case: search.end',
        "not after the inject",
    ),
    "second case after EndEx": (
        BETTER,
        "end = 2027-05-20T05:30:00Z",
        "end = 2027-05-20T06:30:00Z",
        'inject "I11": effect.case: search',
        "not inside the exercise",
    ),
}
