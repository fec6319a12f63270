"""Comparing texts: keywords, context, shared passages, dimensions, phrases over time."""

from toolkit.compare.codebook import Codebook
from toolkit.compare.context import PhraseTrack, concordance, track_phrase
from toolkit.compare.formulas import without_formulas
from toolkit.compare.framework import FrameworkScores, score_framework
from toolkit.compare.keywords import keyness, log_likelihood
from toolkit.compare.maps import similarity_map, similarity_network, topic_map
from toolkit.compare.overlap import Reuse, align_passages, reuse
from toolkit.compare.profiles import cluster_profiles, correspondence, profile_similarity
from toolkit.compare.rates import slope_table, topic_share, trend_table
from toolkit.compare.readings import compare_readings, sensitivity
from toolkit.compare.validation import validate_framework
from toolkit.compare.words import (
    association,
    collocations,
    cooccurrence,
    dispersion,
    occurrences,
)

__all__ = [
    "Codebook",
    "FrameworkScores",
    "PhraseTrack",
    "Reuse",
    "align_passages",
    "association",
    "cluster_profiles",
    "collocations",
    "compare_readings",
    "concordance",
    "cooccurrence",
    "correspondence",
    "dispersion",
    "keyness",
    "log_likelihood",
    "occurrences",
    "profile_similarity",
    "reuse",
    "score_framework",
    "sensitivity",
    "similarity_map",
    "similarity_network",
    "slope_table",
    "topic_map",
    "topic_share",
    "track_phrase",
    "trend_table",
    "validate_framework",
    "without_formulas",
]
