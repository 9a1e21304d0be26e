from sandbox import Domain, with_asker, world_of
from sandbox.names import find_mail


def test_who_asks_is_known_by_name_address_and_sender():
    world = with_asker(world_of([Domain("plum.sandbox")]), "winnow.sandbox", "127.0.0.7")
    assert world.zone["winnow.sandbox"].a == ("127.0.0.7",)
    assert world.zone["7.0.0.127.in-addr.arpa"].ptr == ("winnow.sandbox",)
    assert world.zone["winnow.sandbox"].txt == ("v=spf1 a -all",)
    assert list(find_mail(world.zone, "winnow.sandbox")) == ["127.0.0.7"]


def test_the_rest_of_the_world_stays_as_it_was():
    world = world_of([Domain("plum.sandbox")])
    known = with_asker(world, "winnow.sandbox")
    assert known.hosts == world.hosts
    assert {name: known.zone[name] for name in world.zone} == dict(world.zone)
