"""The proof of a round: its stored file, proved again, and handed out to whoever may read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import or_, select

from marketplace.domain import rounds as rules
from marketplace.domain.actors import Actor, Role
from marketplace.domain.errors import NotFound, Rejected
from marketplace.domain.matches import MatchState
from marketplace.domain.text_marks import N_
from marketplace.models.base import db
from marketplace.models.lots import Lot
from marketplace.models.matches import Match, rounds_of_enough_parties
from marketplace.models.needs import Need
from marketplace.models.rounds import MatchRound, RoundEntry
from marketplace.solving.full_file import Recorded, read_full
from marketplace.solving.proving import Proof, Watch, prove
from marketplace.solving.public_file import openings_for, openings_text, public_file, takes_part
from marketplace.solving.round_file import BadFile, NoRound, OtherFile, unpacked


class NoFile(Rejected):
    """The round was recorded before rounds had files."""


@dataclass(frozen=True)
class Download:
    """A file for somebody to keep."""

    name: str
    text: str


@dataclass(frozen=True)
class ProofPage:
    """What this person may do with the round's files."""

    round: MatchRound
    has_file: bool
    may_read_all: bool
    takes_part: bool
    sums_are_public: bool
    """Whether this person may see what the round gains: with few parties it is somebody's price."""


def proof_page(round_id: int, *, actor: Actor | None) -> ProofPage:
    """Raises `NotFound` for a round that this person may not know of, or that has no outcome."""
    round_ = _solved(round_id, actor)
    return ProofPage(
        round=round_,
        has_file=bool(round_.file_hash),
        may_read_all=may_read_all(actor),
        takes_part=_has_listing(round_id, actor),
        sums_are_public=rules.may_run(actor) or round_id in rounds_of_enough_parties([round_id]),
    )


def may_read_all(actor: Actor | None) -> bool:
    """Who runs rounds, and who keeps the system, may read sealed figures of a round."""
    return actor is not None and actor.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


def prove_round(round_id: int, *, actor: Actor | None) -> Proof:
    """Prove what is stored, and that the pages show it. Raises `NotFound` and `NoFile`."""
    return _proof_of(_solved(round_id, actor))


def verify_stored(round_id: int) -> Proof:
    """The same from the shell, where everything may be read. Raises `Rejected` if not solved."""
    round_ = db.session.get(MatchRound, round_id)
    if round_ is None:
        raise NotFound(N_("There is no such round."))
    if round_.result is None:
        raise Rejected(N_("This round has not been solved."))
    return _proof_of(round_)


def verify_file(text: bytes) -> Proof:
    """A full file that somebody holds. Raises `OtherFile` for what never was one."""
    watch = Watch()
    recorded = _read(lambda: text, "", watch)
    return prove(recorded, watch) if recorded else watch.proof


def full_download(round_id: int, *, actor: Actor | None) -> Download:
    """Everything, sealed figures too: for those who may read all."""
    if not may_read_all(actor):
        raise NotFound(N_("There is no such round."))
    round_ = _solved(round_id, actor)
    return Download(f"round-{round_id}-full.json", stored_text(round_).decode())


def public_download(round_id: int, *, actor: Actor | None) -> Download:
    """Without names and sealed figures, for everybody once the round is published."""
    recorded = stored(_solved(round_id, actor))
    return Download(f"round-{round_id}-public.json", public_file(recorded).text())


def openings_download(round_id: int, *, actor: Actor) -> Download:
    """What opens the own sealed figures in the public file. Raises `NotFound` for others."""
    round_ = _solved(round_id, actor)
    recorded = stored(round_)
    if not takes_part(recorded, actor.organisation_id):
        raise NotFound(N_("There is no such round."))
    openings = openings_for(recorded, actor.organisation_id, _confirmed(round_id))
    text = openings_text(recorded, round_.public_hash, openings)
    return Download(f"round-{round_id}-openings.json", text)


def stored(round_: MatchRound) -> Recorded:
    """The round's file, read. Raises `NoFile` and `BadFile`."""
    return read_full(stored_text(round_), round_.file_hash)


def stored_text(round_: MatchRound) -> bytes:
    """Raises `NoFile`, and `BadFile` if it cannot be unpacked."""
    if round_.file is None:
        raise NoFile(N_("Round %(number)s was recorded before rounds had files."), number=round_.id)
    return unpacked(round_.file)


