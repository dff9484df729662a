"""From the runs of two runtimes to what differs, and how far they agree. Pure: needs no browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatkit_doctor.compare.alignment import align, align_moments
from chatkit_doctor.compare.aspects import DECISIVE, Aspect, lines
from chatkit_doctor.compare.model import (
    AgreementModel,
    AspectTotals,
    DifferenceModel,
    KnownModel,
    NoiseModel,
    ScenarioModel,
    SideModel,
)
from chatkit_doctor.recording.entries import PaintScreenshot, SessionBrokeOff
from chatkit_doctor.recording.reader import Recording
from chatkit_doctor.recording.views.behaviour import Behaviour, behaviour
from chatkit_doctor.report.model import MomentModel
from chatkit_doctor.report.timeline_rows import moments
from chatkit_doctor.vocabulary import Verdict


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One session, as far as a comparison needs it. ``folder`` is that of its recording.

    ``broke_off`` says why the session did not end; empty when it did.
    """

    behaviour: Behaviour
    moments: tuple[MomentModel, ...]
    folder: str = ""
    screenshot: str | None = None
    broke_off: str = ""

    @classmethod
    def of(cls, recording: Recording, folder: str = "") -> ComparedRun:
        """What a recording tells."""
        picture = recording.last(PaintScreenshot)
        file = picture.data.file if picture else ""
        return cls(
            recording.derive(behaviour),
            tuple(moments(recording)),
            folder,
            f"{folder}/{file}" if file else None,
            "" if recording.finished else _why_broken(recording),
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """The names of the two runtimes, and what is known to differ between them."""

    left: str
    right: str
    known: tuple[KnownModel, ...] = ()

    @property
    def itself(self) -> bool:
        """Whether a runtime is compared with itself."""
        return self.left == self.right

    def reason(self, scenario: str, aspect: Aspect) -> str | None:
        """Why a difference is known, or None."""
        return next((k.reason for k in self.known if (k.scenario, k.aspect) == (scenario, aspect)), None)


def compare_scenario(
    name: str, pair: Pair, left: Sequence[ComparedRun], right: Sequence[ComparedRun]
) -> ScenarioModel:
    """What both runtimes did in one scenario.

    An aspect in which a runtime disagrees with itself is noise and no difference. When a runtime is compared
    with itself, give its runs as both sides: its noise then decides whether it agrees.
    """
    sides = SideModel(recordings=_folders(left)), SideModel(recordings=_folders(right))
    missing = _not_comparable(pair, left, right)
    if missing:
        return ScenarioModel(name=name, agrees=False, not_compared=missing, left=sides[0], right=sides[1])
    differences, noise = [], []
    for aspect in Aspect:
        disturbed = _noise(aspect, pair, left, right)
        if disturbed:
            noise.append(disturbed)
            continue
        rows = align(lines(left[0].behaviour, aspect), lines(right[0].behaviour, aspect))
        if not all(row.same for row in rows):
            known = pair.reason(name, aspect)
            differences.append(
                DifferenceModel(aspect=aspect, decisive=aspect in DECISIVE, rows=rows, known=known)
            )
    decisive_noise = sum(each.decisive for each in noise)
    against = any(each.decisive for each in differences) or (pair.itself and decisive_noise > 0)
    untold = not pair.itself and not against and decisive_noise == len(DECISIVE)
    shown = left[0], _unlike(right) if pair.itself else right[0]
    differs = bool(differences or (pair.itself and noise))
    return ScenarioModel(
        name=name,
        agrees=not against and not untold,
        not_compared="no two runs of the same runtime match in any decisive aspect" if untold else "",
        differences=differences,
        noise=noise,
        left=SideModel(recordings=_folders(left), screenshot=shown[0].screenshot),
        right=SideModel(recordings=_folders(right), screenshot=shown[1].screenshot),
        timeline=align_moments(shown[0].moments, shown[1].moments) if differs else [],
    )


def agreement(scenarios: Sequence[ScenarioModel]) -> AgreementModel:
    """How far the runtimes agree over all scenarios."""
    agreeing = sum(scenario.agrees for scenario in scenarios)
    return AgreementModel(
        percent=_percent(agreeing, len(scenarios)) or 0.0,
        scenarios=len(scenarios),
        agreeing=agreeing,
        noisy=sum(scenario.agrees and any(e.decisive for e in scenario.noise) for scenario in scenarios),
        not_compared=sum(bool(scenario.not_compared) for scenario in scenarios),
        aspects={aspect: _totals(aspect, scenarios) for aspect in Aspect},
    )


def verdict(agreed: AgreementModel, at_least: float) -> Verdict:
    """Whether the agreement (percent) is enough.

    Scenarios that could not be compared leave it open when they would decide it.
    """
    if agreed.scenarios == 0:
        return Verdict.INCONCLUSIVE
    needed = at_least * agreed.scenarios
    if agreed.agreeing * 100 >= needed:
        return Verdict.PASS
    possible = agreed.agreeing + agreed.not_compared
    return Verdict.INCONCLUSIVE if possible * 100 >= needed else Verdict.FAIL


def stale(known: Sequence[KnownModel], scenarios: Sequence[ScenarioModel]) -> list[KnownModel]:
    """Known differences that were looked for here and are none any more."""
    by_name = {scenario.name: scenario for scenario in scenarios if not scenario.not_compared}
    return [
        entry
        for entry in known
        if entry.scenario in by_name
        and all(each.aspect != entry.aspect for each in by_name[entry.scenario].differences)
        and all(each.aspect != entry.aspect for each in by_name[entry.scenario].noise)
    ]


def _noise(
    aspect: Aspect, pair: Pair, left: Sequence[ComparedRun], right: Sequence[ComparedRun]
) -> NoiseModel | None:
    variants = {pair.left: _variants(aspect, left), pair.right: _variants(aspect, right)}
    noisy = [name for name, found in variants.items() if len(found) > 1]
    if not noisy:
        return None
    one, another, *_ = variants[noisy[0]]
    return NoiseModel(
        aspect=aspect,
        decisive=aspect in DECISIVE,
        runtimes=noisy,
        overlap=bool(set(variants[pair.left]) & set(variants[pair.right])),
        rows=align(one, another),
    )


def _variants(aspect: Aspect, runs: Sequence[ComparedRun]) -> list[tuple[str, ...]]:
    """The different things the runs did, in order of appearance."""
    return list(dict.fromkeys(lines(run.behaviour, aspect) for run in runs))


def _unlike(runs: Sequence[ComparedRun]) -> ComparedRun:
    """The first run that differs from the first one; the first one when all are alike."""
    return next((run for run in runs if run.behaviour != runs[0].behaviour), runs[0])


def _not_comparable(pair: Pair, left: Sequence[ComparedRun], right: Sequence[ComparedRun]) -> str:
    for name, runs in ((pair.left, left), (pair.right, right)):
        if not runs:
            return f"no session ran on {name}"
        broken = next((run.broke_off for run in runs if run.broke_off), "")
        if broken:
            return f"a session on {name} broke off: {broken}"
    return ""


def _why_broken(recording: Recording) -> str:
    entry = recording.last(SessionBrokeOff)
    return (entry.data.reason if entry else "") or "its recording is incomplete"


def _folders(runs: Sequence[ComparedRun]) -> list[str]:
    return [run.folder for run in runs]


def _totals(aspect: Aspect, scenarios: Sequence[ScenarioModel]) -> AspectTotals:
    compared = [scenario for scenario in scenarios if not scenario.not_compared]
    different = sum(any(each.aspect == aspect for each in scenario.differences) for scenario in compared)
    noisy = sum(any(each.aspect == aspect for each in scenario.noise) for scenario in compared)
    equal = len(compared) - different - noisy
    return AspectTotals(
        equal=equal, different=different, noisy=noisy, percent=_percent(equal, equal + different)
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
