"""The transformer: blocks that add, right gradients as a whole, learning, and refusals."""

import numpy as np
import pytest

from nn.attention import Past
from nn.gradcheck import check_gradients
from nn.network import SHAPES_KEPT, Network
from nn.optim import Adam
from nn.tape import Tape
from nn.transformer import Transformer, block, block_drawn, layer_norm


def jittered(arrays, seed=3):
    """The parameters moved away from their zeros and ones, so that no gradient is right by chance."""
    rng = np.random.default_rng(seed)
    return {name: array + rng.normal(0, 0.3, array.shape) for name, array in arrays.items()}


def recorded(x, arrays, heads=2):
    tape = Tape()
    leaves = {name: tape.leaf(name, array) for name, array in arrays.items()}
    out = block(tape, leaves, tape.leaf("x", x), heads, ".1")
    return tape, out, tape.apply("square_sum", out, name="L")


def test_layer_norm_has_its_own_mean_and_size_whatever_comes_in():
    tape, x = Tape(), np.random.default_rng(0).normal(5, 9, (2, 3, 8))
    leaves = {"gain.a": tape.leaf("gain.a", np.full(8, 2.0)), "shift.a": tape.leaf("shift.a", np.full(8, 7.0))}
    out = layer_norm(tape, leaves, tape.leaf("x", x), "a").value
    np.testing.assert_allclose(out.mean(-1), 7)
    np.testing.assert_allclose(out.std(-1), 2, rtol=1e-4)


def test_a_block_whose_last_layers_are_zero_hands_on_what_came_in():
    arrays = jittered(block_drawn(np.random.default_rng(0), 4, ".1"))
    for name in ("Wo.1", "bo.1", "W2.1", "b2.1"):
        arrays[name][...] = 0
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    assert recorded(x, arrays)[1].value.tolist() == x.tolist()


def test_every_gradient_of_a_block_is_its_slope():
    arrays = jittered(block_drawn(np.random.default_rng(0), 4, ".1"))
    arrays["x"] = np.random.default_rng(1).normal(size=(2, 3, 4))
    weights = {name: array for name, array in arrays.items() if name != "x"}
    tape, _, loss = recorded(arrays["x"], weights)
    gradients = tape.backward(loss)
    errors = check_gradients(lambda: float(recorded(arrays["x"], weights)[2].value), arrays, gradients)
    # Softmax does not see what is added to every score of a row, and the bias of the keys adds just that.
    assert np.abs(gradients["bk.1"]).max() < 1e-11
    assert max(error for name, error in errors.items() if name != "bk.1") < 1e-6


def small(**settings):
    return Transformer(**{"vocabulary": 5, "context": 4, "width": 4, "heads": 2, **settings})


TOKENS, TARGETS = [[0, 1, 4], [2, 2, 3]], [[1, 4, 2], [2, 3, 0]]


def test_every_gradient_of_the_whole_model_is_its_slope():
    model = small()
    for name, array in jittered(model.parameters.named).items():
        model.parameters.named[name][...] = array
    gradients = model.backward(TOKENS, TARGETS)
    errors = check_gradients(lambda: model.cost(TOKENS, TARGETS), model.parameters.named, gradients)
    assert all(np.abs(gradients[name]).max() < 1e-12 for name in ("bk.1", "bk.2"))
    assert max(error for name, error in errors.items() if not name.startswith("bk.")) < 1e-6
    assert gradients["P"][:3].any()
    assert not gradients["P"][3].any()


@pytest.mark.parametrize("settings", [{"hidden": "gelu"}, {"tied": True}], ids=str)
def test_with_gelu_or_tied_embeddings_every_gradient_is_its_slope(settings):
    model = small(**settings)
    for name, array in jittered(model.parameters.named).items():
        model.parameters.named[name][...] = array
    gradients = model.backward(TOKENS, TARGETS)
    errors = check_gradients(lambda: model.cost(TOKENS, TARGETS), model.parameters.named, gradients)
    assert max(error for name, error in errors.items() if not name.startswith("bk.")) < 1e-6
    again = Transformer(**model.settings())
    assert again.settings() == model.settings() != small().settings()


