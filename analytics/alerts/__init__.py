"""Alerts: whether a brand's volume or expressed trust has left its own pattern within the last hours.

`hours` says what was collected, `season` what an hour of the week is usually like, `news` how loud it is just now,
`scatter` how far counts lie from both, `volume` and `expressed_trust` judge each hour, `incidents` makes one incident
of many such hours, `keeping` remembers them.
"""
