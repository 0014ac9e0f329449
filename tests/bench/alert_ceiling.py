"""What a detector of surges could reach at all in the simulated worlds: `python -m tests.bench.alert_ceiling [YEARS]`.

Three that nobody can have. The first knows what is to be expected of every hour, with that day's news: only chance,
threads and prolific authors are left to it. The others know what is usual and how far news goes and lasts, and follow
it by what they see hour by hour (a grid over the log of news; Kitagawa 1987, Journal of the American Statistical
Association 82(400)): the second knows too that news moves at midnight, as it does in simulated worlds only, the third
has it move a little every hour. All know how counts scatter in such worlds, and their threshold is set on so many
simulated quiet years that it is passed as often as `analytics/alerts` may tell a false surge; surges of two days are
planted in other years, once a week.

Hours are judged by the rarity of the last one, or of the last 1 to 24, or by the sum of what they tell for three times
the usual against the usual (CUSUM: Page 1954, Biometrika 41(1/2); no other rule is faster in the worst case where both
rates are known: Moustakides 1986, Annals of Statistics 14(4)).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate

import numpy as np
from scipy.special import gammainc, xlogy

from analytics.alerts.false_rate import CHANCE, NEWS, share_out
from analytics.alerts.hours import DAY
from tests.bench.alert_error_rates import DEFAULTS
from tests.bench.alert_worlds import PAST, Floats, Known, Quiet, Surge, share_of_posts, simulate_known
from tests.bench.measurement import run
from tests.bench.tables import Table, note

LENGTHS = (1, 2, 3, 6, 12, 24)
SURGE = 3.0  # times the usual: what the sum is made for
MOST_TOLD = 40.0
LASTS = 48
EVERY = 7 * DAY + 7
CALM = 12  # hours without an alarm end an incident
GRID = np.linspace(-1.6, 1.6, 65)  # of the log of news
SEED = 20261124
VOLUMES = (15, 60, 500, 2_000)
TIMES = (2.0, 3.0, 5.0)
WITHIN = (1, 3, 6, 12, 24, 48)
A_YEAR = share_out(DEFAULTS.kinds, DEFAULTS.false_incidents_a_year)["volume_surge"]
REPLY = 0.4  # chance that a reply comes within the hour, and within each later one


def expected_posts(quiet: Quiet, rate: Floats) -> Floats:
    """Posts by the hour where `rate` of them begin threads: with replies, and replies to replies."""
    reach = 96
    late = quiet.drawn * REPLY * (1 - REPLY) ** np.arange(reach)
    kernel, generation = np.zeros(reach), np.eye(1, reach)[0]
    while generation.sum() > 1e-6:
        kernel += generation
        generation = np.convolve(generation, late)[:reach]
    return np.convolve(rate, kernel)[: len(rate)]


def expected_voices(quiet: Quiet, posts: Floats) -> Floats:
    """Different authors of so many posts, where each post's author is drawn anew."""
    activity = share_of_posts(quiet)
    knots = np.concatenate([[0.0], np.geomspace(1e-3, posts.max() * 8 + 1, 200)])
    voices = np.array([-np.expm1(-knot * activity).sum() for knot in knots])
    return np.interp(posts, knots, voices)


def window_sums(hourly: Floats, length: int) -> Floats:
    """For each hour: the sum of the `length` hours that end with it."""
    running = np.concatenate([[0.0], np.cumsum(hourly)])
    found = np.zeros(len(hourly))
    found[length - 1 :] = running[length:] - running[:-length]
    return found


def rarity(counts: Floats, expected: Floats, scatter: float, news: Floats | float = 0.0) -> Floats:
    """How rare so many or more are (−log10), where counts scatter `scatter` times as much as independent ones.

    `news`: the standard deviation of the log of what is not known of the expected count.
    """
    width = np.broadcast_to(np.asarray(news, dtype=float), counts.shape)[:, None]
    means = expected[:, None] * np.exp(width * NEWS - width**2 / 2) / scatter
    tails = gammainc(np.maximum(counts, 0.5)[:, None] / scatter, means) @ CHANCE
    return np.where(counts > 0, -np.log10(np.maximum(tails, 1e-300)), 0.0)


