"""The `kaituan` command."""


def main() -> None:
    raise SystemExit(2)
