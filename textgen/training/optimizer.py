"""What turns gradients into steps, and how large the steps are."""

from __future__ import annotations

import keras

from textgen.model.config import Recipe
from textgen.training.recurrence import Tensor


class AdamW(keras.optimizers.AdamW):
    """AdamW that sees one gradient per weight, whatever the backend.

    TensorFlow gives the gradient of an embedding in slices, one for each time a token
    was read. Keras would square the slices of one token apart, in the second moment and
    in the length that clipping looks at, as if they were different weights.
    """

    def apply(
        self,
        grads: list[Tensor],
        trainable_variables: list[keras.Variable] | None = None,
    ) -> None:
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            # Adds up the slices of a row.
            grads = [tf.convert_to_tensor(gradient) for gradient in grads]
        super().apply(grads, trainable_variables)


def optimizer(recipe: Recipe, steps: int) -> AdamW:
    """AdamW whose learning rate rises in a line and falls to zero along a cosine.

    Args:
        recipe: gives the rate at its peak, the steps in which it rises, the decay of
            the weights and the largest length of the gradient.
        steps: in all epochs together.
    """
    warmup = min(recipe.warmup_steps, steps // 4)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0 if warmup else recipe.learning_rate,
        decay_steps=steps - warmup,
        warmup_target=recipe.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    return AdamW(
        schedule,
        weight_decay=recipe.weight_decay,
        global_clipnorm=recipe.clip_norm,
    )
