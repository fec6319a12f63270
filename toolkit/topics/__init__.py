"""Topics: fitting them, choosing how many, telling how sure, asking people, naming them."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
del _lazy
