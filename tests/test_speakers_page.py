"""Who spoke, as people put it right: named, joined, parted, taken back; officials known again by their voice."""

from __future__ import annotations

import base64
import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from faster_whisper.audio import decode_audio
from playwright.sync_api import Page, expect
from sqlite_utils import Database

from models import enrolled, history, speaking, store, transcripts
from models.errors import BadVoice, FrozenMinutes, StaleEdit
from models.records import Meeting, MeetingState, Recording, Utterance, Word
from models.speaking import CITIZEN, Kind
from models.store import DATABASE
from models.transcripts import Transcript
from summarize.masking import MASK, mask, secrets
from summarize.reasons import Why
from tests import standing
from tests.test_pages import opened, press, texts
from transcribe.blocks import Block
from transcribe.enrolment import LIKELY
from transcribe.sound import SAMPLE_RATE
from transcribe.speech import speech_stretches
from transcribe.voices import VoiceModel
from ui import voices, work
from ui.views import kept_voices, speakers_view
from ui.views import meeting as meeting_page

SLOW = 30_000
"""Milliseconds that a page may take on a busy machine."""
TALK = [
    Utterance(0, 9, "S1", "Tôi là Huỳnh Tân, thư ký hội nghị. Xin mời đồng chí Lê Thị Hân phát biểu khai mạc."),
    Utterance(10, 20, "S2", "Kính thưa bà con, hôm nay chúng ta đối thoại. Mời bà con phát biểu."),
    Utterance(21, 30, "S3", "Tôi tên Nguyễn Văn Ba, ấp 4. Đường trước nhà tôi ngập, đề nghị xã cho biết khi nào sửa?"),
    Utterance(31, 35, "S4", "Đường ấy thì tháng 6 năm 2026 xã sẽ sửa xong, kinh phí đã có."),
    Utterance(36, 40, "S3", "Còn nước giếng nhà tôi bị phèn, xã có kéo nước sạch về không?"),
]


@pytest.fixture
def kept(db: Database, meeting: Meeting) -> Meeting:
    """A meeting of which only the words are there."""
    held = store.add_meeting(db, meeting)
    transcripts.save_transcript(db, held.id or 0, None, "test", TALK)
    return held


