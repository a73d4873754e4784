"""A learner's rights on paper: who saw a record, and what was erased."""

from __future__ import annotations

from api import learner_service
from api.console.administering import Office, operator
from api.console.paper import Paper
from api.learner_schemas import DisclosuresOut, ErasedOut, LearnerExportOut, LearnerQuery


def export(learner_id: str, institution_id: str, purpose: str) -> LearnerExportOut:
    """Everything that is kept of a learner."""
    return learner_service.export(None, Office().learners, operator(institution_id), learner_id, LearnerQuery(purpose=purpose))


def disclosures(learner_id: str, institution_id: str) -> DisclosuresOut:
    """Who saw the record."""
    return learner_service.disclosures(None, Office().learners, operator(institution_id), learner_id)


def erase(learner_id: str, institution_id: str) -> ErasedOut:
    """Erase a learner."""
    office = Office()
    return learner_service.erase(None, office.learners, operator(institution_id), learner_id, office.data)


def write_disclosures(paper: Paper, answer: DisclosuresOut) -> None:
    """Write who saw a record, one a line."""
    for row in answer.items:
        why = f" · {row.purpose}" if row.purpose else ""
        paper.line(f"{row.at[:19]}  {row.action} · {row.person_id} ({', '.join(row.roles)}){why}")
    if not answer.items:
        paper.line("Nobody but the learner has seen this record.")


def write_erased(paper: Paper, answer: ErasedOut) -> None:
    """Write what was removed."""
    removed = ", ".join(f"{count} {name}" for name, count in answer.removed.items() if count)
    paper.line(f"Erased {answer.id}: {removed}.")
    if answer.overwritten:
        paper.line("No byte of it is left in the store's files.")
    else:
        paper.line("Its bytes are not overwritten yet: somebody reads the store, or the database server cleans up on its own.")
