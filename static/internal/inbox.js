/* The inbox of the chat: who waits, what is said, and answering in person. One socket; the API for what was said
   before it opened. */
(() => {
  "use strict";

  const root = document.querySelector("[data-inbox]");
  const part = (name) => root.querySelector(`[data-${name}]`);
  const items = new Map();
  const ENDED = new Set([4401, 4403]);
  const WORDS = {
    bot: "assistant answers", waiting: "waits for a person", person: "a person answers", closed: "closed",
  };
  let current = root.dataset.open || "";
  let socket;
  let retryMs = 1000;

  connect();
  part("available").addEventListener("change", (event) => send({ type: "presence", available: event.target.checked }));
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    speak("reply");
  });
  part("note").addEventListener("click", () => speak("note"));
  part("back").addEventListener("click", () => show(""));
  part("canned").addEventListener("change", (event) => {
    const item = items.get(current);
    part("text").value = event.target.value.replaceAll("{first_name}", item?.name.split(" ")[0] ?? "");
    event.target.value = "";
    part("text").focus();
  });
  part("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) speak("reply");
  });
  part("text").addEventListener("input", typing());
  part("mail").addEventListener("submit", (event) => {
    event.preventDefault();
    mail(new FormData(event.target));
  });
  for (const button of root.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => send({ type: button.dataset.do, conversation_id: current }));
  }

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/ws/inbox/`);
    socket.addEventListener("open", () => {
      retryMs = 1000;
      part("link").textContent = "Live";
      send({ type: "presence", available: part("available").checked });
    });
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      if (ENDED.has(event.code)) {
        part("link").textContent = "Signed out: load the page again.";
        return;
      }
      part("link").textContent = "Connecting again …";
      retryMs = Math.min(retryMs * 2, 30_000);
      setTimeout(connect, retryMs * (0.75 + Math.random() / 2));
    });
  }

  function send(frame) {
    if (socket.readyState !== WebSocket.OPEN) return error("No connection: nothing was sent.");
    error("");
    socket.send(JSON.stringify(frame));
  }

  function hear(frame) {
    switch (frame.type) {
      case "conversations":
        items.clear();
        frame.items.forEach((item) => items.set(item.id, item));
        list();
        if (current) show(current);
        break;
      case "message":
        if (frame.item) items.set(frame.conversation_id, frame.item);
        list();
        if (frame.conversation_id === current) {
          line(frame.message);
          head();
        }
        break;
      case "state":
        items.set(frame.conversation_id, frame.item);
        list();
        if (frame.conversation_id === current) head();
        break;
      case "typing":
        if (frame.conversation_id === current) part("typing").hidden = !frame.on;
        break;
      case "error":
        error(frame.message);
        break;
    }
  }

  function speak(type) {
    const text = part("text").value.trim();
    if (!text || !current) return;
    send({ type, conversation_id: current, text, client_id: crypto.randomUUID?.() ?? String(Date.now()) });
    if (!part("error").textContent) part("text").value = "";
  }

  function typing() {
    let last = 0;
    return () => {
      if (Date.now() - last < 3000 || items.get(current)?.state !== "person") return;
      last = Date.now();
      send({ type: "typing", conversation_id: current, on: true });
    };
  }

  function rank(item) {
    return [{ waiting: 0, person: 1 }[item.state] ?? 2, item.state === "waiting" ? item.waiting_since : ""];
  }

  function list() {
    const ordered = [...items.values()].sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      return x[0] - y[0] || x[1].localeCompare(y[1]) || b.last_message_at.localeCompare(a.last_message_at);
    });
    part("none").hidden = ordered.length > 0;
    part("list").replaceChildren(
      ...ordered.map((item) => {
        const row = made("li");
        const button = made("button", `sc-inbox__row sc-inbox__row--${item.state}`);
        button.type = "button";
        button.setAttribute("aria-current", String(item.id === current));
        button.append(made("strong", "", item.name));
        button.append(made("span", "", item.state === "waiting" ? `waits ${since(item.waiting_since)}` : WORDS[item.state]));
        const score = item.score === null ? "" : `${item.score} of 100, ${item.tier}`;
        button.append(made("span", "sc-soft", [score, item.agent, item.language].filter(Boolean).join(" · ")));
        button.addEventListener("click", () => show(item.id));
        row.append(button);
        return row;
      }),
    );
  }

  async function show(id) {
    current = id;
    part("talk").hidden = !id;
    root.classList.toggle("sc-inbox--open", Boolean(id));
    list();
    if (!id) return;
    const found = await ask(id);
    if (!found || current !== id) return;
    items.set(id, { ...items.get(id), ...found });
    part("mailed").textContent = "";
    part("log").replaceChildren();
    found.messages.forEach(line);
    part("facts").replaceChildren(
      ...Object.entries(found.facts).flatMap(([key, fact]) => [
        made("dt", "", key.replaceAll("_", " ")),
        made("dd", "", `${[fact.value].flat().join(", ")} (“${fact.quote}”)`),
      ]),
    );
    head();
    part("text").focus();
  }

  async function ask(id) {
    const response = await fetch(`${root.dataset.page}${id}/whole/`, { headers: { Accept: "application/json" } });
    if (response.ok) return response.json();
    error("This conversation is not to be read.");
    return null;
  }

  async function mail(form) {
    part("mailed").textContent = "Sending …";
    const response = await fetch(`${root.dataset.page}${current}/mail/`, { method: "POST", body: form });
    const said = await response.json().catch(() => ({}));
    part("mailed").textContent = said.told ?? said.error ?? "It could not be sent.";
  }

  function head() {
    const item = items.get(current);
    if (!item) return;
    part("name").textContent = item.name;
    const reason = { request: "asked for a person", anger: "is angry", legal: "speaks of a legal matter", not_understood: "is not understood" };
    part("about").textContent = [WORDS[item.state], reason[item.handover_reason], item.intent, item.stage]
      .filter(Boolean).join(" · ");
    const mine = item.state === "person" && item.agent === root.dataset.me;
    root.querySelector('[data-do="takeover"]').hidden = mine || item.state === "closed";
    root.querySelector('[data-do="release"]').hidden = !mine;
    root.querySelector('[data-do="close"]').hidden = item.state === "closed";
    part("send").disabled = !mine;
    part("lead").hidden = !item.lead_page;
    if (item.lead_page) part("lead").href = item.lead_page;
  }

  function line(message) {
    if (part("log").querySelector(`[data-id="${message.id}"]`)) return;
    const isVisitor = message.role === "user";
    const item = made("li", `sc-bubble ${isVisitor ? "sc-bubble--visitor" : "sc-bubble--bot"} sc-bubble--${message.role}`);
    item.dataset.id = message.id;
    const who = { user: "Visitor", assistant: "Assistant", system: "System", note: `Note by ${message.author}` }[message.role] ?? message.author;
    const time = new Date(message.created_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    item.append(made("span", "sc-bubble__who", `${who} · ${time}`), made("p", "", message.text));
    part("log").append(item);
    part("log").scrollTop = part("log").scrollHeight;
    part("typing").hidden = true;
  }

  function since(iso) {
    const minutes = Math.max(0, Math.floor((Date.now() - new Date(iso)) / 60_000));
    return minutes < 1 ? "since just now" : `since ${minutes} min`;
  }

  function error(text) {
    part("error").textContent = text;
    part("error").hidden = !text;
  }

  function made(name, className, text) {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }
})();
