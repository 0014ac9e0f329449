"""How much was posted, in words: weeks far above the usual and what carried them, and where nothing may be said."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.report.formatting import join_words, write_count, write_day, write_number, write_percent, write_share
from analytics.report.model import LoudPost, Report
from analytics.report.quoting import write_link, write_unlinked
from analytics.report.volume import Carrier, Spike

SHORT = 110  # characters of a post that stands for others
HOW = (
    "Named are weeks with at least 20 posts of a source, half as many again as usual (the median of up to 52 weeks"
    " before) and beyond five times their spread; a thread or a text by three posts or more and a twentieth of the"
    " week’s."
)


@dataclass(frozen=True, slots=True)
class CarrierWords:
    """A thread or a text that carried a week: how much of it, its words, and where it stands."""

    lead: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class SpikeWords:
    """A week far above the usual."""

    title: str
    said: str
    carriers: tuple[CarrierWords, ...]


@dataclass(frozen=True, slots=True)
class VolumeWords:
    """What is said beside the pictures of volume; `barred` says of which sources nothing may be said, and why."""

    spikes: tuple[SpikeWords, ...]
    none: str
    how: str
    barred: tuple[str, ...]


def write_volumes(report: Report) -> VolumeWords:
    """Weeks far above the usual, the newest first."""
    quoted = {(post.source, post.post_id): post for post in report.posts if post.period == "spike"}
    spikes = tuple(_write_spike(spike, quoted) for spike in report.spikes)
    barred = _write_barred(report)
    comparable = len(report.sources) - sum(bool(row.constant_quota or row.sparse) for row in report.sources)
    none = "" if spikes or not comparable else "No week stands far above the usual."
    return VolumeWords(spikes, none, HOW if comparable else "", barred)


def _write_barred(report: Report) -> tuple[str, ...]:
    quotas = [row.source for row in report.sources if row.constant_quota]
    few = [row.source for row in report.sources if row.sparse and not row.constant_quota]
    said = []
    if quotas:
        said.append(
            f"{join_words(quotas)}: the sample is a constant number a month, so its counts tell how it was drawn and"
            " not how much people post; no statement on volume is made and no week is named."
        )
    if few:
        said.append(f"{join_words(few)}: too few posts to tell silence from missing collection; no week is named.")
    return tuple(said)


def _write_spike(spike: Spike, quoted: dict[tuple[str, str], LoudPost]) -> SpikeWords:
    said = (
        f"{write_count(spike.posts, 'post')}, usual {write_number(spike.usual)}"
        f" ({write_count(spike.usual_weeks, 'week')}); {write_share(spike.practices_share)} speak of data or AI"
        " practices."
    )
    if not spike.carriers:
        said += " No thread and no copied text stands out: many wrote apart."
    carriers = tuple(_write_carrier(carrier, spike, quoted) for carrier in spike.carriers)
    return SpikeWords(f"Week of {write_day(spike.week)}, {spike.source}", said, carriers)


def _write_carrier(carrier: Carrier, spike: Spike, quoted: dict[tuple[str, str], LoudPost]) -> CarrierWords:
    what = "in one thread" if carrier.kind == "thread" else "with one text, nearly word for word"
    lead = f"{write_percent(carrier.share)} ({write_count(carrier.posts, 'post')}) {what}"
    post = quoted.get((spike.source, carrier.post_id)) if carrier.post_id else None
    if post is None:
        why = "the post that opened it has been deleted" if carrier.post_id else "by the brand itself, not quoted"
        return CarrierWords(f"{lead} ({why}).", "", "")
    said = " · ".join(filter(None, (shorten(post.title or post.text), write_unlinked(post))))
    return CarrierWords(f"{lead}:", said, write_link(post))


def shorten(text: str) -> str:
    """The first words of a post that stands for others, in quotation marks."""
    if len(text) <= SHORT:
        return f"“{text}”"
    return f"“{text[:SHORT].rsplit(' ', 1)[0].rstrip(' ,;:.…')}…”"
