"""The weekly report: one typed structure from SQL, its figures in the store, a PDF of it and a page."""

from __future__ import annotations

from analytics.report.appearance import Appearance, appearance_of
from analytics.report.building import build_report, list_posts_behind
from analytics.report.drawing import start_drawing
from analytics.report.figures import Figure, publish_figures
from analytics.report.figures_now import NotAnswered
from analytics.report.html import RenderedHtml, render_html
from analytics.report.keeping import QuoteGone, Rendered, publish_report, render_outdated
from analytics.report.listening import Listening, listening_of
from analytics.report.model import Report, ReportError
from analytics.report.pdf import RenderedPdf, render_pdf
from analytics.report.sentences import write_wording
from analytics.report.verification import Verification, verify_report

__all__ = [
    "Appearance",
    "Figure",
    "Listening",
    "NotAnswered",
    "QuoteGone",
    "Rendered",
    "RenderedHtml",
    "RenderedPdf",
    "Report",
    "ReportError",
    "Verification",
    "appearance_of",
    "build_report",
    "list_posts_behind",
    "listening_of",
    "publish_figures",
    "publish_report",
    "render_html",
    "render_outdated",
    "render_pdf",
    "start_drawing",
    "verify_report",
    "write_wording",
]
