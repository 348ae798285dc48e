from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.llm.prompting import Prompt, load_grammar


def test_the_rules_come_first_and_never_change() -> None:
    prompt = Prompt.load("lead")
    first, _ = prompt.messages(evidence="[1] a", question="b?")
    second, turn = prompt.messages(evidence="[1] c", question="d?")
    assert first == second
    assert first.role == "system"
    assert (turn.role, "[1] c" in turn.content, "d?" in turn.content) == ("user", True, True)


def test_the_evidence_stands_before_the_question() -> None:
    _, turn = Prompt.load("lead").messages(evidence="<E>", question="<Q>")
    assert turn.content.index("<E>") < turn.content.index("<Q>")


@pytest.mark.parametrize(
    "values", [{"evidence": "a"}, {"evidence": "a", "question": "b", "c": "d"}]
)
def test_a_prompt_wants_what_it_declares(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="evidence"):
        Prompt.load("lead").messages(**values)


def test_a_placeholder_within_a_value_is_text() -> None:
    _, turn = Prompt.load("lead").messages(evidence="{question}", question="{evidence}")
    assert turn.content.count("{question}") == 1
    assert turn.content.count("{evidence}") == 1


def test_braces_that_are_no_placeholder_stay() -> None:
    prompt = replace(Prompt.load("lead"), user="{a} {b}", variables=frozenset({"a"}))
    assert prompt.messages(a="x")[1].content == "x {b}"


def test_a_prompt_is_versioned() -> None:
    assert Prompt.load("lead").version


def test_literals_of_a_grammar_are_escaped() -> None:
    grammar = load_grammar("lead", figures=['5"', "6\\", "7\n8", "{9}"], markers=["1"])
    assert r'"5\"" | "6\\" | "7 8" | "{9}"' in grammar
    assert 'marker ::= "1"' in grammar
    assert "{2,40}" in grammar


def test_a_grammar_wants_all_its_placeholders() -> None:
    with pytest.raises(KeyError):
        load_grammar("lead", figures=["5"])
