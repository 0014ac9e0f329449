"""What a run makes, and of what: posts, then scores, trends and effects, then the report."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Product(Enum):
    """Something that a step of a run makes or brings up to date."""

    POSTS = "posts"
    SCORES = "scores"
    TRENDS = "trends"
    EFFECTS = "effects"
    REPORT = "report"


MADE_FROM: Mapping[Product, tuple[Product, ...]] = {
    Product.POSTS: (),
    Product.SCORES: (Product.POSTS,),
    Product.TRENDS: (Product.SCORES,),
    Product.EFFECTS: (Product.TRENDS,),
    Product.REPORT: (Product.TRENDS, Product.EFFECTS),
}
