"""Exploring: the application in a notebook, the page to share, the log of decisions."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
del _lazy
