"""The lines that end `winnow verify`."""

from sandbox import write_csv


def test_rows_without_an_address_are_told_apart_and_reused_answers_are_counted(
    winnow, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(6, 5, "null_mx")
    addresses = sandbox.world.addresses
    cells = [*addresses, "plum@", "", "n/a"]
    write_csv(tmp_path / "in.csv", ["no", "email"], enumerate(cells))
    environment = environment_for(sandbox)
    first = winnow("verify", "in.csv", "-o", "out.csv", environment=environment)
    count = len(addresses) + 1
    assert f"out.csv: {count} addresses: 0 valid, {count} invalid," in first.stderr
    assert "Besides, 2 rows hold no address (reason: empty)." in first.stderr
    assert "earlier check" not in first.stderr
    reasons = [row[3] for row in rows_of(tmp_path / "out.csv")[1:]]
    assert reasons.count("empty") == 2

    write_csv(tmp_path / "further.csv", ["email"], [[each] for each in addresses])
    further = winnow("verify", "further.csv", "-o", "out.csv", environment=environment)
    assert f"{len(addresses)} addresses were answered by an earlier check" in further.stderr
