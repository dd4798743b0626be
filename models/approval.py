"""From a draft to official minutes: who took which step when, and what was frozen with it.

    draft ─► in review ─► signed by the secretary ─► approved by the chair ─► published
                 ▲               │ sent back, with a reason       │                │
                 └───────────────┴──── correction, with a reason: a new version ◄──┘

Each step is a row of the hash-chained history (record "approval" of the meeting); `meetings.state` repeats the last
one for lists. A step is based on what the person saw (`Standing.mark`): when anybody took a step or edited meanwhile,
it is refused. The papers are made when the secretary signs, and the same bytes are approved and published: their
SHA-256 stand in `documents`, and the chain holds the SHA-256 of them all, so that neither a file nor its entry can be
exchanged unseen. What is frozen is guarded in `models.frozen`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from models import store
from models.accounts import is_named
from models.enrolled import erase_prints, without_trace
from models.errors import DoiThoaiError, NotApprovable
from models.files import sha256_of
from models.frozen import FROZEN, PUBLISHED
from models.history import is_reached, latest, revise_within
from models.lookup import questions_of
from models.records import Document, MeetingState
from models.rights import Account, Act
from models.snapshot import alike, differs, snapshot
from models.store import now, writing

RECORD = "approval"
SLIP = "approval"
"""The kind of the paper that says who signed and approved what; made at the approval, so it is not among what was
signed."""


class Kind(StrEnum):
    """What a step did."""

    BEGUN = "begun"
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    """A correction was opened: the next version begins."""


@dataclass(frozen=True)
class Step:
    """`content` is the SHA-256 of all that was signed, or of the slip of an approval; `at` ISO 8601 in UTC; `version`
    counts from 1. `instead_of`: for whom somebody else approved, and why."""

    kind: Kind
    version: int
    by: str
    at: str
    reason: str = ""
    content: str = ""
    instead_of: str = ""


@dataclass(frozen=True)
class Standing:
    """How far a meeting's minutes are. `mark` changes with every step and every edit."""

    meeting: int
    state: MeetingState
    version: int
    mark: tuple[int, int, int]
    questions: int
    reviewed: int
    steps: tuple[Step, ...]

    @property
    def left(self) -> int:
        """How many questions nobody has looked through."""
        return self.questions - self.reviewed

    def last(self, kind: Kind) -> Step | None:
        """The latest step of this kind in the version at hand, unless it was sent back since."""
        own = [step for step in self.steps if step.version == self.version]
        since = max((i for i, step in enumerate(own) if step.kind is Kind.SENT_BACK), default=-1)
        counted = own if kind in (Kind.BEGUN, Kind.SENT_BACK, Kind.CORRECTED) else own[since + 1:]
        return next((step for step in reversed(counted) if step.kind is kind), None)


@dataclass(frozen=True)
class Made:
    """What the secretary signs: `snapshot` (`models.snapshot`), `public` as everybody may read it (JSON), and the
    papers by name of file, each with its kind and where it lies until then."""

    snapshot: str
    public: str
    papers: Mapping[str, tuple[str, Path]]


@dataclass(frozen=True)
class Version:
    """One version of the minutes with its papers; `reason` is why it corrects the one before."""

    number: int
    reason: str
    steps: tuple[Step, ...]
    papers: tuple[Document, ...]

    def at(self, kind: Kind) -> Step | None:
        return next((step for step in reversed(self.steps) if step.kind is kind), None)


@dataclass(frozen=True)
class Head:
    """A published meeting as a list tells of it; `questions` is how many may be read."""

    id: int
    title: str
    date: str
    place: str
    questions: int


def standing(db: Database, meeting: int) -> Standing:
    """Raises NotFound."""
    mark = _mark(db, meeting)  # read first: what comes in between makes it stale
    steps = tuple(_steps(db, meeting))
    questions = questions_of(db, meeting) or ()
    return Standing(meeting, store.meeting(db, meeting).state, steps[-1].version if steps else 1, mark,
                    len(questions), sum(question.reviewed for question in questions), steps)


def begin_review(db: Database, meeting: int, by: str) -> None:
    """Puts a draft in review, as a part of the transaction of its first edit or tick."""
    if store.meeting(db, meeting).state not in (*FROZEN, MeetingState.IN_REVIEW):
        _step(db, meeting, MeetingState.IN_REVIEW, by)


