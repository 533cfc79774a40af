from devtools.learn.kindred import NEAR
from devtools.learn.stems import stem


def test_people_who_ask_of_a_hang_may_mean_a_deadlock_in_any_form():
    assert {stem("deadlocked"), stem("freezes")} <= NEAR[stem("hangs")]


def test_kin_is_mutual_and_no_word_is_its_own():
    assert all(word in NEAR[other] for word, others in NEAR.items() for other in others)
    assert not [word for word, others in NEAR.items() if word in others]


def test_a_word_has_few_kin_so_that_a_question_stays_what_it_was():
    assert max(map(len, NEAR.values())) < 40
