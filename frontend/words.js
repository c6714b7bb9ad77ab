// What the pages say, in their language. The English sentence is the key; `words/<language>.js` holds the others.

export const language = document.documentElement.lang || "en";
const words = language === "en" ? {} : await catalogue();

/** A sentence in the language of the page, with {gaps} filled. One without a translation stays English. */
export function say(sentence, values = {}) {
  return fill(words[sentence] ?? sentence, values);
}

/** A sentence said before, with its {gaps} filled. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (gap, name) => (name in values ? String(values[name]) : gap));
}

async function catalogue() {
  try {
    return (await import(`./words/${language}.js`)).default;
  } catch {
    return {}; // English words are better than a page that does nothing
  }
}
