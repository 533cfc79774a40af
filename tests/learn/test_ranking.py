from devtools.learn.ranking import Asked, rarity, rated

CACHE, STALE = Asked({"cach": 3.0, "memo": 1.0}, 3.0), Asked({"stal": 2.0}, 2.0)
NOTHING = {"text": [], "words": [], "topic": [], "more": []}


def rate(asked, usual=4.0, **parts):
    return rated(asked, {**NOTHING, **{part: text.split() for part, text in parts.items()}}, usual)


def test_a_rare_word_tells_more_than_a_common_one():
    assert rarity(1, 100) > rarity(50, 100) > rarity(100, 100) > 0


def test_more_of_the_question_is_more_than_more_of_one_word():
    both = rate([CACHE, STALE], text="cach stal x x")
    one = rate([CACHE, STALE], text="cach cach cach cach")
    assert both.score > one.score
    assert (both.share, one.share) == (1.0, 0.6)
    assert rate([CACHE, STALE], text="x", more="cach").share == 0.6


def test_the_insight_s_own_words_count_most_then_those_it_is_looked_for_by_then_its_topic_then_its_commit():
    parts = ("text", "words", "topic", "more")
    scores = [rate([CACHE], **{part: "cach", **({} if part == "text" else {"text": "x"})}).score for part in parts]
    assert sorted(scores, reverse=True) == scores
    assert scores[-1] > 0


def test_a_word_s_kin_counts_less_and_beside_it_not_at_all():
    assert rate([CACHE], text="memo").score < rate([CACHE], text="cach").score
    assert rate([CACHE], text="cach x", words="memo").score == rate([CACHE], text="cach x").score


def test_a_long_text_holds_any_word_more_easily():
    assert rate([CACHE], text="cach x").score > rate([CACHE], text="cach" + " x" * 30).score


def test_what_holds_nothing_of_the_question_is_worth_nothing():
    assert rate([CACHE], text="x") == (0.0, 0.0)
    assert rate([], text="x") == (0.0, 0.0)
