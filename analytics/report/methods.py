"""The page of method and definitions: how the numbers came about, in words that can be held against the code."""

from __future__ import annotations

from analytics.report.attachment import ATTACHED_NAME
from analytics.report.formatting import (
    join_words,
    lower_label,
    write_count,
    write_day,
    write_number,
    write_small,
)
from analytics.report.model import Report


def write_methods(
    report: Report, replaced_characters: int, named_signs: int = 0, *, attached: bool = True
) -> list[tuple[str, str]]:
    """The paragraphs of the method page, each a lead and its text.

    `replaced_characters` could not be drawn, `named_signs` are told by their names. `attached`: the file itself
    carries the figures.
    """
    return [
        ("What net trust expression is", _net_trust()),
        ("What it is not", _not_trust(report)),
        ("Attention", _attention(report)),
        ("The usual", _usual(report)),
        ("Peers", _peers(report)),
        ("Scoring and themes", _scoring(report)),
        ("How an effect is computed", _effect(report)),
        ("What may be claimed", _claims()),
        ("Hand labels", _labels(report)),
        *_notice(report),
        ("What people did", _outcomes(report)),
        *_named(named_signs),
        *_replaced(replaced_characters),
        ("Where every number stands", _figures(report, attached=attached)),
    ]


def _net_trust() -> str:
    return (
        "One vote an author a week: the sign of the mean score of that author’s posts (positive from 0.05, negative to"
        " −0.05, else neutral). 100 × (positive − negative) / all, from −100 to 100; neutral authors stay in. The band"
        " is a 95 % interval for sampling only; it is left out under 10 authors, and weeks under 50, or not"
        " collected in full, are drawn hollow."
        " Weeks start on Monday, UTC."
    )


def _not_trust(report: Report) -> str:
    return (
        f"It is the mood expressed by people who posted on {report.name}, shown as change against the brand’s own"
        " past. It is not what customers think, not a share of people who trust, and cannot be held against another"
        " brand’s level. A change after a date is no proof that the date caused it."
    )


def _attention(report: Report) -> str:
    labels = [lower_label(label) for label in report.event.theme_labels] if report.event else []
    subject = join_words(labels, "or") if labels else report.attention_subject
    return f"The share of a period’s authors with at least one post on {subject}, of all who posted on the brand."


def _usual(report: Report) -> str:
    before = "the event’s own" if report.event is not None else "this one"
    return (
        f"The median of the weeks with 10 authors or more among the 52 before {before}; for themes, their share over"
        " those 52 weeks together. With fewer than four such weeks there is no usual."
    )


def _effect(report: Report) -> str:
    row = report.primary or report.second
    bins = "two weeks (attention) or four (trust, stars) from that day less the weeks before"
    if row is not None:
        bins = (
            f"{write_small(row.after_bins, 'week')} from that day (attention) less the {write_small(row.before_bins)}"
            " before"
        )
    return (
        "Weeks are counted from the day of the event: its notice, where that is known. The change is the mean of"
        f" {bins}, less the change of the peers. The same is done at every earlier date whose windows hold no"
        " known event (an earlier window). For attention p is the rank of this event among all windows, by size. For"
        " trust and stars weeks count by the voices they have, against all comparable weeks of the past, and peers by"
        " theirs; p is how often series without a change, as restless and as long as this one, seem to have moved as"
        " much, and never under one in all windows. The interval leaves out what p would reject. Trust is tested on the"
        " mean of authors’ scores times 100, which keeps more information than their signs: its points are therefore"
        " not those of the weekly line. Windows overlap; the number that do not is printed beside."
    )


def _claims() -> str:
    return (
        "One measure, which the brand file names, is judged first, a second one only where the first was shown; all"
        " others are shown and claim nothing. An event is declared before the notice only where everything that"
        " its verdict depends on was frozen under a hash before that day and is still the same (see the view plans);"
        " else it is exploratory: found by looking, and to be quoted with that word."
        " How an answer depends on the choices stands beside it: the ways asked share their"
        " posts, so that many agreeing ones prove no more than one. “Not comparable”: coverage differs between the"
        " compared weeks, or a source changed inside them. “Descriptive only”: too few earlier windows or authors for"
        " any verdict."
    )


