"""The Sources and Methods Transparency Table of the Conclave on Social Media Measurement Standards (AMEC, 2013).

Its rows are answered out of the run and the brand file; what neither knows is said to be not known.
"""

from __future__ import annotations

from datetime import timedelta

from analytics.effects.wording import NOT_VALIDATED
from analytics.report.formatting import join_words, upper_first, write_count, write_number, write_share, write_span
from analytics.report.listening import StoredCount
from analytics.report.model import Report

LANGUAGES_SHOWN = 5
LONGEST_QUERY = 600  # characters: with more it is a page that nobody reads
NOT_KNOWN = "Not known"
LANGUAGE_NAMES = {"und": "cannot be told", "unread": "not read yet"}


def write_transparency(report: Report) -> list[tuple[str, str]]:
    """The rows of the table, each with its heading and its answer."""
    return [
        ("Timeframe analysed", _timeframe(report)),
        ("Research lead", f"{NOT_KNOWN}: no file names one. Every number was computed, none was entered by hand."),
        ("Channels analysed", _channels(report)),
        ("Content sources and sourcing tools", _tools(report)),
        ("Geography", _geography(report)),
        ("Source languages", _languages(report)),
        ("Search languages", _search_languages(report)),
        ("Sampling and depth of analysis", _sampling(report)),
        ("Sentiment coding", _sentiment(report)),
        ("Tested accuracy, and who coded by hand", _accuracy(report)),
        ("Spam and bots", _spam(report)),
        ("Duplicates", _duplicates(report)),
        (
            "Engagement",
            "Likes, replies and shares of a post as observed last, added up; used only to choose the posts that are"
            " quoted (called reach there).",
        ),
        ("Reach and influence", f"{NOT_KNOWN}: no source tells who saw a post, and nobody’s influence is weighed."),
        (
            "Opinion and advocacy",
            "Net trust expression and attention, as defined under “Method and definitions”; advocacy is not measured.",
        ),
        (
            "Proprietary methods",
            "None: rules, lexicon and taxonomy are files that can be read, and each number is published with its SQL.",
        ),
        ("Search parameters", _query(report)),
    ]


def _timeframe(report: Report) -> str:
    weeks = [point.week for series in report.trend[:1] for point in series.points]
    last = report.week + timedelta(days=6)
    if not weeks:
        return f"{write_span(report.week, last)}."
    return f"{write_span(min(weeks), last)}, by week (Monday, UTC); this report is on the last one."


def _channels(report: Report) -> str:
    by_source: dict[str, list[StoredCount]] = {}
    for count in report.kinds:
        by_source.setdefault(count.source, []).append(count)
    if not by_source:
        return "None: nothing was stored over the time shown."
    said = [
        f"{source} ({join_words([f'{_kind(count.name)} {write_number(count.posts)}' for count in of])})"
        for source, of in sorted(by_source.items())
    ]
    return f"{'; '.join(said)}. Posts as they were stored, before any is left out."


def _kind(kind: str) -> str:
    return kind.replace("_", " ")


def _tools(report: Report) -> str:
    if report.listening is None or not report.listening.channels:
        return f"{NOT_KNOWN}: this report was built without its brand file."
    by_connector: dict[str, list[str]] = {}
    for channel in report.listening.channels:
        by_connector.setdefault(channel.connector, []).append(channel.source)
    named = [f"{connector}: {join_words(sorted(sources))}" for connector, sources in sorted(by_connector.items())]
    return f"{'; '.join(named)}. Read by brandtrust from the platforms’ own interfaces, feeds or given files."


def _geography(report: Report) -> str:
    channels = report.listening.channels if report.listening else ()
    asked = [f"{channel.source}: {', '.join(channel.countries)}" for channel in channels if channel.countries]
    rest = "where authors live is not known, and no source was asked by country"
    return f"{'; '.join(asked)}. Elsewhere {rest}." if asked else f"{NOT_KNOWN}: {rest}."


def _languages(report: Report) -> str:
    whole = sum(count.posts for count in report.languages)
    if not whole:
        return f"{NOT_KNOWN}: nothing was stored over the time shown."
    shown = report.languages[:LANGUAGES_SHOWN]
    named = [
        f"{LANGUAGE_NAMES.get(count.name, count.name)} {write_number(count.posts)}"
        f" ({write_share(100 * count.posts / whole)})"
        for count in shown
    ]
    more = len(report.languages) - len(shown)
    others = f"; {write_count(more, 'other')}" if more else ""
    return f"{join_words(named)}{others}. Read from the words."


def _search_languages(report: Report) -> str:
    if report.listening is None:
        return f"{NOT_KNOWN}: this report was built without its brand file."
    return (
        f"{report.listening.language}: one query, asked everywhere alike and not translated. Posts in another language"
        " are stored and do not count."
    )


def _sampling(report: Report) -> str:
    quotas = [row.source for row in report.sources if row.constant_quota]
    days = sum(row.complete + row.partial + row.capped + row.failed + row.never_asked for row in report.sources)
    full = sum(row.complete for row in report.sources)
    said = "Automated; all posts that match are read, none is drawn."
    if quotas:
        said = f"Automated; all that match are read, except that {join_words(quotas)} gave a constant number a month."
    if report.left_out.truncated:
        said += " Long ones are read on their first 20,000 characters."
    if not days:
        return said
    return f"{said} {write_number(full)} of {write_number(days)} days of sources were collected in full."


def _sentiment(report: Report) -> str:
    return (
        f"Automated by the scorer {report.scorer}; each post on a scale from −1 to 1, each author and week positive,"
        " neutral or negative (3 points). What a post says of another brand in it is not told apart."
    )


def _accuracy(report: Report) -> str:
    told = report.primary.validation if report.primary is not None else ""
    if not told or told.startswith(NOT_VALIDATED):
        return f"{NOT_KNOWN}: too few posts of this brand’s have been labelled by hand (see “Hand labels”)."
    return f"{upper_first(told).rstrip('.')}. Who labelled by hand, if anyone, stands in the store (labels)."


def _spam(report: Report) -> str:
    exclude = report.listening.exclude if report.listening else ""
    if report.listening is None:
        return f"{NOT_KNOWN}: this report was built without its brand file."
    if exclude:
        return f"No bot is looked for. Posts that this query finds are left out, by hand: {_clip(exclude)}"
    return "No bot is looked for and no post is left out as spam; one voice an author bounds what one account can do."


def _duplicates(report: Report) -> str:
    repeated = write_count(report.left_out.copies, "post repeats", "posts repeat")
    return (
        f"A post is stored once, by its id. {repeated} the text of another one of the same week, word for word or"
        " nearly (MinHash); they count, and the numbers without them stand beside."
    )


def _query(report: Report) -> str:
    if report.listening is None:
        fingerprint = report.query_hash[:16]
        return f"{NOT_KNOWN} but for its fingerprint, {fingerprint}: this report was built without its brand file."
    said = _clip(report.listening.query)
    if report.listening.not_phrases:
        said += f" — phrases that are no mention: {_clip(', '.join(report.listening.not_phrases))}"
    return f"{said} (fingerprint {report.query_hash[:16]})"


def _clip(query: str) -> str:
    if len(query) <= LONGEST_QUERY:
        return query
    begins = query[:LONGEST_QUERY].rsplit(" ", 1)[0].rstrip(" ,")
    return f"{begins}… ({len(query):,} characters; `brandtrust check` prints it whole)"
