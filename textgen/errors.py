"""The errors that a user of this package is meant to see."""


class TextgenError(Exception):
    """Something a person can put right; the message says what, where and how."""


class DatasetError(TextgenError):
    """The dataset file is missing, broken or something else altogether."""


class TokenizerError(TextgenError):
    """A tokenizer file or its training text cannot be used."""


class BundleError(TextgenError):
    """A model folder is incomplete, damaged or of an unknown format."""


class TrainingError(TextgenError):
    """A training run cannot start or resume."""
