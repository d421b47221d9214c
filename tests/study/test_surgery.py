"""Gates held by hand."""

import pytest

from textgen.explain.trace import trace
from textgen.study import surgery
from textgen.study.surgery import Operation
from textgen.writing.generator import Generator


@pytest.fixture(scope="module")
def glass(bundle):
    return Generator.from_bundle(bundle, "reference")


@pytest.fixture(scope="module")
def keeping(glass):
    return surgery.keeping(glass)


def test_holding_a_gate_holds_it(bundle, keeping):
    kept = surgery.operate(bundle, Operation(update=1.0), keeping)
    read = trace(kept, "Why Owls Sing")
    assert (read.update == 1).all()
    assert (read.state == 0).all()  # nothing was ever written
    cut = surgery.operate(bundle, Operation(reset=0.0, share=0.5), keeping)
    zeros = (trace(cut, "Why Owls Sing").reset == 0).mean(axis=1)
    assert zeros == pytest.approx(0.5)


@pytest.mark.parametrize("order", surgery.ORDERS)
def test_the_share_and_the_order_are_kept(bundle, keeping, order):
    operated = surgery.operate(bundle, Operation(0.25, None, 0.1, order), keeping)
    held = (trace(operated, "Why").update == 0.25).all(axis=0)
    assert held.sum() == round(0.1 * bundle.config.units) == 77
    if order == "slow":
        assert keeping[held].min() >= keeping[~held].max()
    if order == "fast":
        assert keeping[held].max() <= keeping[~held].min()


def test_an_operation_on_nobody_changes_nothing(bundle, glass, keeping):
    same = surgery.operate(bundle, Operation(0.0, 0.0, share=0.0), keeping)
    assert surgery.bits(same) == pytest.approx(surgery.bits(glass), abs=1e-6)
    ours = [h.text for h in same.generate(count=3, seed=5)]
    assert ours == [h.text for h in glass.generate(count=3, seed=5)]


def test_forgetting_all_costs_bits_and_leaves_the_model_alone(bundle, glass, keeping):
    before = surgery.bits(glass)
    overwrite = surgery.operate(bundle, Operation(update=0.0), keeping)
    assert surgery.bits(overwrite) > before + 0.1
    assert surgery.bits(glass) == before


@pytest.mark.parametrize(
    ("values", "field"),
    [({"update": 1.5}, "update"), ({"share": -1}, "share"), ({"order": "x"}, "order")],
)
def test_impossible_operations_are_refused(values, field):
    with pytest.raises(ValueError, match=field):
        Operation(**values)
