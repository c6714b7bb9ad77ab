// What every page does: remember how the visitor came, count the visit, send what the last page could not, and close
// the menu behind a link that stays on the page.

import { askAboutVisits } from "./asking.js";
import { captureVisit } from "./attribution.js";
import { sendAgain } from "./unfinished.js";
import { noteArrival, noteOnce } from "./visits.js";

captureVisit();
keepForLater();
noteArrival();
sendAgain();
askAboutVisits();

const menu = document.getElementById("menu");
menu.addEventListener("click", (event) => {
  if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
});

// The chat keeps to itself; a first click into it can only be the one that opens it.
document.addEventListener("click", ({ target }) => {
  if (target.localName === "solar-chat") noteOnce("chat_opened");
});

/** These pages stay readable without a connection, where the browser can do that. */
function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register(new URL("sw.js", import.meta.url)).catch(() => {
      // Refused, or a private window: the pages work as well, only not offline.
    });
  });
}
