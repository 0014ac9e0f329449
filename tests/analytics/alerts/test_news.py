"""What the news before a window foretells of it, learnt from a brand's own past."""

from __future__ import annotations

import numpy as np

from analytics.alerts.hours import DAY, WEEK, Floats
from analytics.alerts.news import LOUDEST, foretell, hear_news, learn_news
from analytics.alerts.scatter import Scatter
from tests.bench.alert_worlds import PAST

USUAL = 20.0
EXPECTED = np.full(PAST, USUAL)


def voices(news: Floats, seed: int = 1) -> Floats:
    """Voices by the hour where each day's `news` multiplies the usual."""
    return np.random.default_rng(seed).poisson(USUAL * np.repeat(news, DAY)).astype(float)


def days_of_news(deviation: float, seed: int = 1) -> Floats:
    return np.exp(np.random.default_rng(seed).normal(0, deviation, PAST // DAY))


def learn(seen: Floats) -> Floats:
    news = hear_news(seen, EXPECTED)
    return learn_news(news[WEEK:-1], seen[WEEK + 1 :], EXPECTED[WEEK + 1 :], Scatter(1.0, 0.1))


def test_hours_after_loud_ones_are_expected_to_be_loud() -> None:
    """Where news lasts for a day, at noon of one half as loud again the next hour is expected so, within a tenth."""
    news = days_of_news(0.3)
    news[-1] = 1.5
    seen = voices(news)
    told = foretell(hear_news(seen, EXPECTED), learn(seen))
    assert abs(told[-DAY // 2] / 1.5 - 1) < 0.1


def test_what_leaves_nothing_foretells_nothing() -> None:
    """Where hours differ by chance alone, no hour moves what is expected of the next by a tenth."""
    seen = voices(np.ones(PAST // DAY))
    told = foretell(hear_news(seen, EXPECTED), learn(seen))
    assert np.abs(told[WEEK:] - 1).max() < 0.1


def test_a_surge_does_not_become_the_usual() -> None:
    """After two days of ten times as many, no more is expected than `LOUDEST`; three hours of it leave less."""
    seen = voices(days_of_news(0.3))
    weights = learn(seen)
    loud = seen.copy()
    loud[-48:] *= 10
    assert foretell(hear_news(loud, EXPECTED), weights)[-1] <= np.exp(LOUDEST)
    short = seen.copy()
    short[-6:-3] *= 10
    assert foretell(hear_news(short, EXPECTED), weights)[-1] < 1.5


def test_hours_that_were_not_collected_are_no_silence() -> None:
    """A week without collection leaves no news; the same week collected and silent is heard."""
    seen = voices(days_of_news(0.3))
    seen[-WEEK:] = 0
    missing = EXPECTED.copy()
    missing[-WEEK:] = 0
    assert np.abs(hear_news(seen, missing)[-1]).max() < 0.15
    assert hear_news(seen, EXPECTED)[-1].max() < -0.5