def test_tied_embeddings_spare_a_matrix_and_learn_from_both_their_uses():
    tied, apart = small(tied=True, blocks=1), small(blocks=1)
    assert apart.parameters.vector.size - tied.parameters.vector.size == 5 * 4
    assert "W" not in tied.parameters.named
    # Token 4 is never read, but it could have been guessed: only as a guess does its row get a gradient.
    gradients = [model.backward([[0, 1]], [[1, 2]])["E"][4] for model in (tied, apart)]
    assert gradients[0].any()
    assert not gradients[1].any()


def test_another_hidden_activation_is_refused():
    with pytest.raises(ValueError, match="unknown hidden activation 'tanh'; allowed: relu, gelu"):
        small(hidden="tanh")


def test_a_fresh_model_is_nearly_blind_and_the_same_seed_gives_the_same_bits():
    model = small(seed=4)
    assert model.forward(TOKENS).tobytes() == small(seed=4).forward(TOKENS).tobytes()
    assert model.forward(TOKENS).tobytes() != small(seed=5).forward(TOKENS).tobytes()
    assert model.forward([0, 1]).shape == (1, 2, 5)
    model.parameters.named["W"][...] = 0
    assert model.cost(TOKENS, TARGETS) == pytest.approx(np.log(5))


def test_settings_make_the_same_transformer_again():
    model = small(seed=4, dtype="float32", blocks=1)
    again = Transformer(**model.settings())
    assert again.settings() == model.settings()
    assert again.parameters.vector.tobytes() == model.parameters.vector.tobytes()


def test_without_hidden_layers_there_is_only_attention_and_its_gradients_are_right():
    model = small(wider=0)
    assert not [name for name in model.parameters.named if name[:2] in ("W1", "W2", "b1", "b2") or ".m." in name]
    assert len(small(wider=2).parameters.named["b1.2"]) == 8
    for name, array in jittered(model.parameters.named).items():
        model.parameters.named[name][...] = array
    errors = check_gradients(
        lambda: model.cost(TOKENS, TARGETS), model.parameters.named, model.backward(TOKENS, TARGETS)
    )
    assert max(error for name, error in errors.items() if not name.startswith("bk.")) < 1e-6
    again = Transformer(**{**model.settings(), "embedded": 0.5})
    assert again.settings() == {**model.settings(), "embedded": 0.5}
    np.testing.assert_allclose(again.parameters.named["E"] / small(wider=0).parameters.named["E"], 25)


@pytest.mark.parametrize(("name", "value"), [("wider", -1), ("wider", False), ("wider", 1.5)])
def test_a_hidden_layer_that_is_none_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} is {value}; allowed: a whole number of at least 0"):
        small(**{name: value})


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), "x"])
def test_embeddings_of_no_size_are_refused(value):
    with pytest.raises(ValueError, match=f"embedded is {value!r}; it must be a positive number"):
        small(embedded=value)


def test_a_step_goes_downhill():
    model = small()
    before = model.cost(TOKENS, TARGETS)
    model.step(model.backward(TOKENS, TARGETS), 0.1)
    assert model.cost(TOKENS, TARGETS) < before


def test_no_guess_depends_on_a_later_token():
    model = small()
    before, after = model.forward([0, 1, 4, 2]), model.forward([0, 1, 4, 3])
    assert before[0, :3].tolist() == after[0, :3].tolist()
    assert before[0, 3].tolist() != after[0, 3].tolist()


def test_the_trace_ends_in_the_gradients_of_backward_and_shows_each_block_attend():
    model = small()
    steps = model.trace(TOKENS, TARGETS)
    shapes = {step.name: step.shape for step in steps if step.name.startswith("weights")}
    assert shapes == {"weights.1": (2, 2, 3, 3), "weights.2": (2, 2, 3, 3)}
    totals = {step.name: step.total for step in steps if step.phase == "backward"}
    for name, gradient in model.backward(TOKENS, TARGETS).items():
        assert totals[f"dL/d{name}"].tolist() == gradient.tolist()


