"""Submissions and comments as Reddit's API writes them, and its search over them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

Thing = dict[str, Any]  # kind and data

MOST_CHARACTERS = 512


def submission(
    number: int, created: float, title: str, selftext: str = "", subreddit: str = "zoom", **more: Any
) -> Thing:
    """A self post; its id is `number` in base 36 and its author author<number>."""
    thing = base36(number)
    common = _common(number, thing, created, subreddit, "t3")
    data = {
        **common,
        "title": title,
        "selftext": selftext,
        "selftext_html": f'<!-- SC_OFF --><div class="md"><p>{selftext}</p>\n</div><!-- SC_ON -->'
        if selftext
        else None,
        "permalink": f"/r/{subreddit}/comments/{thing}/{_slug(title)}/",
        "url": f"https://www.reddit.com/r/{subreddit}/comments/{thing}/{_slug(title)}/",
        "domain": f"self.{subreddit}",
        "is_self": True,
        "num_comments": 0,
        "num_crossposts": 0,
        "upvote_ratio": 0.83,
        "removed_by_category": None,
        "removed_by": None,
        "hide_score": False,
        "hidden": False,
        "clicked": False,
        "visited": False,
        "pinned": False,
        "spoiler": False,
        "is_video": False,
        "is_meta": False,
        "is_original_content": False,
        "is_crosspostable": True,
        "is_robot_indexable": True,
        "is_reddit_media_domain": False,
        "media": None,
        "media_embed": {},
        "media_only": False,
        "secure_media": None,
        "secure_media_embed": {},
        "thumbnail": "self",
        "thumbnail_height": None,
        "thumbnail_width": None,
        "category": None,
        "content_categories": None,
        "contest_mode": False,
        "discussion_type": None,
        "link_flair_background_color": "",
        "link_flair_css_class": None,
        "link_flair_richtext": [],
        "link_flair_text": None,
        "link_flair_text_color": "dark",
        "link_flair_type": "text",
        "allow_live_comments": False,
        "parent_whitelist_status": "all_ads",
        "whitelist_status": "all_ads",
        "pwls": 6,
        "wls": 6,
        "subreddit_subscribers": 51_234,
        "suggested_sort": None,
        "view_count": None,
        **more,
    }
    return {"kind": "t3", "data": data}


def comment(number: int, created: float, body: str, link: Thing, parent: Thing | None = None, **more: Any) -> Thing:
    """A comment under `link`, in reply to `parent` or else to `link` itself."""
    thing, under = base36(number), link["data"]
    data = {
        **_common(number, thing, created, under["subreddit"], "t1"),
        "body": body,
        "body_html": f'<div class="md"><p>{body}</p>\n</div>',
        "link_id": under["name"],
        "parent_id": (parent or link)["data"]["name"],
        "permalink": f"{under['permalink']}{thing}/",
        "replies": "",
        "score_hidden": False,
        "collapsed": False,
        "collapsed_because_crowd_control": None,
        "collapsed_reason": None,
        "collapsed_reason_code": None,
        "comment_type": None,
        "controversiality": 0,
        "depth": 0,
        "is_submitter": False,
        "unrepliable_reason": None,
        "associated_award": None,
        **more,
    }
    return {"kind": "t1", "data": data}


def _common(number: int, thing: str, created: float, subreddit: str, kind: str) -> dict[str, Any]:
    return {
        "id": thing,
        "name": f"{kind}_{thing}",
        "author": f"author{number}",
        "author_fullname": f"t2_{thing}",
        "author_flair_background_color": None,
        "author_flair_css_class": None,
        "author_flair_richtext": [],
        "author_flair_template_id": None,
        "author_flair_text": None,
        "author_flair_text_color": None,
        "author_flair_type": "text",
        "author_is_blocked": False,
        "author_patreon_flair": False,
        "author_premium": False,
        "subreddit": subreddit,
        "subreddit_id": "t5_2qh33",
        "subreddit_name_prefixed": f"r/{subreddit}",
        "subreddit_type": "public",
        "created": float(created),
        "created_utc": float(created),
        "edited": False,
        "score": 1,
        "ups": 1,
        "downs": 0,
        "likes": None,
        "saved": False,
        "archived": False,
        "locked": False,
        "stickied": False,
        "distinguished": None,
        "gilded": 0,
        "gildings": {},
        "all_awardings": [],
        "awarders": [],
        "total_awards_received": 0,
        "top_awarded_type": None,
        "treatment_tags": [],
        "over_18": False,
        "quarantine": False,
        "no_follow": True,
        "send_replies": True,
        "can_gild": False,
        "can_mod_post": False,
        "approved_at_utc": None,
        "approved_by": None,
        "banned_at_utc": None,
        "banned_by": None,
        "mod_note": None,
        "mod_reason_by": None,
        "mod_reason_title": None,
        "mod_reports": [],
        "num_reports": None,
        "removal_reason": None,
        "report_reasons": None,
        "user_reports": [],
    }


def base36(number: int) -> str:
    """`number` as Reddit writes its ids."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def delete(thing: Thing) -> None:
    """As its author deletes it: the name and the text are gone, the thing stays."""
    gone = {"author": "[deleted]", "selftext": "[deleted]", "removed_by_category": "deleted"}
    thing["data"].update(gone if thing["kind"] == "t3" else {"author": "[deleted]", "body": "[deleted]"})


