"""A Chinese font for the application, for browsers on machines that have none."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

from toolkit.figures.press.webfont import embedded_font
from toolkit.templates import filled

if TYPE_CHECKING:
    from toolkit.corpus import Corpus

_MOST = 6000  # characters of the font: some 1 MB; 143 annual reports have 3,662


def characters_of(corpus: Corpus, labels: dict[str, str]) -> str:
    """Return the characters that the application may show, each once and in order.

    Of a corpus of very many different ones, the most frequent.
    """
    named = corpus.units.select_dtypes(exclude="number")
    text = "".join("".join(map(str, named[column].dropna())) for column in named)
    seen = {*text}
    if len(seen) > _MOST:
        seen = {character for character, _ in Counter(text).most_common(_MOST)}
    return "".join(sorted(seen | {*"".join(labels.values())}))


def font_rule(characters: str) -> str:
    """Return a style element: a font that holds these characters, and who takes it.

    Examples
    --------
    >>> "url(data:font/woff2;base64," in font_rule("城市")
    True
    """
    return filled("explore/font.html", font=embedded_font(characters))


def make_aside(
    characters: str, done: Callable[[str], None], loop: asyncio.AbstractEventLoop
) -> None:
    """Make the rule in a process of its own, then give it to `done` in the loop.

    It takes seconds of pure Python, which a thread would take from every step meanwhile. The
    process is none of multiprocessing, which would run the file of the notebook's user again
    (VS Code names one in `__main__`), and has nothing to do with interrupts of the notebook.
    """

    def make() -> None:
        path = os.pathsep.join(filter(None, sys.path))
        try:
            made = subprocess.run(
                [sys.executable, "-W", "ignore", "-m", __name__],
                input=characters.encode("utf-8", "replace"),
                capture_output=True,
                check=True,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,
            )
            loop.call_soon_threadsafe(done, made.stdout.decode())
        except Exception as error:  # boxes, but nothing worse; or the loop is closed by now
            logging.getLogger(__name__).debug("no font: %r", error)

    Thread(target=make, name="font", daemon=True).start()


if __name__ == "__main__":
    sys.stdout.buffer.write(font_rule(sys.stdin.buffer.read().decode()).encode())