def may_sign(db: Database, seen: Standing, account: Account) -> None:
    """Raises NotApprovable where the secretary could not sign now: asked before the papers are made."""
    _refuse_unless(account.may(Act.SIGN_OFF), "right")
    current = standing(db, seen.meeting)
    if current.state in FROZEN:
        raise _already(current, Kind.SIGNED)
    _refuse_unless(current.mark == seen.mark, "stale")
    _refuse_unless(current.mark[1] > 0, "empty")
    _refuse_unless(not current.left, "unreviewed", str(current.left))


def sign_off(db: Database, folder: Path, seen: Standing, account: Account, made: Made) -> None:
    """The secretary signs: the papers go to `meetings/ID/papers/vN` and stay as they are. Raises NotApprovable."""
    for _, path in made.papers.values():
        _onto_disk(path)
    with writing(db):
        may_sign(db, seen, account)
        kept = _keep(folder, seen, made)
        for document in kept:
            db.table("documents").insert({name: getattr(document, name) for name in (
                "meeting", "kind", "path", "sha256", "created", "version")})
        db.table("snapshots").insert({"meeting": seen.meeting, "version": seen.version, "content": made.snapshot,
                                      "public": made.public}, replace=True)
        _step(db, seen.meeting, MeetingState.SIGNED, account.name, content=_content(db, seen.meeting, seen.version))


def send_back(db: Database, seen: Standing, account: Account, reason: str) -> None:
    """What the secretary signed goes back to review: the chair wants it changed, or the secretary does.

    Its papers are no longer kept. Raises NotApprovable.
    """
    with writing(db):
        _refuse_unless(account.may(Act.APPROVE) or account.may(Act.SIGN_OFF), "right")
        _expect(db, seen, MeetingState.SIGNED, Kind.APPROVED, "unsigned")
        _refuse_unless(bool(reason.strip()), "no_reason")
        db.table("documents").delete_where("meeting = ? and version = ?", [seen.meeting, seen.version])
        db.table("snapshots").delete_where("meeting = ? and version = ?", [seen.meeting, seen.version])
        _step(db, seen.meeting, MeetingState.IN_REVIEW, account.name, reason)


def may_approve(db: Database, seen: Standing, account: Account, instead_of: str) -> None:
    """Raises NotApprovable where this account could not approve now. Who signed as secretary approves only for
    somebody else, with the reason."""
    _refuse_unless(account.may(Act.APPROVE), "right")
    _expect(db, seen, MeetingState.SIGNED, Kind.APPROVED, "unsigned")
    signed = seen.last(Kind.SIGNED)
    _refuse_unless(bool(instead_of.strip()) or not (signed and is_named(db, account, signed.by)), "same_person")


def approve(db: Database, folder: Path, seen: Standing, account: Account, instead_of: str = "",
            slip: Path | None = None) -> None:
    """The chair, or somebody for the chair (`instead_of`: whom, and why), approves exactly what the secretary signed;
    voice prints of the meeting are erased. `slip` is the paper that says so, kept with the others.

    Raises NotApprovable, also when a file is no longer what was signed.
    """
    with without_trace(db), writing(db):
        may_approve(db, seen, account, instead_of)
        _refuse_if_changed(db, folder, seen)
        kept = _keep_slip(db, folder, seen, slip) if slip else ""
        _step(db, seen.meeting, MeetingState.APPROVED, account.name, content=kept, instead_of=instead_of)
        erase_prints(db, seen.meeting)


def publish(db: Database, folder: Path, seen: Standing, account: Account) -> None:
    """Everybody may read the public version from now on. Raises NotApprovable."""
    with writing(db):
        _refuse_unless(account.may(Act.PUBLISH), "right")
        _expect(db, seen, MeetingState.APPROVED, Kind.PUBLISHED, "unapproved")
        _refuse_if_changed(db, folder, seen)
        _step(db, seen.meeting, MeetingState.PUBLISHED, account.name)


def open_correction(db: Database, seen: Standing, account: Account, reason: str) -> None:
    """Begins the next version; the approved one stays as it is, and published if it was. Raises NotApprovable."""
    with writing(db):
        _refuse_unless(account.may(Act.EDIT), "right")
        current = standing(db, seen.meeting)
        _refuse_unless(current.mark == seen.mark, "stale")
        _refuse_unless(current.state in (MeetingState.APPROVED, MeetingState.PUBLISHED), "no_correction")
        _refuse_unless(bool(reason.strip()), "no_reason")
        _step(db, seen.meeting, MeetingState.IN_REVIEW, account.name, reason)
        _untick_unlike(db, seen.meeting, seen.version, account.name)


