"""Accounts, passwords and sessions, as they lie in the store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlite_utils import Database

from models import accounts, history, passwords, sessions
from models.errors import BadAccount, SignInLocked, SignInRefused
from models.rights import Account, Act, Role
from models.store import DATABASE, open_store
from tests.conftest import EVERYTHING, PASSWORD

TAN = Account("tan.huynh", "Huỳnh Tân", frozenset({Role.SECRETARY}))


@pytest.fixture
def han(db: Database) -> Account:
    return accounts.create_first(db, EVERYTHING, PASSWORD)


def reason(error: pytest.ExceptionInfo[BadAccount]) -> str:
    return error.value.reason


def test_the_first_account_is_an_administrators_and_only_the_first(db: Database) -> None:
    assert not accounts.any_account(db)
    first = accounts.create_first(db, replace(TAN, login=" Tan.Huynh "), PASSWORD)
    assert first.login == "tan.huynh" and first.may(Act.MANAGE)
    with pytest.raises(BadAccount) as error:
        accounts.create_first(db, EVERYTHING, PASSWORD)
    assert reason(error) == "not_first"
    assert accounts.accounts(db) == [first]


def test_an_administrator_alone_sees_no_draft() -> None:
    administrator = Account("a", "A", frozenset({Role.ADMINISTRATOR}))
    assert administrator.may(Act.MANAGE)
    assert not any(administrator.may(act) for act in (Act.SEE_DRAFTS, Act.EDIT, Act.RECORD, Act.APPROVE))


@pytest.mark.parametrize(("changed", "password", "said"), [
    ({"login": ""}, PASSWORD, "no_login"), ({"login": "tân huỳnh"}, PASSWORD, "bad_login"),
    ({"login": "HAN.LE"}, PASSWORD, "login_taken"), ({"name": " "}, PASSWORD, "no_name"),
    ({"name": "lê  thị hân"}, PASSWORD, "name_taken"), ({"roles": frozenset()}, PASSWORD, "no_roles"),
    ({}, "ngắn quá", "short_password"), ({}, "x" * 201, "long_password"),
    ({"name": "Huỳnh Văn Tân"}, "huynh van tan", "password_is_login")])
def test_what_cannot_be_kept_is_refused(db: Database, han: Account, changed: dict[str, object], password: str,
                                        said: str) -> None:
    with pytest.raises(BadAccount) as error:
        accounts.create(db, replace(TAN, **changed), password, "Hân")  # type: ignore[arg-type]
    assert reason(error) == said
    assert len(accounts.accounts(db)) == 1


def test_passwords_are_kept_as_argon2id_and_neither_they_nor_hashes_stand_in_the_history(db: Database, home: Path,
                                                                                         han: Account) -> None:
    accounts.set_password(db, han.id or 0, "một câu khác hẳn", "Hân")
    (row,) = db.table("accounts").rows
    assert row["password"].startswith("$argon2id$")
    told = json.dumps(list(db.table("revisions").rows), ensure_ascii=False)
    assert accounts.PASSWORD_SET in told
    assert not any(secret in told for secret in (PASSWORD, "một câu khác hẳn", "argon2"))
    assert b"kh\xc3\xa1c h\xe1\xba\xb3n" not in (home / DATABASE).read_bytes()


def test_every_change_of_an_account_stands_in_the_history(db: Database, han: Account) -> None:
    tan = accounts.create(db, TAN, PASSWORD, han.name)
    accounts.change(db, replace(tan, sees_denunciations=True, roles=frozenset({Role.READER})), han.name)
    told = {(entry.field, entry.after) for entry in history.history(db, "account", tan.id or 0)}
    assert {("login", "tan.huynh"), ("sees_denunciations", "1"), ("roles", '["reader"]')} <= told
    assert {entry.by for entry in history.history(db, "account", tan.id or 0)} == {han.name}
    assert not history.broken_links(db)


def test_a_name_in_the_history_never_comes_to_mean_somebody_else(db: Database, han: Account) -> None:
    accounts.change(db, replace(han, name="Lê Thị Hân (nghỉ hưu)", is_disabled=False), han.name)
    with pytest.raises(BadAccount) as error:
        accounts.create(db, replace(TAN, name="Lê Thị HÂN"), PASSWORD, "Quản trị")
    assert reason(error) == "name_taken"
    back = accounts.change(db, han, "Quản trị")
    assert back.name == han.name, "her own name she may take again"


def test_the_last_administrator_stays(db: Database, han: Account) -> None:
    for changed in (replace(han, is_disabled=True), replace(han, roles=frozenset({Role.SECRETARY}))):
        with pytest.raises(BadAccount) as error:
            accounts.change(db, changed, "Hân")
        assert reason(error) == "last_administrator"
    assert accounts.account(db, han.id or 0) == han
    accounts.create(db, replace(TAN, roles=frozenset({Role.ADMINISTRATOR})), PASSWORD, "Hân")
    accounts.change(db, replace(han, is_disabled=True), "Tân")
    assert accounts.account(db, han.id or 0).is_disabled


def test_signing_in_gives_a_token_of_which_only_the_hash_is_kept(db: Database, home: Path, han: Account) -> None:
    token = sessions.sign_in(db, " Han.Le", PASSWORD)
    assert sessions.signed_in(db, token) == han
    kept = next(db.table("sessions").rows)["token"]
    assert token not in kept and len(kept) == 64
    assert sessions.signed_in(db, kept) is None  # what stands in the file opens nothing
    assert sessions.signed_in(db, "") is None
    sessions.end_session(db, token)
    assert sessions.signed_in(db, token) is None


def test_letters_with_tone_marks_are_the_same_from_every_keyboard(db: Database, han: Account) -> None:
    import unicodedata
    assert sessions.sign_in(db, han.login, unicodedata.normalize("NFD", PASSWORD))


def test_failures_lock_a_login_also_over_a_restart_and_whether_it_exists_or_not(db: Database, home: Path,
                                                                                han: Account) -> None:
    for login in (han.login, "nobody"):
        for _ in range(sessions.FAILURES):
            with open_store(home) as fresh, pytest.raises(SignInRefused):
                sessions.sign_in(fresh, login, "sai mật khẩu rồi")
        with open_store(home) as fresh, pytest.raises(SignInLocked) as error:
            sessions.sign_in(fresh, login, PASSWORD)
        assert 1 <= error.value.minutes <= 15


def test_a_lock_ends_by_itself_and_a_success_forgets_failures(db: Database, han: Account) -> None:
    _fail(db, han.login, sessions.FAILURES)
    _pass_time(db, timedelta(minutes=16))
    assert sessions.sign_in(db, han.login, PASSWORD)
    assert not db.table("sign_in_failures").count


def test_each_further_failure_locks_for_longer_up_to_some_hours(db: Database, han: Account) -> None:
    _fail(db, han.login, sessions.FAILURES)
    for minutes in (15, 30, 60, 120, 240, 240):
        with pytest.raises(SignInLocked) as error:
            sessions.sign_in(db, han.login, PASSWORD)
        assert error.value.minutes == minutes
        _pass_time(db, timedelta(minutes=minutes))
        _fail(db, han.login, 1)


def test_a_new_password_opens_a_locked_login(db: Database, han: Account) -> None:
    _fail(db, han.login, sessions.FAILURES)
    accounts.set_password(db, han.id or 0, "một câu khác hẳn", "Quản trị")
    assert sessions.sign_in(db, han.login, "một câu khác hẳn")


def test_a_password_that_is_reset_while_somebody_signs_in_stays_reset(
        db: Database, han: Account, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = passwords.is_right

    def slowly(password: str, kept: str | None) -> bool:
        found = right(password, kept)
        with open_store() as other:
            accounts.set_password(other, han.id or 0, "một câu khác hẳn", "Quản trị")
        return found

    with monkeypatch.context() as while_looked_at:
        while_looked_at.setattr(passwords, "is_right", slowly)
        with pytest.raises(SignInRefused):
            sessions.sign_in(db, han.login, PASSWORD)
    assert sessions.sign_in(db, han.login, "một câu khác hẳn")


def _fail(db: Database, login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(db, login, "sai mật khẩu rồi")


def _pass_time(db: Database, time: timedelta) -> None:
    with db.conn:
        for row in list(db.table("sign_in_failures").rows):
            earlier = (datetime.fromisoformat(row["at"]) - time).isoformat(timespec="milliseconds")
            db.execute("update sign_in_failures set at = ? where id = ?", [earlier, row["id"]])


def test_passwords_are_hashed_as_rfc_9106_says_and_never_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = extract_parameters(passwords.hashed(PASSWORD))
    assert made.type is Type.ID and (made.time_cost, made.memory_cost, made.parallelism) == (3, 64 * 1024, 4)
    busy, most = 0, 0

    class Slow:
        def verify(self, *_: str) -> bool:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            sleep(0.02)
            busy -= 1
            return True

    monkeypatch.setattr(passwords, "HASHER", Slow())
    threads = [Thread(target=passwords.is_right, args=("x", "y")) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_many_tries_at_once_are_not_more_than_one_after_another(home: Path, db: Database, han: Account) -> None:
    said: list[type[Exception]] = []

    def attempt() -> None:
        with open_store(home) as own:
            try:
                sessions.sign_in(own, han.login, "sai mật khẩu rồi")
            except (SignInRefused, SignInLocked) as error:
                said.append(type(error))

    threads = [Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(SignInRefused) == sessions.FAILURES
    assert said.count(SignInLocked) == 12 - sessions.FAILURES


@pytest.mark.real_time
def test_an_unknown_login_a_wrong_password_and_a_disabled_account_look_alike(db: Database, han: Account) -> None:
    tan = accounts.create(db, TAN, PASSWORD, "Hân")
    accounts.change(db, replace(tan, is_disabled=True), "Hân")
    passwords.is_right("x", None)  # makes the hash that unknown logins are compared with
    took = {}
    for login, password in ((han.login, "sai mật khẩu rồi"), ("nobody", "sai mật khẩu rồi"), (tan.login, PASSWORD)):
        began = perf_counter()
        with pytest.raises(SignInRefused):
            sessions.sign_in(db, login, password)
        took[login] = perf_counter() - began
    assert max(took.values()) < 10 * min(took.values())  # a lookup without hashing is a hundred times faster


def test_a_hash_of_weaker_parameters_is_made_anew_at_signing_in(db: Database, han: Account) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    db.table("accounts").update(han.id, {"password": weak})
    assert sessions.sign_in(db, han.login, PASSWORD)
    assert not passwords.needs_rehash(next(db.table("accounts").rows)["password"])


@pytest.mark.parametrize(("field", "age"), [("seen", sessions.IDLE), ("created", sessions.LONGEST)])
def test_a_session_ends_unused_and_in_any_case(db: Database, han: Account, field: str, age: timedelta) -> None:
    token = sessions.sign_in(db, han.login, PASSWORD)
    db.execute(f"update sessions set {field} = ?", [sessions._ago(age - timedelta(minutes=5))])
    assert sessions.signed_in(db, token) == han
    db.execute(f"update sessions set {field} = ?", [sessions._ago(age + timedelta(seconds=1))])
    assert sessions.signed_in(db, token) is None


def test_use_keeps_a_session_alive(db: Database, han: Account) -> None:
    token = sessions.sign_in(db, han.login, PASSWORD)
    before = sessions._ago(timedelta(minutes=30))
    db.execute("update sessions set seen = ?", [before])
    assert sessions.signed_in(db, token) == han
    assert next(db.table("sessions").rows)["seen"] > before


@pytest.mark.parametrize("what", ["password", "disabled", "roles", "denunciations"])
def test_sessions_end_when_the_password_or_the_rights_change(db: Database, han: Account, what: str) -> None:
    tan = accounts.create(db, TAN, PASSWORD, "Hân")
    token, other = sessions.sign_in(db, tan.login, PASSWORD), sessions.sign_in(db, han.login, PASSWORD)
    if what == "password":
        accounts.set_password(db, tan.id or 0, "một câu khác hẳn", "Tân")
    else:
        accounts.change(db, {"disabled": replace(tan, is_disabled=True),
                             "roles": replace(tan, roles=frozenset({Role.READER})),
                             "denunciations": replace(tan, sees_denunciations=True)}[what], "Hân")
    assert sessions.signed_in(db, token) is None
    assert sessions.signed_in(db, other) == han


def test_a_new_name_ends_no_session(db: Database, han: Account) -> None:
    token = sessions.sign_in(db, han.login, PASSWORD)
    accounts.change(db, replace(han, name="Lê Thị Hân (Bí thư)"), "Hân")
    assert sessions.signed_in(db, token)
