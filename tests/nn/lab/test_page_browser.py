"""The exported page in a real browser, from disk, with the network blocked."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.lab.page import page as page_of
from nn.lab.recording import menu_for, recorded

KEPT = recorded(steps=100)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    made = tmp_path_factory.mktemp("lab") / "run.html"
    made.write_text(page_of(menu_for(KEPT), KEPT), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def context(chromium):
    made = chromium.new_context(offline=True, viewport={"width": 1300, "height": 900})
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context, file):
    opened = context.new_page()
    opened.complaints, opened.asked = [], []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.goto(file.as_uri())
    opened.wait_for_function("document.documentElement.dataset.ready")
    yield opened
    assert opened.complaints == []
    assert [address for address in opened.asked if not address.startswith(("file:", "data:", "blob:"))] == []
    opened.close()


def facts(page):
    found = re.match(
        r"step (\d+) loss (\S+) accuracy (\S+) %", " ".join(page.locator(".facts").first.inner_text().split())
    )
    return int(found[1]), float(found[2]), float(found[3])


def shown(page):
    return page.evaluate("[...nnLab.panes.value[0].shown.value.parameters]")


def seek(page, step):
    page.evaluate("step => nnLab.panes.value[0].seek(step)", step)
    page.wait_for_function("step => document.querySelector('.facts b').innerText === String(step)", arg=step)


def trained(steps, rate=0.5, seed=1, **settings):
    network = Network([2, 4, 1], "tanh", seed=seed, **settings)
    network.fit(XOR_X, XOR_Y, epochs=steps, learning_rate=rate)
    return network


def test_it_shows_the_recorded_steps_to_the_digits(page):
    for step in (0, 57, 100):
        seek(page, step)
        network = trained(step)
        assert shown(page) == network.parameters.vector.tolist()
        assert facts(page)[:2] == (step, float(f"{network.cost(XOR_X, XOR_Y):.6g}"))
        assert facts(page)[2] == 100 * network.accuracy(XOR_X, XOR_Y)


def test_every_number_of_the_computation_is_that_of_the_trace(page):
    seek(page, 40)
    network = trained(40)
    story = {step.name: step for step in network.trace(XOR_X, XOR_Y, 0.5) if step.phase != "input"}
    rows = page.locator("article.row")
    names = page.eval_on_selector_all("article.row", "rows => rows.map(row => row.querySelector('caption').innerText)")
    assert len(names) == rows.count() == 18
    for index, name in enumerate(names):
        texts = rows.nth(index).locator("button.number").all_inner_texts()
        values = [float(text.replace("\u2212", "-")) for text in texts]
        wanted = [float(f"{value:.6g}") for value in story[name].total.ravel()]
        np.testing.assert_allclose(values, wanted, rtol=2e-6, atol=1e-9, err_msg=name)


def test_a_number_is_taken_apart_and_each_part_leads_on(page):
    seek(page, 40)
    row = page.locator("article.row", has=page.locator("caption", has_text=re.compile(r"^z1$")))
    row.locator("button.number").nth(4).click()
    origin = page.locator(".origin")
    assert origin.inner_text().startswith("z1[1,0]")
    for _ in range(2):
        origin.locator("button.number").first.click()
    assert "x[1,0]" in origin.inner_text()
    assert "is given: the sample" in origin.inner_text()
    assert page.evaluate("""() => {
      const { machines } = nnLab.panes.value[0].explained.value;
      return machines.every(({ machine }) => machine.calls.length > 0);
    }""")


def test_it_goes_on_training_where_python_would(page):
    seek(page, 100)
    for _ in range(5):
        page.get_by_role("button", name="Step", exact=True).click()
    assert facts(page)[0] == 105
    np.testing.assert_allclose(shown(page), trained(105).parameters.vector, rtol=1e-12)
    page.get_by_role("button", name="Back").click()
    assert facts(page)[0] == 104
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("nnLab.panes.value[0].run.last > 120")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Rewind").click()
    assert facts(page)[0] == 0
    assert shown(page) == Network([2, 4, 1], "tanh", seed=1).parameters.vector.tolist()


def test_changing_the_rate_does_not_reset_and_acts_from_the_shown_step(page):
    seek(page, 30)
    page.get_by_label("Learning rate").fill("0.25")
    page.get_by_label("Learning rate").press("Enter")
    page.get_by_role("button", name="Step", exact=True).click()
    network = trained(30)
    network.fit(XOR_X, XOR_Y, epochs=1, learning_rate=0.25)
    assert facts(page)[0] == 31
    np.testing.assert_allclose(shown(page), network.parameters.vector, rtol=1e-12)


def test_an_edge_is_chosen_and_edited(page):
    page.locator('g.edge[aria-label^="W1[0,2]"]').focus()
    page.keyboard.press("Enter")
    assert page.locator(".chosen-line").inner_text().startswith("W1[0,2] is")
    page.get_by_label("W1[0,2]", exact=True).fill("1.5")
    page.get_by_label("W1[0,2]", exact=True).press("Enter")
    assert shown(page)[2] == 1.5


@pytest.mark.parametrize(
    ("label", "value", "settings"),
    [("Seed", "7", {"seed": 7}), ("L2 penalty", "0.01", {"l2": 0.01}), ("L1 penalty", "0.01", {"l1": 0.01})],
)
def test_settings_change_the_run_as_they_change_the_network(page, label, value, settings):
    page.get_by_role("button", name="Rewind").click()
    page.get_by_label(label, exact=True).fill(value)
    page.get_by_label(label, exact=True).press("Enter")
    page.evaluate("nnLab.panes.value[0].forward(10)")
    np.testing.assert_allclose(shown(page), trained(10, **settings).parameters.vector, rtol=1e-12)


def test_layers_loss_data_and_optimiser_are_chosen(page):
    page.get_by_label("Optimiser").select_option("adam")
    page.get_by_role("button", name="add a layer").click()
    page.get_by_label("activation of hidden layer 2").select_option("relu")
    page.get_by_label("units of hidden layer 2").fill("3")
    page.get_by_label("units of hidden layer 2").press("Enter")
    page.get_by_label("Data").select_option("moons")
    page.get_by_label("Learns").select_option("2")
    page.evaluate("nnLab.panes.value[0].forward(3)")
    assert page.evaluate("nnLab.panes.value[0].run.widths") == [2, 4, 3, 1]
    assert "200 samples" in page.locator(".facts").inner_text()
    assert page.locator(".features figure").count() == 7


def test_a_run_that_diverges_says_when_and_why(page):
    page.get_by_label("Learns").select_option("2")
    page.get_by_label("Usual rates").select_option("100")
    page.evaluate("nnLab.panes.value[0].forward(2000)")
    assert re.search(r"diverged at step \d+ because the rate 100 is above 2 / curvature", page.inner_text(".bad"))


def test_own_data_is_pasted_scaled_and_told(page):
    page.get_by_text("Your own data").click()
    page.locator("textarea").fill("a,b,kind\n1,10,red\n2,20,blue\n3,35,red\n4,40,green")
    page.get_by_role("button", name="Use these samples").click()
    assert "Each feature was scaled: minus its mean (2.5,26.25)" in page.inner_text(".said")
    assert page.evaluate("nnLab.panes.value[0].run.outputs") == 3
    page.evaluate("nnLab.panes.value[0].forward(5)")
    for text, said in (("1,2\n1", "Line 2 has 1 columns"), ("1,x,2\n1,2,3", '"x" is no number'), ("", "no lines")):
        page.locator("textarea").fill(text)
        page.get_by_role("button", name="Use these samples").click()
        assert said in page.inner_text(".said")
    assert page.evaluate("nnLab.panes.value[0].run.outputs") == 3


def test_a_path_is_cut_and_the_loss_without_it_is_that_of_the_network(page):
    seek(page, 40)
    page.get_by_text("Path strengths").click()
    cells = page.locator("tr", has_text="x0 \u2192 h2 \u2192 out0").locator("td").all_inner_texts()
    network = trained(40)
    product, before = network.weights[0][0, 2] * network.weights[1][2, 0], network.cost(XOR_X, XOR_Y)
    network.weights[0][0, 2] = 0
    told = [float(cell.replace("\u2212", "-")) for cell in cells[1:]]
    np.testing.assert_allclose(told, [product, network.cost(XOR_X, XOR_Y) - before], rtol=1e-5)


def test_two_runs_start_from_the_same_weights(page):
    page.get_by_role("button", name="Two runs side by side").click()
    first, second = page.evaluate("nnLab.panes.value.map(({ run }) => [...run.start])")
    assert first == second
    assert page.locator(".run").count() == 2


def test_a_link_restores_the_exact_state(page, context):
    page.get_by_label("Optimiser").select_option("adam")
    page.evaluate("nnLab.panes.value[0].forward(7)")
    page.get_by_role("button", name="Link to this state").click()
    kept = shown(page)
    other = context.new_page()
    other.goto(page.url)
    other.wait_for_function("document.documentElement.dataset.ready")
    assert shown(other) == kept
    for one in (page, other):
        one.evaluate("nnLab.panes.value[0].forward(5)")
    assert shown(other) == shown(page)
    other.close()


def test_a_run_is_saved_as_json(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as JSON").click()
    data = json.loads(download.value.path().read_text())
    assert data["layer_sizes"] == [2, 4, 1]
    assert data["parameters"]["W1[0,0]"] == shown(page)[0]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1300), ("dark", 800), ("dark", 400)])
def test_everyone_can_use_it_and_it_fits_the_screen(chromium, file, scheme, width):
    source = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        assert not os.environ.get("CI"), "CI must have axe-core: .ci/run installs it"
        pytest.skip("axe-core is not installed")
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_function("document.documentElement.dataset.ready")
    page.evaluate("() => { nnLab.chosen.value = 'W1[0,2]'; nnLab.sample.value = 1; }")
    page.locator("article.row button.number").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(source.read_text())
    found = page.evaluate("axe.run()")["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []
    context.close()