def versions(db: Database, meeting: int) -> list[Version]:
    """All versions, the latest first; empty while nobody has begun to review."""
    steps = tuple(_steps(db, meeting))
    papers = [document for document in reversed(store.documents(db, meeting)) if document.version]
    return [Version(number, next((s.reason for s in steps if s.version == number and s.kind is Kind.CORRECTED), ""),
                    tuple(step for step in steps if step.version == number),
                    tuple(document for document in papers if document.version == number))
            for number in range(steps[-1].version if steps else 0, 0, -1)]


def replaced_by(db: Database, meeting: int) -> tuple[int, date, str] | None:
    """For minutes that correct approved ones: which correction it is, when what it replaces was approved (the day
    here), and why. None for the first version."""
    found = versions(db, meeting)
    if len(found) < 2:
        return None
    approved = found[1].at(Kind.APPROVED)
    assert approved
    return found[0].number - 1, datetime.fromisoformat(approved.at).astimezone().date(), found[0].reason


def frozen_paper(db: Database, folder: Path, meeting: int, kind: str, ending: str) -> Path | None:
    """The paper of approved minutes in this format (".docx"), None while the version at hand is not approved."""
    current = standing(db, meeting)
    if current.state not in (MeetingState.APPROVED, MeetingState.PUBLISHED):
        return None
    return next((folder / paper.path for paper in store.documents(db, meeting) if paper.version == current.version
                 and paper.kind == kind and Path(paper.path).suffix == ending), None)


def published_heads(db: Database) -> list[Head]:
    """The meetings that readers may see, the latest first; what was said there is not read."""
    query = ("select meeting as id, json_extract(public, '$.title') as title, json_extract(public, '$.date') as date, "
             "json_extract(public, '$.place') as place, json_array_length(public, '$.questions') as questions "
             "from snapshots where meeting = ? and version = ?")
    found = [Head(**row) for key in [row["record_id"] for row in db.query(PUBLISHED)]
             for row in db.query(query, [key, _published_version(db, key)])]
    return sorted(found, key=lambda head: (head.date, head.id), reverse=True)


def published(db: Database, meeting: int) -> dict[str, Any] | None:
    """What everybody may read of a meeting: the public part of the version published last, masked, or None.

    Keys as `ui.freezing.public_record` writes them.
    """
    where = "meeting = ? and version = ?"
    for row in db.table("snapshots").rows_where(where, [meeting, _published_version(db, meeting)], select="public"):
        found: dict[str, Any] = json.loads(row["public"])
        return found
    return None


def published_questions(db: Database, meeting: int) -> dict[int, int]:
    """The ids of the questions in the version published last, by number."""
    query = ("select json_extract(value, '$.number') as number, json_extract(value, '$.id') as id "
             "from snapshots, json_each(content, '$.questions') where meeting = ? and version = ?")
    return {row["number"]: row["id"] for row in db.query(query, [meeting, _published_version(db, meeting)])}


def _published_version(db: Database, meeting: int) -> int:
    """The number of the version published last; 0 before any was."""
    return max((step.version for step in _steps(db, meeting) if step.kind is Kind.PUBLISHED), default=0)


def changed_from_outside(db: Database) -> Iterator[str]:
    """The meetings («3, bản 2») whose state, papers or snapshot are no longer what the chain of history says, or whose
    lines and questions are no longer those that were signed."""
    query = ("select record_id as meeting from revisions where record = ? union select meeting from snapshots "
             "union select meeting from documents where version > 0 "
             "union select id from meetings where state in ('signed', 'approved', 'published')")
    for row in list(db.query(query, [RECORD])):
        steps = list(_steps(db, row["meeting"]))
        for version in sorted(_changed_versions(db, row["meeting"], steps)):
            yield f"{row['meeting']}, bản {version}"


