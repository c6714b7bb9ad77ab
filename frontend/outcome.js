// Tells the visitor what became of a request: received, kept on this device, or not accepted.

import { element } from "./forms.js";

export class OutcomePanel {
  #form;
  #panel;
  #phone;
  #ids;
  #noun;
  #isDurable;
  #onAnother;

  /**
   * form and panel: the form, and the place for words about it. ids {reference, another}: of what is put there.
   * noun: what is sent, such as "request". isDurable(): whether what waits outlives the page. onAnother(): the
   * visitor wants the form back.
   */
  constructor({ form, panel, phone, ids, noun, isDurable, onAnother }) {
    this.#form = form;
    this.#panel = panel;
    this.#phone = phone;
    this.#ids = ids;
    this.#noun = noun;
    this.#isDurable = isDurable;
    this.#onAnother = onAnother;
  }

  showSent(name, reference) {
    this.#replaceForm("sent", [
      element("h3", `Thank you, ${name}. We have your ${this.#noun}.`),
      ...this.#referenceLine(reference),
      element("p", `To add or change something, send another message or call ${this.#phone}.`),
      this.#anotherButton(),
    ]);
  }

  showSaved(name) {
    if (this.#panel.dataset.state === "saved" && this.#form.hidden) return; // a later attempt failed too: nothing new
    this.#replaceForm("saved", [
      element("h3", `Thank you, ${name}. Your ${this.#noun} is not lost.`),
      element("p", `We saved your ${this.#noun} on this device and will send it as soon as we are connected.`),
      element(
        "p",
        this.#isDurable()
          ? `You can close this page: the ${this.#noun} goes out when you next open it. In a hurry? Call ${this.#phone}.`
          : `This browser keeps nothing after a page is closed, so please leave this page open, or call ${this.#phone}.`,
      ),
      this.#anotherButton(),
    ]);
  }

  showEarlierWaiting(entry) {
    if (this.#panel.dataset.state === "saved") return;
    const waiting = `Your ${this.#noun} of ${timeOf(entry)} is still on this device.`;
    this.#showNote("saved", [element("p", `${waiting} We will send it as soon as we are connected.`)]);
  }

  showEarlier(outcome) {
    if (this.#form.hidden) return; // the panel belongs to the request the visitor has just made
    if (outcome.state === "retry") {
      this.showEarlierWaiting(outcome);
      return;
    }
    const which = `Your ${this.#noun} of ${timeOf(outcome)}`;
    if (outcome.state === "sent") {
      const sent = element("p", `${which} has now reached us. Thank you for your patience.`);
      this.#showNote("sent", [sent, ...this.#referenceLine(outcome.reference)]);
      return;
    }
    const failed = `${which} could not be delivered. Please send it again or call ${this.#phone}.`;
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
    const line = element("p", "Your reference: ");
    const code = element("strong", reference, "reference");
    code.id = this.#ids.reference;
    line.append(code);
    return [line];
  }

  #anotherButton() {
    const button = element("button", "Send another", "button button-quiet");
    button.type = "button";
    button.id = this.#ids.another;
    button.addEventListener("click", this.#onAnother);
    return button;
  }
}

function timeOf({ queued_at }) {
  return new Date(queued_at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}
