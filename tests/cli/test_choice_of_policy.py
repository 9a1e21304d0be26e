"""The policy that a command names."""

import pytest

from cli.choice_of_policy import USUAL, choose_policy
from engine.policy import Policy, Weight
from storage.database import open_database
from storage.policies import NamedPolicy, NoSuchPolicy, save_policy


@pytest.fixture
def database(database_file):
    opened = open_database(f"sqlite:///{database_file}")
    yield opened
    opened.close()


def test_a_clients_policy_is_found_by_its_name_and_the_usual_one_is_always_there(database):
    named = NamedPolicy("Orchard", Policy(role=Weight.KEPT))
    assert choose_policy(database, USUAL) == NamedPolicy()
    save_policy(database, named)
    assert choose_policy(database, "Orchard") == named


def test_a_name_of_nobody_is_told_so(database):
    with pytest.raises(NoSuchPolicy, match="Orchard"):
        choose_policy(database, "Orchard")
