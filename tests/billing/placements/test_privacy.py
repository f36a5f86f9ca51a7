from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.privacy.services import erase_account
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.providers.models import ProviderMember
from tests.factories import NOON, make_listing, make_placement, make_provider, make_topic, make_user


@pytest.mark.parametrize("state", ["reserved", "active", "canceling", "past_due"])
def test_who_alone_answers_for_a_paid_place_stays(app: Flask, state: str) -> None:
    user = make_user()
    provider = make_provider(user)
    listing = make_listing(make_topic(), provider, status="withdrawn")
    placement = make_placement(listing, country=True, state=state)
    with pytest.raises(Conflict) as caught:
        erase_account(user, take_down=False, now=NOON)
    assert (caught.value.code, caught.value.details["name"]) == ("paid_place", provider.name)
    placement.state = "ended"
    number = user.id
    erase_account(user, take_down=False, now=NOON)
    assert db.session.get(User, number) is None


def test_another_member_may_answer_for_it(app: Flask) -> None:
    user, other = make_user(), make_user()
    provider = make_provider(user)
    db.session.add(ProviderMember(provider_id=provider.id, user_id=other.id, created_at=NOON))
    make_placement(make_listing(make_topic(), provider), country=True)
    erase_account(user, take_down=False, now=NOON)
    assert [member.user_id for member in provider.members] == [other.id]