def _changed_versions(db: Database, meeting: int, steps: Sequence[Step]) -> set[int]:
    current = steps[-1].version if steps else 1
    signed = {}
    for step in steps:
        if step.kind in (Kind.SIGNED, Kind.SENT_BACK):
            signed[step.version] = step.content
    query = "select version from snapshots where meeting = :m union select version from documents where meeting = :m"
    kept = {row["version"] for row in db.query(query, {"m": meeting})} - {0}
    changed = {version for version in kept | {v for v, content in signed.items() if content}
               if signed.get(version) != _content(db, meeting, version) or not _chain_reaches(db, meeting, version)}
    approved = {step.version: step.content for step in steps if step.kind is Kind.APPROVED}
    changed |= {version for version in kept if approved.get(version, "") != _slip(db, meeting, version)}
    last = latest(db, RECORD, meeting, "state")
    state = next(db.query("select state from meetings where id = ?", [meeting]), {"state": ""})["state"]
    if state != (last.after if last else "") and {state, last.after if last else ""} & set(FROZEN):
        return changed | {current}
    if state in FROZEN and current not in changed and _differs(db, meeting, current):
        return changed | {current}
    return changed


def _slip(db: Database, meeting: int, version: int) -> str:
    """The SHA-256 of the slip of this version's approval; empty where there is none."""
    where = "meeting = ? and version = ? and kind = ?"
    return "".join(row["sha256"] for row in db.table("documents").rows_where(where, [meeting, version, SLIP]))


def _chain_reaches(db: Database, meeting: int, version: int) -> bool:
    """Whether the history still goes as far as it did at the last step of this version."""
    for row in db.table("snapshots").rows_where("meeting = ? and version = ?", [meeting, version]):
        number, _, hashed = row["chain"].partition(" ")
        return not number or is_reached(db, int(number), hashed)
    return True


def _differs(db: Database, meeting: int, version: int) -> bool:
    """Whether lines and questions are no longer those of a signed version; also when they cannot be read any more."""
    for row in db.table("snapshots").rows_where("meeting = ? and version = ?", [meeting, version]):
        try:
            return differs(db, meeting, row["content"])
        except (DoiThoaiError, ValueError, LookupError, TypeError):
            return True
    return True


def _steps(db: Database, meeting: int) -> Iterator[Step]:
    """The steps of a meeting's minutes, read off its history: reason and content stand before the state."""
    kinds = {MeetingState.SIGNED: Kind.SIGNED, MeetingState.APPROVED: Kind.APPROVED,
             MeetingState.PUBLISHED: Kind.PUBLISHED}
    back = {MeetingState.SIGNED: Kind.SENT_BACK, MeetingState.APPROVED: Kind.CORRECTED,
            MeetingState.PUBLISHED: Kind.CORRECTED}
    version, told = 1, dict.fromkeys(("reason", "content", "instead_of"), "")
    for row in db.table("revisions").rows_where("record = ? and record_id = ?", [RECORD, meeting], order_by="id"):
        if row["field"] != "state":
            told[row["field"]] = row["after"]
            continue
        kind = kinds.get(row["after"]) or back.get(row["before"], Kind.BEGUN)
        version += kind is Kind.CORRECTED
        yield Step(kind, version, row["by"], row["at"], **told)
        told = dict.fromkeys(told, "")


def _step(db: Database, meeting: int, to: MeetingState, by: str, reason: str = "", content: str = "",
          instead_of: str = "") -> None:
    """Writes a step into the history and the meeting's state, as a part of a transaction."""
    last = latest(db, RECORD, meeting, "state")
    before = last.after if last else store.meeting(db, meeting).state.value
    for field, value in (("reason", reason.strip()), ("content", content), ("instead_of", instead_of.strip())):
        if value:
            there = latest(db, RECORD, meeting, field)
            revise_within(db, RECORD, meeting, field, there.after if there else "", value, by)
    written = revise_within(db, RECORD, meeting, "state", before, to.value, by)
    db.table("meetings").update(meeting, {"state": to.value})
    if to in FROZEN:
        db.execute("update snapshots set chain = ? where meeting = ? and version = (select max(version) from snapshots "
                   "where meeting = ?)", [f"{written.id} {written.hash}", meeting, meeting])


def _untick_unlike(db: Database, meeting: int, version: int, by: str) -> None:
    """A correction begins with the ticks of those questions only that still are as they were signed."""
    for row in db.table("snapshots").rows_where("meeting = ? and version = ?", [meeting, version]):
        signed = {question["id"]: question for question in json.loads(row["content"])["questions"]}
        for question in json.loads(snapshot(db, meeting))["questions"]:
            if question["reviewed"] and not alike(signed.get(question["id"]), question):
                revise_within(db, "question", question["id"], "reviewed", "yes", "", by)


