"""How well do themes find posts on privacy? Against human labels on app reviews, any theme of practices counts.

Run as `python -m tests.bench.theme_accuracy`. No rule was written or changed in view of these reviews; their negatives
are hard ("charged my card without permission").
"""

from __future__ import annotations

import pandas as pd

from analytics.themes import practices_themes, tag
from tests.bench.real_posts import find


def main() -> None:
    [path] = find("privacy_reviews/half.csv")
    reviews = pd.read_csv(path).dropna(subset=["content"])
    private = reviews["Privacy-related"].astype(int).eq(1).to_numpy()
    tagged = tag(reviews["content"].tolist())
    found = pd.Series([bool(themes & practices_themes()) for themes in tagged]).to_numpy()
    hits, reviews_found, reviews_private = (found & private).sum(), found.sum(), private.sum()
    precision, recall = hits / reviews_found, hits / reviews_private
    f1 = 2 * precision * recall / (precision + recall)
    print(f"reviews {len(reviews)}, on privacy {reviews_private}, found {reviews_found}, of these right {hits}")
    print(f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}")
    print(f"{'theme':<18}{'found':>6}{'right':>7}")
    for name in sorted(practices_themes()):
        with_theme = pd.Series([name in themes for themes in tagged]).to_numpy()
        print(f"{name:<18}{with_theme.sum():>6}{(with_theme & private).sum():>7}")


if __name__ == "__main__":
    main()
