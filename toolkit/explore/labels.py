"""What the page and the application say, in Chinese and in English: ``labels.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

Language = Literal["zh", "en"]


@cache
def labels(part: Literal["page", "application"], lang: Language) -> dict[str, str]:
    """Return the labels of a part in a language, by their names."""
    text = files("toolkit.explore").joinpath("labels.toml").read_text("utf-8")
    if lang not in ("zh", "en"):
        raise ValueError(f"lang must be 'zh' or 'en', not {lang!r}")
    return {name: said[lang] for name, said in tomllib.loads(text)[part].items()}
