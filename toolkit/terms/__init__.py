"""Terms of the user's own texts: candidates, and the ledger of decisions on them."""

from toolkit.terms.candidates import candidate_terms
from toolkit.terms.ledger import TermLedger

__all__ = ["TermLedger", "candidate_terms"]
