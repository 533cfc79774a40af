"""What was typed is kept for one call of one session, and only where the client would cut it."""

from devtools.hooks import typed_text as typed

TYPED = "one\n```\ntwo `x` $(y)"


def test_a_text_is_taken_once_and_by_its_session_alone(repository):
    root = str(repository.path)
    typed.keep(root, "s", "tdd", TYPED)
    assert typed.take(root, "other", "tdd", "one") is None
    assert typed.take(root, "s", "tdd", "one") == TYPED
    assert typed.take(root, "s", "tdd", "one") is None


def test_a_text_without_backticks_is_not_kept_and_ends_an_older_one(repository):
    root = str(repository.path)
    typed.keep(root, "s", "tdd", TYPED)
    typed.keep(root, "s", "tdd", "one")
    assert typed.take(root, "s", "tdd", "one") is None
