"""Who may do what. The one table of rights: pages and stored acts ask here, nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    SECRETARY = "secretary"
    OFFICIAL = "official"
    READER = "reader"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """What an account may be allowed to do."""

    SEARCH = "search"
    """Search and read what is published."""
    SEE_DRAFTS = "see_drafts"
    """See meetings, transcripts, questions and papers that are not published."""
    RECORD = "record"
    """Plan, record, import and transcribe meetings."""
    EDIT = "edit"
    """Correct transcripts and questions, record later answers."""
    SIGN_OFF = "sign_off"
    """Hand reviewed minutes to the chair, as their secretary."""
    APPROVE = "approve"
    """Approve minutes, or send them back."""
    PUBLISH = "publish"
    """Publish approved minutes."""
    HISTORY = "history"
    """Read who changed what: of drafts only who sees drafts, of accounts only who keeps them."""
    MANAGE = "manage"
    """Accounts, who sees denunciations, settings."""


_ALLOWED: dict[Role, frozenset[Act]] = {
    Role.READER: frozenset({Act.SEARCH}),
    Role.SECRETARY: frozenset({Act.SEARCH, Act.SEE_DRAFTS, Act.RECORD, Act.EDIT, Act.SIGN_OFF, Act.PUBLISH,
                               Act.HISTORY}),
    Role.OFFICIAL: frozenset({Act.SEARCH, Act.SEE_DRAFTS, Act.EDIT, Act.APPROVE, Act.HISTORY}),
    Role.ADMINISTRATOR: frozenset({Act.SEARCH, Act.MANAGE, Act.HISTORY}),
}


@dataclass(frozen=True)
class Account:
    """A person who may use the program.

    `login` is what is typed to sign in, `name` what stands in the history. One person may hold several roles: in a
    commune whose secretary also keeps the computer, the first account does.
    """

    login: str
    name: str
    roles: frozenset[Role]
    sees_denunciations: bool = False
    id: int | None = None
    email: str = ""
    """By which an account is found when somebody signs in through the agency's own service."""
    is_disabled: bool = False

    def may(self, act: Act) -> bool:
        return any(act in _ALLOWED[role] for role in self.roles)
