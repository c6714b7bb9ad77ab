/*
 * The forms of the chat: to be called back when nobody is there, the free times of a survey, all of it by mail.
 * chat.js loads this file when a reply first offers one of them, from wherever chat.js itself came from.
 */
window.solarChatForms = ({ place, element, language, market, origin, session, answer, remember, hearNews }) => {
  const FIRST_TIMES = 4;
  const MORE_TIMES = 12;
  const words = wordsFor(language);

  // --- a call back ----------------------------------------------------------------------------------

  async function callback() {
    const box = opened(words.callTitle);
    const query = new URLSearchParams({ market, language });
    const found = await answer(new URL(`/api/conversations/callback/?${query}`, origin)).catch(() => null);
    if (!found) return box.tell(words.away);
    if (!found.times.length) return box.tell(words.noCall);
    const form = element("form", "ask");
    form.noValidate = true; // we say ourselves what is missing, in the visitor's language
    const name = field("name", words.name, { autocomplete: "name", maxLength: 80 });
    const phone = field("phone", words.phone, { type: "tel", autocomplete: "tel", maxLength: 40 });
    const at = field("at", words.when, {}, "select");
    at.input.append(...found.times.map((time) => new Option(time.words, time.starts_at)));
    const consent = field("consent", found.consent_text, { type: "checkbox" });
    consent.row.classList.add("ask__tick");
    const fields = { name, phone, at, consent };
    const submit = button(words.callMe, "send");
    submit.type = "submit";
    const rows = Object.values(fields).map((one) => one.row);
    form.append(...rows, ends(submit, button(words.no, "tool", box.close)));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      box.tell("");
      const said = {
        name: name.input.value,
        phone: phone.input.value,
        at: at.input.value,
        consent_version: consent.input.checked ? found.consent_version : "",
        market,
        language,
      };
      await send(said, fields, box);
      submit.disabled = false;
    });
    box.show(form);
    name.input.focus();
  }

  async function send(said, fields, box) {
    if (session.id) Object.assign(said, { session_id: session.id, token: session.token });
    try {
      const noted = await post("/api/conversations/callback/", said);
      remember(noted.session_id, noted.token);
      box.done(words.noted.replace("{when}", noted.words));
      hearNews();
    } catch ({ details }) {
      const wrong = Object.entries(fields).filter(([key, one]) => one.complain(details?.[key]?.[0]));
      if (wrong.length) return wrong[0][1].input.focus();
      box.tell(words.away);
    }
  }

  // --- a survey -------------------------------------------------------------------------------------

  async function survey(problem = "") {
    const box = opened(words.surveyTitle);
    const address = new URL(`/api/conversations/${session.id}/survey/?language=${language}`, origin);
    const found = await answer(address, { headers: { "X-Chat-Token": session.token } }).catch(() => null);
    if (!found) return box.tell(words.away);
    if (found.booked) return box.done(words.booked.replace("{when}", found.booked.words), found.booked.link);
    if (found.missing.length) return box.close();
    if (!found.times.length) return box.tell(words.noTime);
    const times = element("div", "times");
    const show = (some) =>
      some.map((time) => button(time.words, "suggestion", () => book(time.starts_at, box, times)));
    const first = found.times.filter(isOneOfTwoADay).slice(0, FIRST_TIMES);
    times.append(...show(first));
    const later = found.times.filter((time) => !first.includes(time)).slice(0, MORE_TIMES);
    const more = button(words.more, "tool", () => {
      const all = [...first, ...later].sort((one, other) => (one.starts_at < other.starts_at ? -1 : 1));
      const added = show(all);
      times.replaceChildren(...added);
      more.remove();
      added[0].focus();
    });
    box.show(times);
    box.tell(problem);
    times.after(ends(...(later.length ? [more] : []), button(words.notNow, "tool", box.close)));
  }

  /** A choice of days is worth more than every hour of the first one. */
  function isOneOfTwoADay(time, place, times) {
    const day = time.starts_at.slice(0, 10);
    return times.filter((one) => one.starts_at.startsWith(day)).indexOf(time) % 2 === 0;
  }

  async function book(startsAt, box, times) {
    for (const one of times.children) one.disabled = true;
    box.tell(words.booking);
    try {
      const body = { starts_at: startsAt, language };
      const booked = await post(`/api/conversations/${session.id}/survey/`, body);
      box.done(words.booked.replace("{when}", booked.words), booked.link);
      hearNews();
    } catch ({ details }) {
      if (details?.free) return survey(words.gone);
      for (const one of times.children) one.disabled = false;
      box.tell(words.away);
    }
  }

  // --- the conversation by mail ---------------------------------------------------------------------

  async function transcript() {
    const box = opened(words.mailTitle);
    const path = `/api/conversations/${session.id}/transcript/`;
    const found = await answer(new URL(path, origin), { headers: { "X-Chat-Token": session.token } }).catch(() => null);
    if (!found) return box.tell(words.away);
    const form = element("form", "ask");
    form.noValidate = true;
    const email = field("email", words.email, { type: "email", autocomplete: "email", maxLength: 254 });
    const submit = button(found.address ? words.mailTo.replace("{address}", found.address) : words.mailIt, "send");
    submit.type = "submit";
    form.append(...(found.address ? [] : [email.row]), ends(submit, button(words.no, "tool", box.close)));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        const sent = await post(path, { email: email.input.value, language });
        box.done(words.mailed.replace("{address}", sent.address));
      } catch ({ details }) {
        if (email.complain(details?.email?.[0])) email.input.focus();
        else box.tell(words.away);
      }
      submit.disabled = false;
    });
    box.show(form);
    (found.address ? submit : email.input).focus();
  }

  // --- what they are made of ------------------------------------------------------------------------

  const post = (path, body) =>
    answer(new URL(path, origin), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Chat-Token": session.token ?? "" },
      body: JSON.stringify(body),
    });

  function opened(title) {
    const heading = element("h3", "offer__title", title);
    heading.tabIndex = -1;
    const status = element("p", "offer__status");
    status.setAttribute("role", "status");
    place.setAttribute("aria-label", title);
    place.replaceChildren(heading, status);
    place.hidden = false;
    place.scrollTop = 0;
    const close = () => {
      place.hidden = true;
      place.replaceChildren();
    };
    const done = (text, link) => {
      place.replaceChildren(heading, status);
      status.textContent = text;
      if (link) place.append(anchor(link, words.move));
      heading.focus();
    };
    return { close, done, tell: (text) => (status.textContent = text), show: (part) => heading.after(part) };
  }

  function field(key, label, attributes, tag = "input") {
    const row = element("div", "ask__field");
    const input = element(tag);
    Object.assign(input, attributes, { id: `chat-${key}`, name: key, required: true });
    const name = element("label", "", label);
    name.htmlFor = input.id;
    const problem = element("p", "ask__problem");
    problem.id = `chat-${key}-problem`;
    problem.hidden = true;
    const complain = (why) => {
      problem.textContent = why ?? "";
      problem.hidden = !why;
      input.setAttribute("aria-invalid", String(Boolean(why)));
      if (why) input.setAttribute("aria-describedby", problem.id);
      return Boolean(why);
    };
    row.append(...(input.type === "checkbox" ? [input, name] : [name, input]), problem);
    return { row, input, complain };
  }

  function button(text, className, onClick) {
    const made = element("button", className, text);
    made.type = "button";
    if (onClick) made.addEventListener("click", onClick);
    return made;
  }

  function ends(...buttons) {
    const row = element("div", "ask__ends");
    row.append(...buttons);
    return row;
  }

  function anchor(href, text) {
    const made = element("a", "offer__link", text);
    Object.assign(made, { href, target: "_blank", rel: "noopener" });
    return made;
  }

  function wordsFor(stated) {
    const all = {
      en: {
        callTitle: "We call you back", name: "Your name", phone: "Telephone", when: "When suits you?",
        callMe: "Call me then", no: "No, thanks", noted: "Noted: {when}.",
        noCall: "Just now no time can be offered. Leave us a line here and somebody will answer.",
        surveyTitle: "Pick a time for the survey", more: "More times", notNow: "Not now", booking: "Booking…",
        booked: "Booked: {when}.", move: "Move or cancel it",
        gone: "Somebody was quicker: this time is gone. Please choose another one.",
        noTime: "No time is free there just now. A colleague will propose one.",
        mailTitle: "This conversation by mail", email: "Your e-mail", mailIt: "Send it", mailTo: "Send it to {address}",
        mailed: "On its way to {address}.",
        away: "This cannot be reached just now. Please try again in a moment.",
      },
      es: {
        callTitle: "Le llamamos", name: "Su nombre", phone: "Teléfono", when: "¿Cuándo le viene bien?",
        callMe: "Llámenme entonces", no: "No, gracias", noted: "Anotado: {when}.",
        noCall: "Ahora no se puede ofrecer una hora. Escríbanos aquí y alguien le responderá.",
        surveyTitle: "Elija una hora para la visita", more: "Más horas", notNow: "Ahora no", booking: "Reservando…",
        booked: "Reservado: {when}.", move: "Cambiarla o cancelarla",
        gone: "Alguien fue más rápido: esa hora ya no está. Por favor, elija otra.",
        noTime: "Ahora no hay horas libres allí. Un colega le propondrá una.",
        mailTitle: "Esta conversación por correo", email: "Su correo", mailIt: "Enviar", mailTo: "Enviar a {address}",
        mailed: "En camino a {address}.",
        away: "Ahora no hay conexión con esto. Por favor, inténtelo de nuevo en un momento.",
      },
      hi: {
        callTitle: "हम आपको फ़ोन करेंगे", name: "आपका नाम", phone: "फ़ोन नंबर", when: "कब ठीक रहेगा?",
        callMe: "तब फ़ोन करें", no: "नहीं, धन्यवाद", noted: "नोट कर लिया: {when}।",
        noCall: "अभी कोई समय नहीं दे सकते। यहाँ लिख दें, कोई उत्तर देगा।",
        surveyTitle: "सर्वे का समय चुनें", more: "और समय", notNow: "अभी नहीं", booking: "बुक हो रहा है…",
        booked: "बुक हो गया: {when}।", move: "बदलें या रद्द करें",
        gone: "यह समय अभी किसी और ने ले लिया। कृपया दूसरा चुनें।",
        noTime: "वहाँ अभी कोई समय खाली नहीं है। एक सहकर्मी समय बताएगा।",
        mailTitle: "यह बातचीत ई-मेल से", email: "आपका ई-मेल", mailIt: "भेजें", mailTo: "{address} पर भेजें",
        mailed: "{address} पर भेजा जा रहा है।",
        away: "अभी संपर्क नहीं हो पा रहा। कृपया थोड़ी देर में फिर कोशिश करें।",
      },
    };
    return all[stated] ?? all.en;
  }

  return { callback, survey, transcript };
};
