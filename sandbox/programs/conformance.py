"""What the scripts share that hold an emulator against a provider's own client."""

import sys
import traceback


def expect_refusal(kind, answer_of):
    """A function that passes when a call raises `kind` with the given answer, and fails on any other end."""

    def refused(answer, call, *args, **kwargs):
        try:
            call(*args, **kwargs)
        except kind as error:
            assert answer_of(error) == answer, f"{answer_of(error)}: {error}"
            return error
        raise AssertionError(f"taken instead of refused with {answer}")

    return refused


def run(*parts):
    """Runs every part, prints where one differs from the real service, and ends with 1 if any does."""
    failed = False
    for part in parts:
        try:
            part()
        except Exception:
            failed = True
            print(f"{part.__name__}:\n{traceback.format_exc()}")
    sys.exit(failed)
