"""Chromium keeps what it compiled of a page's modules, too, and not only of its plain scripts.

Where Chromium loads resources in a background thread, what it compiled of a module is neither kept nor used
again (measured with 156, for any page): the component's bundle is parsed and compiled anew for every session,
which takes a fifth of all the processor time that a session takes.
"""

from __future__ import annotations

from typing import Final

_LOADING_IN_BACKGROUND: Final = "BackgroundResourceFetch"
PLAYWRIGHTS: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
"""What Playwright turns off itself. Of several such switches Chromium respects the last, which is ours."""

KEEP_MODULES: Final = f"--disable-features={','.join((*PLAYWRIGHTS, _LOADING_IN_BACKGROUND))}"
"""The argument for Chromium."""
