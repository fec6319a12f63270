from .application import Explorer as Explorer
from .application import explore as explore
from .decisions import Decisions as Decisions
from .page import topic_page as topic_page
from .session import Session as Session
from .session import apply_decisions as apply_decisions
