"""What the page and the application say, in Chinese and in English: ``labels.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from toolkit.say import Language, check_language


@cache
def labels(part: Literal["page", "application"], lang: Language) -> dict[str, str]:
    """Return the labels of a part in a language, by their names."""
    text = files("toolkit.explore").joinpath("labels.toml").read_text("utf-8")
    check_language(lang)
    return {name: said[lang] for name, said in tomllib.loads(text)[part].items()}
