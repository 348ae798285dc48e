"""Which number format this CPU embeds fastest in: measured, not assumed."""

from __future__ import annotations

import time
from enum import StrEnum

import torch

_TOKENS = 128  # a clause with its title
_ROUNDS = 12
_WORTH_IT = 1.2  # below that, exactness is worth more than speed


class Precision(StrEnum):
    """How the transformer's numbers are held."""

    AUTO = "auto"
    BF16 = "bf16"
    FP32 = "fp32"

    @property
    def dtype(self) -> torch.dtype:
        """The torch type; ``AUTO`` must be resolved first.

        Raises:
            ValueError: the precision is ``AUTO``.
        """
        if self is Precision.AUTO:
            raise ValueError("precision 'auto' is resolved by resolve_precision")
        return torch.bfloat16 if self is Precision.BF16 else torch.float32


def resolve_precision(asked: Precision, width: int, inner_width: int) -> Precision:
    """Turn ``AUTO`` into the faster precision of this machine.

    Only CPUs with bf16 instructions are timed: emulated bf16 is slower everywhere. The best
    of several rounds is compared, so that a busy machine decides as an idle one does.

    Args:
        asked: what the settings say.
        width: hidden size of the model.
        inner_width: width of its feed-forward layers, whose products are most of the work.
    """
    if asked is not Precision.AUTO:
        return asked
    abilities = torch.cpu.get_capabilities()
    if not any(there for name, there in abilities.items() if name.endswith("bf16")):
        return Precision.FP32
    exact = best_seconds(torch.float32, width, inner_width)
    short = best_seconds(torch.bfloat16, width, inner_width)
    return Precision.BF16 if exact >= _WORTH_IT * short else Precision.FP32


def best_seconds(dtype: torch.dtype, width: int, inner_width: int) -> float:
    """Return the least time of one feed-forward product over a clause's tokens, in seconds."""
    with torch.inference_mode():
        tokens = torch.ones((_TOKENS, width), dtype=dtype)
        weights = torch.ones((inner_width, width), dtype=dtype)
        best = float("inf")
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            torch.nn.functional.linear(tokens, weights)
            best = min(best, time.perf_counter() - start)
    return best