def _solved(round_id: int, actor: Actor | None) -> MatchRound:
    round_ = db.session.get(MatchRound, round_id)
    if round_ is None or round_.result is None or not rules.may_see(round_.state, actor):
        raise NotFound(N_("There is no such round."))
    return round_


def _has_listing(round_id: int, actor: Actor | None) -> bool:
    if actor is None:
        return False
    own = or_(
        *(
            column.in_(select(kind.id).where(kind.organisation_id == actor.organisation_id))
            for kind, column in ((Lot, RoundEntry.lot_id), (Need, RoundEntry.need_id))
        )
    )
    query = select(RoundEntry.id).where(RoundEntry.round_id == round_id, own).limit(1)
    return db.session.scalar(query) is not None


def _confirmed(round_id: int) -> frozenset[tuple[int, int]]:
    query = select(Match.lot_id, Match.need_id).where(
        Match.round_id == round_id, Match.state == MatchState.CONFIRMED
    )
    return frozenset((lot, need) for lot, need in db.session.execute(query))


def _proof_of(round_: MatchRound) -> Proof:
    watch = Watch()
    recorded = _read(lambda: stored_text(round_), round_.file_hash, watch)
    if recorded is None:
        return watch.proof
    other = _shown_otherwise(round_, recorded)
    if other:
        return watch.refuted("shown", other)
    watch.proved("shown", matches=len(recorded.outcome.matches))
    return prove(recorded, watch)


def _read(text: Callable[[], bytes], known_hash: str, watch: Watch) -> Recorded | None:
    try:
        held = text()
        recorded = read_full(held, known_hash)
    except OtherFile as error:
        if not (known_hash and isinstance(error, NoRound)):
            raise
        watch.refuted("file", str(error))
        return None
    except BadFile as error:
        watch.refuted("file", str(error))
        return None
    watch.proved("file", bytes=len(held))
    watch.proof.file_hash = recorded.hash
    return recorded


def _shown_otherwise(round_: MatchRound, recorded: Recorded) -> str:
    """What the pages show of the round and the file does not; "" if nothing."""
    outcome, head = recorded.outcome, recorded.head
    figures = round_.result or {}
    for name, filed, shown in (
        ("number", head.number, round_.id),
        ("day", head.day, round_.day.isoformat()),
        ("engine", head.engine, round_.engine_version),
        ("inputs", head.inputs, round_.inputs_hash),
        ("public hash", public_file(recorded).hash, round_.public_hash),
        ("value_vnd", outcome.value, figures.get("value_vnd")),
        ("bound_vnd", outcome.bound, figures.get("bound_vnd")),
        ("gap", outcome.gap, figures.get("gap")),
        ("credit_vnd", outcome.credit.cost, figures.get("credit_vnd")),
    ):
        if filed != shown:
            return f"{name}: {shown} is shown, the file has {filed}"
    return _matches_shown_otherwise(round_.id, recorded)


def _matches_shown_otherwise(round_id: int, recorded: Recorded) -> str:
    filed = _filed_matches(recorded)
    rows = db.session.scalars(select(Match).where(Match.round_id == round_id).order_by(Match.id))
    shown = {(match.lot_id, match.need_id): match for match in rows}
    for lot, need in sorted(filed.keys() ^ shown.keys()):
        where = "only shown" if (lot, need) in shown else "only in the file"
        return f"the match of lot {lot} and need {need} is {where}"
    for (lot, need), figures in filed.items():
        for name, value in figures.items():
            stands = getattr(shown[lot, need], name)
            if stands != value:
                return (
                    f"{name} of the match of lot {lot} and need {need}:"
                    f" {stands} is shown, the file has {value}"
                )
    return ""


def _filed_matches(recorded: Recorded) -> dict[tuple[int, int], dict[str, int | None]]:
    """By the numbers of lot and need what pages show of a match."""
    market, outcome, names = recorded.market, recorded.outcome, recorded.names
    matches = outcome.matches
    filed = {}
    for row in range(len(matches)):
        lot, need = int(matches.lot[row]), int(matches.need[row])
        empty = bool(matches.low[row] > matches.high[row])
        filed[names.lots[lot].id, names.needs[need].id] = {
            "quantity": int(matches.quantity[row]),
            "ask": int(market.lots.ask[lot]),
            "bid": int(market.needs.bid[need]),
            "price": int(matches.price[row]),
            "price_low": None if empty else int(matches.low[row]),
            "price_high": None if empty else int(matches.high[row]),
            "market_price": int(market.lots.ask[lot] + outcome.lot_price[lot]),
            "freight": int(matches.freight[row]),
        }
    return filed
