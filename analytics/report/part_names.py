"""What a change is made of, by name: the picture, the table and the command line say the same."""

from __future__ import annotations

PART_NAMES = {
    "returning_authors": "Returning authors, what they say",
    "returning_activity": "Returning authors, who speaks more",
    "newcomers": "Newcomers",
    "leavers": "Those who fell silent",
    "voices": "Who speaks and what they say",
    "source_mix": "Mix of sources",
    "language_mix": "Mix of languages",
}
RAW_CHANGE = "Raw change"
