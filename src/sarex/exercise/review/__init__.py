"""The debrief: what the log and the truth say of an exercise."""
