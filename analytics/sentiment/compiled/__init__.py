"""VADER's rules over a whole batch of UTF-8, as numba compiles them; `rules` keeps and loads what it made.

Nothing here knows a word: words, idioms and characters are numbers and kinds in `tables.Tables`. Compiled, arrays are
plain pointers, since counting references would take longer than the rules. So nothing is bounds-checked, nothing is
allocated and nothing can raise. `words`, `valences` and `scores` are imported to compile only: numba takes its time.
"""
