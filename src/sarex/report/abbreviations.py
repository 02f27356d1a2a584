"""The page's short words, spelled out, for paper and for those who see them once a year."""

ABBREVIATIONS = (
    ("C", "coverage: sweep width for the likeliest object over track spacing"),
    ("CS", "creeping line search"),
    ("CSP", "commence search point"),
    ("kt", "knots"),
    ("LKP", "last known position"),
    ("nm", "nautical miles; nm², square nautical miles"),
    ("PFD", "personal flotation device"),
    ("PIW", "person in the water"),
    ("POC", "probability of containment: that the object is in the area"),
    ("POD", "probability of detection: that it is found if it is there"),
    ("POS", "probability of success: that it is found"),
    ("PS", "parallel sweep search"),
    ("SS", "expanding square search"),
    ("UTC", "universal time; all times on this page"),
    ("VS", "sector search"),
    ("W", "sweep width: how wide a band is swept clean, in effect"),
)
