"""The scorer `linear`: a regression on n-grams and VADER's numbers, trained on the user's own labelled texts.

`layout` says how features are numbered; `ngrams` is compiled to count and weigh them, `reference` says the same in
plain Python, and `reader` runs whichever can be had. `training` makes a `Model`, `model_file` keeps it.
"""