def test_the_attention_maps_are_those_of_the_trace_and_look_back_only():
    model = small()
    maps = model.attention_maps(TOKENS)
    traced = [step.value for step in model.trace(TOKENS, TARGETS) if step.name in ("weights.1", "weights.2")]
    assert [weights.tolist() for weights in maps] == [weights.tolist() for weights in traced]
    assert [weights.shape for weights in maps] == [(2, 2, 3, 3)] * 2
    for weights in maps:
        np.testing.assert_allclose(weights.sum(-1), 1)
        assert not np.triu(weights, k=1).any()


def test_a_short_sequence_in_which_places_matter_is_learned_by_heart():
    model, digits = small(vocabulary=10, context=8, width=16), [3, 1, 4, 1, 5, 9, 2, 6]
    compiled = model.compile(digits[:-1], digits[1:])
    adam = Adam(0.01, model.parameters.vector.size, model.dtype)
    for _ in range(150):
        compiled.run_both()
        adam.update(model.parameters.vector, compiled.gradient)
    assert model.cost(digits[:-1], digits[1:]) < 0.01
    assert model.forward(digits[:-1]).argmax(-1).tolist() == [digits[1:]]


def test_single_precision_gives_nearly_the_same_and_few_shapes_are_kept():
    model = small(dtype="float32", context=SHAPES_KEPT + 2)
    for positions in range(1, SHAPES_KEPT + 3):
        assert model.forward([1] * positions).dtype == np.float32
    assert len(model._compiled) == SHAPES_KEPT
    assert model.cost(TOKENS, TARGETS) == pytest.approx(small(context=SHAPES_KEPT + 2).cost(TOKENS, TARGETS), rel=1e-5)


@pytest.mark.parametrize("name", ["vocabulary", "context", "width", "heads", "blocks"])
@pytest.mark.parametrize("value", [0, -1, 2.5, True])
def test_sizes_below_one_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=rf"{name} is {value}; allowed: a whole number of at least 1"):
        small(**{name: value})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"heads": 3}, "3 heads do not divide a width of 4"),
        ({"seed": -1}, "seed is -1"),
        ({"dtype": "int8"}, "unknown dtype 'int8'; allowed: float64, float32"),
    ],
)
def test_settings_that_make_no_model_are_refused(settings, said):
    with pytest.raises(ValueError, match=said):
        small(**settings)


@pytest.mark.parametrize(
    ("tokens", "targets", "said"),
    [
        ([0] * 5, [0] * 5, r"tokens have shape \(5,\); allowed: .* with 1..4 positions"),
        ([], [], r"tokens have shape \(0,\)"),
        ([[[0]]], [0], r"tokens have shape \(1, 1, 1\)"),
        ([0, 5], [0, 0], r"tokens contain 5; allowed: whole numbers 0..4"),
        ([0, 0.5], [0, 0], "tokens contain 0.5"),
        ([0, float("nan")], [0, 0], "tokens contain nan"),
        ([0, 1], [0, -1], "targets contain -1"),
        ([0, 1], [0], r"targets have shape \(1, 1\); allowed: that of the tokens, \(1, 2\)"),
    ],
)
def test_tokens_that_are_none_are_refused_by_value(tokens, targets, said):
    with pytest.raises(ValueError, match=said):
        small().cost(tokens, targets)


def test_the_best_constant_guess_of_a_transformer_goes_by_how_often_a_token_comes():
    model = small(vocabulary=3)
    assert model.constant_cost(np.array([[0, 1, 2]])) == pytest.approx(np.log(3))
    assert model.constant_cost(np.array([[1, 1]])) == 0
    assert Network([2, 1]).constant_cost(np.array([[0.0], [1.0]])) == pytest.approx(np.log(2))


def test_a_text_read_in_parts_is_guessed_on_as_when_it_is_read_at_once():
    model, past = small(context=6), Past()
    text = [0, 3, 1, 4, 2]
    for part, length in ((text[:2], 2), (text[2:3], 3), (text[3:], 5)):
        logits = model.following(part, past)
        np.testing.assert_allclose(logits, model.forward(text[:length])[0, -1], rtol=1e-9, atol=1e-12)
        assert past.positions == length
    with pytest.raises(ValueError, match="these would be 7 tokens; allowed: a context of 6"):
        model.following([0, 1], past)
