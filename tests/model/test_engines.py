"""One model, three views: Keras, the glass box and the fast engine agree."""

import numpy as np
import pytest

from textgen.corpus.tokenizer import START
from textgen.errors import BundleError
from textgen.model.cells import CELLS, sigmoid
from textgen.model.config import ModelConfig
from textgen.model.engines import ENGINES, open_engine
from textgen.model.glass_box import GlassBox
from textgen.model.onnx_engine import OnnxEngine
from textgen.study import likelihood
from textgen.writing.chances import log_softmax
from textgen.writing.generator import Generator

MADE_UP = [
    "Why The Moon Refuses To Comment On Tuesday",
    "Senate Passes Bill To Rename All Bills",
    "7 Ways To Fold A Chair (PHOTOS)",
    "‘I Was A Teenage Lighthouse’: A Memoir",
]


def headlines(request, count=200):
    """Real headlines where the dataset is present, made-up ones everywhere."""
    try:
        frame = request.getfixturevalue("real_frame")
    except pytest.skip.Exception:
        return MADE_UP
    return MADE_UP + list(frame[frame["split"] == "test"]["headline"].iloc[:count])


def rectangle(texts, tokenizer):
    ids = [[START, *tokenizer.encode(text)] for text in texts]
    time = max(map(len, ids))
    tokens = np.zeros((len(ids), time), dtype=np.int64)
    for row, line in enumerate(ids):
        tokens[row, : len(line)] = line
    real = np.arange(time)[None, :] < np.array([len(line) for line in ids])[:, None]
    return tokens, real


def log_probabilities(engine, tokens, real, categories):
    state, out = engine.start(categories), []
    for t in range(tokens.shape[1]):
        logits, state = engine.step(tokens[:, t], state)
        out.append(log_softmax(logits)[real[:, t]])
    return np.concatenate(out)


@pytest.fixture(scope="module")
def case(request, bundle):
    texts = headlines(request)
    tokens, real = rectangle(texts, bundle.tokenizer)
    categories = np.arange(len(texts)) % (len(bundle.config.categories) + 1)
    reference = log_probabilities(
        open_engine(bundle, "reference"), tokens, real, categories
    )
    return tokens, real, categories, reference


def test_keras_agrees_with_the_glass_box(bundle, case):
    pytest.importorskip("keras")
    from textgen.training.network import network_from

    tokens, real, categories, reference = case
    network = network_from(bundle.config, bundle.weights)
    queries = network(
        {"tokens": tokens.astype("int32"), "category": categories.astype("int32")}
    )
    logits = np.array(network.logits(queries))
    by_step = np.concatenate([logits[:, t][real[:, t]] for t in range(tokens.shape[1])])
    assert np.abs(log_softmax(by_step) - reference).max() < 1e-4


def test_the_float_graph_agrees_with_the_glass_box(bundle, case, tmp_path):
    pytest.importorskip("onnx")
    from textgen.training import export

    tokens, real, categories, reference = case
    export.write(tmp_path / "step.onnx", bundle.config, bundle.weights)
    engine = OnnxEngine(tmp_path / "step.onnx", bundle.config)
    found = log_probabilities(engine, tokens, real, categories)
    assert np.abs(found - reference).max() < 1e-4


def test_the_int8_graph_is_close_to_the_glass_box(bundle, case):
    tokens, real, categories, reference = case
    found = log_probabilities(open_engine(bundle, "fast"), tokens, real, categories)
    divergence = (np.exp(reference) * (reference - found)).sum(axis=-1)
    assert divergence.mean() < 1e-3


@pytest.mark.dataset
def test_int8_costs_next_to_no_bits(bundle, generator, real_frame):
    rows = real_frame[real_frame["split"] == "test"].iloc[:1500]
    texts, categories = list(rows["headline"]), list(rows["category"])
    slow = Generator.from_bundle(bundle, engine="reference")
    fast_bits, slow_bits = (
        likelihood.measure(g, texts, categories).bits_per_character
        for g in (generator, slow)
    )
    assert fast_bits == pytest.approx(slow_bits, rel=0.005)


def test_logits_do_not_depend_on_the_batch(bundle):
    engine = open_engine(bundle, "fast")
    random = np.random.default_rng(0)
    tokens = random.integers(4, bundle.config.vocabulary_size, (12, 32))
    categories = random.integers(0, 43, 32)
    crowd, alone = engine.start(categories), engine.start(categories[5:6])
    for step in tokens:
        logits, crowd = engine.step(step, crowd)
        single, alone = engine.step(step[5:6], alone)
        assert np.array_equal(logits[5], single[0])
    assert np.array_equal(crowd.hidden[5], alone.hidden[0])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 2])
