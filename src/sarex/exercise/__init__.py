"""Practice: the exercise file, hidden truth, simulated crews, the director, the debrief."""
