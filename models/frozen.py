"""What nobody changes any more: a meeting whose minutes are signed or approved.

The one guard. Everything that would change a meeting ends in one of four functions, and each asks here first:
`history.revise_within` (what people edit), `transcripts.save_transcript_within` (what is heard anew),
`transcripts.save_analysis_within` (questions found anew) and `store.set_state`. Long work asks before it begins, so as
not to be refused at its end.
"""

from __future__ import annotations

from sqlite_utils import Database

from models.errors import FrozenMinutes
from models.records import MeetingState

FROZEN = (MeetingState.SIGNED, MeetingState.APPROVED, MeetingState.PUBLISHED)

PUBLISHED = ("select distinct record_id from revisions "
             "where record = 'approval' and field = 'state' and after = 'published'")
"""In SQL, the meetings that readers may see: they stay published while a correction of them is in work."""

_MEETING_OF = {
    "utterance": "select meeting from utterances join transcripts on transcripts.id = transcript "
                 "where utterances.id = ?",
    "question": "select meeting from questions join analyses on analyses.id = analysis "
                "join transcripts on transcripts.id = transcript where questions.id = ?",
}
"""The records that are part of the minutes; what became of a promise later is not."""


def is_frozen(db: Database, meeting: int) -> bool:
    return state_of(db, meeting) in FROZEN


def state_of(db: Database, meeting: int) -> MeetingState:
    """The state as it is now; "planned" for a meeting that is not there."""
    for row in db.query("select state from meetings where id = ?", [meeting]):
        return MeetingState(row["state"])
    return MeetingState.PLANNED


def refuse_if_frozen(db: Database, meeting: int) -> None:
    """Raises FrozenMinutes."""
    state = state_of(db, meeting)
    if state in FROZEN:
        raise FrozenMinutes("signed" if state is MeetingState.SIGNED else "approved")


def refuse_edit_if_frozen(db: Database, record: str, record_id: int) -> None:
    """The same for a record of whatever meeting. Raises FrozenMinutes."""
    if record in _MEETING_OF:
        for row in db.query(_MEETING_OF[record], [record_id]):
            refuse_if_frozen(db, row["meeting"])
