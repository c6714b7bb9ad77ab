/* The bar of an import that is under way: asks how far it is, and shows the result when it is done. */

(() => {
  "use strict";

  const EVERY_MS = 1500;
  const card = document.getElementById("sc-progress");
  if (!card || !card.dataset.progress) return;

  const show = (now) => {
    card.querySelector("progress").value = now.percent;
    for (const place of card.querySelectorAll("[data-count]")) {
      place.textContent = now[place.dataset.count];
    }
  };

  const ask = async () => {
    try {
      const answer = await fetch(card.dataset.progress, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const now = await answer.json();
        show(now);
        if (now.state !== "running") {
          window.location.reload();
          return;
        }
      }
    } catch {
      // Away for a moment: asked again below.
    }
    window.setTimeout(ask, EVERY_MS);
  };

  window.setTimeout(ask, EVERY_MS);
})();
