// What differs in words from market to market.

const MARKET_WORDING = {
  nyc: {
    locale: "en-US",
    postal: "ZIP code",
    postalExample: "11215",
    billExample: "220",
    currency: "$",
    currencyName: "US dollars",
    currencyCode: "USD",
  },
  india: {
    locale: "en-IN",
    postal: "PIN code",
    postalExample: "560001",
    billExample: "4,500",
    currency: "₹",
    currencyName: "rupees",
    currencyCode: "INR",
  },
};

export const wordingOf = (market) => MARKET_WORDING[market] ?? MARKET_WORDING.nyc;
