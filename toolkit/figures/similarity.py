"""Which cities or texts are alike: a map drawn from cosine similarity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.figures.drawing import Language, canvas, group_name, remember, value_name
from toolkit.figures.labels import label_points
from toolkit.figures.press.presets import Columns
from toolkit.figures.press.style import FAINT, MUTED, colours, fine_print
from toolkit.recipe import check_kind

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes

    from toolkit.matrix import TermMatrix
    from toolkit.topics import Topics


_NOTE = {
    "zh": "越近越相似；灰线连接各点与其最相似者；应力 {:.2f}",
    "en": "close means alike; grey lines join\neach to the most similar; stress {:.2f}",
}


def similarity_map(value: TermMatrix | Topics, *, by: str = "doc_id") -> pd.DataFrame:
    """Place texts or groups of them on a plane, alike ones close together.

    Distance is one minus the cosine similarity of the mean weights (or mean topic shares)
    of two groups. No plane holds all distances: see ``attrs["stress"]``, and trust
    ``nearest`` more than the eye. Metric scaling by SMACOF from a classical start, so
    that nothing is random.

    Parameters
    ----------
    value : TermMatrix or Topics
    by : column of the units
        Such as ``"doc_id"`` or ``"city"``.

    Returns
    -------
    DataFrame
        For each group (index): ``x``, ``y``, ``nearest`` (the group most similar to it)
        and ``similarity`` (the cosine of these two, 0 to 1). ``attrs["stress"]`` is
        Kruskal's stress-1: the share of the distances that the plane misses, 0 if none.

    Raises
    ------
    ValueError
        If there are fewer than three groups.

    References
    ----------
    Torgerson, W. S. (1952). Multidimensional scaling: I. Theory and method.
    *Psychometrika*, 17(4), 401–419.

    De Leeuw, J. (1977). Applications of convex analysis to multidimensional scaling. In
    *Recent developments in statistics* (pp. 133–146). North-Holland.

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> similarity_map(matrix)["nearest"].to_dict()
    {'a': 'c', 'b': 'a', 'c': 'a'}
    """
    import numpy as np
    import pandas as pd

    groups, cosine = cosine_similarity(value, by)
    plane, stress = scaled(1 - cosine)
    np.fill_diagonal(cosine, -np.inf)
    table = pd.DataFrame(
        {
            "x": plane[:, 0],
            "y": plane[:, 1],
            "nearest": [groups[i] for i in cosine.argmax(axis=1)],
            "similarity": cosine.max(axis=1),
        },
        index=pd.Index(groups, name=by),
    )
    table.attrs["stress"] = stress
    return table


def plot_similarity(
    value: TermMatrix | Topics, *, by: str = "doc_id", lang: Language = "zh", ax: Axes | None = None
) -> Axes:
    """Draw a map on which texts or groups that are alike lie close together.

    The data are those of `similarity_map`. A grey line joins each group to the one most
    similar to it, whatever the map makes of it.

    Parameters
    ----------
    value : TermMatrix or Topics
    by : column of the units
        Such as ``"doc_id"`` or ``"city"``.
    lang : {"zh", "en"}
        Language of the note below the map.
    ax : Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from toolkit import Corpus, segment, tfidf
    >>> corpus = Corpus.from_texts({"a": "热线诉求", "b": "网格社区", "c": "热线条例"})
    >>> matrix = tfidf(segment(corpus), min_df=1, max_df=1.0)
    >>> ax = plot_similarity(matrix)
    >>> sorted(text.get_text() for text in ax.texts)
    ['a', 'b', 'c']
    """
    import numpy as np
    from matplotlib.collections import LineCollection

    data = similarity_map(value, by=by)
    stress = data.attrs["stress"]
    caption = {
        "zh": f"{group_name(by, 'zh')}之间的余弦相似度：{_NOTE['zh'].format(stress)}。",
        "en": f"Cosine similarity by {group_name(by, 'en')}: {_NOTE['en'].format(stress)}.".replace(
            "\n", " "
        ),
    }
    letters = sum(len(str(group)) for group in data.index)
    columns: Columns = 2 if letters > 150 else 1.5 if letters > 40 else 1
    ratio = 0.8 if columns == 1 else 0.65
    with canvas(ax, columns=columns, ratio=ratio + 0.05) as one:
        places = data[["x", "y"]].to_numpy()
        nearest = data.loc[data["nearest"], ["x", "y"]].to_numpy()
        lines = [*np.stack([places, nearest], axis=1)]
        one.add_collection(LineCollection(lines, colors=FAINT, linewidths=0.7, zorder=1))
        one.scatter(
            data["x"], data["y"], s=12, color=colours().categories[0], linewidth=0, zorder=2
        )
        frame_map(one, places, ratio=ratio, room=1.15, note=_NOTE[lang].format(stress))
        label_points(one, places, [value_name(by, group, lang) for group in data.index])
        params = {"by": by, "lang": lang}
        chart = ("相似度地图（散点图）", "Map of similarity (scatter plot)")
        remember(one, plot_similarity, value, data, caption, params, kind=chart, value="similarity")
    return one


def frame_map(
    ax: Axes, places: np.ndarray[Any, Any], *, ratio: float, room: float, note: str
) -> None:
    """Frame a map of places, shape (n, 2): the same scale across and up, a note below.

    Parameters
    ----------
    ax : Axes
    places : array, shape (n, 2)
    ratio : float
        Of height to width.
    room : float
        How much larger the map is than the spread of the places.
    note : str
    """
    import numpy as np

    middle = (places.max(axis=0) + places.min(axis=0)) / 2
    reach = np.abs((places - middle) / [1, ratio]).max() * room * np.array([1, ratio])
    (left, low), (right, high) = middle - reach, middle + reach
    ax.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[], box_aspect=ratio)
    ax.spines[:].set(visible=True, color=FAINT)
    ax.set_xlabel(note, size=fine_print(), color=MUTED)


def cosine_similarity(
    value: TermMatrix | Topics, by: str
) -> tuple[list[Any], np.ndarray[Any, Any]]:
    """Return the groups, and the cosine of the mean weights (or topic shares) of each two.

    Raises
    ------
    ValueError
        If there are fewer than three groups.
    """
    import numpy as np

    groups, vectors = _means(value, by)
    if len(groups) < 3:
        raise ValueError(f"a map needs at least three groups; {by!r} has {len(groups)}: {groups}")
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return groups, vectors @ vectors.T


def scaled(distances: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], float]:
    """Place points on a plane so that their distances are kept as well as can be.

    Parameters
    ----------
    distances : array, shape (n, n)

    Returns
    -------
    array, shape (n, 2)
        Turned so that most of the spread is across; an axis points to its farthest point.
    float
        Kruskal's stress-1.
    """
    import numpy as np
    from scipy.spatial.distance import cdist

    distances = np.clip(distances, 0, None)
    np.fill_diagonal(distances, 0)
    plane = _majorised(distances, _classical(distances))
    plane = plane - plane.mean(axis=0)
    plane = plane @ np.linalg.svd(plane, full_matrices=False)[2].T
    plane *= np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    found = cdist(plane, plane)
    return plane, float(np.sqrt(((found - distances) ** 2).sum() / (distances**2).sum()))


def _majorised(distances: np.ndarray[Any, Any], plane: np.ndarray[Any, Any]) -> Any:
    """Return the plane after as many Guttman transforms as lessen the stress (SMACOF).

    The same steps as scikit-learn's, which spends nine tenths of the time on checks that a
    map of a few dozen points does not need.
    """
    import numpy as np
    from scipy.spatial.distance import cdist

    n, found, before = len(distances), cdist(plane, plane), np.inf
    for _ in range(2000):
        found[found == 0] = 1e-5
        ratio = distances / found
        plane = (ratio.sum(axis=1)[:, None] * plane - ratio @ plane) / n
        found = cdist(plane, plane)
        missed = found - distances
        stress = (missed**2).sum()
        if before - stress < 1e-9 * (found**2).sum():
            break
        before = stress
    return plane


def _classical(distances: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the plane that classical scaling starts from, shape (n, 2)."""
    import numpy as np

    squared = distances**2
    gram = -0.5 * (squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean())
    eigenvalues, eigenvectors = np.linalg.eigh(gram)
    plane: np.ndarray[Any, Any] = eigenvectors[:, [-1, -2]] * np.sqrt(eigenvalues[[-1, -2]].clip(0))
    return plane


def _means(value: Any, by: str) -> tuple[list[Any], np.ndarray[Any, Any]]:
    import numpy as np

    from toolkit.matrix import TermMatrix, _groups
    from toolkit.topics import Topics

    if isinstance(value, Topics):
        shares = value.doc_topics(by=by)
        return [*shares.index], shares.to_numpy()
    check_kind(value, TermMatrix, "similarity_map")
    means = {
        group: np.asarray(value.weights[rows].mean(axis=0)).ravel()
        for group, rows in _groups(value.units, by).items()
    }
    means = {group: mean for group, mean in means.items() if mean.any()}
    return [*means], np.array([*means.values()])
