// What differs in words from market to market.

import { language, say } from "./words.js";

const MARKET_WORDING = {
  nyc: {
    locale: `${language}-US`,
    postal: say("ZIP code"),
    postalExample: "11215",
    billExample: "220",
    currency: "$",
    currencyName: say("in US dollars"),
    currencyCode: "USD",
  },
  india: {
    locale: `${language}-IN`,
    postal: say("PIN code"),
    postalExample: "560001",
    billExample: "4,500",
    currency: "₹",
    currencyName: say("in rupees"),
    currencyCode: "INR",
  },
};

export const wordingOf = (market) => MARKET_WORDING[market] ?? MARKET_WORDING.nyc;