@pytest.fixture
def by_words_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics without the embedder, which takes seconds to load."""
    monkeypatch.setattr(work, "embedder_if_installed", lambda: None)


def by(transcript: Transcript, speaker: str) -> list[Utterance]:
    return [utterance for utterance in transcript.utterances if utterance.speaker == speaker]


def labels(db: Database, meeting: Meeting) -> list[str]:
    return [utterance.speaker for utterance in standing.transcript(db, meeting.id).utterances]


def test_a_voice_is_named_and_the_name_taken_back_as_one(db: Database, kept: Meeting) -> None:
    said = standing.transcript(db, kept.id)
    step = speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Nguyễn Văn Bá", "Tân")
    assert labels(db, kept) == ["S1", "S2", "Nguyễn Văn Bá", "S4", "Nguyễn Văn Bá"]
    assert [row["speaker"] for row in db["utterances"].rows] == ["S1", "S2", "S3", "S4", "S3"], "the machine's stays"
    assert speaking.last_step(db, said.id) == step
    speaking.undo(db, step, "Tân")
    assert labels(db, kept) == ["S1", "S2", "S3", "S4", "S3"]
    assert speaking.last_step(db, said.id) is None
    assert not history.broken_links(db)


def test_voices_are_joined_and_parted(db: Database, kept: Meeting) -> None:
    said = standing.transcript(db, kept.id)
    speaking.give(db, said.id, Kind.MERGE, by(said, "S4"), "S2", "Tân")
    assert labels(db, kept) == ["S1", "S2", "S3", "S2", "S3"]
    said = standing.transcript(db, kept.id)
    fresh = speaking.fresh_speaker(said.utterances)
    speaking.give(db, said.id, Kind.SPLIT, by(said, "S3")[1:], fresh, "Tân")
    assert labels(db, kept) == ["S1", "S2", "S3", "S2", "S4"]


def test_whoever_saw_older_speakers_changes_nothing(db: Database, kept: Meeting) -> None:
    said = standing.transcript(db, kept.id)
    step = speaking.give(db, said.id, Kind.SPLIT, by(said, "S3")[1:], "Chín", "Tân")
    with pytest.raises(StaleEdit) as refused:
        speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Ba", "Hân")
    assert (refused.value.theirs, refused.value.yours) == ("Chín", "Ba")
    assert labels(db, kept)[2] == "S3", "all or nothing"
    speaking.give(db, said.id, Kind.NAME, by(standing.transcript(db, kept.id), "Chín"), "Mười", "Hân")
    with pytest.raises(StaleEdit):
        speaking.undo(db, step, "Tân")


def test_who_is_who_stays_once_the_minutes_are_signed(db: Database, kept: Meeting) -> None:
    said = standing.transcript(db, kept.id)
    speaking.give(db, said.id, Kind.NAME, by(said, "S4"), "Võ Tám", "Tân")
    speaking.say_role(db, said.id, "Võ Tám", CITIZEN, "Tân")
    step = speaking.last_step(db, said.id)
    store.set_state(db, kept.id or 0, MeetingState.SIGNED)
    assert step
    with pytest.raises(FrozenMinutes):
        speaking.undo(db, step, "Tân")


def test_a_person_says_who_is_an_official_and_who_is_not(db: Database, kept: Meeting, by_words_alone: None) -> None:
    said = standing.transcript(db, kept.id)
    speaking.give(db, said.id, Kind.NAME, by(said, "S4"), "Võ Tám", "Tân", CITIZEN)
    found = {voice.label: voice for voice in voices.voices_of(db, kept, standing.transcript(db, kept.id))}
    assert found["Võ Tám"].speaker.role == CITIZEN
    step = speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Ngô Ba", "Tân", "official", "Trưởng phòng Kinh tế")
    said, analysis = work.understood(db, kept.id or 0)
    assert not any(question.asker == "Ngô Ba" for question in analysis.questions)
    person = voices.voices_of(db, kept, said)[2].speaker.person
    assert person and (person.name, person.title) == ("Ngô Ba", "Trưởng phòng Kinh tế")
    speaking.undo(db, step, "Tân")
    assert {question.asker for question in work.understood(db, kept.id or 0)[1].questions} == {"Nguyễn Văn Ba"}


def test_questions_and_papers_follow_the_names(
        db: Database, kept: Meeting, home: Path, tmp_path: Path, by_words_alone: None) -> None:
    said, analysis = work.understood(db, kept.id or 0)
    assert {question.asker for question in analysis.questions} == {"Nguyễn Văn Ba"}
    speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Nguyễn Văn Bá", "Tân")
    assert speaking.is_outdated(db, said.id)
    work.export(db, home, kept.id or 0, "questions", tmp_path / "questions.json")
    assert "Nguyễn Văn Bá" in (tmp_path / "questions.json").read_text(encoding="utf-8")
    assert not speaking.is_outdated(db, said.id)


def test_questions_that_a_person_edited_are_not_found_anew_unasked(
        db: Database, kept: Meeting, by_words_alone: None) -> None:
    said, analysis = work.understood(db, kept.id or 0)
    question = analysis.questions[0]
    history.revise(db, "question", question.id or 0, "summary", question.summary, "Sửa đường.", "Tân", 0)
    speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Nguyễn Văn Bá", "Tân")
    assert work.understood(db, kept.id or 0)[1].questions[0].summary == "Sửa đường."
    shown = texts(opened("meeting", meeting=str(kept.id)))
    assert speakers_view.OLD_NAMES in shown and "Sửa đường" in shown


def test_the_name_that_was_heard_stays_secret_when_a_person_corrects_it(
        db: Database, kept: Meeting, by_words_alone: None) -> None:
    said, _ = work.understood(db, kept.id or 0)
    speaking.give(db, said.id, Kind.NAME, by(said, "S3"), "Nguyễn Văn Bá", "Tân")
    said, analysis = work.understood(db, kept.id or 0)
    secret = replace(analysis.questions[0], flags=("denunciation",))
    hidden = secrets([secret], said.utterances)
    assert mask("Mời ông Nguyễn Văn Ba. Anh Ba nói, bà Tư nghe.", hidden) == f"Mời ông {MASK}. {MASK} nói, bà Tư nghe."
    assert mask("Nguyễn Văn Bá", hidden) == MASK


def test_each_voice_says_whom_it_may_be_and_why(db: Database, kept: Meeting) -> None:
    found = {voice.label: voice for voice in voices.voices_of(db, kept, standing.transcript(db, kept.id))}
    assert found["S1"].suggested_name == "Huỳnh Tân"
    assert found["S1"].reason.why == Why.INTRODUCED and "Tôi là Huỳnh Tân" in found["S1"].reason.quote
    assert found["S3"].suggested_name == "Nguyễn Văn Ba"
    assert found["S4"].suggested_name == "" and found["S4"].reason.why == Why.TALK
    assert not voices.is_official(found["S1"]), "nobody has confirmed it"


def test_the_page_shows_voices_and_takes_a_step_back(db: Database, kept: Meeting) -> None:
    said = standing.transcript(db, kept.id)
    speaking.give(db, said.id, Kind.NAME, by(said, "S2"), "Lê Thị Hân", "Tân")
    app = opened("meeting", meeting=str(kept.id), xem=meeting_page.SPEAKERS)
    assert not app.exception and not app.error
    shown = texts(app)
    assert "### Lê Thị Hân" in shown and "### Người nói 3" in shown
    assert speakers_view.LEFT.format(count=3) in shown
    assert "tự giới thiệu: «Tôi là Huỳnh Tân" in shown
    press(app, speakers_view.UNDO)
    assert labels(db, kept)[1] == "S2"


def test_a_secretary_names_parts_and_joins_in_the_browser(kept: Meeting, db: Database, page: Page,
                                                           address: str) -> None:
    page.goto(f"{address}/ho-so?meeting={kept.id}&xem={meeting_page.SPEAKERS}")
    dialog = page.get_by_role("dialog")
    save = dialog.get_by_role("button", name=speakers_view.SAVE)
    page.get_by_role("button", name=speakers_view.NAME_SUGGESTED.format(name="Nguyễn Văn Ba")).click()
    expect(dialog.get_by_label(speakers_view.TYPED)).to_have_value("Nguyễn Văn Ba", timeout=SLOW)
    expect(dialog.get_by_role("radio", name=speakers_view.KINDS_OF_PEOPLE[CITIZEN], exact=True)).to_be_checked()
    save.click()
    expect(page.get_by_role("heading", name="Nguyễn Văn Ba")).to_be_visible(timeout=SLOW)
    assert labels(db, kept) == ["S1", "S2", "Nguyễn Văn Ba", "S4", "Nguyễn Văn Ba"]
    split = page.get_by_role("button", name=speakers_view.SPLIT)
    expect(split).to_have_count(1, timeout=SLOW)  # the cards of the page before are gone
    split.click()
    dialog.get_by_role("checkbox").nth(1).check(force=True)
    expect(dialog.get_by_text(speakers_view.CHOSEN.format(count=1))).to_be_visible(timeout=SLOW)
    save.click()
    expect(page.get_by_role("heading", name="Người nói 5")).to_be_visible(timeout=SLOW)
    assert labels(db, kept)[4] == "S5"
    merge = page.get_by_role("button", name=speakers_view.MERGE)
    expect(merge).to_have_count(5, timeout=SLOW)
    merge.last.click()
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name="Nguyễn Văn Ba").click()
    expect(dialog.get_by_text(speakers_view.MERGED.format(lines=2, name="Nguyễn Văn Ba"))).to_be_visible(timeout=SLOW)
    save.click()
    expect(page.get_by_role("heading", name="Người nói 5")).to_be_hidden(timeout=SLOW)
    assert labels(db, kept)[4] == "Nguyễn Văn Ba"


@pytest.fixture(scope="module")
def prints() -> VoiceModel:
    return VoiceModel(threads=1)


def sounds(clips: dict[Path, str], *names: str) -> list[np.ndarray]:
    by_name = {path.stem: path for path in clips}
    return [decode_audio(str(by_name[name])) for name in names]


def spoken_meeting(db: Database, meeting: Meeting, pieces: list[np.ndarray], model: VoiceModel,
                   sha256: str) -> tuple[Meeting, Transcript]:
    """A meeting in which each piece of sound is what S1, S2, … said, one block each."""
    held = store.add_meeting(db, replace(meeting, title=f"{meeting.title} {sha256}"))
    recording = store.add_recording(db, Recording(sha256, sha256, f"{sha256}/a.wav", f"{sha256}/s.wav", 60.0, (),
                                                  held.id))
    said, now = [], 0.0
    for number, samples in enumerate(pieces, start=1):
        end = now + len(samples) / SAMPLE_RATE
        speech = speech_stretches(samples, now)
        block = Block(now, end, (Word("dạ", now + 1, now + 2, 0.9),), tuple(model.prints(samples, speech, now)),
                      tuple(speech))
        transcripts.save_block(db, sha256, f"ears/1+{model.generator}", now, end, block.to_json())
        said.append(Utterance(now, end, f"S{number}", "Dạ.", "dạ", block.words))
        now = end
    generator = f"ears/1+{model.generator}+wording/rules/1"
    return held, transcripts.save_transcript(db, held.id or 0, recording.id, generator, said)


def test_an_official_is_known_again_in_a_later_meeting(
        db: Database, meeting: Meeting, clips: dict[Path, str], prints: VoiceModel) -> None:
    doan, vinh, tuyen = sounds(clips, "doan", "vinh", "tuyen")
    middle = len(doan) // 2
    held, said = spoken_meeting(db, meeting, [np.tile(doan[:middle], 4), vinh], prints, "first")
    speaking.give(db, said.id, Kind.NAME, by(said, "S1"), "Lê Thị Hân", "Tân")
    said = standing.transcript(db, held.id)
    hers = next(voice for voice in voices.voices_of(db, held, said) if voice.label == "Lê Thị Hân")
    assert voices.is_official(hers)
    voice = voices.enrol_from_meeting(db, held, said, hers, "Tân")
    assert voice.seconds >= 10 and len(voice.print) == 4 * 192
    later, then = spoken_meeting(db, meeting, [tuyen, doan[middle:]], prints, "second")
    other, again = voices.voices_of(db, later, then)
    assert other.known is None
    assert again.known and again.known[0] == "Lê Thị Hân" and LIKELY <= again.known[1] < 0.99
    assert again.suggested_name == "Lê Thị Hân" and not again.is_named, "only suggested"
    enrolled.forget(db, voice.id or 0)
    assert voices.voices_of(db, later, then)[1].known is None


def test_a_sample_is_one_person_for_long_enough(
        db: Database, home: Path, clips: dict[Path, str], tmp_path: Path) -> None:
    doan, vinh = sounds(clips, "doan", "vinh")
    wanted = {"one": [doan, doan], "short": [vinh[:4 * SAMPLE_RATE]], "several": [doan, vinh, doan, vinh]}
    for name, pieces in wanted.items():
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes((np.concatenate(pieces) * 32767).astype("<i2").tobytes())
    for name in ("short", "several"):
        with pytest.raises(BadVoice) as refused:
            voices.enrol_from_file(db, home, tmp_path / f"{name}.wav", "Hân", "tệp", "Tân")
        assert refused.value.reason == name
    assert not enrolled.enrolled(db)
    voices.enrol_from_file(db, home, tmp_path / "one.wav", "Hân", "tệp", "Tân")
    assert [voice.name for voice in enrolled.enrolled(db)] == ["Hân"]
    assert not list((home / "work").rglob("*.wav")), "the sound is not kept"


def bytes_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob(f"{DATABASE}*"))


def test_prints_of_a_meeting_are_erased_without_a_trace_and_officials_stay(
        db: Database, home: Path, meeting: Meeting, clips: dict[Path, str], prints: VoiceModel) -> None:
    doan, vinh = sounds(clips, "doan", "vinh")
    held, said = spoken_meeting(db, meeting, [np.tile(doan, 2), vinh], prints, "first")
    untouched, _ = spoken_meeting(db, meeting, [vinh], prints, "second")
    hers = voices.voices_of(db, held, said)[0]
    voice = voices.enrol_from_meeting(db, held, said, hers, "Tân")
    before = [Block.from_json(content) for content in transcripts.blocks(db, "first", f"ears/1+{prints.generator}")]
    traces = [base64.b64encode(found.print) for found in before[0].voices]
    assert any(trace in bytes_on_disk(home) for trace in traces), "a few are torn by the pages of the file"
    with enrolled.without_trace(db), store.writing(db):
        assert enrolled.erase_prints(db, held.id or 0) == 2
    after = [Block.from_json(content) for content in transcripts.blocks(db, "first", f"ears/1+{prints.generator}")]
    assert after == [replace(block, voices=()) for block in before], "words and times stay"
    assert not any(trace in bytes_on_disk(home) for trace in traces)
    assert [kept.print for kept in enrolled.enrolled(db)] == [voice.print]
    assert all(found.known is None for found in voices.voices_of(db, held, said)), "and the page still opens"
    assert any(json.loads(row["content"])["voices"] for row in db["blocks"].rows if row["sound"] == "second")
    with store.writing(db):
        assert enrolled.erase_prints(db, held.id or 0) == 0
    enrolled.forget(db, voice.id or 0)
    assert voice.print not in bytes_on_disk(home)
    assert untouched.id != held.id


def test_the_page_tells_what_keeping_a_voice_means(db: Database, kept: Meeting) -> None:
    enrolled.enrol(db, enrolled.Enrolled("Lê Thị Hân", "x", b"1", 21.0, "tệp a.wav", "Tân"))
    shown = texts(opened("meeting", meeting=str(kept.id), xem=meeting_page.SPEAKERS))
    assert kept_voices.TITLE.format(count=1) in shown or kept_voices.WHAT in shown
    assert "**Lê Thị Hân**" in shown and "21 giây" in shown
