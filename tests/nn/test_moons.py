"""The setting of `steps` and `noise`: every network has samples of its own, learned and held out."""

import numpy as np

from nn.experiments.moons import Setting


def test_no_two_networks_share_a_sample_and_none_is_judged_on_what_it_learned():
    setting = Setting(networks=3, samples=4, held_out=5)
    (x, y), (x_new, y_new) = setting.own(), setting.new()
    assert (x.shape, y.shape, x_new.shape, y_new.shape) == ((3, 4, 2), (3, 4, 1), (3, 5, 2), (3, 5, 1))
    points = np.concatenate([x, x_new], axis=1).reshape(-1, 2)
    assert len(np.unique(points, axis=0)) == 27
    assert setting.untrained().networks == 3