def sum_up(hourly: Floats, expected: Floats, scatter: float) -> Floats:
    """By the hour: the log of how much likelier a surge is than none, summed since it was last less than that."""
    steps = (xlogy(hourly, SURGE) - (SURGE - 1) * expected) / scatter
    return np.array(list(accumulate(steps, lambda told, step: min(max(told + step, 0.0), MOST_TOLD), initial=0.0))[1:])


def know_the_news(quiet: Quiet, known: Known) -> Floats:
    """How rare each window is to one who knows the news of its hours, and the sum, shape (lengths + 1, hours)."""
    [source] = known.hours.sources.values()
    posts = expected_posts(quiet, known.usual * known.news)
    found = []
    for length in LENGTHS:
        expected = expected_voices(quiet, window_sums(posts, length))
        found.append(rarity(source.voices(length), expected, scatter_of(quiet, length)))
    hourly = expected_voices(quiet, posts)
    return np.array([*found, sum_up(source.voices(1), hourly, scatter_of(quiet, 1))])


@cache
def scatter_of(quiet: Quiet, length: int) -> float:
    """The variance of voices over that of independent ones, as threads make it, by one simulated year."""
    known = simulate_known(quiet, np.random.default_rng(SEED))
    [source] = known.hours.sources.values()
    posts = expected_posts(quiet, known.usual * known.news)
    expected = expected_voices(quiet, window_sums(posts, length))[PAST:]
    return float(np.square(source.voices(length)[PAST:] - expected).sum() / expected.sum())


