// The one question about counting: asked once, yes and no alike, and never of a browser that has answered already.

import { element } from "./forms.js";
import { choice, choose } from "./visits.js";
import { say } from "./words.js";

/** Asks below the page, if there is anything to ask. */
export function askAboutVisits() {
  if (choice() !== "") return;
  const place = element("section", "", "asking");
  const words = element(
    "p",
    say("May we see the steps of your visit together? It shows us where this site is hard to use. It takes a random number that your browser forgets when you close the tab; nobody else gets it."),
  );
  words.id = "asking-words";
  place.setAttribute("aria-labelledby", words.id);
  const more = element("a", say("What we count"));
  more.href = new URL("privacy.html", document.baseURI).pathname;
  words.append(" ", more);
  const answers = element("p", "", "asking-answers");
  answers.append(
    answer(say("No"), () => choose("no"), place),
    answer(say("Yes"), () => choose("yes"), place),
  );
  place.append(words, answers);
  document.body.append(place);
  const height = new ResizeObserver(() => tellHeight(place.offsetHeight)); // 0 once it is gone
  height.observe(place);
}

/** What else stands at the lower edge makes room by it. */
function tellHeight(pixels) {
  document.documentElement.style.setProperty("--asking-height", `${pixels}px`);
}

function answer(text, act, place) {
  const button = element("button", text, "button button-quiet");
  button.type = "button";
  button.addEventListener("click", () => {
    act();
    place.remove();
  });
  return button;
}
