// What the assumptions of an estimate are called. The unit stands beside the value.

import { say } from "./words.js";

const NAMES = {
  azimuth: say("Direction of the modules (180 is south)"),
  co2_kg_per_kwh: say("CO₂ of a kilowatt-hour from the grid"),
  community_solar_discount_high_percent: say("Community solar saves, upper end"),
  community_solar_discount_low_percent: say("Community solar saves, lower end"),
  customer_benefit_contribution: say("Customer benefit contribution (CBC)"),
  dc_ac_ratio: say("Modules to inverter (DC/AC)"),
  degradation_percent: say("Modules lose"),
  discount_rate_percent: say("Money later is worth less by"),
  distance_to_postal_area: say("Distance to the postal area used"),
  electricity_rate: say("Electricity rate"),
  escalation_percent: say("Tariffs rise"),
  export_rate: say("Rate for what is sent out"),
  fixed_charge: say("Fixed charge"),
  horizon_years: say("Years looked at"),
  install_cost_per_kw: say("Installed cost"),
  inverter_cost_per_kw: say("A new inverter costs"),
  inverter_replacement_year: say("A new inverter is needed after"),
  irradiation: say("Sunlight on level ground"),
  lease_escalator_percent: say("Lease payments rise"),
  lease_return_percent: say("A leasing company earns"),
  lease_years: say("The lease runs"),
  loan_down_percent: say("Paid down at once"),
  loan_rate_percent: say("Interest of the loan"),
  loan_years: say("The loan runs"),
  long_payback_years: say("A long payback begins at"),
  losses_percent: say("Losses before shade"),
  low_savings_per_year: say("Little savings end at"),
  maintenance_free_years: say("Maintained without charge for"),
  maintenance_per_kw_year: say("Maintenance"),
  max_auto_kw: say("Largest system we estimate"),
  usual_roof_kw_brownstone: say("What the roof of a brownstone usually takes"),
  min_system_kw: say("Smallest system we estimate"),
  nearest_area_km: say("Nearest place looked for within"),
  production_high_percent: say("Production, upper end"),
  production_low_percent: say("Production, lower end"),
  roof_m2_per_kw: say("Roof needed"),
  roof_usable_percent: say("Roof usable"),
  sales_tax_exemption: say("Sales tax"),
  sanctioned_load_kw: say("Sanctioned load"),
  self_consumption_percent: say("Used at once"),
  settlement_month: say("Credits are settled each year in"),
  shading_heavy_percent: say("Heavy shade takes"),
  shading_some_percent: say("Some shade takes"),
  small_loan_kw: say("Loans for small systems up to"),
  small_loan_rate_percent: say("Interest of loans for small systems"),
  specific_yield: say("Yield of a kilowatt"),
  tilt: say("Tilt of the modules"),
};

/** The name of an assumption; one we have no words for is called as the server calls it. */
export function nameOf(name) {
  if (name in NAMES) return NAMES[name];
  const words = String(name).replace(/_percent$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
