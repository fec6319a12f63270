"""Taking in texts of one's own: files of many formats, pages and collections of the web."""

from toolkit.ingest.intake import intake
from toolkit.ingest.limits import Limits, UnreadableError

__all__ = ["Limits", "UnreadableError", "intake"]
