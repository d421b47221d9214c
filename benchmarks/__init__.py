"""What the project measures of itself and of its peers: ``python -m benchmarks.NAME``.

Run from the checkout; results go to ``benchmarks/results``.
"""

from pathlib import Path

RESULTS = Path(__file__).parent / "results"
