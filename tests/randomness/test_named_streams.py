"""Named streams: repeatable, independent of each other and of the order in which they are asked."""

import numpy as np

from sarex.randomness import child_generator, child_seed


def test_the_same_name_gives_the_same_numbers() -> None:
    assert child_seed(3, "drift", "reported") == child_seed(3, "drift", "reported")
    first, second = (child_generator(3, "drift").random(5) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_seed_name_and_order_of_names_all_matter() -> None:
    seeds = {child_seed(*key) for key in ((3, "a"), (4, "a"), (3, "b"), (3, "a", "b"), (3, "b", "a"), (3,))}
    assert len(seeds) == 6


def test_streams_are_uncorrelated() -> None:
    """Correlation of 10,000 pairs has standard deviation 0.01: five of it, false alarm 6e-7."""
    pairs = [child_generator(1, name).standard_normal(10_000) for name in ("drift", "planning")]
    assert abs(np.corrcoef(*pairs)[0, 1]) < 0.05
