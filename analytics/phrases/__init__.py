"""Phrases found in whole batches of texts by compiled code: how often each class of them stands in a text, or where.

`trees` lays the phrases out, `kernel` walks them (numba, imported to compile only), `search` asks a batch. A word is a
run of letters, digits and underscores as a table of characters has them; the tables say what an accent or a curly
quote is. Where nothing can be compiled there is no search, and who asks goes its own, slower way.
"""
