"""A brand file is resolved in full, or refused in one line that says where and what to do."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from pathlib import Path

import pytest

from brands.brand_file import Brand, BrandFileError, Known, load

MINIMAL = 'name = "Acme"\nquery = "acme"\n'
LIVE = '[[sources]]\nconnector = "hackernews"\nname = "live"\n'
ARCHIVE = """
[[sources]]
connector = "archive"
name = "reviews"
path = "data/reviews.csv"
[sources.columns]
created_at = "at"
text = "body"
"""
TERMS = """
[[terms]]
document = "Terms"
url = "https://acme.invalid/terms"
selector = "#terms"
"""
RULE = """[[decisions]]
advice = "hold"
because = "x"
when = ["reversed is yes"]
"""
SIGNAL = """
[[signals]]
name = "wikipedia"
connector = "pageviews"
articles = ["Acme"]
"""


def write(folder: Path, text: str, name: str = "acme.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def load_text(folder: Path, text: str) -> Brand:
    return load(write(folder, text))


def test_a_name_and_a_query_are_enough(tmp_path: Path) -> None:
    """Everything else has a default."""
    brand = load_text(tmp_path, MINIMAL)

    assert (brand.name, brand.slug, brand.sources, brand.peers, brand.events) == ("Acme", "acme", (), (), ())
    assert brand.query.matches("ACME!")


def test_pages_of_terms_are_read(tmp_path: Path) -> None:
    """A private network is left alone unless the file says otherwise."""
    text = MINIMAL + TERMS + '[[terms]]\ndocument = "Privacy"\nurl = "http://host:8000"\nprivate_network = true\n'
    first, second = load_text(tmp_path, text).file.terms
    assert (first.document, first.selector, first.private_network) == ("Terms", "#terms", False)
    assert (second.url, second.selector, second.private_network) == ("http://host:8000", None, True)


def test_a_loaded_brand_cannot_be_changed(tmp_path: Path) -> None:
    """What a run began with is what it ends with."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_text(tmp_path, MINIMAL).slug = "other"  # type: ignore[misc]


def test_paths_are_relative_to_the_brand_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not to the folder in which the command happens to run."""
    write(tmp_path, MINIMAL + ARCHIVE, "brands/acme.toml")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    brand = load(Path("../brands/acme.toml"))

    assert brand.sources[0].path == tmp_path / "brands/data/reviews.csv"
    assert brand.file.sources[0].path == Path("data/reviews.csv")


def test_a_peer_by_file_brings_its_own_query_and_sources(tmp_path: Path) -> None:
    """One level only: the peers of a peer, even this very file, are not followed."""
    own_peer = '[[peers]]\nname = "Acme"\nfile = "../acme.toml"\n'
    rival = 'name = "Rival Inc"\nquery = "rival"\nnot_phrases = ["arch rival"]\nhandles = ["@rival"]\n' + own_peer
    rival = 'exclude = "hotline"\n' + rival
    broken = '[[source_breaks]]\nsource = "stars"\ndate = 2023-05-01\nnote = "sampled anew"\n'
    write(tmp_path, rival + ARCHIVE.replace("reviews", "stars") + broken, "peers/rival.toml")

    brand = load_text(tmp_path, MINIMAL + '[[peers]]\nname = "Rival"\nfile = "peers/rival.toml"\naliases = ["RVL"]\n')

    (peer,) = brand.peers
    assert (peer.slug, peer.name, peer.by_file) == ("rival_inc", "Rival", True)
    assert (peer.query.matches("the rival"), peer.query.matches("my arch rival")) == (True, False)
    assert not peer.query.matches("the rival hotline")
    assert [source.path for source in peer.sources] == [tmp_path / "peers/data/stars.csv"]
    assert [broken.note for broken in peer.source_breaks] == ["sampled anew"]
    assert brand.names == ("Acme", "Rival", "RVL", "Rival Inc", "rival")


def test_a_peer_by_query_has_no_sources_of_its_own(tmp_path: Path) -> None:
    """It is looked for in the sources of the brand."""
    brand = load_text(tmp_path, MINIMAL + '[[peers]]\nname = "Rival"\nquery = "rival"\nnot_phrases = ["arch rival"]\n')

    (peer,) = brand.peers
    assert (peer.slug, peer.sources, peer.by_file) == ("rival", (), False)
    assert not peer.query.matches("arch rival")


def test_the_fingerprint_follows_every_file(tmp_path: Path) -> None:
    """A report can tell that the brand file, or a peer's, is not the one it was made with."""
    text = MINIMAL + '[[peers]]\nname = "Rival"\nfile = "rival.toml"\n'
    write(tmp_path, 'name = "Rival"\nquery = "rival"\n', "rival.toml")
    first = load_text(tmp_path, text).fingerprint

    assert load_text(tmp_path, text).fingerprint == first
    assert load_text(tmp_path, text + "# note\n").fingerprint != first
    write(tmp_path, 'name = "Rival"\nquery = "rivals"\n', "rival.toml")
    assert load_text(tmp_path, text).fingerprint != first


