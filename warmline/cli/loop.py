"""`warmline loop`: react, run errands, watch or deliver until asked to stop, on as many machines
as you like."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

import click

from warmline.base.loops import Loop
from warmline.cli.deployment import Deployment, data_option

if TYPE_CHECKING:
    from warmline.core.journal.workers import Shift

RESCUE_S = 3.0
FEW, GATHER_S = 100, 0.25  # a batch of a hundred costs little more than one of ten: let them gather
RECONNECT_S = (0.5, 10.0)
RESTS = {"react": (0.05, 0.5), "errands": (0.1, 0.5), "watch": (1, 5), "deliver": (0.1, 1)}
log = logging.getLogger("warmline.loop")
Turn = Callable[[], int]
Begin = Callable[["Shift", Loop], Turn]


@click.command()
@click.argument("name", type=click.Choice(["react", "errands", "watch", "deliver"]))
@click.option("--once", is_flag=True, help="Do what there is to do, and stop.")
@data_option
@click.pass_obj
def loop(deployment: Deployment, name: str, once: bool) -> None:
    """react: what follows from what happened. errands: the same, where it takes minutes (an
    import); without this loop react does them too. watch: what is late or due. deliver: messages.
    """
    with deployment.database():
        work_shifts(name, once=once)


def work_shifts(name: str, *, once: bool = False) -> None:
    """One shift after the other: a lost connection ends a shift, and a new one begins."""
    from django.db import Error, connection

    from warmline.core.journal.workers import Shift

    rest_s, rest_max_s = RESTS[name]
    hours = Loop(rest_s=rest_s, rest_max_s=rest_max_s)
    hours.heed_signals()
    pause = RECONNECT_S[0]
    while not hours.stopping():
        began = monotonic()
        try:
            with Shift(name) as shift:
                turn = BEGIN[name](shift, hours)
                _until_empty(turn, hours) if once else hours.run(_while_held(shift, turn))
                return
        except Error as error:
            if once:
                raise
            log.warning("%s lost its database: %s", name, str(error).strip())
        except LostLock:
            log.warning("%s lost its lock and begins anew", name)
        connection.close()
        pause = RECONNECT_S[0] if monotonic() - began > 60 else min(pause * 2, RECONNECT_S[1])
        hours.rest(pause)


class LostLock(Exception):
    """The session that held our lock is gone: others take us for dead, so we begin anew."""


def _while_held(shift: "Shift", turn: Turn) -> Turn:
    def work() -> int:
        if not shift.holds():
            raise LostLock
        return turn()

    return work


def _until_empty(turn: Turn, hours: Loop) -> None:
    while not hours.stopping() and turn():
        pass


def _every(seconds: float, work: Callable[[], object]) -> Callable[[], None]:
    """Do it the first time, and then no more often than this."""
    due = 0.0

    def now_and_then() -> None:
        nonlocal due
        if monotonic() >= due:
            work()
            due = monotonic() + seconds

    return now_and_then


def begin_reacting(shift: "Shift", hours: Loop) -> Turn:
    from warmline.core.journal.reacting import react_once, rescue
    from warmline.core.journal.workers import at_work

    alone = False

    def look_around() -> None:
        nonlocal alone
        rescue(shift)
        alone = not at_work("errands")

    relieve = _every(RESCUE_S, look_around)

    def turn() -> int:
        relieve()
        done = react_once(shift, with_errands=alone)
        if 0 < done < FEW:
            hours.rest(GATHER_S)
        return done

    return turn


def begin_errands(shift: "Shift", _hours: Loop) -> Turn:
    from django.conf import settings

    from warmline.core.journal.reacting import rescue, run_errand
    from warmline.service.desk import mailbox

    relieve = _every(RESCUE_S, lambda: rescue(shift))
    look_for_letters = _every(settings.ENV.imap_every_s, mailbox.look)

    def turn() -> int:
        relieve()
        look_for_letters()
        return run_errand(shift)

    return turn


def begin_delivering(shift: "Shift", hours: Loop) -> Turn:
    from warmline.core.contacts.delivering import Postman, channel_of, rescue
    from warmline.goods.trace import subscribing

    postman = Postman(shift, channel_of)
    relieve = _every(RESCUE_S, lambda: rescue(shift))

    def turn() -> int:
        relieve()
        # Families first: partners are told of events when no message waits.
        return postman.deliver_once(stopping=hours.stopping) or subscribing.deliver(limit=1)

    return turn


def begin_watching(shift: "Shift", _hours: Loop) -> Turn:
    from warmline.base.idempotency import purge
    from warmline.core.journal.workers import bury
    from warmline.core.people.handing_over import take_effect
    from warmline.core.playbooks.rounds import go_round
    from warmline.core.promises.breaking import break_overdue
    from warmline.goods.trace import rooms
    from warmline.goods.trace.subscribing import look_at_timetables
    from warmline.service.desk import limiting, presence
    from warmline.service.desk.watching import DeskWatch

    clean_up = _every(30, lambda: bury(shift))
    forget = _every(3600, purge)
    forget_knocks = _every(3600, limiting.forget)
    forget_who_looked = _every(3600, presence.forget)
    desk = DeskWatch()
    open_rooms = _every(6 * 3600, rooms.open_ahead)

    def turn() -> int:
        clean_up()
        forget()
        forget_knocks()
        forget_who_looked()
        open_rooms()
        return desk() + break_overdue() + take_effect() + go_round() + look_at_timetables()

    return turn


BEGIN: dict[str, Begin] = {
    "react": begin_reacting,
    "errands": begin_errands,
    "watch": begin_watching,
    "deliver": begin_delivering,
}
