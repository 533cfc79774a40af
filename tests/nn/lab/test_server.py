"""The server as a process of its own: who is answered, what it trains, and what the page does when it is gone."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from nn import Network
from nn.data import XOR_X, XOR_Y
from nn.lab.menu import unpacked

if not os.environ.get("CI"):
    pytest.importorskip("starlette")
    pytest.importorskip("uvicorn")


@pytest.fixture
def server():
    code = "from nn.lab.recording import recorded; from nn.lab.server import serve; serve(recorded(), 0)"
    argv = [sys.executable, "-c", code]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.address = process.stdout.readline().split(" ")[0]
    yield process
    process.terminate()
    process.communicate(timeout=10)


def ask(address, body=None, **headers):
    request = urllib.request.Request(address, body and json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_trains_with_numpy_and_refuses_strangers_and_nonsense(server):
    wanted = {"data": "xor", "units": [4], "hidden": ["tanh"], "rate": 0.5, "steps": 3, "seed": 2}
    status, text = ask(f"{server.address}recording", wanted)
    network = Network([2, 4, 1], "tanh", seed=2)
    network.fit(XOR_X, XOR_Y, epochs=3, learning_rate=0.5)
    assert status == 200
    assert unpacked(json.loads(text)["recorded"])[-17:].tolist() == network.parameters.vector.tolist()
    for nonsense in ({"steps": 10**9}, {"rate": "fast"}, {"units": "x"}, {"file": "/etc/passwd"}, [1]):
        status, text = ask(f"{server.address}recording", nonsense)
        assert (status, json.loads(text)["ok"]) == (400, False)
    assert ask(f"{server.address}alive", Host="evil.example")[0] == 403
    assert ask(f"{server.address}alive", Origin="http://evil.example")[0] == 403
    assert ask(f"{server.address}alive", Origin=server.address.rstrip("/"))[0] == 200
    status, text = ask(server.address)
    assert "connect-src 'self'" in text


def test_a_port_in_use_is_refused():
    from nn.lab.server import listening

    with listening(0) as taken, pytest.raises(ValueError, match="cannot be used"):
        listening(taken.getsockname()[1])
    with pytest.raises(ValueError, match="port 70000 cannot be used"):
        listening(70000)


def test_the_page_goes_on_when_the_server_is_gone(server, chromium):
    page = chromium.new_page()
    page.goto(server.address)
    page.wait_for_function("document.documentElement.dataset.ready")
    page.get_by_role("button", name="Train with Python").click()
    page.get_by_text("These are the steps of numpy.").wait_for()
    server.terminate()
    page.get_by_text("The server is gone.").wait_for()
    page.evaluate("nnLab.panes.value[0].seek(1000)")
    page.get_by_role("button", name="Step", exact=True).click()
    assert page.evaluate("nnLab.panes.value[0].run.last") == 1001
    page.close()