def remove(thing: Thing) -> None:
    """As a moderator removes it: of a submission the title stays, and the author's name."""
    gone = {"selftext": "[removed]", "removed_by_category": "moderator"}
    thing["data"].update(gone if thing["kind"] == "t3" else {"author": "[deleted]", "body": "[removed]"})


# Search -----------------------------------------------------------------------------------------------------------


class BadSearch(ValueError):
    """A query that Reddit would not take."""


def matches(query: str, thing: Thing) -> bool:
    """Whether the search finds the submission: words by their stems in any case, phrases in their order.

    AND binds closer than OR, words beside each other are joined by AND, and NOT or a minus excludes. A word is looked
    for in title and text together, or in the field that is written before it (`title:zoom`).
    """
    if len(query) > MOST_CHARACTERS:
        raise BadSearch("TOO_LONG")
    tokens = re.findall(r'\(|\)|(?:\w+:)?"[^"]*"|[^\s()"]+', query)
    return _Search(tokens, thing["data"]).any_of() if tokens else True


class _Search:
    def __init__(self, tokens: list[str], data: dict[str, Any]) -> None:
        self.tokens = tokens[::-1]
        self.data = data

    def any_of(self) -> bool:
        found = self.all_of()
        while self.tokens and self.tokens[-1] == "OR":
            self.tokens.pop()
            found = self.all_of() or found
        return found

    def all_of(self) -> bool:
        found = self.one()
        while self.tokens and self.tokens[-1] not in ("OR", ")"):
            if self.tokens[-1] == "AND":
                self.tokens.pop()
            found = self.one() and found
        return found

    def one(self) -> bool:
        token = self.tokens.pop()
        if token in ("NOT", "-"):
            return not self.one()
        if token.startswith("-"):
            self.tokens.append(token[1:])
            return not self.one()
        if token == "(":
            found = self.any_of()
            if self.tokens:
                self.tokens.pop()
            return found
        field, _, wanted = token.rpartition(":") if re.match(r"\w+:", token) else ("", "", token)
        return self.holds(field, wanted)

    def holds(self, field: str, wanted: str) -> bool:
        text = str(self.data.get(field, "")) if field else f"{self.data['title']} {self.data['selftext']}"
        words, sought = stems(text), stems(wanted)
        if not sought:
            return True
        return any(words[at : at + len(sought)] == sought for at in range(len(words) - len(sought) + 1))


def stems(text: str) -> list[str]:
    """Words as the index holds them: folded, of letters, digits and underscores, without the s of a plural."""
    folded = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in folded if not unicodedata.combining(c)).replace("'s", "").replace("’s", "")
    return [word.removesuffix("s") if len(word) > 3 else word for word in re.findall(r"\w+", plain)]


def _slug(title: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:50] or "_"
