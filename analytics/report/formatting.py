"""How numbers, dates and lists are written, everywhere alike: a number in a sentence and in a table never differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from brands import wording

MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"
UNITS = {"attention": "points", "net_trust": "points", "rating": "stars"}
COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write_number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """A number with a true minus sign; an en dash where there is none, and never a minus before a zero."""
    if value is None:
        return "–"
    text = f"{abs(value):,.{digits}f}"
    is_zero = not text.strip("0.,")
    sign = "" if is_zero else MINUS if value < 0 else "+" if signed else ""
    return sign + text


def write_tick(value: float, plus: str = "") -> str:
    """The number at an axis, as short as it can be; `plus` stands before what is above zero."""
    return f"{MINUS if value < 0 else plus}{abs(value):g}" if value else "0"


def write_percent(value: float | None, digits: int = 0) -> str:
    """A share in points as a percentage."""
    return "–" if value is None else f"{write_number(value, digits)}{NO_BREAK}%"


def write_share(value: float | None) -> str:
    """A percentage: one decimal under 10, where a whole number would hide a doubling."""
    return write_percent(value, 0 if value is None or value >= 9.95 or value == 0 else 1)


def digits_of(measure: str) -> int:
    """Decimals with which a measure's changes are printed."""
    return 2 if measure == "rating" else 1


def write_change(value: float | None, measure: str, *, signed: bool = True) -> str:
    """A change of a measure, without its unit."""
    return write_number(value, digits_of(measure), signed=signed)


def write_size(value: float, measure: str) -> str:
    """The size of a change with its unit, such as 21.4 points."""
    return f"{write_change(abs(value), measure, signed=False)}{NO_BREAK}{UNITS.get(measure, 'points')}"


def write_interval(low: float | None, high: float | None, measure: str) -> str:
    """An interval in words, empty where it has no width; with more decimals where its ends would look alike."""
    if low is None or high is None or high - low < 1e-9:
        return ""
    for digits in range(digits_of(measure), 10):
        ends = [write_number(end, digits, signed=True) for end in (low, high)]
        if ends[0] != ends[1]:
            break
    return " to ".join(ends)


def write_p(value: float | None) -> str:
    """A p-value to three decimals."""
    if value is None:
        return "–"
    return "<0.001" if value < 0.0005 else f"{value:.3f}"


def write_day(day: date, *, year: bool = True, short: bool = False) -> str:
    """A day such as 6 August 2023, or 6 Aug."""
    month = f"{day:%b}" if short else f"{day:%B}"
    return f"{day.day}{NO_BREAK}{month}" + (f" {day.year}" if year else "")


def write_span(first: date, last: date, *, year: bool = True) -> str:
    """Two days and what lies between them, without saying twice what they share."""
    if first == last:
        return write_day(first, year=year)
    if first.year != last.year:
        return f"{write_day(first, year=year)} – {write_day(last, year=year)}"
    if first.month != last.month:
        return f"{write_day(first, year=False)} – {write_day(last, year=year)}"
    return f"{first.day}–{write_day(last, year=year)}"


def write_days(days: Sequence[date]) -> str:
    """Days as a list: 27 July, 7 and 11 August 2023."""
    words = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        alike = following is not None and following.year == day.year
        if alike and following is not None and following.month == day.month:
            words.append(str(day.day))
        else:
            words.append(write_day(day, year=not alike))
    return join_words(words)


def write_count(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun on one line: 1 week, 12 weeks."""
    return wording.write_count(count, noun, plural).replace(" ", NO_BREAK, 1)


def write_small(count: int, noun: str = "") -> str:
    """Counts to ten as words, with their noun where one is given: four, one week, four weeks."""
    word = COUNT_WORDS[count] if 0 <= count < len(COUNT_WORDS) else f"{count:,}"
    return f"{word} {noun if count == 1 else noun + 's'}" if noun else word


def join_words(words: Sequence[str], last: str = "and") -> str:
    """A list as one writes it: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def lower_label(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation such as AI."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def join_themes(labels: Sequence[str]) -> str:
    """Labels of themes inside a sentence: up to three by name, of more the first two and how many go with them."""
    named = [lower_label(label) for label in labels]
    if len(named) > 3:
        named = [*named[:2], f"{write_small(len(named) - 2)} related themes"]
    return join_words(named)


def upper_first(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]
