// What every page does: remember how the visitor came, and close the menu behind a link that stays on the page.

import { captureVisit } from "./attribution.js";

captureVisit();
const menu = document.getElementById("menu");
menu.addEventListener("click", (event) => {
  if (event.target.closest("a") && menu.matches(":popover-open")) menu.hidePopover();
});
