"""What the tests in a browser share: waiting for a page."""

from playwright.sync_api import Page, expect

WAIT = 30_000  # milliseconds, for whatever must come


def settled(page: Page, pause: int = 0, wait: int = WAIT) -> None:
    """Wait until a page is there and no run is under way.

    Args:
        page: a page of the app.
        pause: milliseconds for a change to reach the server, and for the address to
            follow.
        wait: milliseconds at most.
    """
    expect(page.locator("[data-testid=stHeader]")).to_be_visible(timeout=wait)
    page.wait_for_timeout(pause)
    expect(page.locator(".stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=wait
    )
    page.wait_for_timeout(pause)
