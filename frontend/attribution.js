// How the visitor found us: the first touch is kept in localStorage, the last one for this session.

const CAMPAIGN_KEYS = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "gclid", "fbclid"];
const FIRST_TOUCH_KEY = "solar.first_touch";
const LAST_TOUCH_KEY = "solar.last_touch";
const LONGEST_VALUE = 1000;

// Global Privacy Control: the visitor asked not to be followed, so no campaign or click id is read or kept.
const optedOut = () => navigator.globalPrivacyControl === true;

/** The address of this page, without the query when the visitor opted out. */
export function pageAddress() {
  return readable(window.location.href);
}

/** Remembers this visit. Call once per page load. */
export function captureVisit() {
  const touch = touchOfThisPage();
  const first = load(() => window.localStorage, FIRST_TOUCH_KEY);
  // An earlier visit may have stored click ids before the visitor opted out.
  save(() => window.localStorage, FIRST_TOUCH_KEY, first ? permitted(first) : touch);

  const last = load(() => window.sessionStorage, LAST_TOUCH_KEY);
  save(() => window.sessionStorage, LAST_TOUCH_KEY, last && !isNewArrival(touch) ? permitted(last) : touch);
}

/** What goes into the request: the last touch, and the first one beside it. */
export function currentAttribution() {
  const last = load(() => window.sessionStorage, LAST_TOUCH_KEY) ?? touchOfThisPage();
  const first = load(() => window.localStorage, FIRST_TOUCH_KEY) ?? last;
  return { ...permitted(last), first_touch: permitted(first) };
}

function touchOfThisPage() {
  const query = new URLSearchParams(window.location.search);
  const touch = {};
  for (const key of CAMPAIGN_KEYS) {
    const value = query.get(key);
    if (value) touch[key] = value.slice(0, LONGEST_VALUE);
  }
  if (isForeign(document.referrer)) touch.referrer = readable(document.referrer);
  touch.landing_page = pageAddress();
  return permitted(touch);
}

function permitted(touch) {
  if (!optedOut()) return touch;
  const kept = { landing_page: withoutQuery(touch.landing_page ?? "") };
  if (touch.referrer) kept.referrer = withoutQuery(touch.referrer);
  return kept;
}

// A reload or a click inside the site is not a new touch.
const isNewArrival = (touch) => "referrer" in touch || CAMPAIGN_KEYS.some((key) => key in touch);

const isForeign = (address) => address !== "" && !address.startsWith(`${window.location.origin}/`);

function readable(address) {
  const text = optedOut() ? withoutQuery(address) : address.split("#")[0];
  return text.slice(0, LONGEST_VALUE);
}

const withoutQuery = (address) => address.split(/[?#]/)[0];

function load(storage, key) {
  try {
    const value = JSON.parse(storage().getItem(key));
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}

function save(storage, key, touch) {
  try {
    storage().setItem(key, JSON.stringify(touch));
  } catch {
    // Storage is off or full. The visit is still described by the page itself.
  }
}
