"""Small texts with topics that are known, or without any."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from toolkit import TermMatrix


def planted(k, n=100, *, seed=0, m=300, per_text=5):
    """Return a matrix of passages of 40 words, three quarters of them from one topic."""
    generator = np.random.default_rng(seed)
    own = m // (2 * max(k, 1))  # words of each topic, the first ones the likeliest
    common = 1 / np.arange(1, m + 1)
    chances = [common / common.sum()]
    for topic in range(k):
        chances.append(np.zeros(m))
        chances[-1][m - (topic + 1) * own : m - topic * own] = common[:own] / common[:own].sum()
    counts = np.zeros((n, m), dtype=np.int64)
    for i in range(n):
        mixed = 0.25 * chances[0] + 0.75 * chances[int(generator.integers(k)) + 1 if k else 0]
        counts[i] = generator.multinomial(40, mixed)
    found = sparse.csr_array(counts)
    weights = found.astype(float)
    weights = sparse.csr_array(weights / np.sqrt((counts**2).sum(axis=1))[:, None])
    units = pd.DataFrame({"doc_id": np.arange(n) // per_text, "text": "词"})
    units.index = pd.Index([f"u{i}" for i in range(n)], name="unit_id")
    terms = np.array([f"w{i:03d}" for i in range(m)], dtype=object)
    return TermMatrix(found, weights, terms, units)


@pytest.fixture(scope="session", name="planted")
def planted_fixture():
    return planted