def follow_the_news(quiet: Quiet, known: Known) -> Floats:
    """How rare each is to one who knows the usual, and of the news what the hours before tell; the same shape."""
    [source] = known.hours.sources.values()
    posts = expected_posts(quiet, known.usual)
    move = _moves(quiet, quiet.memory)
    before = _believe(quiet, source.voices(1), posts, move, every=DAY)
    hour, level = np.arange(len(posts)), np.exp(GRID)
    moved = move @ level
    moved_scatter = move @ np.square(level) - np.square(moved)
    running = np.concatenate([[0.0], np.cumsum(posts)])
    found = []
    for length in LENGTHS:
        begin = np.maximum(hour - length + 1, 0)
        whole = running[hour + 1] - running[begin]
        midnight = np.maximum(begin, hour // DAY * DAY)
        crossed = hour // DAY != begin // DAY
        late = np.where(crossed, (running[hour + 1] - running[midnight]) / np.maximum(whole, 1e-9), 0.0)[:, None]
        mean = (1 - late) * level + late * moved  # of the window, if this was the news when it began
        first = (before[begin] * mean).sum(axis=1)
        second = (before[begin] * (np.square(mean) + np.square(late) * moved_scatter)).sum(axis=1)
        found.append(_rarity_around(quiet, source.voices(length), whole, first, second, length))
    expected = expected_voices(quiet, posts * (before * level).sum(axis=1))
    return np.array([*found, sum_up(source.voices(1), expected, scatter_of(quiet, 1))])


def follow_news_at_any_hour(quiet: Quiet, known: Known) -> Floats:
    """The same to one who has news move as far in a day, but a little every hour."""
    [source] = known.hours.sources.values()
    posts = expected_posts(quiet, known.usual)
    move = _moves(quiet, quiet.memory ** (1 / DAY))
    before = _believe(quiet, source.voices(1), posts, move, every=1)
    level = np.exp(GRID)
    found = []
    for length in LENGTHS:
        begin = np.maximum(np.arange(len(posts)) - length + 1, 0)
        middle = before[begin] @ np.linalg.matrix_power(move, (length - 1) // 2)  # stands for the whole window
        first, second = middle @ level, middle @ np.square(level)
        whole = window_sums(posts, length)
        found.append(_rarity_around(quiet, source.voices(length), whole, first, second, length))
    expected = expected_voices(quiet, posts * (before @ level))
    return np.array([*found, sum_up(source.voices(1), expected, scatter_of(quiet, 1))])


def _moves(quiet: Quiet, memory: float) -> Floats:
    """Where news goes from each point of the grid, with so much memory of where it was; a row a point."""
    centre = -(quiet.news**2) / 2
    mean = centre + memory * (GRID - centre)
    width = quiet.news * np.sqrt(1 - memory**2)
    move = np.exp(-np.square((GRID[None, :] - mean[:, None]) / width) / 2)
    found: Floats = move / move.sum(axis=1, keepdims=True)
    return found


def _believe(quiet: Quiet, hourly: Floats, posts: Floats, move: Floats, *, every: int) -> Floats:
    """What is believed of the news as each hour begins, where it moves every so many hours; shape (hours, grid)."""
    voices = expected_voices(quiet, posts[:, None] * np.exp(GRID))
    # Threads tie hours together: what hours tell of the news is worth less than their own scatter says.
    told = (xlogy(hourly[:, None], voices) - voices) / scatter_of(quiet, DAY)
    belief = np.exp(-np.square((GRID + quiet.news**2 / 2) / quiet.news) / 2)
    before = np.empty((len(hourly), len(GRID)))
    for hour in range(len(hourly)):
        if hour % every == 0:
            belief = belief @ move
        before[hour] = belief = belief / belief.sum()
        belief = belief * np.exp(told[hour] - told[hour].max()) + 1e-12
    return before


def _rarity_around(quiet: Quiet, counts: Floats, posts: Floats, first: Floats, second: Floats, length: int) -> Floats:
    """How rare counts are where news, of these moments, multiplies what is usual."""
    unknown = np.sqrt(np.log(np.maximum(second / np.square(first), 1 + 1e-9)))
    return rarity(counts, expected_voices(quiet, posts * first), scatter_of(quiet, length), unknown)


def count_incidents(alarm: np.ndarray) -> int:
    """How many incidents these alarms make."""
    hours = np.flatnonzero(alarm)
    return int(bool(len(hours))) + int((np.diff(hours) > CALM).sum())


def find_threshold(years: Sequence[Floats], a_year: float) -> float:
    """The lowest threshold that is passed so often by the largest rarity of each hour."""
    lowest, highest = 0.0, MOST_TOLD
    for _ in range(30):
        middle = (lowest + highest) / 2
        often = sum(count_incidents(year > middle) for year in years) / len(years)
        lowest, highest = (middle, highest) if often > a_year else (lowest, middle)
    return highest


DETECTORS: dict[str, Callable[[Quiet, Known], Floats]] = {
    "the news": know_the_news,
    "the clock": follow_the_news,
    "the usual": follow_news_at_any_hour,
}
WINDOWS = {"1": (0,), "1 to 24": tuple(range(len(LENGTHS))), "summed": (len(LENGTHS),)}


def main(years: str = "10") -> None:
    many = int(years)
    note(f"{many} quiet years a row set a threshold that is passed {A_YEAR:g} times a year; seed {SEED}")
    table = Table(
        f"What could be reached: planted surges of {LASTS} hours, by the hours until they are told",
        {"posts a day": ",", "who knows": "<9", "hours": "<7", "times": ".0f", "surges": ","}
        | {f"{hours} h": ".0%" for hours in WITHIN},
    )
    for volume in VOLUMES:
        quiet = Quiet(volume)
        scatter = scatter_of(quiet, 1)
        note(f"{volume:,} posts a day: voices of an hour scatter {scatter:.2f} times as much as independent posts")
        for name, detector in DETECTORS.items():
            random = np.random.default_rng(SEED + int(volume))
            calm = [detector(quiet, simulate_known(quiet, random))[:, PAST:] for _ in range(many)]
            loud = {times: [plant(quiet, times, detector, random) for _ in range(2)] for times in TIMES}
            for windows, rows in WINDOWS.items():
                threshold = find_threshold([year[list(rows)].max(axis=0) for year in calm], A_YEAR)
                for times, found in loud.items():
                    highest = np.concatenate([surges[list(rows)].max(axis=0) for surges in found])
                    shares = ((highest[:, :hours] > threshold).any(axis=1).mean() for hours in WITHIN)
                    table.add(volume, name, windows, times, len(highest), *shares)


def plant(
    quiet: Quiet, times: float, detector: Callable[[Quiet, Known], Floats], random: np.random.Generator
) -> Floats:
    """How rare the hours of a year's surges are, shape (lengths, surges, hours)."""
    starts = np.arange(PAST + DAY, PAST + quiet.days * DAY - LASTS, EVERY)
    surges = tuple(Surge(int(begins), times, LASTS) for begins in starts)
    found = detector(quiet, simulate_known(quiet, random, surges))
    return found[:, starts[:, None] + np.arange(LASTS)]


if __name__ == "__main__":
    run(main)
