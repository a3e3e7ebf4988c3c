"""The baseline: one plain request for each problem, as in a usual zero-shot evaluation; no feedback, no second try."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from judging import PASSED, judge_text

if TYPE_CHECKING:
    from human_eval_set import Problem

SYSTEM = "You are a helpful programming assistant."
ASK = (
    "Complete the following Python function. Reply with the whole function in one ```python block.\n```python\n{}\n```"
)
MAX_TOKENS = 1024

_BLOCK = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)


def try_once(problem: Problem, model: str, timeout: float) -> dict[str, Any]:
    """Ask for the problem, and judge the reply; what came of it, ready for JSON.

    `timeout` is in seconds, for the request. Raises openai.OpenAIError where the endpoint does not answer.
    """
    import openai

    client = openai.OpenAI(timeout=timeout)
    begun = time.monotonic()
    answer = client.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": ASK.format(problem.prompt)},
        ],
        temperature=0,
        max_tokens=MAX_TOKENS,
    )
    seconds = time.monotonic() - begun
    choice, usage = answer.choices[0], answer.usage
    reply = choice.message.content or ""
    verdict = judge_text(problem, module_text(problem, reply))
    return {
        "solved": verdict == PASSED,
        "verdict": verdict,
        "belief": None,
        "requests": 1,
        "candidates": 1,
        "tokens_in": usage.prompt_tokens if usage else None,
        "tokens_out": usage.completion_tokens if usage else None,
        "seconds": round(seconds, 1),
        "reply": reply,
        "ended": choice.finish_reason,
    }


def module_text(problem: Problem, reply: str) -> str:
    """The module that the reply means: its first block of code, behind what the prompt begins with."""
    found = _BLOCK.search(reply)
    code = found[1] if found else reply
    if re.search(rf"^def {problem.entry}\b", code, re.MULTILINE):
        return f"{problem.preamble()}\n{code}"
    return f"{problem.prompt}{code}"
