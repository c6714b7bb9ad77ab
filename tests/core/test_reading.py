"""Reading once: inside the block alone, and for each question of its own."""

from __future__ import annotations

from apps.core.reading import read_once, reading_once


def test_inside_the_block_a_question_is_asked_once() -> None:
    asked: list[tuple[str, int]] = []

    @read_once
    def answer(word: str, *, times: int = 1) -> str:
        asked.append((word, times))
        return word * times

    assert [answer("a"), answer("a")] == ["a", "a"]
    assert len(asked) == 2  # outside, each time
    for _ in range(2):
        with reading_once():
            assert [answer("a"), answer("a"), answer("a", times=2), answer("b")] == [
                "a",
                "a",
                "aa",
                "b",
            ]
    assert asked[2:] == [("a", 1), ("a", 2), ("b", 1)] * 2