def test_every_cell_agrees_in_all_three_views(cell, layers, tmp_path):
    pytest.importorskip("keras")
    pytest.importorskip("onnx")
    from textgen.training import export
    from textgen.training.network import HeadlineNetwork, weights_of

    config = ModelConfig(50, ("A", "B"), cell, 8, 16, layers, 0.0)
    network = HeadlineNetwork(config)
    weights = weights_of(network)
    random = np.random.default_rng(1)
    # Untrained biases are zero, which would hide a bias in the wrong place.
    for name in weights:
        weights[name] = (
            weights[name] + random.normal(0, 0.3, weights[name].shape)
        ).astype(np.float32)
    from textgen.training.network import set_weights

    set_weights(network, weights)
    tokens = random.integers(4, 50, (4, 9))
    categories = np.array([0, 1, 2, 1])
    real = np.ones_like(tokens, dtype=bool)
    reference = log_probabilities(GlassBox(config, weights), tokens, real, categories)
    export.write(tmp_path / "f.onnx", config, weights)
    engine = OnnxEngine(tmp_path / "f.onnx", config)
    found = log_probabilities(engine, tokens, real, categories)
    assert np.abs(found - reference).max() < 1e-4
    queries = network(
        {"tokens": tokens.astype("int32"), "category": categories.astype("int32")}
    )
    logits = np.array(network.logits(queries))
    by_step = np.concatenate([logits[:, t] for t in range(9)])
    assert np.abs(log_softmax(by_step) - reference).max() < 1e-4
    limits = export.activation_limits(config, weights, tokens.tolist())
    export.write(tmp_path / "i.onnx", config, weights, limits)
    engine = OnnxEngine(tmp_path / "i.onnx", config)
    found = log_probabilities(engine, tokens, real, categories)
    assert (np.exp(reference) * (reference - found)).sum(axis=-1).mean() < 0.01


def test_quantized_columns_are_close_and_never_overflow_16_bits():
    pytest.importorskip("onnx")
    from textgen.training.export import quantize_columns

    random = np.random.default_rng(0)
    kernel = random.normal(size=(257, 40)).astype(np.float32)
    kernel[:, 3] = 0
    kernel[4:6, 5] = 9.0  # two large neighbours
    values, scale = quantize_columns(kernel)
    assert np.abs(values * scale - kernel).max() <= 0.5001 * scale.max()
    wide = np.vstack([values, np.zeros((1, 40))]).reshape(-1, 2, 40)
    for side in (np.maximum(wide, 0), np.maximum(-wide, 0)):
        assert (255 * side.sum(axis=1)).max() <= 2**15 - 1


def test_integer_products_are_exact_on_this_processor(bundle):
    """The largest inputs there can be give the sums that arithmetic says."""
    onnx = pytest.importorskip("onnx")
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    from textgen.training.export import quantize_columns

    values, _ = quantize_columns(bundle.weights["embedding"].T)
    node = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, ["n", len(values)])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, ["n", values.shape[1]])],
        [numpy_helper.from_array(values, "w")],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10
    )
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (5, len(values))).astype(np.uint8)
    x[0], x[1] = 255, 0
    (y,) = session.run(None, {"x": x})
    assert np.array_equal(y, x.astype(np.int64) @ values.astype(np.int64))


def test_gates_explain_the_new_state(bundle):
    box = open_engine(bundle, "reference")
    state = box.start(np.array([3]))
    for token in (START, 400, 900):
        before = state.hidden[:, 0]
        _, state, gates = box.explain(np.array([token]), state)
        z, candidate = gates[0]["update"], gates[0]["candidate"]
        rebuilt = z * before + (1 - z) * candidate
        assert np.allclose(rebuilt, state.hidden[:, 0], atol=1e-6)
        assert ((gates[0]["reset"] >= 0) & (gates[0]["reset"] <= 1)).all()


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_is_opened_by_its_name(bundle, name):
    engine = open_engine(bundle, name)
    assert engine.config == bundle.config
    logits, state = engine.step(np.array([START]), engine.start(np.array([0])))
    assert logits.shape == (1, bundle.config.vocabulary_size)
    np.testing.assert_allclose(np.exp(logits).sum(), 1.0, rtol=1e-4)
    assert state.hidden.any()


def test_an_unknown_engine_is_refused_by_name(bundle):
    with pytest.raises(ValueError, match="'warp'.*fast, reference"):
        open_engine(bundle, "warp")


def test_sigmoid_is_finite_everywhere():
    assert sigmoid(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


def test_a_file_that_is_no_graph_is_named(tmp_path, bundle):
    path = tmp_path / "step.onnx"
    path.write_bytes(b"nonsense")
    with pytest.raises(BundleError, match=r"step\.onnx"):
        OnnxEngine(path, bundle.config)
