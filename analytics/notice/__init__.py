"""When a policy change was noticed, by signals that are not the posts its effect is measured in."""

from __future__ import annotations

from analytics.notice.proposals import Notice, Proposal, differs, find_notices, save_notices
from analytics.notice.surges import Search, Surge, find_surge

__all__ = ["Notice", "Proposal", "Search", "Surge", "differs", "find_notices", "find_surge", "save_notices"]
