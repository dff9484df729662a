"""How many examples Hypothesis makes up for a property, and which.

They are the same in every run, in whatever order and in whichever part of the tests: Hypothesis also tries
the constants that stand in modules of the project, those that happen to be imported. So all of them are.

With ``make test ARGS="tests/protocol --hypothesis-profile=long"`` there are twenty times as many, and other
ones each time.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

from hypothesis import HealthCheck, Phase, settings

import chatkit_doctor

_TIMES: Final = 20

for _module in pkgutil.walk_packages(chatkit_doctor.__path__, "chatkit_doctor."):
    importlib.import_module(_module.name)


def examples(count: int) -> settings:
    """So many examples, each of which may take as long as it takes."""
    is_long = settings.get_current_profile_name() == "long"
    return settings(
        max_examples=count * (_TIMES if is_long else 1),
        derandomize=not is_long,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )


FEW: Final = examples(12)
"""For what puts whole recordings to the audits."""
MANY: Final = examples(150)
"""For what is quick."""
