"""Topics: fitting them, choosing how many, telling how sure, asking people, naming them."""

from toolkit.topics.agreement import agreement
from toolkit.topics.choose import KSelection, choose_k
from toolkit.topics.coding import CodingScore, coding_sample, score_coding
from toolkit.topics.intrusion import IntrusionScore, intrusion_test, score_intrusion
from toolkit.topics.labels import Carried, carry_labels, label_topics, save_labels
from toolkit.topics.model import Topics, fit_topics
from toolkit.topics.quality import (
    compare_topics,
    distinctive_terms,
    relevant_terms,
    topic_quality,
)
from toolkit.topics.reliability import fleiss_kappa, krippendorff_alpha
from toolkit.topics.report import ReportCard, report_card
from toolkit.topics.seeded import seed_terms, seeded_topics
from toolkit.topics.sheets import BlindSheet
from toolkit.topics.stability import topic_stability

__all__ = [
    "BlindSheet",
    "Carried",
    "CodingScore",
    "IntrusionScore",
    "KSelection",
    "ReportCard",
    "Topics",
    "agreement",
    "carry_labels",
    "choose_k",
    "coding_sample",
    "compare_topics",
    "distinctive_terms",
    "fit_topics",
    "fleiss_kappa",
    "intrusion_test",
    "krippendorff_alpha",
    "label_topics",
    "relevant_terms",
    "report_card",
    "save_labels",
    "score_coding",
    "score_intrusion",
    "seed_terms",
    "seeded_topics",
    "topic_quality",
    "topic_stability",
]
