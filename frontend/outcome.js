// Tells the visitor what became of a request: received, kept on this device, or not accepted.

import { element } from "./forms.js";
import { fill, language, say } from "./words.js";

// Whole sentences for each thing that can be sent: other languages bend more than the noun.
const WORDS = {
  request: {
    sent: say("Thank you, {name}. We have your request."),
    kept: say("Thank you, {name}. Your request is not lost."),
    saved: say("We saved your request on this device and will send it as soon as we are connected."),
    later: say("You can close this page: the request goes out when you next open it. In a hurry? Call {phone}."),
    waiting: say("Your request of {time} is still on this device. We will send it as soon as we are connected."),
    reached: say("Your request of {time} has now reached us. Thank you for your patience."),
    failed: say("Your request of {time} could not be delivered. Please send it again or call {phone}."),
  },
  estimate: {
    sent: say("Thank you, {name}. We have your estimate."),
    kept: say("Thank you, {name}. Your estimate is not lost."),
    saved: say("We saved your estimate on this device and will send it as soon as we are connected."),
    later: say("You can close this page: the estimate goes out when you next open it. In a hurry? Call {phone}."),
    waiting: say("Your estimate of {time} is still on this device. We will send it as soon as we are connected."),
    reached: say("Your estimate of {time} has now reached us. Thank you for your patience."),
    failed: say("Your estimate of {time} could not be delivered. Please send it again or call {phone}."),
  },
};

export class OutcomePanel {
  #form;
  #panel;
  #phone;
  #ids;
  #words;
  #isDurable;
  #onAnother;

  /**
   * form and panel: the form, and the place for words about it. ids {reference, another}: of what is put there.
   * noun: what is sent, "request" or "estimate". isDurable(): whether what waits outlives the page. onAnother(): the
   * visitor wants the form back.
   */
  constructor({ form, panel, phone, ids, noun, isDurable, onAnother }) {
    this.#form = form;
    this.#panel = panel;
    this.#phone = phone;
    this.#ids = ids;
    this.#words = WORDS[noun];
    this.#isDurable = isDurable;
    this.#onAnother = onAnother;
  }

  /** offer: a node to stand below the thanks, or null. */
  showSent(name, reference, offer = null) {
    this.#replaceForm("sent", [
      element("h3", fill(this.#words.sent, { name })),
      ...this.#referenceLine(reference),
      ...(offer ? [offer] : []),
      element("p", say("To add or change something, send another message or call {phone}.", { phone: this.#phone })),
      this.#anotherButton(),
    ]);
  }

  showSaved(name) {
    if (this.#panel.dataset.state === "saved" && this.#form.hidden) return; // a later attempt failed too: nothing new
    this.#replaceForm("saved", [
      element("h3", fill(this.#words.kept, { name })),
      element("p", this.#words.saved),
      element(
        "p",
        this.#isDurable()
          ? fill(this.#words.later, { phone: this.#phone })
          : say("This browser keeps nothing after a page is closed, so please leave this page open, or call {phone}.", {
              phone: this.#phone,
            }),
      ),
      this.#anotherButton(),
    ]);
  }

  showEarlierWaiting(entry) {
    if (this.#panel.dataset.state === "saved") return;
    this.#showNote("saved", [element("p", fill(this.#words.waiting, { time: timeOf(entry) }))]);
  }

  showEarlier(outcome) {
    if (this.#form.hidden) return; // the panel belongs to the request the visitor has just made
    if (outcome.state === "retry") {
      this.showEarlierWaiting(outcome);
      return;
    }
    const time = timeOf(outcome);
    if (outcome.state === "sent") {
      const sent = element("p", fill(this.#words.reached, { time }));
      this.#showNote("sent", [sent, ...this.#referenceLine(outcome.reference)]);
      return;
    }
    const failed = fill(this.#words.failed, { time, phone: this.#phone });
    this.#showNote("refused", [element("p", failed)]);
  }

  restoreForm() {
    this.#form.hidden = false;
    this.#panel.replaceChildren();
    delete this.#panel.dataset.state;
  }

  #replaceForm(state, content) {
    const takesFocus = !this.#form.hidden; // when it flips from "saved" to "sent" the visitor may be elsewhere
    this.#form.hidden = true;
    this.#showNote(state, content);
    if (takesFocus) this.#panel.focus();
  }

  #showNote(state, content) {
    this.#panel.dataset.state = state;
    this.#panel.replaceChildren(...content);
  }

  #referenceLine(reference) {
    if (!reference) return [];
    const line = element("p", `${say("Your reference:")} `);
    const code = element("strong", reference, "reference");
    code.id = this.#ids.reference;
    line.append(code);
    return [line];
  }

  #anotherButton() {
    const button = element("button", say("Send another"), "button button-quiet");
    button.type = "button";
    button.id = this.#ids.another;
    button.addEventListener("click", this.#onAnother);
    return button;
  }
}

function timeOf({ queued_at }) {
  return new Date(queued_at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}
