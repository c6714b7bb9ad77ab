/*
 * The chat of the site, on any page with one tag:
 *
 *   <script src="https://crm.example.com/chat.js" defer data-market="nyc"></script>
 *
 * data-api     the CRM's origin; without it the one this file comes from, or config.js names
 * data-market  "nyc" or "india"; without it what config.js says
 *
 * A page of another origin must be in the CRM's CORS setting. Talks over a socket, and over plain requests where no
 * socket opens. What is typed is kept until the CRM has said that it has it, and sent again after a lost connection.
 */
(() => {
  const tag = document.currentScript;
  const site = window.SOLAR_SITE ?? {};
  const home = new URL(".", tag.src);
  const api = tag.dataset.api ?? site.apiBase ?? "";
  const origin = api || (home.origin === location.origin ? location.origin : home.origin);
  const market = tag.dataset.market ?? site.market ?? "nyc";
  const { words, language } = wordsFor(document.documentElement.lang);
  const KEPT = `solar-chat:${market}`;
  const SOCKET_TRIES = 3; // then plain requests serve, until the page is loaded again
  const POLL_MS = 4000;
  const LONGEST_WAIT_MS = 20_000;
  const LONGEST_LINK = 36; // letters of an address that are shown
  const GREETS_BY_ITSELF_MS = 3000; // where no opening line has come by then

  const { unsent = [], ...session } = restored();
  const waiting = new Map(unsent); // client_id -> text: said, and not yet acknowledged
  const shown = new Set();
  let socket = null;
  let failures = 0;
  let usesRequests = !("WebSocket" in window);
  let poll = 0;
  let lastPolled = ""; // the id of the last message that a poll brought
  let isPosting = false;
  let sendAllLater = 0;
  let unread = 0;
  let greetsLater = 0; // the chat was opened, and waits for its opening line
  let forms = null;

  const view = build();

  if (session.id) view.badge.hidden = true;
  view.open.addEventListener("click", () => toggle(true));
  view.close.addEventListener("click", () => toggle(false));
  view.human.addEventListener("click", () => say(words.wantsPerson));
  view.mail.addEventListener("click", () => say(words.wantsMail));
  view.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = view.input.value.trim();
    if (text) say(text);
    view.input.value = "";
    view.input.focus();
  });
  view.input.addEventListener("input", typing());
  view.input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    view.form.requestSubmit();
  });
  view.panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") toggle(false);
  });
  // Buttons, forms and the keyboard of a phone take room from it: the last words stay in sight.
  new ResizeObserver(() => (view.log.scrollTop = view.log.scrollHeight)).observe(view.log);
  window.addEventListener("online", () => isWanted() && connect());
  if (waiting.size) connect(); // what an earlier page could not send any more

  // --- opening and closing -------------------------------------------------------------------------

  function toggle(isOpen) {
    view.panel.hidden = !isOpen;
    view.open.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return view.open.focus();
    unread = 0;
    view.badge.hidden = true;
    if (!view.log.children.length) greetsLater ||= setTimeout(greet, usesRequests ? 0 : GREETS_BY_ITSELF_MS);
    connect();
    view.input.focus();
  }

  /** Begin with the line we are told of, else with our own; once, and not after the visitor has spoken. */
  function greet(opening) {
    clearTimeout(greetsLater);
    const isDue = greetsLater && !view.log.children.length;
    greetsLater = 0;
    if (!isDue) return;
    add({ role: "assistant", text: opening?.text ?? words.greeting });
    suggest(opening?.suggestions ?? words.firstQuestions);
  }

  /** Whether somebody reads, or has something to say: a page on which nobody has opened the chat asks for nothing. */
  function isWanted() {
    return !view.panel.hidden || waiting.size > 0;
  }

  // --- talking --------------------------------------------------------------------------------------

  function say(text) {
    const id = newId();
    waiting.set(id, text);
    add({ id, role: "user", text });
    suggest([]);
    offer("");
    keep();
    if (usesRequests) return postAll();
    if (socket?.readyState === WebSocket.OPEN) return send({ type: "message", text, client_id: id });
    connect();
  }

  function connect() {
    if (usesRequests) {
      startPolling();
      return postAll();
    }
    if (socket && socket.readyState <= WebSocket.OPEN) return;
    const address = new URL("/ws/chat/", origin.replace(/^http/, "ws"));
    address.searchParams.set("market", market);
    address.searchParams.set("language", language);
    if (session.id) {
      address.searchParams.set("session_id", session.id);
      address.searchParams.set("token", session.token);
    }
    state(failures ? words.reconnecting : "");
    socket = new WebSocket(address);
    socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => lost(event.code));
  }

  function lost(code) {
    showTyping(false);
    if (code === 4404) forget(session.id); // the conversation is gone: begin another one
    if (!navigator.onLine) return offline(); // no fault of the socket's: "online" connects again
    failures += 1;
    usesRequests = failures > SOCKET_TRIES;
    if (!isWanted()) return;
    if (usesRequests) return connect();
    state(words.reconnecting);
    setTimeout(connect, pauseAfter(failures));
  }

  function pauseAfter(tries) {
    return Math.min(LONGEST_WAIT_MS, 1000 * 2 ** tries) * (0.75 + Math.random() / 2);
  }

  function offline() {
    state(words.offline);
    showWaiting();
  }

  function hear(frame) {
    switch (frame.type) {
      case "session":
        failures = 0;
        state("");
        remember(frame.session_id, frame.token);
        showAgent(frame.agent);
        greet(frame.opening);
        if (!frame.resumed) showWaiting();
        sendAll();
        break;
      case "history":
        frame.messages.forEach(add);
        offerAfter(frame.messages.at(-1));
        showWaiting();
        break;
      case "ack":
        waiting.delete(frame.client_id);
        keep();
        break;
      case "typing":
        showTyping(frame.on);
        break;
      case "message":
        showTyping(false);
        add(frame);
        offerAfter(frame);
        break;
      case "state":
        showAgent(frame.agent);
        break;
      case "error":
        refused(frame);
        break;
    }
  }

  function refused({ client_id: id, code, message }) {
    if (waiting.has(id) && code !== "RATE_LIMITED") return drop(id, message);
    state(message);
    if (waiting.has(id)) sendAllLater ||= setTimeout(sendAll, LONGEST_WAIT_MS);
  }

  const send = (frame) => socket.send(JSON.stringify(frame));

  function sendAll() {
    sendAllLater = 0;
    if (socket?.readyState !== WebSocket.OPEN) return;
    for (const [id, text] of waiting) send({ type: "message", text, client_id: id });
  }

  function typing() {
    let last = 0;
    return () => {
      if (socket?.readyState !== WebSocket.OPEN || Date.now() - last < 3000) return;
      last = Date.now();
      send({ type: "typing" });
    };
  }

  // --- without a socket -----------------------------------------------------------------------------

  /** One after the other: what was said second is heard second. */
  async function postAll() {
    if (isPosting) return;
    isPosting = true;
    for (let tries = 0; waiting.size; ) {
      const [id, text] = waiting.entries().next().value;
      const isDone = await post(id, text);
      tries = isDone ? 0 : tries + 1;
      if (!isDone) await new Promise((resolve) => setTimeout(resolve, pauseAfter(tries)));
    }
    isPosting = false;
  }

  /** Send one message. Returns whether it is dealt with; one that is not stays in `waiting`. */
  async function post(id, text) {
    showTyping(true);
    const { id: asked, token } = session;
    const body = { text, client_id: id, market, language };
    if (asked) Object.assign(body, { session_id: asked, token });
    try {
      const said = await answer(new URL("/api/conversations/messages/", origin), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      waiting.delete(id);
      remember(said.session_id, said.token);
      showAgent(said.agent);
      add({ id, role: "user", text });
      if (said.reply) {
        add(said.reply);
        offerAfter(said.reply);
      }
      state("");
      return true;
    } catch (refusal) {
      if (refusal.status === 404 && asked) {
        forget(asked); // the conversation is gone: the same words begin another one
        return true;
      }
      if (isFinal(refusal.status)) {
        drop(id, refusal.message);
        return true;
      }
      offline();
      return false;
    } finally {
      showTyping(false);
    }
  }

  /** Whether the same words would be refused again; 408 and 429 only say "later". */
  function isFinal(status) {
    return status >= 400 && status < 500 && ![408, 429].includes(status);
  }

  function startPolling() {
    if (poll) return;
    poll = setInterval(hearNews, POLL_MS);
    hearNews();
  }

  async function hearNews() {
    const { id: asked, token } = session;
    if (!asked || document.hidden) return;
    const address = new URL(`/api/conversations/${asked}/messages/`, origin);
    if (lastPolled) address.searchParams.set("after", lastPolled);
    try {
      const found = await answer(address, { headers: { "X-Chat-Token": token } });
      if (asked !== session.id) return; // news of a conversation that is left
      showAgent(found.agent);
      const news = found.messages.filter(({ id, client_id: own }) => !shown.has(id) && !shown.has(own));
      news.forEach(add);
      if (news.length) offerAfter(news.at(-1));
      lastPolled = found.messages.at(-1)?.id ?? lastPolled;
      if (!waiting.size) state("");
    } catch (refusal) {
      if (refusal.status === 404) return forget(asked);
      state(words.offline);
    }
  }

  async function answer(url, options) {
    const response = await fetch(url, { credentials: "omit", ...options });
    const body = await response.json().catch(() => ({}));
    if (!response.ok) {
      const { message = "", details } = body.error ?? {};
      throw Object.assign(new Error(message), { status: response.status, details });
    }
    return body.data;
  }

  // --- what is remembered ---------------------------------------------------------------------------

  function restored() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  }

  function remember(id, token) {
    session.id = id;
    if (token) session.token = token;
    keep();
  }

  function keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify({ id: session.id, token: session.token, unsent: [...waiting] }));
    } catch {
      // A private window: the conversation lasts as long as the page.
    }
  }

  /** Leave a conversation that is gone; another one may have begun before we are told. */
  function forget(id) {
    if (id !== session.id) return;
    delete session.id;
    delete session.token;
    lastPolled = "";
    keep();
  }

  /** Give up a message that would be refused again, and say so where it stands. */
  function drop(id, why) {
    showWaiting();
    waiting.delete(id);
    keep();
    const bubble = [...view.log.children].find((item) => item.dataset.id === id);
    bubble?.append(element("small", "unsent", [words.notSent, why].filter(Boolean).join(" ")));
    state("");
  }

  // --- what is shown --------------------------------------------------------------------------------

  function add(message) {
    const key = message.client_id || message.id;
    if (key && (shown.has(key) || shown.has(message.id))) return;
    [key, message.id].forEach((one) => one && shown.add(one));
    const item = element("div", `bubble bubble--${message.role}`);
    item.dataset.id = key ?? "";
    const who = { user: words.you, agent: message.author || words.person, system: "" }[message.role] ?? words.assistant;
    if (who) item.append(element("span", "who", who));
    item.append(message.role === "user" ? element("p", "", message.text) : withLinks(message.text));
    for (const source of message.sources ?? []) {
      const note = source.checked_on ? `${source.source}, ${source.checked_on}` : source.source;
      item.append(element("small", "source", `${words.source}: ${note}`));
    }
    view.log.append(item);
    view.log.scrollTop = view.log.scrollHeight;
    if (message.role === "user") view.mail.hidden = false;
    if (view.panel.hidden && message.role !== "user") {
      unread += 1;
      view.badge.textContent = String(unread);
      view.badge.hidden = false;
    }
  }

  function showWaiting() {
    for (const [id, text] of waiting) add({ id, role: "user", text });
  }

  function suggest(texts) {
    view.suggestions.replaceChildren(
      ...texts.map((text) => {
        const button = element("button", "suggestion", text);
        button.type = "button";
        button.addEventListener("click", () => {
          say(text);
          view.input.focus();
        });
        return button;
      }),
    );
    view.suggestions.hidden = !texts.length;
  }

  /** What goes with the last words: their buttons, and a form where they offer one. */
  function offerAfter(message) {
    if (!message) return;
    if (message.role === "user") return offer("");
    suggest(message.form ? [] : (message.suggestions ?? []));
    offer(message.form ?? "");
  }

  async function offer(form) {
    const hadFocus = view.offer.contains(view.panel.getRootNode().activeElement);
    view.offer.hidden = true;
    if (hadFocus) view.input.focus();
    view.offer.replaceChildren();
    view.offer.dataset.form = form;
    if (!form) return;
    forms ??= loadForms();
    const known = await forms.catch(() => (forms = null)); // offline: the words stand all the same
    if (view.offer.dataset.form === form) known?.[form]();
  }

  /** By a tag, not an import: a script of another origin needs no CORS. */
  function loadForms() {
    return new Promise((resolve, reject) => {
      const script = element("script");
      script.src = new URL("chatforms.js", home);
      script.onload = () =>
        resolve(
          window.solarChatForms({
            place: view.offer, element, language, market, origin, session, answer, remember,
            hearNews: () => usesRequests && hearNews(),
          }),
        );
      script.onerror = reject;
      document.head.append(script);
    });
  }

  /** Words of ours, in which an address can be followed. */
  function withLinks(text) {
    const made = element("p");
    for (const part of text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/)) {
      const isLink = /^https?:/.test(part);
      const name = part.length > LONGEST_LINK ? `${part.slice(0, LONGEST_LINK)}…` : part;
      made.append(isLink ? Object.assign(element("a", "", name), { href: part, target: "_blank", rel: "noopener" }) : part);
    }
    return made;
  }

  function showAgent(agent) {
    if (!agent) return;
    view.title.textContent = agent.is_human ? agent.name : words.assistant;
    view.kind.textContent = agent.is_human ? words.isPerson : words.isProgram;
    view.human.hidden = agent.is_human;
  }

  function showTyping(on) {
    view.typing.hidden = !on;
    if (on) view.log.scrollTop = view.log.scrollHeight;
  }

  function state(text) {
    view.state.textContent = text;
    view.state.hidden = !text;
  }

  function build() {
    const host = document.createElement("solar-chat");
    const root = host.attachShadow({ mode: "open" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("chat.css", home);
    const open = element("button", "open");
    open.type = "button";
    open.setAttribute("aria-expanded", "false");
    open.setAttribute("aria-label", words.open);
    open.append(element("span", "open__words", words.openShort));
    const badge = element("span", "badge");
    badge.hidden = true;
    open.append(badge);
    const panel = element("section", "panel");
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.open);
    const head = element("div", "head");
    const names = element("div", "names");
    const title = element("strong", "", words.assistant);
    const kind = element("small", "", words.isProgram);
    names.append(title, kind);
    const close = element("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", words.close);
    head.append(names, close);
    const log = element("div", "log");
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.setAttribute("aria-label", words.transcript);
    log.tabIndex = 0;
    const typingDots = element("p", "typing", words.typing);
    typingDots.hidden = true;
    const suggestions = element("div", "suggestions");
    suggestions.hidden = true;
    const place = element("section", "offer");
    place.hidden = true;
    const line = element("p", "state");
    line.setAttribute("role", "status");
    line.hidden = true;
    const form = element("form", "form");
    const input = element("textarea", "input");
    input.rows = 2;
    input.maxLength = 2000;
    input.placeholder = words.placeholder;
    input.setAttribute("aria-label", words.placeholder);
    const send = element("button", "send", words.send);
    send.type = "submit";
    form.append(input, send);
    const foot = element("div", "foot");
    const human = element("button", "human", words.askPerson);
    human.type = "button";
    const mail = element("button", "tool", words.mail);
    mail.type = "button";
    mail.hidden = true; // until there is something to send
    foot.append(human, mail);
    panel.append(head, log, typingDots, suggestions, place, line, form, foot);
    root.append(style, panel, open);
    document.body.append(host);
    return {
      open, badge, panel, title, kind, close, log, typing: typingDots, suggestions, offer: place, state: line, form, input, human, mail,
    };
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function newId() {
    return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  }

  function wordsFor(stated) {
    const all = {
      en: {
        open: "Chat about solar", openShort: "Chat", close: "Close the chat", transcript: "What was said",
        assistant: "Solar assistant", person: "Our team", you: "You", source: "Source",
        isProgram: "A program. It shows the source of its figures.", isPerson: "A person of our team",
        placeholder: "Your question", send: "Send", typing: "is writing …", askPerson: "Talk to a person",
        wantsPerson: "I'd like to talk to a person, please.",
        mail: "Mail me this", wantsMail: "Please send me this conversation by e-mail.",
        greeting: "Hi! Ask me anything about solar for your home: what it saves, what it costs, whether your roof fits.",
        firstQuestions: ["What would solar save me?", "I rent: can I have solar?", "Which incentives are there?"],
        reconnecting: "Connecting again …", offline: "No connection. Your message is kept and sent again.",
        notSent: "Not sent.",
      },
      es: {
        open: "Chat sobre energía solar", openShort: "Chat", close: "Cerrar el chat", transcript: "Lo que se dijo",
        assistant: "Asistente solar", person: "Nuestro equipo", you: "Usted", source: "Fuente",
        isProgram: "Un programa. Muestra la fuente de sus cifras.", isPerson: "Una persona de nuestro equipo",
        placeholder: "Su pregunta", send: "Enviar", typing: "está escribiendo …", askPerson: "Hablar con una persona",
        wantsPerson: "Quiero hablar con una persona, por favor.",
        mail: "Por correo", wantsMail: "Por favor, envíeme esta conversación por correo.",
        greeting: "¡Hola! Pregúnteme lo que quiera sobre energía solar para su casa: cuánto ahorra, cuánto cuesta, si su techo sirve.",
        firstQuestions: ["¿Cuánto me ahorraría?", "Alquilo: ¿puedo tener energía solar?", "¿Qué incentivos hay?"],
        reconnecting: "Conectando de nuevo …", offline: "Sin conexión. Su mensaje queda guardado y se envía de nuevo.",
        notSent: "No se envió.",
      },
      hi: {
        open: "सोलर के बारे में चैट", openShort: "चैट", close: "चैट बंद करें", transcript: "बातचीत",
        assistant: "सोलर सहायक", person: "हमारी टीम", you: "आप", source: "स्रोत",
        isProgram: "एक प्रोग्राम। यह अपने आँकड़ों का स्रोत दिखाता है।", isPerson: "हमारी टीम से एक व्यक्ति",
        placeholder: "आपका सवाल", send: "भेजें", typing: "लिख रहा है …", askPerson: "किसी व्यक्ति से बात करें",
        wantsPerson: "मुझे किसी व्यक्ति से बात करनी है।",
        mail: "ई-मेल से भेजें", wantsMail: "कृपया यह बातचीत मुझे ई-मेल से भेजें।",
        greeting: "नमस्ते! अपने घर के सोलर के बारे में कुछ भी पूछें: बचत, लागत, आपकी छत।",
        firstQuestions: ["सोलर से कितनी बचत होगी?", "सब्सिडी कितनी मिलती है?", "छत के लिए क्या चाहिए?"],
        reconnecting: "फिर से जुड़ रहा है …", offline: "कनेक्शन नहीं है। आपका संदेश सुरक्षित है, फिर भेजा जाएगा।",
        notSent: "नहीं भेजा गया।",
      },
    };
    const code = (stated || "en").slice(0, 2);
    const language = code in all ? code : "en";
    return { words: all[language], language };
  }
})();
