/* The board: cards move by drag, by Shift and an arrow key, and by their own forms. The server
   decides: a refused card goes back, or to where somebody else has put it meanwhile. */

"use strict";

(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const said = document.querySelector("[data-said]");
  const columns = [...board.querySelectorAll("[data-column]")];
  const statuses = columns.map((column) => column.dataset.column);
  const columnOf = (status) => columns[statuses.indexOf(status)];
  const cardsOf = (column) => [...column.querySelectorAll("[data-lead]")];
  const mayMove = "mayMove" in board.dataset;

  const say = (words, isBad = false) => {
    said.textContent = words;
    said.classList.toggle("sc-boardsaid--bad", isBad);
  };

  const count = (status, by) => {
    const column = columnOf(status);
    if (!column) return;
    const shown = column.querySelector("[data-count]");
    shown.textContent = String(Number(shown.textContent) + by);
  };

  const showEmptiness = () => {
    for (const column of columns) {
      column.querySelector("[data-none]").hidden = cardsOf(column).length > 0;
    }
  };

  /* Into the column of its status; a status without a column takes it off the board. */
  const place = (card, status) => {
    const had = document.activeElement === card;
    const column = columnOf(status);
    card.dataset.status = status;
    for (const field of card.querySelectorAll('[name="from"]')) field.value = status;
    if (!column) {
      card.remove();
    } else if (!column.contains(card)) {
      column.querySelector("[data-cards]").prepend(card);
      const at = statuses.indexOf(status);
      for (const button of card.querySelectorAll("[data-step]")) {
        const next = statuses[at + Number(button.dataset.step)];
        button.disabled = !next;
        button.value = next || "";
      }
      const select = card.querySelector("select[name=status]");
      if (select) select.value = status;
    }
    showEmptiness();
    if (had && column) card.focus();
  };

  const move = async (card, status, reason = "") => {
    const from = card.dataset.status;
    if (!mayMove || !status || status === from || card.dataset.busy) return;
    card.dataset.busy = "1";
    place(card, statuses.includes(status) ? status : from);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", card.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("lead", card.dataset.lead);
    body.set("from", from);
    body.set("status", status);
    body.set("lost_reason", reason);
    try {
      const answer = await fetch(board.dataset.move, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
      });
      const { words, details } = await answer.json();
      if (answer.ok) {
        count(from, -1);
        count(status, 1);
        const quiet = card.querySelector("[data-quiet]");
        quiet.textContent = "touched today";
        quiet.classList.remove("sc-mark--warn", "sc-mark--bad");
        card.classList.remove("sc-boardcard--stale", "sc-boardcard--rotten");
        const open = card.querySelector("details");
        if (open) open.open = false;
        place(card, status);
        say(words);
      } else {
        place(card, (details && typeof details.status === "string" && details.status) || from);
        say(words, true);
      }
    } catch {
      place(card, from);
      say("The server did not answer: nothing was moved. Try again.", true);
    } finally {
      delete card.dataset.busy;
    }
  };

  board.addEventListener("submit", (event) => {
    const card = event.target.closest("[data-lead]");
    if (!card) return;
    event.preventDefault();
    if (event.target.matches("[data-step-form]")) {
      move(card, event.submitter && event.submitter.value);
    } else {
      const { status, lost_reason: reason } = event.target.elements;
      move(card, status.value, reason.value);
    }
  });

  board.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches("[data-lead]")) return;
    const at = statuses.indexOf(card.dataset.status);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.shiftKey && step) {
      event.preventDefault();
      card.focus();
      move(card, statuses[at + step]);
      return;
    }
    const here = cardsOf(columns[at]);
    const row = here.indexOf(card);
    let next;
    if (event.key === "ArrowDown") next = here[row + 1];
    else if (event.key === "ArrowUp") next = here[row - 1];
    else if (step) {
      for (let to = at + step; columns[to] && !next; to += step) {
        const there = cardsOf(columns[to]);
        next = there[Math.min(row, there.length - 1)];
      }
    } else if (event.key === "Enter") {
      card.querySelector("a").click();
      return;
    } else return;
    event.preventDefault();
    if (next) next.focus();
  });

  let dragged = null;
  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-lead]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.lead);
    dragged.classList.add("sc-boardcard--dragged");
  });
  board.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("sc-boardcard--dragged");
    dragged = null;
    for (const column of columns) column.classList.remove("sc-column--over");
  });
  for (const column of columns) {
    column.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      for (const one of columns) one.classList.toggle("sc-column--over", one === column);
    });
    column.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      move(dragged, column.dataset.column);
    });
  }

  board.addEventListener("click", async (event) => {
    const more = event.target.closest("[data-more]");
    if (!more) return;
    event.preventDefault();
    if (more.dataset.busy) return;
    more.dataset.busy = "1";
    try {
      const answer = await fetch(more.dataset.href);
      if (!answer.ok) throw new Error(String(answer.status));
      const list = more.closest("[data-column]").querySelector("[data-cards]");
      const first = list.children.length;
      list.insertAdjacentHTML("beforeend", await answer.text());
      const mark = list.querySelector("[data-before]");
      if (mark) {
        const url = new URL(more.dataset.href, location.href);
        url.searchParams.set("before", mark.dataset.before);
        more.dataset.href = `${url.pathname}${url.search}`;
        mark.remove();
      } else {
        more.remove();
      }
      if (list.children[first]) list.children[first].focus();
    } catch {
      say("The server did not answer. Try again.", true);
    } finally {
      delete more.dataset.busy;
    }
  });
})();
