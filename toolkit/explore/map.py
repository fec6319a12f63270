"""The map of topics: topics whose words are alike lie close together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.compare import topic_map
from toolkit.topics import Topics

Array = np.ndarray[Any, Any]
_LARGEST = 0.16  # radius of the largest circle, in the unit square
_UNSEEN = 1e-3  # a third of a pixel of the map


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
    place = _apart(_fitted(place, radius), radius)
    return pd.DataFrame(
        {
            "topic": np.arange(1, topics.k + 1),
            "x": place[:, 0],
            "y": place[:, 1],
            "radius": radius,
            "share": share,
        }
    )


def _fitted(place: Array, radius: Array) -> Array:
    """Return the places in the unit square, each circle inside of it."""
    low, high = place.min(axis=0), place.max(axis=0)
    span = np.where(high - low > 1e-9, high - low, 1.0)
    inside = (place - low) / span
    inside[:, high - low <= 1e-9] = 0.5
    margin = radius.max() + 0.01
    return np.asarray(margin + inside * (1 - 2 * margin))


def _apart(place: Array, radius: Array) -> Array:
    """Push circles apart that overlap, a little at a time."""
    place = place.copy()
    least = radius[:, None] + radius[None] + 0.008
    for _ in range(300):
        apart = place[:, None] - place[None]
        distance = np.linalg.norm(apart, axis=2)
        np.fill_diagonal(distance, np.inf)
        lack = np.clip(least - distance, 0, None)
        if lack.max() < _UNSEEN:
            break
        towards = apart / np.maximum(distance, 1e-9)[..., None]
        # Two at the same place part in a direction that depends on their numbers only.
        same = distance < 1e-9
        i, j = np.nonzero(same)
        angle = (i + j) * 2.4
        towards[i, j] = np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.sign(i - j)[:, None]
        place += 0.5 * (towards * lack[..., None]).sum(axis=1)
        place = np.clip(place, radius[:, None] + 0.005, 1 - radius[:, None] - 0.005)
    return place
