"""Chinese texts on city governance: clean, segment, weigh, model, compare, draw.

Names load when first used, so that ``import toolkit`` is quick.
"""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
del _lazy