def test_signals_are_resolved(tmp_path: Path) -> None:
    """Paths are relative to the brand file; a CSV is an outcome and all else attention, unless the file says."""
    text = MINIMAL + SIGNAL + '[[signals]]\nname = "churn"\nconnector = "csv"\npath = "figures/churn.csv"\n'
    text += '[[signals]]\nname = "panel"\nconnector = "csv"\npath = "p.csv"\nkind = "attention"\n'
    text += '[[signals]]\nname = "x"\nconnector = "x_counts"\nquery = "acme"\nusd_per_count = 0.01\n'

    wikipedia, churn, panel, counts = load_text(tmp_path, text).signals

    assert (wikipedia.kind, wikipedia.articles, wikipedia.project) == ("attention", ("Acme",), "en.wikipedia.org")
    assert (churn.kind, churn.path, churn.columns.day) == ("outcome", tmp_path / "figures" / "churn.csv", "day")
    assert (panel.kind, counts.kind) == ("attention", "attention")


def test_signals_that_there_are_not_are_told_where_the_known_ones_are_given(tmp_path: Path) -> None:
    """As with connectors, a name that nobody gives a meaning to would find nothing."""
    path = write(tmp_path, MINIMAL + '[[signals]]\nname = "x"\nconnector = "x_count"\n')
    nothing: dict[str, list[str]] = {"connectors": [], "themes": [], "scorers": ["vader", "vader_domain"]}

    with pytest.raises(BrandFileError, match=r':5: there is no signal "x_count"; did you mean "x_counts"'):
        load(path, Known(**nothing, signals=["csv", "x_counts"]))
    load(path, Known(**nothing))


def test_times_are_utc_without_a_zone(tmp_path: Path) -> None:
    """A zone is converted, a time without one is UTC already, a date is its first moment."""
    gaps = "\n[[sources.gaps]]\nsince = 2023-03-01T02:00:00+02:00\nuntil = 2023-03-02\n"
    gaps += "[[sources.gaps]]\nsince = 2023-04-01T05:00:00\nuntil = 2023-04-01T06:00:00Z\n"

    first, second = load_text(tmp_path, MINIMAL + ARCHIVE + gaps).sources[0].gaps

    assert (first.since, first.until) == (datetime.fromisoformat("2023-03-01"), datetime.fromisoformat("2023-03-02"))
    assert (second.since, second.until) == (
        datetime.fromisoformat("2023-04-01T05:00"),
        datetime.fromisoformat("2023-04-01T06:00"),
    )


