"""The panels of the application, in the order of its tabs."""

from collections.abc import Callable

from toolkit.explore.controls import Panel
from toolkit.explore.panels.compare import compare_panel
from toolkit.explore.panels.terms import terms_panel
from toolkit.explore.panels.texts import texts_panel
from toolkit.explore.panels.topics import topics_panel
from toolkit.explore.session import Session
from toolkit.say import Language

#: What makes each, by the name of its tab.
PANELS: dict[str, Callable[[Session, Language], Panel]] = {
    "corpus": texts_panel,
    "terms": terms_panel,
    "topics": topics_panel,
    "compare": compare_panel,
}
