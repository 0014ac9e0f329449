"""Labelled posts to train on in tests: sentences of ours, put together by a seed."""

from __future__ import annotations

import random

import numpy as np

from analytics.sentiment.linear.regression import Labels

SENTENCES = {
    -1: ["creepy app, it sells my data", "they read my calls", "uninstalled it at once", "I hate this", "never again"],
    0: [
        "the update is out",
        "how do I open the settings",
        "version 3 is here today",
        "a meeting at noon",
        "terms below",
    ],
    1: [
        "I love the privacy controls",
        "great app, thanks",
        "they asked first",
        "I trust them",
        "works fine and is safe",
    ],
}


def made_up(of_each: int, seed: int = 1, classes: tuple[int, ...] = (-1, 0, 1)) -> tuple[list[str], Labels]:
    """`of_each` different texts a class, and their labels."""
    chance = random.Random(seed)
    texts, labels = [], []
    for label in classes:
        for number in range(of_each):
            first, second = chance.sample(SENTENCES[label], 2)
            texts.append(
                f"{first}. {second} {'x' * (number % 7)} n{chance.randrange(10**6)}{'abcdefghij'[number % 10]}"
            )
            labels.append(label)
    return texts, np.array(labels, np.int8)