def test_a_date_may_be_a_text(tmp_path: Path) -> None:
    """As people who know JSON write it."""
    brand = load_text(tmp_path, MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = "2023-08-06"\n')

    assert brand.events[0].noticed == date(2023, 8, 6)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('name = "Acme"\nqurey = "acme"\n', 2, 'unknown key "qurey"; did you mean "query"?'),
        ('name = "Acme"\ncolour = "red"\n', 1, 'the brand file needs the key "query" (and 1 more)'),
        (MINIMAL + 'colour = "red"\n', 3, 'unknown key "colour"; there are: name, slug'),
        (MINIMAL + 'alias = ["a"]\n', 3, 'did you mean "aliases"?'),
        (MINIMAL + ARCHIVE.replace("body", 'body"\nautor = "u'), 11, 'unknown key "autor" in sources.columns; did you'),
        (MINIMAL + "[report]\ncorn = 1\n", 4, 'did you mean "cron"?'),
        (MINIMAL + ARCHIVE.replace('text = "body"\n', ""), 8, 'sources.columns needs the key "text"'),
        (MINIMAL.replace('"acme"', "7"), 2, "query should be text in quotes"),
        ('name = "Acme"\nquery = "acme AND (terms"\n', 2, 'character 10: the "(" is never closed'),
        ("name = 'Acme'\nquery = 'acme \"terms'\n", 2, "quotation mark"),
        (MINIMAL + 'exclude = "refund AND"\n', 3, "exclude, character 11: it ends too early"),
        (MINIMAL + 'exclude = " Acme "\n', 3, "exclude leaves out all that the query finds"),
        (MINIMAL + 'not_phrases = ["!"]\n', 3, 'the not_phrase "!" has no letter'),
        ('name = ""\nquery = "a"\n', 1, "name is empty; write what people call the brand"),
        ('name = "\\u202e\\u0000\\u001b[31m"\nquery = "a"\n', 1, "name holds a character that nobody sees (U+202E)"),
        ('name = "Ac\\tme"\nquery = "a"\n', 1, "name holds a character that nobody sees (U+0009)"),
        ('name = "\\u200b \\u200b"\nquery = "a"\n', 1, "name is empty"),
        (f'name = "{"W" * 61}"\nquery = "a"\n', 1, "name has 61 characters; there is room for 60"),
        (MINIMAL + '[[peers]]\nname = "\\u2067Rival"\nquery = "r"\n', 4, "peers.name holds a character that nobody"),
        (MINIMAL + "[alerts]\ncloses_after_hours = " + "9" * 5_000, 4, "this number is too long; write a smaller one"),
        (MINIMAL + '[report]\nlogo = "a\\u0000b"\n', 4, "report.logo holds a null character, which no path has"),
        (MINIMAL + 'slug = "a\\u001b[31m"\n', 3, 'slug "a\\u001b[31m" should be lower-case'),
        (
            MINIMAL + '[delivery]\ntargets = ["On Call"]\n',
            4,
            "delivery.targets should be names of up to 40 small letters",
        ),
        ('name = "ズーム"\nquery = "zoom"\n', 1, 'slug = "brand"'),
        (MINIMAL + f'slug = "{"a" * 61}"\n', 3, "slug has 61 characters; there is room for 60"),
        (MINIMAL + 'slug = "My Brand"\n', 3, 'try "my_brand"'),
        (MINIMAL + 'timezone = "Mars/Base"\n', 3, 'there is no time zone "Mars/Base"'),
        (MINIMAL + 'timezone = "../etc"\n', 3, "there is no time zone"),
        (MINIMAL + 'language = "English"\n', 3, 'such as "en"'),
        (MINIMAL + '[report]\ncron = "0 7 * *"\n', 4, "wrong number of fields"),
        (MINIMAL + '[report]\ncron = "0 25 * * 1"\n', 4, "bad hour"),
        (MINIMAL + '[report]\ncron = "0 0 7 * * 1"\n', 4, "five fields"),
        (MINIMAL + '[report]\npaper = "a5"\n', 4, "should be 'a4' or 'us-letter'"),
        (MINIMAL + "[report]\nrecovery_margin = { attention = 0 }\n", 4, "attention should be greater than 0"),
        (MINIMAL + "[report]\nrecovery_margin = { trust = 5 }\n", 4, 'did you mean "net_trust"?'),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = "August"\n', 6, "should be a date such as 2023-08-06"),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 0001-01-01\n', 6, "should lie between 1971 and 2199"),
        (MINIMAL + LIVE + 'subreddits = ["zoom"]\n', 6, "belongs to the connector reddit, not to hackernews"),
        (MINIMAL + LIVE.replace("hackernews", "mastodon"), 3, 'is of mastodon and needs the key "instances"'),
        (MINIMAL + LIVE + "retention_days = 0\n", 6, "retention_days"),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 20230806\n', 6, "events.noticed should be a date"),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 2023-08-06T10:00:00\n', 6, "should be a date"),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = "2023-02-30"\n', 6, "events.noticed should"),
        (
            MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 2023-08-06\nthemes = [1]\n',
            7,
            "events.themes should",
        ),
        (MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\nnoticed = 2023-08-06\n' * 2, 8, "events"),
        (MINIMAL + ARCHIVE.replace('path = "data/reviews.csv"\n', ""), 4, 'an archive and needs the key "path"'),
        (MINIMAL + '[[sources]]\nconnector = "archive"\nname = "a"\npath = "x"\n', 3, 'needs the key "columns"'),
        (MINIMAL + ARCHIVE.replace("[sources.c", 'match = "column"\n[sources.c'), 8, "columns.brand"),
        (MINIMAL + ARCHIVE.replace("[sources.c", 'match = "some"\n[sources.c'), 8, "'all', 'query' or 'column'"),
        (MINIMAL + ARCHIVE.replace("[sources.c", 'encoding = "utf-99"\n[sources.c'), 8, "no encoding"),
        (MINIMAL + ARCHIVE.replace("[sources.c", 'timezone = ""\n[sources.c'), 8, "no time zone"),
        (MINIMAL + ARCHIVE + '[sources.brand_values]\n"Acme Inc" = "acne"\n', 12, 'did you mean "acme"?'),
        (MINIMAL + ARCHIVE + ARCHIVE, 14, 'a second entry of sources has the name "reviews"'),
        (MINIMAL + ARCHIVE + "[[sources.gaps]]\nsince = 2023-03-02\nuntil = 2023-03-02\n", 11, "since before until"),
        (MINIMAL + ARCHIVE + "[[sources.gaps]]\nsince = 5\nuntil = 2023-03-02\n", 12, "should be a time such as"),
        (MINIMAL + '[[peers]]\nname = "Rival"\n', 3, "either a query or a file"),
        (MINIMAL + '[[peers]]\nname = "Rival"\nquery = "a OR"\n', 5, "ends too early"),
        (MINIMAL + '[[peers]]\nname = "ACME"\nquery = "other"\n', 3, 'a second brand has the slug "acme"'),
        (MINIMAL + '[[peers]]\nname = "Rival"\nfile = "rival.toml"\n', 5, 'there is no file "'),
        (MINIMAL + '[[peers]]\nname = "Me"\nfile = "acme.toml"\n', 3, 'a second brand has the slug "acme"'),
        (
            MINIMAL + '[[source_breaks]]\nsource = "x"\ndate = 2023-01-01\nnote = ""\n',
            4,
            'no source "x"; there are: none',
        ),
        (
            MINIMAL + SIGNAL.replace("articles", "artikel"),
            7,
            'unknown key "artikel" in signals; did you mean "articles"?',
        ),
        (MINIMAL + SIGNAL.replace('articles = ["Acme"]\n', ""), 4, 'of pageviews and needs the key "articles"'),
        (MINIMAL + SIGNAL + 'path = "x.csv"\n', 8, '"path" belongs to the connector csv, not to pageviews'),
        (MINIMAL + SIGNAL + 'kind = "mood"\n', 8, "should be 'attention' or 'outcome'"),
        (MINIMAL + SIGNAL + SIGNAL, 10, 'a second entry of signals has the name "wikipedia"'),
        (MINIMAL + '[[signals]]\nname = "churn"\nconnector = "csv"\n', 3, 'of csv and needs the key "path"'),
        (MINIMAL + '[[signals]]\nname = " "\nconnector = "x_counts"\n', 4, "a signal needs a name"),
        (MINIMAL + '[[signals]]\nname = "x"\nconnector = "x_counts"\nquery = "a OR"\n', 6, "ends too early"),
        (
            MINIMAL + '[[signals]]\nname = "c"\nconnector = "csv"\npath = "x"\nencoding = "utf-99"\n',
            7,
            "no encoding",
        ),
        (MINIMAL + TERMS + TERMS, 10, 'a second entry of terms has the document "Terms"'),
        (MINIMAL + TERMS.replace("Terms", " "), 5, "terms need the name of their document"),
        (MINIMAL + TERMS.replace("https://", ""), 6, "the url of terms should be https://host/path"),
        (MINIMAL + TERMS.replace("https://", "https://me:secret@"), 6, "without a password"),
        (MINIMAL + TERMS.replace("#terms", "a["), 7, '"a[" is no CSS selector'),
        (MINIMAL + TERMS + 'language = "en"\n', 8, 'unknown key "language" in terms'),
        (MINIMAL + '[[terms]]\ndocument = "Terms"\n', 3, 'terms needs the key "url"'),
        (
            MINIMAL + '[[decisions]]\nadvice = "panic"\nbecause = "x"\nwhen = ["reversed is yes"]\n',
            4,
            "should be 'hold'",
        ),
        (
            MINIMAL + '[[decisions]]\nadvice = "hold"\nbecause = "x"\nwhen = ["reversed is yes", "mood is bad"]\n',
            6,
            '"mood is bad": there is no figure mood',
        ),
        (MINIMAL + RULE.replace('["reversed is yes"]', '"reversed is yes"'), 6, 'when = ["reversed is yes"]'),
        (MINIMAL + RULE.replace('["reversed is yes"]', "[]"), 6, "decisions.when is an empty list; name at least one"),
        (MINIMAL + RULE.replace('"x"', '" "'), 5, "decisions.because is empty; say why in a few words"),
        (MINIMAL + RULE.replace('"x"', f'"{"x" * 161}"'), 5, "has 161 characters; the report has room for 160"),
        (MINIMAL + RULE.replace("[[decisions]]", "[decisions]"), 3, "in double brackets: [[decisions]]"),
        (MINIMAL + "aliases = 3\n", 3, "aliases should be a list, in square brackets"),
        ('name = "Acme\n', 1, "this is not TOML: "),
        ('name = "Acme"\nname = "B"\n', 2, "this is not TOML: "),
        ("a = [\n\n", 2, "this is not TOML: "),
        (MINIMAL + "x = " + "[" * 100_000, None, "this is not TOML"),
        ("  \n", None, "this file is empty"),
    ],
)
def test_a_brand_file_that_cannot_be_used_says_where_and_why(
    tmp_path: Path, text: str, line: int | None, says: str
) -> None:
    """One line with the file, its line, what is wrong and how it is written."""
    with pytest.raises(BrandFileError) as caught:
        load_text(tmp_path, text)

    message = str(caught.value)
    assert caught.value.line == line
    assert message.startswith(f"{tmp_path / 'acme.toml'}:{f'{line}:' if line else ''} ")
    assert says in message
    assert "\n" not in message


