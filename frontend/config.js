/*
 * What this copy of the site talks to. Edit this file when you deploy; nothing else needs a change.
 *
 * apiBase  "" when the CRM serves this site itself, else its origin without a slash at the end, such as
 *          "https://crm.example.com". A foreign origin must be in the CRM's CORS setting and in
 *          the connect-src of this site's Content-Security-Policy.
 * market   which market the form opens with: "nyc" or "india".
 * emailjs  null, or {serviceId: "…", templateId: "…", publicKey: "…"} to have EmailJS mail each request as
 *          well. Then add https://api.emailjs.com to connect-src. The CRM never depends on that mail.
 */
window.SOLAR_SITE = {
  apiBase: "",
  market: "nyc",
  emailjs: null,
};
