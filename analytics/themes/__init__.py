"""What a post speaks of: themes of data and AI practices, from a taxonomy that can be reviewed."""

from __future__ import annotations

from analytics.themes.tagging import (
    practices_themes,
    tag,
    tag_data_classes,
    tag_with_evidence,
    taxonomy_version,
    theme,
)
from analytics.themes.taxonomy import DataClass, Theme, read_taxonomy

__all__ = [
    "DataClass",
    "Theme",
    "practices_themes",
    "read_taxonomy",
    "tag",
    "tag_data_classes",
    "tag_with_evidence",
    "taxonomy_version",
    "theme",
]
