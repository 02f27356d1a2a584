"""Simulated crews: how they fly, what they see, what they tell."""
