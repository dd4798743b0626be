"""What people change lies over what machines wrote, in a chain that shows tampering."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from models import history, store, transcripts
from models.errors import StaleEdit
from models.records import Meeting, Utterance
from models.search import search_words


@pytest.fixture
def utterance_id(db: Database, meeting: Meeting) -> int:
    kept = store.add_meeting(db, meeting)
    saved = transcripts.save_transcript(db, kept.id or 0, None, "test", [Utterance(0, 2, "S1", "sổ đỏ bị chậm")])
    return saved.utterances[0].id or 0


def test_an_edit_shows_and_the_machine_text_stays(db: Database, utterance_id: int) -> None:
    history.revise(db, "utterance", utterance_id, "text", "sổ đỏ bị chậm", "Sổ hồng bị chậm.", "Hân", 0)
    assert transcripts.utterance(db, utterance_id)[0].text == "Sổ hồng bị chậm."
    assert next(iter(db["utterances"].rows))["text"] == "sổ đỏ bị chậm"


def test_an_edit_based_on_an_older_version_is_refused_with_both_texts(db: Database, utterance_id: int) -> None:
    history.revise(db, "utterance", utterance_id, "text", "sổ đỏ bị chậm", "của Hân", "Hân", 0)
    with pytest.raises(StaleEdit) as refused:
        history.revise(db, "utterance", utterance_id, "text", "sổ đỏ bị chậm", "của Tân", "Tân", 0)
    assert (refused.value.theirs, refused.value.yours) == ("của Hân", "của Tân")
    assert len(history.history(db, "utterance", utterance_id)) == 1


def test_an_edited_line_is_found_by_its_new_words_only(db: Database, utterance_id: int) -> None:
    history.revise(db, "utterance", utterance_id, "text", "sổ đỏ bị chậm", "sổ hồng bị chậm", "Hân", 0)
    assert search_words(db, "sổ hồng")
    assert not search_words(db, "sổ đỏ")


def test_a_change_made_from_outside_breaks_the_chain(db: Database, utterance_id: int) -> None:
    for version, text in enumerate(("một", "hai", "ba")):
        history.revise(db, "utterance", utterance_id, "text", "", text, "Hân", version)
    assert history.broken_links(db) == []
    db.execute("update revisions set after = 'khác' where version = 2")
    assert history.broken_links(db) == [2]


def test_a_row_taken_out_breaks_the_chain(db: Database, utterance_id: int) -> None:
    for version, text in enumerate(("một", "hai", "ba")):
        history.revise(db, "utterance", utterance_id, "text", "", text, "Hân", version)
    db.execute("delete from revisions where version = 2")
    assert history.broken_links(db) == [3]
