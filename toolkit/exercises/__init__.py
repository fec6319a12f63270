"""Exercises in the tutorials: answers that are checked at once, and what a student hands in."""

from toolkit.exercises.checking import Exercises, Feedback, exercises

__all__ = ["Exercises", "Feedback", "exercises"]
