"""The map of topics: topics whose words are alike lie close together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w
import numpy as np
import pandas as pd

from toolkit.compare import topic_map
from toolkit.explore.labels import Labels
from toolkit.topics import Topics

Array = np.ndarray[Any, Any]
_LARGEST = 0.16  # radius of the largest circle, in the unit square
_UNSEEN = 1e-3  # a third of a pixel of the map
_SIDE = 330  # pixels of the map, as in application.css


class TopicMap(w.Box):  # type: ignore[misc]
    """Topics as round buttons, which are reached by the keyboard too; tells which is chosen."""

    children: Any

    def __init__(self, say: Labels, chosen: Callable[[int], None]) -> None:
        self._chosen = chosen
        super().__init__()
        self.add_class("cgt-map")

    def show(self, data: pd.DataFrame, current: int | None = None) -> None:
        """Place a button for each row of `circles`, to which ``name`` was added."""
        made: list[w.Widget] = [*self.children][: len(data)]
        for row in range(len(made), len(data)):
            made.append(w.Button(description=str(row + 1)))
            made[-1].on_click(lambda _, row=row: self._chosen(row))
        for row, (circle, topic) in enumerate(zip(made, data.to_dict("records"), strict=True)):
            size = 2 * topic["radius"] * _SIDE
            with circle.layout.hold_sync():
                circle.layout.left = f"{topic['x'] * _SIDE - size / 2:.0f}px"
                circle.layout.top = f"{(1 - topic['y']) * _SIDE - size / 2:.0f}px"
                circle.layout.width = circle.layout.height = f"{size:.0f}px"
            circle.tooltip = topic["name"]
            (circle.add_class if row == current else circle.remove_class)("cgt-current")
        self.children = made


def circles(topics: Topics) -> pd.DataFrame:
    """Return a circle for each topic, placed as by `toolkit.compare.topic_map`.

    Circles that would hide each other are moved apart.

    Returns
    -------
    DataFrame
        ``topic``, ``x``, ``y``, ``radius`` (in the unit square, its area in proportion to
        the share), ``share``.
    """
    place = np.array([[0.0, 0.0], [1.0, 0.0]])
    if topics.k > 2:
        place = topic_map(topics)[["x", "y"]].to_numpy()
    share = topics.shares.to_numpy()
    radius = _LARGEST * np.sqrt(share / share.max())
    radius = np.maximum(radius, 0.035) * min(1.0, np.sqrt(8 / topics.k))
    x, y = _apart(_fitted(place, radius.max() + 0.01), radius).T
    number = np.arange(1, topics.k + 1)
    return pd.DataFrame({"topic": number, "x": x, "y": y, "radius": radius, "share": share})


def _fitted(place: Array, margin: float) -> Array:
    """Return the places in the unit square, away from its edges."""
    span = np.ptp(place, axis=0)
    flat = span <= 1e-9
    inside = np.where(flat, 0.5, (place - place.min(axis=0)) / np.where(flat, 1.0, span))
    return np.asarray(margin + inside * (1 - 2 * margin))


def _apart(place: Array, radius: Array) -> Array:
    """Push circles apart that overlap, a little at a time."""
    least = radius[:, None] + radius[None] + 0.008
    edge = radius[:, None] + 0.005
    # Two at the same place part in a direction that depends on their numbers only.
    i, j = np.indices(least.shape)
    angle = (i + j) * 2.4
    own = np.stack([np.cos(angle), np.sin(angle)], axis=2) * np.sign(i - j)[..., None]
    for _ in range(300):
        between = place[:, None] - place[None]
        distance = np.linalg.norm(between, axis=2)
        np.fill_diagonal(distance, np.inf)
        lack = np.clip(least - distance, 0, None)
        if lack.max() < _UNSEEN:
            break
        same = (distance < 1e-9)[..., None]
        towards = np.where(same, own, between / np.maximum(distance, 1e-9)[..., None])
        place = place + 0.5 * (towards * lack[..., None]).sum(axis=1)
        place = np.clip(place, edge, 1 - edge)
    return place
