"""What happens in a round: buyers, payers, banks, admins, time and bad luck, in any order."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.billing.models import Placement
from marketplace.billing.placements.scopes import PlacementOrder
from marketplace.billing.placements.services import claim_placement, set_price
from marketplace.billing.placements.waiting import join_waiting_list
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.sync.checkout import open_checkout
from marketplace.billing.sync.sessions import cancel_checkout
from marketplace.core.database import writing
from marketplace.core.errors import Refusal as Refused
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.listings import services as listings
from stripe_standin.errors import ApiError as StripeRefusal
from tests.billing.rounds.payers import Payers
from tests.billing.rounds.stage import Stage
from tests.billing.shop import ADDRESSES, Seller, open_delayed
from tests.factories import make_listing, make_provider, make_topic, make_user

DROPPED = 0.33
MOST_REPEATS = 3
LOST_WITHOUT_TRACE = (0.0, 0.1, 0.5)  # the share of what is told in a round
ATTEMPTS = 5  # until something is found that can be done now
COUNTRY = "mexico"
STEPS = (
    *(timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=17), timedelta(minutes=40)),
    *(timedelta(hours=2), timedelta(hours=25), timedelta(days=3), timedelta(days=8), timedelta(days=31)),
)
MADE_ONCE = "(customers|prices|refunds|void)$"
# What goes wrong with a call of Stripe: kind, method, path.
FAULTS = (
    *(
        ("drop_after_commit", "", ""),
        ("drop_before", "", ""),
        ("conflict409", "POST", ""),
        ("rate429", "", ""),
    ),
    *(("error500", "GET", ""), ("error500", "POST", MADE_ONCE), ("error500_after", "POST", MADE_ONCE)),
    ("error500", "POST", "checkout/sessions$"),
    *(("error500_after", "POST", "checkout/sessions$"), ("error500_after", "DELETE", "")),
)


class Story(Payers):
    """A random story on a stage. `done` counts what was done by name; `most_slots` is the most that ever were."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.most_slots = 0
        self.lost_share = chance.choice(LOST_WITHOUT_TRACE)
        self.lost: set[int] = set()
        with writing():
            self.admin = make_user(role="admin")
            topics = [make_topic(COUNTRY) for _ in range(chance.randint(1, 2))]
            self.sellers = [self._seller(chance.choice(topics)) for _ in range(chance.randint(3, 5))]
            db.session.commit()
            self._set_price()
            db.session.commit()

    def _seller(self, topic: Any) -> Seller:
        member = make_user()
        provider = make_provider(member)
        return Seller(member, provider, make_listing(topic, provider))

    def tell(self, operations: int) -> None:
        """So many operations, each followed by what Stripe tells of it, or not."""
        told = {
            self._purchase: 5,
            self._click: 2,
            self._click_twice: 1,
            self._claim_only: 1,
            self._lose_hold: 1,
            self._pay_late: 2,
            self._give_up: 1,
            self._wait: 2,
            self._pay: 3,
            self._pay_later: 3,
            self._settle: 3,
            self._decline: 1,
            self._renew: 3,
            self._change_card: 1,
            self._pay_invoice: 2,
            self._portal: 2,
            self._cancel_now: 2,
            self._refund: 3,
            self._refund_by_admin: 1,
            self._fail_refund: 3,
            self._dispute: 2,
            self._close_dispute: 3,
            self._pass_time: 6,
            self._set_price: 1,
            self._pause: 1,
            self._break_calls: 2,
        }
        seed = self.chance.randrange(10**9)
        for number in range(operations):
            self.chance.seed(f"{seed} {number}")  # whatever the workers' pace made of the steps before
            for _ in range(ATTEMPTS):
                step = (
                    self.chance.choices(list(told), list(told.values()))[0] if number > 1 else self._purchase
                )
                if self._do(step):
                    break
            if self.chance.random() < 0.7:
                self._flush()
            self._let_work(self.chance.choice((0, 0.1, 0.3, 0.6, 1)))

    def _do(self, step: Callable[[], object]) -> bool:
        try:
            with writing():
                step()
                db.session.commit()
        except (Refused, StripeRefusal, GatewayError, IndexError):  # not now, or nothing to do it to
            db.session.rollback()
            return False
        self.done["operations"] += 1
        self.done[step.__name__.strip("_")] += 1
        return True

    def _flush(self) -> None:
        self.stage.losing = self.chance.random() < self.lost_share
        orders = ("as_made", "reverse", "shuffle")
        sent = self.stage.stripe.flush(
            self.chance.choice(orders),
            drop=0.0 if self.stage.losing else DROPPED,
            repeat=self.chance.randint(1, MOST_REPEATS),
            seed=self.chance.randrange(10**9),
            again=self.chance.random() < 0.1,
        )
        self.done["deliveries"] += len(sent)
        self.done["events told"] += len({event for event, _status in sent})

    def _let_work(self, seconds: float) -> None:
        """Until the workers have done what is due, or the time is up."""
        deadline = time.monotonic() + seconds
        due = select(Job.id).where(Job.state == "waiting", Job.run_at <= self.stage.clock()).limit(1)
        while time.monotonic() < deadline and db.session.scalar(due) is not None:
            db.session.rollback()
            time.sleep(0.02)
        db.session.rollback()

    # --- Buyers

    def _order(self) -> tuple[Seller, PlacementOrder]:
        seller = self.chance.choice(self.sellers)
        return seller, seller.on_country if self.chance.random() < 0.15 else seller.on_topic

    def _claim(self) -> tuple[Seller, int]:
        seller, order = self._order()
        kind = self.chance.choice(("month", "month", "pass"))
        found = claim_placement(actor=seller.member, order=order, kind=kind, now=self.stage.clock())
        placement_id = found.id
        db.session.commit()
        return seller, placement_id

    def _open(self, placement_id: int, member_id: int) -> str:
        member = db.session.get(User, member_id)
        assert member is not None
        gateway = self.stage.app.extensions["stripe"]
        now = self.stage.clock()
        return open_checkout(placement_id, actor=member, addresses=ADDRESSES, gateway=gateway, now=now)

    def _click(self) -> int:
        seller, placement_id = self._claim()
        self._open(placement_id, seller.member.id)
        return placement_id

    def _click_delayed(self) -> None:
        seller, placement_id = self._claim()
        gateway, now = self.stage.app.extensions["stripe"], self.stage.clock()
        open_delayed(placement_id, seller.member, gateway, now)

    def _click_twice(self) -> None:
        seller, placement_id = self._claim()
        member_id = seller.member.id
        db.session.rollback()
        addresses: list[str] = []

        def click() -> None:
            with self.stage.app.app_context(), writing(), suppress(Refused, GatewayError):
                addresses.append(self._open(placement_id, member_id))

        threads = [threading.Thread(target=click) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(addresses)) <= 1, "a double click opened two sessions"

    def _claim_only(self) -> None:
        self._claim()

    def _purchase(self) -> None:
        placement_id = self._click()
        session = db.session.scalar(select(Placement.session_id).where(Placement.id == placement_id))
        db.session.rollback()
        assert session is not None
        self.stage.stripe.pay(session)

    def _lose_hold(self) -> None:
        """As after a backup was played back: a slot was freed while its session can still be paid."""
        held = db.session.scalars(select(Placement.id).where(Placement.state == "held")).all()
        self._lose(self.chance.choice(held))

    def _lose(self, placement_id: int) -> None:
        values = {"state": "released", "reason": "expired", "version": Placement.version + 1}
        losing = update(Placement).where(Placement.id == placement_id, Placement.state == "held")
        db.session.execute(losing.values(values))
        self.lost.add(placement_id)
        db.session.commit()

    def _pay_late(self) -> None:
        """The slot is lost, and mostly taken by another, when the money comes."""
        placement_id = self._click()
        session = db.session.scalar(select(Placement.session_id).where(Placement.id == placement_id))
        self._lose(placement_id)
        assert session is not None
        with suppress(Refused, GatewayError):
            self._click()
        db.session.rollback()
        self.stage.stripe.pay(session)

    def _give_up(self) -> None:
        taken = select(Placement.id).where(Placement.state.in_(("held", "pending")))
        placement_id = self.chance.choice(db.session.scalars(taken).all())
        cancel_checkout(placement_id, gateway=self.stage.app.extensions["stripe"], now=self.stage.clock())

    def _wait(self) -> None:
        seller, order = self._order()
        kind = self.chance.choice(("month", "pass"))
        join_waiting_list(actor=seller.member, order=order, kind=kind, now=self.stage.clock())

    def _pause(self) -> None:
        seller = self.chance.choice(self.sellers)
        move = listings.pause_listing if seller.listing.status == "published" else listings.resume_listing
        move(actor=seller.member, listing=seller.listing)

    # --- Admins, time and bad luck

    def _set_price(self) -> None:
        slots = self.chance.randint(1, 3)
        self.most_slots = max(slots, self.most_slots)
        set_price(
            actor=self.admin,
            country=COUNTRY,
            currency="EUR",
            month_amount=self.chance.choice((4900, 5900)),
            pass_amount=self.chance.choice((6000, 7000)),
            topic_slots=slots,
            country_slots=slots,
            now=self.stage.clock(),
        )

    def _pass_time(self) -> None:
        db.session.rollback()
        self.stage.clock.advance(self.chance.choice(STEPS))
        self.stage.stripe.tick()

    def _break_calls(self) -> None:
        kind, method, path = self.chance.choice(FAULTS)
        self.stage.stripe.fault(kind, path, method, count=self.chance.choice((1, 1, 2, 4)))
