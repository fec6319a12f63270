"""Taking in texts of one's own: files of many formats, pages and collections of the web."""

from toolkit.ingest.collecting import collection_table, fetch
from toolkit.ingest.limits import Limits, UnreadableError
from toolkit.ingest.polite import FetchError, Politeness
from toolkit.ingest.skeleton import new_study
from toolkit.ingest.taking import intake

__all__ = [
    "FetchError",
    "Limits",
    "Politeness",
    "UnreadableError",
    "collection_table",
    "fetch",
    "intake",
    "new_study",
]