def test_an_event_may_have_no_date_yet(tmp_path: Path) -> None:
    """What will be asked of it can be declared before anything has happened."""
    path = tmp_path / "acme.toml"
    path.write_text(MINIMAL + '[[events]]\nid = "e"\ntitle = "E"\n', encoding="utf-8")
    assert load(path).events[0].noticed is None


def test_several_faults_are_counted_and_the_first_is_told(tmp_path: Path) -> None:
    """The first as the file stands, not as it was checked."""
    text = (
        MINIMAL + 'timezone = "Nowhere"\n[[events]]\nid = "e"\ntitle = "E"\nthemes = [""]\n[report]\ncron = "daily"\n'
    )

    with pytest.raises(BrandFileError, match=r":3: there is no time zone .* \(and 2 more\)$"):
        load_text(tmp_path, text)


def test_a_fault_in_a_peers_file_names_that_file(tmp_path: Path) -> None:
    """The reader is sent to the file that needs mending."""
    write(tmp_path, 'name = "Rival"\nquery = "("\n', "rival.toml")

    with pytest.raises(BrandFileError, match=r"rival\.toml:2: query"):
        load_text(tmp_path, MINIMAL + '[[peers]]\nname = "Rival"\nfile = "rival.toml"\n')


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    """A directory, a file that is not there, bytes that are no text, and a name that no file can have."""
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b'name = "x"\n\xff\xfe\x00')

    with pytest.raises(BrandFileError, match="is a directory"):
        load(tmp_path)
    with pytest.raises(BrandFileError, match="brandtrust init"):
        load(tmp_path / "missing.toml")
    with pytest.raises(BrandFileError, match=r"binary\.toml:2: .*UTF-8"):
        load(binary)
    with pytest.raises(BrandFileError):
        load("a\0b")


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    """Editors on Windows write both."""
    path = tmp_path / "acme.toml"
    path.write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())

    assert load(path).name == "Acme"


def test_a_file_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    """A link to a device, or a file of posts in the place of a brand file: one line, at once."""
    endless = tmp_path / "acme.toml"
    endless.symlink_to("/dev/zero")
    with pytest.raises(BrandFileError, match="more than 1,000,000 bytes; name the brand file"):
        load(endless)
