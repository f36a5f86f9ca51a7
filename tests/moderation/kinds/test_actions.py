from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.moderation.decisions.actions import Choice, is_waiting, no_check
from marketplace.moderation.decisions.registry import find_kind, find_subject, kinds
from marketplace.moderation.models import ActionName, AskedBy
from marketplace.moderation.queue.items import load_item
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import MAKERS, id_of, waiting_appeal, waiting_profile, waiting_review
from tests.refusals import refused

TEXT = "Mr Smith lost my papers, NIE X1234567L, and never called back."
NAME, NUMBER = "text-3-8", "text-29-38"


def reasoned(app: Flask, kind: str, subject_id: int) -> tuple[str, ...]:
    """What a page asks reasons for."""
    with app.test_request_context():
        return load_item(find_subject(kind, subject_id)).reasoned_actions


def test_every_kind_has_its_actions() -> None:
    assert {kind.kind for kind in kinds()} == set(MAKERS)
    for kind in kinds():
        assert set(kind.actions) <= set(ActionName)
        assert {action.asked_by for action in kind.actions.values()} <= set(AskedBy)
        assert kind.reversals.keys() <= kind.actions.keys()
        assert set(kind.reversals.values()) - {None} <= kind.actions.keys()


def test_an_action_needs_reasons_unless_it_publishes_or_documents(app: Flask) -> None:
    for name, make in MAKERS.items():
        subject = find_subject(name, id_of(name, make()))  # type: ignore[operator]
        for action in subject.actions:
            assert bool(subject.grounds_for(action)) == (action not in ("publish", "document")), (
                name,
                action,
            )


def test_what_waits_can_be_decided(app: Flask) -> None:
    for kind, make in MAKERS.items():
        number = id_of(kind, make())  # type: ignore[operator]
        assert find_subject(kind, number).open_actions()
        assert reasoned(app, kind, number)


def test_an_action_belongs_to_its_kind() -> None:
    assert "document" in find_kind("review").actions
    assert "document" not in find_kind("listing").actions
    with pytest.raises(NotFound):
        find_kind("nothing")


def test_a_page_asks_for_reasons_where_an_open_action_needs_them(app: Flask) -> None:
    assert reasoned(app, "review", waiting_review(status="published").id) == ("hide",)
    assert reasoned(app, "review", waiting_review(status="withdrawn").id) == ()


def test_an_active_provider_is_warned_of_or_the_warning_is_cleared(app: Flask) -> None:
    provider = make_provider()
    assert reasoned(app, "provider", provider.id) == ("suspend", "warn")
    provider.warned_at = NOON
    assert reasoned(app, "provider", provider.id) == ("suspend", "clear")
    provider.status = "suspended"
    assert reasoned(app, "provider", provider.id) == ("reinstate",)


def test_only_providers_in_or_out_of_good_standing_can_be_moved(app: Flask) -> None:
    for status in ("unclaimed", "removed"):
        assert find_subject("provider", make_provider(status=status).id).open_actions() == ()
    assert find_subject("listing", make_listing(make_topic()).id).open_actions() == ()


def test_an_appeal_is_decided_once(app: Flask) -> None:
    appeal = waiting_appeal()
    subject = find_subject("appeal", appeal.id)
    assert subject.open_actions() == ("uphold", "dismiss")
    appeal.status = "dismissed"
    assert subject.open_actions() == ()


@pytest.mark.parametrize(
    ("status", "level", "actions"),
    [
        ("pending", "unverified", {"publish", "reject"}),
        ("published", "unverified", {"document", "hide"}),
        ("published", "documented", {"hide"}),
        ("hidden", "unverified", {"restore"}),
        ("rejected", "unverified", set()),
        ("withdrawn", "unverified", set()),
    ],
)
def test_what_can_be_done_depends_on_the_status_of_a_review(
    app: Flask, status: str, level: str, actions: set[str]
) -> None:
    subject = find_subject("review", waiting_review(status=status, level=level).id)
    assert set(subject.open_actions()) == actions


def test_a_review_is_published_at_a_level_that_exists(app: Flask) -> None:
    subject = find_subject("review", waiting_review().id)
    publish = subject.actions["publish"]
    publish.check(subject, Choice(now=NOON, level="invited"))
    with pytest.raises(Invalid, match="proof_missing"):
        publish.check(subject, Choice(now=NOON, level="documented"))
    with pytest.raises(Invalid):
        publish.check(subject, Choice(now=NOON, level="famous"))


@pytest.mark.parametrize(
    ("status", "code"), [("pending", "provider_pending"), ("suspended", "provider_not_active")]
)
def test_a_listing_goes_live_after_its_provider(app: Flask, status: str, code: str) -> None:
    listing = make_listing(make_topic(), make_provider(status=status), status="pending")
    subject = find_subject("listing", listing.id)
    with refused(Invalid, code):
        subject.actions["publish"].check(subject, Choice(now=NOON))


def test_a_name_that_another_provider_took_is_refused_when_it_is_decided(app: Flask) -> None:
    edit = waiting_profile()
    make_provider(name=edit.name, host="another.example", website=edit.website)
    with pytest.raises(Conflict) as caught:
        decide_now(
            "provider_edit",
            edit.provider_id,
            actor=make_user("moderator"),
            action="publish",
            version=2,
            now=NOON,
        )
    assert (caught.value.code, caught.value.field) == ("website_taken", "website")


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_what_was_found_is_covered_or_left_on_purpose(app: Flask, kind: str) -> None:
    subject = find_subject(kind, id_of(kind, MAKERS[kind](text=TEXT)))
    check = subject.actions["publish"].check
    for covered, leaves_rest in (((NAME, NUMBER), False), ((NUMBER,), True), ((), True)):
        check(subject, Choice(now=NOON, covered=covered, leaves_rest=leaves_rest))
    for some in ((NUMBER,), ()):
        with pytest.raises(Invalid) as caught:
            check(subject, Choice(now=NOON, covered=some))
        assert (caught.value.code, caught.value.field) == ("cover_rest", "leaves_rest")


def test_what_was_not_found_cannot_be_covered(app: Flask) -> None:
    subject = find_subject("review", waiting_review(text=TEXT).id)
    with pytest.raises(Invalid) as caught:
        subject.actions["publish"].check(subject, Choice(now=NOON, covered=(NAME, NUMBER, "text-0-60")))
    assert (caught.value.code, caught.value.field) == ("cover_unknown", "cover")


def test_a_text_without_findings_needs_no_choice(app: Flask) -> None:
    subject = find_subject("review", waiting_review().id)
    subject.actions["publish"].check(subject, Choice(now=NOON))


def test_a_subject_waits_while_it_is_in_the_queue(app: Flask) -> None:
    assert is_waiting(find_subject("review", waiting_review().id))
    assert not is_waiting(find_subject("review", waiting_review(status="published").id))


def test_an_action_without_a_check_refuses_nothing(app: Flask) -> None:
    no_check(find_subject("review", waiting_review().id), Choice(now=NOON))
