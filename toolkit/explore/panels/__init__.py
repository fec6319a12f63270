"""The panels of the application, in the order of its tabs."""

from collections.abc import Callable

from toolkit.explore.labels import Labels
from toolkit.explore.panels.compare import compare_panel
from toolkit.explore.panels.evidence import evidence_panel as evidence_panel
from toolkit.explore.panels.terms import terms_panel
from toolkit.explore.panels.texts import texts_panel
from toolkit.explore.panels.topics import topics_panel
from toolkit.explore.parts import Panel
from toolkit.explore.session import Session

#: What makes each, by the name of its tab.
PANELS: dict[str, Callable[[Session, Labels], Panel]] = {
    "corpus": texts_panel,
    "terms": terms_panel,
    "topics": topics_panel,
    "compare": compare_panel,
}
