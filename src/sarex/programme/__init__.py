"""The programme: exercises in a series, who hosts them, what was promised, and what is to be done better."""
