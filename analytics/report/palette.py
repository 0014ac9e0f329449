"""The colours and sizes of the pictures.

Blue and vermilion stay apart for the colour-blind, and nothing is told by colour alone.
"""

from __future__ import annotations

INK, SOFT, FAINT, PEER, PEER_LINE = "#1f2933", "#5f6b76", "#dde2e6", "#98a3ad", "#b9c2c9"
BRAND, EVENT = "#1b5ea6", "#c2410c"
BEFORE, AFTER, MISSING, HATCH, EXPECTED = "#eaf0f7", "#fcebe2", "#f4f4f1", "#c9cecb", "#eceff2"
SMALL, LABEL = 7.0, 7.6
SEMIBOLD = 1.06  # how much wider words are in it