def _mark(db: Database, meeting: int) -> tuple[int, int, int]:
    """The current transcript and analysis, and the last change of anything in them or of the approval."""
    query = """
        with t as (select max(id) as id from transcripts where meeting = :meeting),
             a as (select max(analyses.id) as id from analyses join t on transcript = t.id)
        select coalesce((select id from t), 0) as transcript, coalesce((select id from a), 0) as analysis,
               max(coalesce((select max(id) from revisions where record = 'utterance' and record_id in
                             (select id from utterances where transcript = (select id from t))), 0),
                   coalesce((select max(id) from revisions where record = 'question' and record_id in
                             (select id from questions where analysis = (select id from a))), 0),
                   coalesce((select max(id) from revisions where record in (:record, 'meeting')
                             and record_id = :meeting), 0)
               ) as revision"""
    row = next(db.query(query, {"meeting": meeting, "record": RECORD}))
    return row["transcript"], row["analysis"], row["revision"]


def _expect(db: Database, seen: Standing, state: MeetingState, done: Kind, missing: str) -> None:
    """Raises NotApprovable unless the minutes stand as they were seen, and in this state."""
    current = standing(db, seen.meeting)
    if current.last(done):
        raise _already(current, done)
    _refuse_unless(current.mark == seen.mark, "stale")
    _refuse_unless(current.state is state, missing)


def _already(current: Standing, kind: Kind) -> NotApprovable:
    step = current.last(kind)
    return NotApprovable(f"already_{kind}", step.by if step else "")


def _refuse_unless(fine: bool, reason: str, detail: str = "") -> None:
    if not fine:
        raise NotApprovable(reason, detail)


def _refuse_if_changed(db: Database, folder: Path, seen: Standing) -> None:
    """Reads every signed paper again, and compares all of them with the chain."""
    for document in store.documents(db, seen.meeting):
        if document.version == seen.version:
            path = folder / document.path
            _refuse_unless(path.is_file() and sha256_of(path) == document.sha256, "changed", path.name)
    signed, approved = seen.last(Kind.SIGNED), seen.last(Kind.APPROVED)
    slip = _slip(db, seen.meeting, seen.version)
    _refuse_unless((approved.content if approved else "") == slip, "changed", f"v{seen.version}")
    _refuse_unless(signed is not None and signed.content == _content(db, seen.meeting, seen.version), "changed",
                   f"v{seen.version}")


def _content(db: Database, meeting: int, version: int) -> str:
    """One SHA-256 over the signed papers of a version and what they were made from."""
    where = "meeting = ? and version = ? and kind <> ?"
    rows = db.table("documents").rows_where(where, [meeting, version, SLIP], order_by="path")
    lines = [f"{row['sha256']} {row['kind']} {row['path']}" for row in rows]
    for row in db.table("snapshots").rows_where("meeting = ? and version = ?", [meeting, version]):
        lines += [hashlib.sha256(row[name].encode()).hexdigest() for name in ("content", "public")]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _keep(folder: Path, seen: Standing, made: Made) -> Sequence[Document]:
    """Lays the papers down. What lay there was signed once and sent back, or left by a step that broke off."""
    place = folder / "meetings" / str(seen.meeting) / "papers" / f"v{seen.version}"
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    kept = []
    for name, (kind, path) in made.papers.items():
        to = path.replace(place / name)
        kept.append(Document(seen.meeting, kind, to.relative_to(folder).as_posix(), sha256_of(to), now(),
                             version=seen.version))
    return kept


def _keep_slip(db: Database, folder: Path, seen: Standing, slip: Path) -> str:
    """Lays the slip of the approval down beside the signed papers, and returns its SHA-256."""
    _onto_disk(slip)
    to = slip.replace(folder / "meetings" / str(seen.meeting) / "papers" / f"v{seen.version}" / slip.name)
    sha256 = sha256_of(to)
    db.table("documents").insert({"meeting": seen.meeting, "kind": SLIP, "path": to.relative_to(folder).as_posix(),
                                  "sha256": sha256, "created": now(), "version": seen.version})
    return sha256


def _onto_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
