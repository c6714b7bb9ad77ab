// What the site's two forms share: nodes, the consent as it was shown, and problems at their fields.

import { say } from "./words.js";

export function element(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

/** Leaves the kinds of building that a market has; one that it lacks gives way to `otherwise`. */
export function offerKindsOf(market, select, otherwise) {
  for (const option of select.options) {
    option.hidden = option.disabled = Boolean(option.dataset.market) && option.dataset.market !== market;
  }
  if (select.selectedOptions[0]?.disabled) select.value = otherwise;
}

/** What the visitor read beside the box, word for word, and whether it was ticked. */
export function consentShown(checkbox, label) {
  return {
    given: checkbox.checked,
    text: label.textContent.replace(/\s+/g, " ").trim(),
    version: label.dataset.version,
  };
}

/**
 * Problems as a summary that takes the focus, and each at its field.
 * `prefix` stands before the ids of the fields; their names go without it.
 */
export class FormProblems {
  #form;
  #summary;
  #prefix;

  constructor({ form, summary, prefix = "" }) {
    this.#form = form;
    this.#summary = summary;
    this.#prefix = prefix;
  }

  /** [{fields: [name, …], message}]; an empty list clears what is shown. */
  show(problems, heading = say("Please check the form:")) {
    for (const field of this.#form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const text of this.#form.querySelectorAll(".field-error")) text.textContent = "";
    this.#summary.hidden = problems.length === 0;
    if (problems.length === 0) return;

    for (const { fields, message } of problems) {
      for (const name of fields) this.#form.elements[name].setAttribute("aria-invalid", "true");
      if (fields.length > 0) this.#errorOf(fields[0]).textContent = message;
    }
    const list = document.createElement("ul");
    list.append(...problems.map((problem) => this.#line(problem)));
    this.#summary.replaceChildren(element("p", heading), list);
    this.#summary.focus();
  }

  /** What a refusal of the server says, as problems: at the field it names where this form has that field. */
  reasonsOf({ message, details }) {
    const reasons = [];
    for (const [path, texts] of Object.entries(details ?? {})) {
      const name = path.split(".").pop();
      const known = this.#errorOf(name) !== null;
      reasons.push({ fields: known ? [name] : [], message: wordsOf(texts) });
    }
    if (reasons.length === 0) reasons.push({ fields: [], message: message || say("The server gave no reason.") });
    return reasons;
  }

  #errorOf(name) {
    return document.getElementById(`${this.#prefix}${name}-error`);
  }

  #line({ fields, message }) {
    const line = document.createElement("li");
    if (fields.length === 0) {
      line.textContent = message;
      return line;
    }
    const link = element("a", message);
    link.href = `#${this.#prefix}${fields[0]}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#form.elements[fields[0]].focus();
    });
    line.append(link);
    return line;
  }
}

/** The texts of one entry of an error's `details`. */
export function wordsOf(texts) {
  return typeof texts === "string" || Array.isArray(texts) ? [texts].flat().join(" ") : JSON.stringify(texts);
}
