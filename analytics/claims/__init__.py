"""Belief against text: who voices a claim about the terms, what the terms say, and what a person has confirmed."""