def _labels(report: Report) -> str:
    corrected = next((row for row in report.effects if row.corrected_change is not None), None)
    if corrected is None:
        return (
            "The scorer has not been checked against enough labelled posts of this brand: how well it reads them is not"
            " known. A hundred in each window of an event are needed."
        )
    return (
        "A random sample of both windows, by theme and source, was labelled without knowing the window or the author."
        " The scorer’s mean over all posts, less its mean error on the labelled ones, weighted by the probability with"
        " which each was drawn, is the corrected change (prediction-powered inference). It counts votes and not mean"
        " scores, takes no peers off, and its interval says how well the scorer reads, not how unusual the change is."
    )


def _notice(report: Report) -> list[tuple[str, str]]:
    """How the day of notice is known, and what speaks for it beside the posts that are tested."""
    if report.event is None or report.event.noticed is None:
        return []
    bases = {
        "declared": "declared in the brand file",
        "independent": "dated by signals that are not the tested posts",
        "same_posts": "picked by looking at the tested posts themselves, so that no change there is tested",
    }
    said = f"{write_day(report.event.noticed)}, {bases.get(report.event.noticed_basis, report.event.noticed_basis)}."
    for sign in report.notice_signs:
        if sign.first_day is None or sign.value is None:
            said += f" {sign.name}: no unusual day in {write_count(sign.days, 'day')}."
        else:
            said += (
                f" {sign.name} first left its usual range on {write_day(sign.first_day)}"
                f" ({write_number(sign.value)}, usual {write_number(sign.usual or 0)})."
            )
    if not report.notice_signs:
        said += " No signal beside the posts is connected, such as page views."
    return [("When it was noticed", said)]


def _outcomes(report: Report) -> str:
    if not report.outcomes:
        return "No outcome series is connected: this report tells what people expressed, not what they did."
    named = [f"{each.name} (to {write_day(each.last_day)})" for each in report.outcomes]
    return f"Connected and not tested here: {join_words(named)}; see the view signals_daily."


def _scoring(report: Report) -> str:
    masked = "" if report.scorer == "vader" else " Names of brands are masked, so that a name is no praise."
    return (
        f"Scorer {report.scorer}, version {report.scorer_version}.{masked} Themes by taxonomy"
        f" {report.taxonomy_version}: a post may speak of several, or of none. Posts are matched by query"
        f" {report.query_hash[:16]}."
    )


def _peers(report: Report) -> str:
    if not report.peers:
        return "None are declared: nothing that moves the whole market is taken off."
    return f"{join_words([peer.name for peer in report.peers])}, listened for on the same sources."


def _named(named_signs: int) -> list[tuple[str, str]]:
    """What words in brackets in a quote mean, where there are some."""
    if not named_signs:
        return []
    said = f"{write_count(named_signs, 'emoji is', 'emoji are')} told by name in brackets, such as [fire]."
    return [("Words in brackets", said)]


def _replaced(replaced_characters: int) -> list[tuple[str, str]]:
    """What \ufffd in a quote means, where there is one."""
    if not replaced_characters:
        return []
    said = (
        f"{write_count(replaced_characters, 'character')} of quoted texts and names cannot be printed"
        " with the fonts of this report, or would turn the line around; \ufffd stands in their place. No number is"
        " touched by that, and the store holds the posts unchanged."
    )
    return [("Signs shown as \ufffd", said)]


def _figures(report: Report, *, attached: bool) -> str:
    computed = f" Numbers were computed by run {report.run_id}." if report.run_id else ""
    return (
        f"{write_count(len(report.figures), 'figure is', 'figures are')} published under the report’s id, each with the"
        f" SQL that gives it again. The fingerprint {report.fingerprint} changes with any of them, and with the"
        f" advice.{computed}"
        f" {'This file' if attached else 'The PDF'} carries them as {ATTACHED_NAME}; “brandtrust verify” holds"
        f" {'it' if attached else 'the PDF'} against the store."
    )
