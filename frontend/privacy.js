// The choice about counting, to be changed at any time.

import { choice, choose, optedOut } from "./visits.js";
import { say } from "./words.js";

const status = document.getElementById("visits-status");
const buttons = document.querySelectorAll("[data-visits]");

for (const button of buttons) {
  button.disabled = optedOut();
  button.addEventListener("click", () => {
    choose(button.dataset.visits);
    show();
  });
}
show();

function show() {
  if (optedOut()) {
    status.textContent = say("Your browser asks not to be tracked, and that is what we do: your steps are not tied together.");
  } else if (choice() === "yes") {
    status.textContent = say("You said yes: the steps of your visit are seen together.");
  } else {
    status.textContent = say("The steps of your visit are not tied together.");
  }
  for (const button of buttons) button.setAttribute("aria-pressed", String(choice() === button.dataset.visits));
}
